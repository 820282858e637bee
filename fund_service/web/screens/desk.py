"""The desk of a call: what is late, who waits for whom, and the deeds that the one who looks can do about it."""

from collections.abc import Iterable, Mapping
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
from fund_service.api.resources.screens import desks
from fund_service.permissions.views import View
from fund_service.web.desk_lines import sought
from fund_service.web.lists import PAGE, Listed, shown
from fund_service.web.offers import Waiting, concerns, possible, waiting
from fund_service.web.pages import Pages
from fund_service.web.screens.call import steps_of
from projections.desk_deeds import ASSIGN_EVALUATORS
from projections.desk_urgency import urgent
from projections.desk_view import DeskLine
from projections.lists import pilot_actions_among
from projections.next_deeds import sentence_of
from projections.waiting import Party
from projections.working_papers import how_many_wait

MINE: Final = 10
"""So many deeds of who looks stand above the list."""
FIRST: Final = 20
"""So many rows stand on the desk before somebody asks for all, seeks, or sorts."""

_ASKS: Final = frozenset({"party", "late", "deed", "q", "sort", "page"})
"""The words of an address that ask for certain rows."""
_Key = tuple[UUID, str]
"""What a deed is about, and what it says."""


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
        desk = desks(asking).get(call_id)
        if desk is None:
            raise NotFound("The desk of this call is not there yet.", "Try again in a moment.")
        mine = list(waiting(asking, MINE + 1))
        most = PAGE if _ASKS & wanted.query.keys() else FIRST
        lines = desk.lines(party, deed, late=late)
        found, as_found = sought(lines, wanted.q, wanted.sort), wanted._replace(q="", sort="")
        listed = shown(asking, found, DeskLine, None, as_found, most=most)._replace(wanted=wanted, all=lines.count())
        addresses = _addresses(mine)
        left = {one.id for one in listed.rows if one.party is Party.AUTHORITY and not addresses.keys() & _keys(one)}
        addresses |= _addresses(waiting(asking, matters=left)) if left else {}
        pilot_actions = pilot_actions_among(asking.connection, {one.id for one in listed.rows})
        counts = {one: desk.lines(one).count() for one in Party}
        return {
            "edits": bool(list(possible(asking, (PublishCall,)))),
            "corrects": bool(list(possible(asking, (ProposeCorrection,), call_id=call_id))),
            "call": call,
            "calls": asking.calls,
            "steps": tuple(steps_of(announced(state).calendar, asking.now)),
            "urgent": urgent(desk),
            "mine": mine[:MINE],
            "more": len(mine) > MINE,
            "assigns": concerns(asking, AssignEvaluator) and desk.lines(words=ASSIGN_EVALUATORS.words).count() > 0,
            "list": listed,
            "counts": counts,
            "late": desk.lines(late=True).count(),
            "all": desk.lines().count(),
            "first": most < min(PAGE, listed.found),
            "idle": desk.idle,
            "findings": how_many_wait(asking.connection, call_id),
            "only": "late" if late else party,
            "deed": deed,
            "deeds": addresses,
            "grant_id": grant_id,
            "actions": pilot_actions,
        }


def _addresses(deeds: Iterable[Waiting]) -> dict[_Key, str | None]:
    """Return the page of each deed."""
    return {(id, one.deed): one.address for one in reversed(list(deeds)) for id in one.ids}


def _keys(line: DeskLine) -> set[_Key]:
    """Return by what the page of the deed of a line is found."""
    deed = sentence_of(line.waits_for or "")
    return {(line.id, deed), (grant_id(line.id), deed)}
