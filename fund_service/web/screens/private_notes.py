"""A coach's own notes about a partnership: for the coach alone, never an event."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import NotFound
from domain.partnership.aggregate import PARTNERSHIP
from fund_service.api.acting import Who, admitted
from fund_service.api.asking import Open
from fund_service.web.forms import borne_by_form, fields_of
from fund_service.web.pages import Pages


def private_note_form(pages: Pages) -> None:
    """Enter what the form sends that keeps a coach's note."""

    def change(request: Request, partnership_id: UUID, fields: Mapping[str, str]) -> Response:
        asked = admitted(pages.context, Who.IN_SESSION, borne_by_form(request, fields))
        partnership = asked.parts.fund.look(PARTNERSHIP, partnership_id)
        if partnership is None or partnership.coach != asked.subject:
            raise NotFound("You do not coach this partnership.", "Look at your home.")
        asked.parts.private_notes.keep(asked.subject, partnership_id, fields.get("note", ""), datetime.now(UTC))
        return RedirectResponse(f"/partnerships/{partnership_id}#notes", 303)

    async def sent(request: Request, partnership_id: UUID) -> Response:
        return await run_in_threadpool(change, request, partnership_id, await fields_of(request))

    sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    address = "/partnerships/{partnership_id}/notes"
    pages.router.add_api_route(address, sent, methods=["POST"], include_in_schema=False, response_model=None)
