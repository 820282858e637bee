"""Where else the same thing stands for somebody: an address that another role passed on leads to what one may see."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.messages import Aggregate
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.context import Signed
from fund_service.permissions.checking import may_see
from fund_service.permissions.views import View


class Other(NamedTuple):
    """A page about the same thing, and what one must be able to see for it."""

    view: View
    address: str


OTHERS: Final[Mapping[str, tuple[Aggregate[Any], tuple[Other, ...]]]] = {
    "pilot_action_id": (
        PILOT_ACTION,
        (
            Other(View.DOSSIER, "/pilot-actions/{pilot_action_id}"),  # its members' own page
            Other(View.APPLICATION, "/pilot-actions/{pilot_action_id}/copy"),
            Other(View.PROCEDURE, "/pilot-actions/{pilot_action_id}/timeline"),
            # its committee, before a declaration
            Other(View.EVALUATION, "/pilot-actions/{pilot_action_id}/evaluation"),
            Other(View.PILOT_ACTION, "/pilot-actions/{pilot_action_id}/timeline"),
        ),
    ),
}
"""By what a page is about: its kind, and the pages of it for different roles, the one that tells most first."""


def elsewhere(signed: Signed, sight: View, name: str, id: UUID) -> str | None:
    """Return where somebody is led who may not see a page about the thing that its path calls so; None where there is
    no such thing, nothing of it may be seen, or the page may be and something else is missing.
    """
    actor, world = signed.actor, signed.world
    kind, others = OTHERS.get(name, (None, ()))
    if kind is None or world is None or world.find(kind, id) is None or may_see(sight, actor, id, world):
        return None
    seen = (one.address for one in others if may_see(one.view, actor, id, world))
    return next((address.format_map({name: id}) for address in seen), None)
