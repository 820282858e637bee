"""A deed that brings a file: its form is read only for who may do it, and its file kept as over the API."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from domain.errors import FundError, NotFound
from fund_service.api.bearing import COOKIE, Bearing
from fund_service.api.context import Context
from fund_service.api.problems import NotSignedIn, kind_of
from fund_service.api.seeing import hidden
from fund_service.api.uploading import Given, allowed, brought, form_with_file
from fund_service.auth.sessions import csrf_of
from fund_service.foreseeing import done
from fund_service.permissions.actors import Actor
from fund_service.web.deed_page import deed_page, leads_to
from fund_service.web.heard import Heard
from fund_service.web.pages import Pages
from fund_service.web.typed import OURS
from fund_service.web.wishes import Wish, wish_at


async def bring(pages: Pages, request: Request, path: str) -> Response:
    """Read a form with a file, and do what it asks for. Raises NotSignedIn, CrossSite, NotFound."""
    wish, cookie = wish_at(path, ()), request.cookies.get(COOKIE, "")
    bearing = Bearing(None, cookie or None, request, csrf_of(cookie))  # what the form shows is compared once it is read
    bearing.check_site()
    try:
        actor = await run_in_threadpool(allowed, pages.context, wish.deed, bearing, "-", False, dict(wish.names))
        async with form_with_file(request) as form:
            texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
            wish = wish_at(path, texts)
            return await run_in_threadpool(_kept, pages, request, bearing, wish, actor, form)
    except (NotFound, NotSignedIn):
        raise
    except FundError as error:
        return await run_in_threadpool(_again, pages.context, request, bearing, wish, error)


def _kept(pages: Pages, request: Request, bearing: Bearing, wish: Wish, actor: Actor, form: FormData) -> Response:
    """Keep a file, and return where one goes on. Raises FundError."""
    bearing._replace(shown=wish.value("csrf")).check_intent()
    context, deed = pages.context, wish.deed
    given = Given(actor, context.arrived(request), wish.value("key"), dict(wish.names), form)
    command, file, terms = brought(deed, given, OURS)
    with hidden(context, actor, command, deed.makes):
        command = context.parts.attachments.keep(command, file, terms)
        done(context.parts.fund, command, terms)
    return RedirectResponse(leads_to(pages, wish, command), 303)


def _again(context: Context, request: Request, bearing: Bearing, wish: Wish, error: FundError) -> Response:
    return deed_page(context, request, bearing, wish, Heard(error=error), kind_of(error).status)
