"""What stands in the head of every page, and for whom: one table of addresses."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from fastapi import Request

from domain.call.aggregate import CALL, announced
from domain.people import Role
from fund_service.api.asking import Asking
from fund_service.permissions.views import View
from fund_service.web.forms import HOME

Link = tuple[str, str]
"""An address, and what it is called."""

PUBLIC: Final[tuple[Link, ...]] = (("/", "The call"), ("/questions", "Questions and answers"), ("/rules", "Rules"))
"""What everybody finds in the head of a page."""


class Place(NamedTuple):
    """A page about a call for whom may have a view of it, one of somebody's work for whom has a role, or for each."""

    address: str
    name: str
    whose: View | Role | None


PLACES: Final = (
    Place("/me/evaluations", "My evaluations", Role.EVALUATOR),
    Place("/me/coaching", "My coaching", Role.COACH),
    Place("/calls/{call_id}/desk", "Call desk", View.DESK),
    Place("/calls/{call_id}/dashboard", "Dashboard", View.DASHBOARD),
    Place("/calls/{call_id}/applications", "Applications", View.DASHBOARD),
    Place("/calls/{call_id}/lines/{line}/ranking", "Ranking", View.RANKING),
    Place("/calls/{call_id}/grants", "Grants", View.DASHBOARD),
    Place("/calls/{call_id}/audit", "Audit", View.AUDIT),
    Place("/accounts", "People", Role.SECRETARIAT),
    Place("/messages", "Messages", None),
)


def places_of(asking: Asking, request: Request) -> tuple[Link, ...]:
    """Return what somebody who is signed in finds in the head of a page; questions and rules stand in its foot."""
    return (HOME, "Home"), *_own(asking, call_of(asking, request)), PUBLIC[0]


def _own(asking: Asking, call_id: UUID | None) -> Iterator[Link]:
    call = asking.world.find(CALL, call_id) if call_id is not None else None
    line = announced(call).lines[0].id if call is not None else None
    for place in PLACES:
        if _finds(asking, place.whose, call_id):
            yield place.address.format(call_id=call_id, line=line), place.name


def _finds(asking: Asking, whose: View | Role | None, call_id: UUID | None) -> bool:
    match whose:
        case None:
            return True
        case Role():
            return whose in asking.account.roles
        case View():
            return call_id is not None and asking.sees(whose, call_id)


def call_of(asking: Asking, request: Request) -> UUID | None:
    """Return the call that a page is about; of another page, the last that was published and not cancelled."""
    calls = asking.calls
    named = request.path_params.get("call_id")
    going_on = [call.id for call in calls if call.stage != "cancelled"]
    return next((call.id for call in calls if str(call.id) == named), going_on[-1] if going_on else None)
