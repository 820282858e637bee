"""The desk of a call: what is late, who waits for whom, and the deeds that the one who looks can do about it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query

from domain.call.aggregate import announced
from domain.call.commands import ProposeCorrection, PublishCall
from domain.errors import NotFound
from domain.evaluation.commands import AssignEvaluator
from domain.ids import grant_id
from fund_service.api.asking import Asking
from fund_service.api.resources.calls import published_call
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.offers import concerns, possible, waiting
from fund_service.web.pages import Pages
from fund_service.web.screens.call import steps_of
from projections import lists
from projections.desk_deeds import ASSIGN_EVALUATORS
from projections.desk_urgency import urgent
from projections.desk_view import WaitRow
from projections.desk_waits import Desk
from projections.waiting import Party
from projections.working_papers import findings

MINE: Final = 10
"""So many deeds of who looks stand above the list."""


def desk_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/calls/{call_id}/desk", "desk.html", View.DESK)
    def whole(
        asking: Asking,
        call_id: UUID,
        wanted: Listed,
        party: Party | None = None,
        late: bool | None = None,
        deed: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Mapping[str, Any]:
        call, state = published_call(asking, call_id)
        now = asking.context.parts.clock.now()
        desk = Desk.of(asking.connection, call_id, now)
        if desk is None:
            raise NotFound("The desk of this call is not there yet.", "Try again in a moment.")
        mine = list(waiting(asking, MINE + 1))
        listed = shown(asking, desk.rows(party, deed, late=late), WaitRow, None, wanted)
        here = list(waiting(asking, matters={row.id for row in listed.rows}))
        counts = {one: desk.rows(one).count() for one in Party}
        return {
            "edits": bool(list(possible(asking, (PublishCall,)))),
            "corrects": bool(list(possible(asking, (ProposeCorrection,), call_id=call_id))),
            "call": call,
            "calls": lists.calls(asking.connection),
            "steps": tuple(steps_of(announced(state).calendar, now)),
            "urgent": urgent(desk),
            "mine": mine[:MINE],
            "more": len(mine) > MINE,
            "assigns": concerns(asking, AssignEvaluator) and desk.rows(words=ASSIGN_EVALUATORS.words).count() > 0,
            "list": listed,
            "counts": counts,
            "late": desk.rows(late=True).count(),
            "all": desk.rows().count(),
            "idle": desk.idle,
            "findings": sum(one.state == "waits" for one in findings(asking.connection, call_id)),
            "only": "late" if late else party,
            "deed": deed,
            "deeds": {(id, one.deed): one.address for one in reversed([*mine, *here]) for id in one.ids},
            "grant_id": grant_id,
            "actions": {one.id for one in lists.applications(asking.connection, ids=[row.id for row in listed.rows])},
        }
