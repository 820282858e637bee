"""Taking up an invitation: its link and its code, then a name and a password of one's own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open
from fund_service.api.context import Context
from fund_service.api.resources.invitations import Acceptance, accept_invitation
from fund_service.web.entering import entered, said
from fund_service.web.forms import HOME, fields_of
from fund_service.web.pages import Pages

_TEMPLATE: Final = "invitation.html"
_PATH: Final = "/invitations/{token}"

Token = Annotated[str, Path(max_length=100)]


def invitation_page(pages: Pages) -> None:
    """Enter the page, which consumes nothing, and what its form sends."""
    context = pages.context

    @pages.page(_PATH, _TEMPLATE, Open.EVERYBODY)
    def shown(asking: Asking, token: Token) -> Mapping[str, Any]:
        return {**_shown(context, token), "login": "", "error": None}

    def take_up(request: Request, token: str, fields: Mapping[str, str]) -> Response:
        def again(error: FundError) -> tuple[str, Mapping[str, Any]]:
            return _TEMPLATE, {**_shown(context, token), "login": fields.get("login", ""), "error": error}

        return entered(context, request, fields, lambda asked: _accept(asked, token, fields), HOME, again)

    @pages.router.post(_PATH, include_in_schema=False)
    async def sent(request: Request, token: Token) -> Response:
        return await run_in_threadpool(take_up, request, token, await fields_of(request))


def _shown(context: Context, token: str) -> Mapping[str, Any]:
    return {"until": context.parts.local.invitations.holds_until(token, datetime.now(UTC)), "token": token}


def _accept(asked: Asked, token: str, fields: Mapping[str, str]) -> None:
    given = {name: fields.get(name, "") for name in ("code", "login", "password")}
    accept_invitation(asked, said(Acceptance, {"token": token, **given}))
