"""Evaluators proposed for the free seats of a call, with what speaks for each; accepted together, or one by one."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from fastapi import Query

from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import AssignEvaluator
from domain.evaluation.proposing import Proposed, propose_committees
from domain.ids import evaluation_id
from domain.people import Role
from fund_service.api.asking import Asking
from fund_service.api.resources.calls import published_call
from fund_service.permissions.views import View
from fund_service.web.lists import PAGE
from fund_service.web.pages import Pages
from fund_service.web.together import MOST
from fund_service.web.wishes import deed_address
from projections.desk_deeds import ASSIGN_EVALUATORS
from projections.desk_view import DeskLine
from projections.desk_waits import Desk
from projections.evaluator_worklist import loads
from projections.registry import accounts

EACH: Final = 8
"""So many applications an evaluator gets at most, unless the page is asked for another number: ours, no rule."""
AT_ONCE: Final = MOST // 5
"""For so many applications seats are proposed at once: what is accepted goes together."""


class ShownCommittee(NamedTuple):
    """An application with free seats: who is proposed, each with the page of the deed, and who is not, and why."""

    row: DeskLine
    members: tuple[tuple[Proposed, str], ...]
    missing: int
    against: tuple[tuple[str, str], ...]
    by_hand: str


def assigning_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/calls/{call_id}/evaluators", "assigning.html", View.DESK, acts=True)
    def proposed(asking: Asking, call_id: UUID, most: Annotated[int, Query(ge=1, le=1000)] = EACH) -> Mapping[str, Any]:
        call, _ = published_call(asking, call_id)
        desk = Desk.of(asking.connection, call_id, asking.now)
        lines = enumerate(_waiting(desk), 1) if desk is not None else iter(())
        waiting = ((at, one) for at, one in lines if asking.sees(View.PROCEDURE, one.id) and _goes_on(asking, one.id))
        some = list(islice(waiting, AT_ONCE))
        rows = {one.id: one for _, one in some}
        called = {one.id: one.label for one in accounts(asking.connection, role=Role.EVALUATOR)}
        had = loads(asking.connection, call_id)
        shown = _shown(asking, rows, called, had, most)
        having = [(called[one], had.get(one, 0)) for one in called]
        seats = [one for committee in shown for one in committee.members]
        return {
            "call": call,
            "most": most,
            "committees": shown,
            "seats": len(seats),
            "rest": _beyond(desk, some[-1][0]) if desk is not None and len(some) == AT_ONCE else 0,
            "called": called,
            "having": having,
        }


def _waiting(desk: Desk) -> Iterator[DeskLine]:
    """Yield the applications that wait for evaluators, read as far as somebody looks."""
    lines = desk.lines(words=ASSIGN_EVALUATORS.words)
    for first in range(0, lines.count(), PAGE):
        yield from (line for line, _ in lines.some(first, PAGE))


def _beyond(desk: Desk, looked_at: int) -> int:
    """Return how many wait beside those that were looked at."""
    return desk.lines(words=ASSIGN_EVALUATORS.words).count() - looked_at


def _goes_on(asking: Asking, pilot_action_id: UUID) -> bool:
    """Tell whether an application is still evaluated: the desk may be a moment behind."""
    found = asking.world.find(EVALUATION, evaluation_id(pilot_action_id))
    return found is not None and not found.stopped


def _shown(
    asking: Asking, rows: Mapping[UUID, DeskLine], called: Mapping[UUID, str], had: Mapping[UUID, int], most: int
) -> list[ShownCommittee]:
    loads_now = {evaluator: had.get(evaluator, 0) for evaluator in called}
    shown = []
    for found in propose_committees(rows, loads_now, most, asking.now, asking.world):
        id = found.pilot_action_id
        page = {one: deed_address(AssignEvaluator.__name__, pilot_action_id=id, evaluator=one) for one in called}
        members = tuple((one, page[one.evaluator]) for one in found.members)
        against = tuple((called[one], why) for one, why in found.against.items())
        by_hand = deed_address(AssignEvaluator.__name__, pilot_action_id=id)
        shown.append(ShownCommittee(rows[id], members, found.missing, against, by_hand))
    return shown
