"""What of a row, or of an event, about a pilot action is told to whom: what one may not see is not in it.

It stands between what is found and whatever is made of it: a list is filtered, searched, sorted, counted and written by
what is left. Text that applicants wrote themselves (a title, an answer, a file) is told or not told as a whole: who
stands in it cannot be hidden.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.messages import World
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.views import View

Data = dict[str, Any]

SOME_APPLICANT: Final = "An applicant"

TELLS: Final[Mapping[View, Mapping[str, Any]]] = {
    View.APPLICATION: {"requested_cents": None, "smallest_useful_cents": None},
    View.APPLICANTS: {
        "partnership": "",
        "partnership_id": None,
        "members": [],
        "coordinator_id": None,
        "organisation_id": None,
        "organisation_ids": [],
        "confirmed_by": [],
    },
}
"""The view that one needs to be told a field of this name, and what stands in its place."""

SOMETIMES_UNTOLD: Final = frozenset(field for fields in TELLS.values() for field in fields) | {"by", "by_label"}
"""The fields that are not told to everybody who sees the row."""


def redacted(data: Data, pilot_action_id: UUID, actor: Actor, world: World) -> Data:
    """Return what the actor is told of a row or an event about a pilot action."""
    return told_without(data, untold(lambda view: may_see(view, actor, pilot_action_id, world)), world)


def untold(sees: Callable[[View], bool]) -> Data:
    """Return what is not told to whom sees what `sees` says: fields with what stands in their place."""
    found: Data = {}
    for view, fields in TELLS.items():
        if not sees(view):
            found |= fields
    return found


def told_without(data: Data, untold: Data, world: World) -> Data:
    """Return a row or an event without what is not told of it."""
    if not untold:
        return data
    return _without(data, untold, _nameless(world) if "partnership" in untold else lambda data: data)


def _without(data: Data, untold: Mapping[str, Any], nameless: Callable[[Data], Data]) -> Data:
    def inside(value: Any) -> Any:
        if isinstance(value, list):
            return [inside(one) for one in value]
        return _without(value, untold, nameless) if isinstance(value, dict) else value

    return nameless({name: untold[name] if name in untold else inside(value) for name, value in data.items()})


def _nameless(world: World) -> Callable[[Data], Data]:
    """Return what takes the name of whoever did something for a city or region, or its partner, out of a row."""

    def without(data: Data) -> Data:
        account = world.find(ACCOUNT, UUID(data["by"])) if data.get("by") else None
        if account is None or account.organisation_id is None:
            return data
        named = {"by": None, "by_label": SOME_APPLICANT}
        return {**data, **{name: value for name, value in named.items() if name in data}}

    return without
