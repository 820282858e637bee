"""Saving a list under a name, as one looks at it, and throwing such a view away."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import Malformed
from fund_service.api.acting import Who, admitted
from fund_service.api.asking import Open
from fund_service.web.forms import borne_by_form, fields_of, own_page
from fund_service.web.pages import Pages

VIEWS: Final = "/views"


def saved_view_forms(pages: Pages) -> None:
    """Enter what the forms send that save a view, and that forget it."""

    def change(request: Request, fields: Mapping[str, str]) -> Response:
        asked = admitted(pages.context, Who.IN_SESSION, borne_by_form(request, fields))
        where = own_page(fields.get("address", ""))
        if fields.get("forget"):
            asked.parts.saved_views.forget(asked.subject, _id(fields["forget"]))
        else:
            asked.parts.saved_views.keep(asked.subject, fields.get("name", ""), where, datetime.now(UTC))
        return RedirectResponse(where, 303)

    async def sent(request: Request) -> Response:
        return await run_in_threadpool(change, request, await fields_of(request))

    sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route(VIEWS, sent, methods=["POST"], include_in_schema=False, response_model=None)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("This names no view.", "Go back, and load the page again.") from None
