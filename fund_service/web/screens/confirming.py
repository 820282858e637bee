"""A partner's confirmation: exactly what it confirms, in which version, until when, and what follows."""

from collections.abc import Mapping
from typing import Any

from domain.errors import NotFound
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import content_of, title_of
from fund_service.permissions.views import View
from fund_service.web.heard import Heard
from fund_service.web.screens.application import rules_of
from fund_service.web.wishes import Wish, deed_address


def confirming_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the page shows: the version that was put forward last, word for word. Raises NotFound."""
    id = wish.names["pilot_action_id"]
    if not asking.sees(View.DRAFT, id):
        raise NotFound(f"There is no pilot action {id}.", "Look at your home.")
    pilot, rules = asking.world.get(PILOT_ACTION, id), rules_of(asking, id)
    current = pilot.current
    partnership = asking.world.get(PARTNERSHIP, pilot.partnership_id) if pilot.partnership_id is not None else None
    members = {member.organisation_id: member.name for member in partnership.members} if partnership else {}
    part = {**wish.names, "digest": current.digest if current is not None else "", "next": f"/pilot-actions/{id}"}
    return {
        "declines": deed_address("DeclineParticipation", **part),
        "sends_on": deed_address("DeclineParticipation", **part, ask_another="yes"),
        "asks": members.get(pilot.coordinator_id) if pilot.coordinator_id else None,
        "own": members.get(wish.names["organisation_id"], ""),
        "action_title": title_of(asking, id),
        "rules": rules,
        "content": content_of(asking, id, current.number) if current is not None else None,
        "confirmed": current is not None and wish.names["organisation_id"] in current.confirmed_by,
        "closes": rules.calendar.applications_close,
        "next": f"/pilot-actions/{id}",
    }
