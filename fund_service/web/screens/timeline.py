"""What happened in a partnership, as far as who looks may read it: a sentence for each event, the newest first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.partnership.aggregate import PARTNERSHIP
from fund_service.api.reading import Asking, told_to
from fund_service.api.resources.screens import heard
from fund_service.permissions.views import View
from fund_service.web.pages import Pages

PAGE: Final = 60


def timeline_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/partnerships/{partnership_id}/timeline", "timeline.html", View.PARTNERSHIP)
    def timeline(asking: Asking, partnership_id: UUID, page: int = 1) -> Mapping[str, Any]:
        rows = list(heard(asking, partnership_id))[::-1]
        pages = max(1, -(-len(rows) // PAGE))
        page = min(max(page, 1), pages)
        first = (page - 1) * PAGE
        shown = [(row, told_to(asking, None, None, row)) for row in rows[first : first + PAGE]]
        name = asking.world.get(PARTNERSHIP, partnership_id).name
        return {"id": partnership_id, "name": name, "rows": shown, "all": len(rows), "page": page, "pages": pages}
