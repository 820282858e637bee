"""The strip on every page of who applies: whether what was written is submitted, and how long it can still be."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.people import Role
from fund_service.api.asking import Asking
from fund_service.api.resources.people import own_homes
from projections.applicant_rows import PilotActionRow


class Strip(NamedTuple):
    """An application whose call is open until `closes` (UTC): submitted as it stands now, or not."""

    id: UUID
    title: str
    submitted: int | None
    closes: datetime
    saved_at: datetime | None


def strip_of(asking: Asking) -> Strip | None:
    """Return the strip: of several applications that of one that is not submitted; None where no window is open."""
    if Role.APPLICANT not in asking.account.roles:
        return None
    led = (home for home in own_homes(asking) if home.is_coordinator)
    found = [strip for home in led for strip in _strips(asking, home.call_id, home.pilot_actions)]
    return min(found, key=lambda strip: (strip.submitted is not None, strip.closes), default=None)


def _strips(asking: Asking, call_id: UUID, actions: tuple[PilotActionRow, ...]) -> list[Strip]:
    call = asking.world.find(CALL, call_id)
    if call is None or call.cancelled:
        return []
    calendar = announced(call).calendar
    if not calendar.applications_open <= asking.now < calendar.applications_close:
        return []
    return [
        Strip(one.id, one.title, _submitted(one), calendar.applications_close, one.draft_saved_at)
        for one in actions
        if one.draft != "empty" or one.receipt is not None
    ]


def _submitted(action: PilotActionRow) -> int | None:
    """Return the version that is submitted, None where what stands in the draft is not."""
    receipt = action.receipt
    if receipt is None or receipt.withdrawn or action.draft == "changed" or action.version != receipt.version:
        return None
    return receipt.version
