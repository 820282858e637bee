"""What somebody takes over who follows an officer that left: duties with their clocks, drafts, what was signed."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.errors import NotFound
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import ACTS_FOR_A_CITY
from fund_service.api.asking import Asking, Open, told_to
from fund_service.api.resources.people import own_homes
from fund_service.api.resources.screens import heard
from fund_service.listing import Data
from fund_service.web.offers import waiting
from fund_service.web.pages import Pages
from projections import registry
from projections.applicant_rows import HomeRow
from projections.registry import RegisteredAccount
from projections.signatures import SIGNED
from projections.timeline import TimelineRow

HANDOVER: Final = "/me/handover"
_STILL_WRITTEN: Final = ("written", "changed")


def handover_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page(HANDOVER, "handover.html", Open.SIGNED_IN)
    def handover(asking: Asking) -> Mapping[str, Any]:
        homes = own_homes(asking)
        if not homes:
            raise NotFound("You act for no city or region in a partnership.", "What waits for you stands at home.")
        before, beside = before_and_beside(asking)
        return {
            "before": before,
            "beside": beside,
            "waiting": list(waiting(asking)),
            "homes": homes,
            "coaches": {home.id: _coach(asking, home.id) for home in homes},
            "drafts": [one for home in homes for one in home.pilot_actions if one.draft in _STILL_WRITTEN],
            "signed": {home.id: _signed(asking, home, {one.id for one in before}) for home in homes},
        }


def before_and_beside(asking: Asking) -> tuple[list[RegisteredAccount], list[RegisteredAccount]]:
    """Return who acted for one's city or region and does not any more, and who acts for it beside one."""
    own = asking.account.organisation_id
    if own is None or not ACTS_FOR_A_CITY & asking.account.roles.keys():
        return [], []
    others = [one for one in registry.accounts(asking.connection, organisation_id=own) if one.id != asking.by]
    acting = [one for one in others if ACTS_FOR_A_CITY & one.roles.keys()]
    left = [one for one in others if one not in acting and ACTS_FOR_A_CITY & asking.world.get(ACCOUNT, one.id).held]
    return left, acting


def _signed(asking: Asking, home: HomeRow, before: Collection[UUID]) -> list[tuple[TimelineRow, Data]]:
    """Return what those before signed for the city or region in a partnership, the newest first."""
    rows = {row.position: row for id in _things(home) for row in heard(asking, id)}
    signed = [row for row in rows.values() if row.topic in SIGNED and row.by in before]
    return [(row, told_to(asking, None, None, row)) for row in sorted(signed, key=lambda row: -row.position)]


def _things(home: HomeRow) -> Iterator[UUID]:
    yield home.id
    for action in home.pilot_actions:
        yield action.id
        if action.grant is not None:
            yield action.grant.id


def _coach(asking: Asking, partnership_id: UUID) -> str | None:
    """Return what the coach of a partnership is called, None where it has none."""
    coach = asking.world.get(PARTNERSHIP, partnership_id).coach
    found = asking.world.find(ACCOUNT, coach) if coach is not None else None
    return found.label if found is not None else None
