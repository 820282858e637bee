"""What waits for me, and how the partnerships of my city stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import CALL, announced
from domain.people import HAS_DEPUTIES
from fund_service.api.asking import Asking, Open, told_to
from fund_service.api.describing import PREFIX
from fund_service.api.resources.people import deputies_of, deputyships_of, own_homes
from fund_service.api.resources.screens import NextState, heard_last, own_next
from fund_service.listing import Data
from fund_service.web.begun import begun
from fund_service.web.forms import HOME
from fund_service.web.pages import Pages
from fund_service.web.screens.handover import before_and_beside
from fund_service.web.standing_in import standing_in
from fund_service.web.together import groups
from fund_service.web.wishes import wish_at
from projections.timeline import TimelineRow

_LAST: Final = 4
_SHOWN: Final = 60
"""So much that waits for an office is shown: what is due first."""


def home_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page(HOME, "home.html", Open.SIGNED_IN)
    def home(asking: Asking) -> Mapping[str, Any]:
        own = asking.world.find(ACCOUNT, asking.by) or Account()
        waiting, homes = [_step(asking, one) for one in own_next(asking, _SHOWN + 1)], own_homes(asking)
        return {
            "roles": sorted(asking.account.roles),
            "waiting": waiting[:_SHOWN],
            "more": len(waiting) > _SHOWN,
            "together": groups(one.page for one in waiting[:_SHOWN] if one.page is not None and one.button is not None),
            "ahead": _ahead(asking) if not waiting else None,
            "begun": list(begun(asking)) if asking.moment is None else [],
            "views": asking.context.parts.saved_views.of(asking.by),
            "homes": homes,
            "deputyships": list(standing_in(asking, deputyships_of(asking, asking.by))),
            "deputies": list(standing_in(asking, deputies_of(asking, asking.by))),
            "has_deputies": bool(HAS_DEPUTIES & own.roles.keys()) and asking.moment is None,
            "before": before_and_beside(asking)[0],
            "last": {home.id: _last(asking, home.id) for home in homes},
        }


class Ahead(NamedTuple):
    """The point of a call's calendar that comes next."""

    call: str
    point: str
    at: datetime


def _ahead(asking: Asking) -> Ahead | None:
    """Return what comes next in the call that was published last and not cancelled."""
    now = asking.now
    last = next((row for row in reversed(asking.calls) if row.stage != "cancelled"), None)
    call = asking.world.find(CALL, last.id) if last is not None else None
    points = announced(call).calendar.points() if call is not None else ()
    coming = min(((at, name) for name, at in points if at > now), default=None)
    return Ahead(announced(call).title, coming[1].replace("_", " "), coming[0]) if call and coming else None


class Step(NamedTuple):
    """A deed that waits, for whom; its page and what that calls it, None where its path is not known whole, and in the
    past.

    Where the next section of an application is not known, the page is the list of them, and no deed's.
    """

    deed: NextState
    partnership: str
    page: str | None
    button: str | None


def _step(asking: Asking, one: NextState) -> Step:
    partnership = told_to(asking, None, None, one)["partnership"]
    if "{section}" in one.path and asking.moment is None:
        return Step(one, partnership, f"/pilot-actions/{one.known['pilot_action_id']}", None)
    if "{" in one.path or asking.moment is not None:
        return Step(one, partnership, None, None)
    wish = wish_at(one.path.removeprefix(f"{PREFIX}/"), ())
    rest = {name: value for name, value in one.known.items() if name not in wish.names}
    return Step(one, partnership, f"{wish.address}{'?' + urlencode(rest) if rest else ''}", wish.title)


def _last(asking: Asking, id: UUID) -> list[tuple[TimelineRow, Data]]:
    """Return what happened last in a partnership, the newest first, with what is told of it."""
    return [(row, told_to(asking, None, None, row)) for row in heard_last(asking, id, _LAST)]
