"""Where a call stands: what is late, where the money is, who came how far, and who waited how long."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.errors import NotFound
from domain.rulebook import RULES
from fund_service.api.asking import Asking
from fund_service.permissions.views import View
from fund_service.web.lists import PAGE, told
from fund_service.web.pages import Pages
from projections import lists
from projections.dashboard_steps import parts, steps
from projections.dashboard_view import By, dashboard_of, kept_grants, seen, sums_of
from projections.desk_spans import waited
from projections.desk_urgency import urgent
from projections.desk_waits import Desk
from projections.lists import SupportRow


def dashboard_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/calls/{call_id}/dashboard", "dashboard.html", View.DASHBOARD)
    def whole(asking: Asking, call_id: UUID, by: By = By.GEOGRAPHY) -> Mapping[str, Any]:
        found = seen(asking.connection, call_id)
        if found is None:
            raise NotFound("This call is not published yet.", "Look up its id in the list of calls.")
        row = dashboard_of(asking.connection, found)
        kept, ids = kept_grants(asking.connection, call_id, PAGE)
        support = {one.id: one for one in told(asking, _support(asking, ids), SupportRow, View.GRANT)}
        return {
            "row": row,
            "calls": asking.calls,
            "position": asking.position,
            "released": announced(asking.world.get(CALL, call_id)).calendar.outcomes_released,
            "steps": list(steps(row)),
            "parts": parts(row),
            "by": by,
            "ways": list(By),
            "groups": sums_of(asking.connection, found, by),
            "support": [support[id] for id in ids if id in support],
            "kept": kept,
            "rules": {one.id: one.sentence for one in RULES},
            **_desk(asking, call_id),
        }


def _support(asking: Asking, ids: Sequence[UUID]) -> Iterable[SupportRow]:
    return lists.support(asking.connection, ids=ids) if ids else ()


def _desk(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
    """Return what the desk tells, to whom may see it."""
    if not asking.sees(View.DESK, call_id):
        return {"urgent": None, "waited": [], "matters": 0}
    desk = Desk.of(asking.connection, call_id, asking.now)
    if desk is None:
        return {"urgent": [], "waited": [], "matters": 0}
    return {"urgent": urgent(desk), "waited": waited(desk), "matters": desk.matters}
