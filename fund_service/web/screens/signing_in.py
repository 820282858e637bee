"""Signing in by name and password, and out again."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError
from fund_service.api.acting import Asked, Who, admitted, with_cookies
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.sessions import sign_out
from fund_service.api.resources.signing_in import Credentials, sign_in
from fund_service.auth.refusals import CodeNeeded
from fund_service.web.entering import entered, said
from fund_service.web.forms import SIGN_IN, borne_by_form, fields_of, own_page
from fund_service.web.pages import Pages

_TEMPLATE: Final = "signing_in.html"


def signing_in_pages(pages: Pages) -> None:
    """Enter the page, and what its forms send."""
    context = pages.context

    @pages.page(SIGN_IN, _TEMPLATE, Open.EVERYBODY)
    def shown(asking: Asking, next: str = "") -> Mapping[str, Any]:
        return {"next": own_page(next), "login": "", "error": None, "code_needed": False}

    def enter(request: Request, fields: Mapping[str, str]) -> Response:
        where = own_page(fields.get("next", ""))

        def again(error: FundError) -> tuple[str, Mapping[str, Any]]:
            told = {"error": error, "code_needed": isinstance(error, CodeNeeded)}
            return _TEMPLATE, {"next": where, "login": fields.get("login", ""), **told}

        return entered(context, request, fields, lambda asked: _sign_in(asked, fields), where, again)

    def leave(request: Request, fields: Mapping[str, str]) -> Response:
        asked = admitted(context, Who.IN_SESSION, borne_by_form(request, fields))
        sign_out(asked)
        return with_cookies(asked, RedirectResponse("/", 303))

    @pages.router.post(SIGN_IN, include_in_schema=False)
    async def sent(request: Request) -> Response:
        return await run_in_threadpool(enter, request, await fields_of(request))

    @pages.router.post("/sign-out", include_in_schema=False)
    async def left(request: Request) -> Response:
        return await run_in_threadpool(leave, request, await fields_of(request))


def _sign_in(asked: Asked, fields: Mapping[str, str]) -> None:
    given = {name: fields.get(name, "") for name in ("login", "password")}
    sign_in(asked, said(Credentials, {**given, "code": fields.get("code") or None}))
