"""A partnership: its members, its roadmap with every version, its coaching, its pilot actions."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, announced
from domain.partnership.aggregate import PARTNERSHIP
from fund_service.api.asking import Asking
from fund_service.api.resources.partnerships import RoadmapState, partnership_state, roadmaps
from fund_service.auth.private_notes import LONGEST
from fund_service.permissions.views import View
from fund_service.web.heard import Heard
from fund_service.web.pages import Pages
from fund_service.web.wishes import Wish
from projections import lists

FIELDS: Final = ("objectives", "stakeholders", "methods", "deliverables", "study_visits", "co_funding")
"""The parts of a roadmap in the programme's order (S12)."""


def partnership_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/partnerships/{partnership_id}", "partnership.html", View.PARTNERSHIP)
    def partnership(asking: Asking, partnership_id: UUID) -> Mapping[str, Any]:
        state, _ = partnership_state(asking, partnership_id)
        call = asking.world.find(CALL, state.call_id) if state.call_id is not None else None
        coach = asking.world.find(ACCOUNT, state.coach) if state.coach is not None else None
        rows = lists.applications(asking.connection, partnership_id=partnership_id)
        own, coaches = asking.account.organisation_id, state.coach == asking.by
        return {
            "partnership": state,
            "call": announced(call) if call is not None else None,
            "coach": coach.label if coach is not None else None,
            "coaches": coaches,
            "note": asking.context.parts.private_notes.find(asking.by, partnership_id) if coaches else None,
            "longest_note": LONGEST,
            "roadmaps": roadmaps_seen(asking, partnership_id),
            "actions": [row for row in rows if asking.sees(View.DRAFT, row.id)],
            "own": own,
            "leads": any(member.coordinates and member.organisation_id == own for member in state.members),
        }


def roadmap_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form of a roadmap shows: what was typed, else the version before."""
    typed, found = dict(wish.pairs), roadmaps_seen(asking, wish.names["partnership_id"])
    saved = dict(found[0].fields) if found else {}
    names = [*FIELDS, *(name for name in saved if name not in FIELDS)]
    values = [(name, typed.get(f"fields.{name}", saved.get(name, ""))) for name in names]
    visits = (
        typed.get("visits_sought") == "yes"
        if wish.restored or "key" in typed
        else bool(found and found[0].visits_sought)
    )
    return {"values": values, "visits": visits, "following": len(found) + 1}


def agreeing_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what a member agrees to: the roadmap's newest version, word for word."""
    id, found = wish.names["partnership_id"], roadmaps_seen(asking, wish.names["partnership_id"])
    member = next((one for one in _members(asking, id) if one.organisation_id == wish.names["organisation_id"]), None)
    return {"roadmap": found[0] if found else None, "member": member}


def _members(asking: Asking, id: UUID) -> Any:
    return partnership_state(asking, id)[0].members if asking.sees(View.PARTNERSHIP, id) else ()


def roadmaps_seen(asking: Asking, id: UUID) -> list[RoadmapState]:
    """Return the versions of the roadmap, the newest first, as far as who looks may see them."""
    if not asking.sees(View.ROADMAP, id) or asking.world.find(PARTNERSHIP, id) is None:
        return []
    return roadmaps(asking, id)[::-1]
