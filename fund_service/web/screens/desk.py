"""The desk of a call: what is late, who waits for whom, and the deeds that the one who looks can do about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.call.aggregate import announced
from domain.call.commands import ProposeCorrection, PublishCall
from domain.ids import grant_id
from fund_service.api.asking import Asking
from fund_service.api.resources.calls import published_call
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.offers import possible, waiting
from fund_service.web.pages import Pages
from fund_service.web.screens.call import steps_of
from projections import lists
from projections.desk_urgency import urgent
from projections.desk_view import WaitRow, desk, one_by_one
from projections.waiting import Party
from projections.working_papers import findings


def desk_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/calls/{call_id}/desk", "desk.html", View.DESK)
    def whole(
        asking: Asking, call_id: UUID, wanted: Listed, party: Party | None = None, late: bool | None = None
    ) -> Mapping[str, Any]:
        call, state = published_call(asking, call_id)
        now = asking.context.parts.clock.now()
        rows = desk(asking.connection, call_id, now)
        waits = sorted(one_by_one(rows), key=lambda one: (one.party is None, one.due is None, one.due))
        sought = [one for one in waits if (party is None or one.party == party) and (late is None or one.late == late)]
        mine = list(waiting(asking))
        listed = shown(asking, sought, WaitRow, None, wanted)
        return {
            "edits": bool(list(possible(asking, (PublishCall,)))),
            "corrects": bool(list(possible(asking, (ProposeCorrection,), call_id=call_id))),
            "call": call,
            "calls": lists.calls(asking.connection),
            "steps": tuple(steps_of(announced(state).calendar, now)),
            "urgent": urgent(rows, now),
            "mine": mine,
            "list": listed,
            "counts": {one: sum(wait.party == one for wait in waits) for one in Party},
            "late": sum(wait.late for wait in waits),
            "all": len(waits),
            "findings": sum(one.state == "waits" for one in findings(asking.connection, call_id)),
            "idle": sum(wait.party is None for wait in waits),
            "only": "late" if late else party,
            "deeds": {(id, one.deed): one.address for one in reversed(mine) for id in one.ids},
            "grant_id": grant_id,
            "actions": {one.id for one in lists.applications(asking.connection, ids=[row.id for row in listed.rows])},
        }
