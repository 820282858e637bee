"""What happened to a thing, as far as who looks may read it: a sentence for each event, the newest first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.grant.aggregate import GRANT
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking, told_to
from fund_service.api.resources.pilot_actions import title_of
from fund_service.api.resources.screens import heard
from fund_service.audit.explaining.outcome import may_be_told
from fund_service.audit.explaining.readers import OneActor
from fund_service.permissions.views import View
from fund_service.web.pages import Pages

PAGE: Final = 60
_TEMPLATE: Final = "timeline.html"


def timeline_page(pages: Pages) -> None:
    """Enter the pages: of a partnership, of a pilot action with its application, of a grant."""

    @pages.page("/partnerships/{partnership_id}/timeline", _TEMPLATE, View.PARTNERSHIP)
    def of_partnership(asking: Asking, partnership_id: UUID, page: int = 1) -> Mapping[str, Any]:
        name = asking.world.get(PARTNERSHIP, partnership_id).name
        return _shown(asking, partnership_id, None, page, name, f"/partnerships/{partnership_id}")

    @pages.page("/pilot-actions/{pilot_action_id}/timeline", _TEMPLATE, View.PILOT_ACTION)
    def of_pilot_action(asking: Asking, pilot_action_id: UUID, page: int = 1) -> Mapping[str, Any]:
        name, call_id = title_of(asking, pilot_action_id), asking.world.get(PILOT_ACTION, pilot_action_id).call_id
        reader = OneActor(asking.actor, asking.world)
        explained = call_id is not None and may_be_told(reader, pilot_action_id, call_id)
        shown = _shown(asking, pilot_action_id, pilot_action_id, page, name, f"/pilot-actions/{pilot_action_id}")
        return {**shown, "explained": explained}

    @pages.page("/grants/{grant_id}/timeline", _TEMPLATE, View.GRANT)
    def of_grant(asking: Asking, grant_id: UUID, page: int = 1) -> Mapping[str, Any]:
        action = asking.world.get(GRANT, grant_id).pilot_action_id
        name = title_of(asking, action) if action is not None else ""
        return _shown(asking, grant_id, None, page, name, f"/grants/{grant_id}")


def _shown(asking: Asking, id: UUID, about: UUID | None, page: int, name: str, thing: str) -> Mapping[str, Any]:
    rows = list(heard(asking, id))[::-1]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    shown = [(row, told_to(asking, about, None, row)) for row in rows[first : first + PAGE]]
    return {
        "thing": thing,
        "name": name,
        "rows": shown,
        "all": len(rows),
        "page": page,
        "pages": pages,
        "explained": False,
    }
