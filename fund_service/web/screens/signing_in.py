"""Signing in by name and password, and out again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError
from fund_service.api.acting import Asked
from fund_service.api.bearing import carry, drop
from fund_service.api.mistakes import mistaken
from fund_service.api.problems import kind_of
from fund_service.api.reading import Asking, Open
from fund_service.api.resources.signing_in import Credentials, sign_in
from fund_service.auth.refusals import CodeNeeded
from fund_service.web.forms import SIGN_IN, borne_by_form, fields_of, own_page
from fund_service.web.pages import Pages, frame_of
from fund_service.web.rendering import page

_TEMPLATE = "signing_in.html"


def signing_in_pages(pages: Pages) -> None:
    """Enter the page, and what its forms send."""
    context = pages.context

    @pages.page(SIGN_IN, _TEMPLATE, Open.EVERYBODY)
    def shown(asking: Asking, next: str = "") -> Mapping[str, Any]:
        return {"next": own_page(next), "login": "", "error": None, "code_needed": False}

    def enter(request: Request, fields: dict[str, str]) -> Response:
        asked = Asked(context, borne_by_form(request, fields), datetime.now(UTC))
        asked.bearing.check_site()
        where, login = own_page(fields.get("next", "")), fields.get("login", "")
        try:
            sign_in(asked, _credentials(fields))
        except FundError as error:
            tried = {"next": where, "login": login, "error": str(error), "code_needed": isinstance(error, CodeNeeded)}
            return page(_TEMPLATE, {"frame": frame_of(context, request), **tried}, kind_of(error).status)
        answer = RedirectResponse(where, 303)
        assert asked.secret is not None
        carry(answer, asked.secret)
        return answer

    def leave(request: Request, fields: dict[str, str]) -> Response:
        signed = context.signed(borne_by_form(request, fields))
        assert signed.session is not None
        context.parts.sessions.end(signed.session.id, signed.actor.subject)
        answer = RedirectResponse("/", 303)
        drop(answer)
        return answer

    @pages.router.post(SIGN_IN, include_in_schema=False)
    async def entered(request: Request) -> Response:
        return await run_in_threadpool(enter, request, await fields_of(request))

    @pages.router.post("/sign-out", include_in_schema=False)
    async def left(request: Request) -> Response:
        return await run_in_threadpool(leave, request, await fields_of(request))


def _credentials(fields: Mapping[str, str]) -> Credentials:
    """Return what a form says of who signs in. Raises Malformed."""
    given = {name: fields.get(name, "") for name in ("login", "password")}
    try:
        return Credentials(**given, code=fields.get("code") or None)
    except ValidationError as invalid:
        raise mistaken(invalid.errors(include_url=False), Credentials) from invalid
