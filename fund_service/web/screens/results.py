"""The results of a call in public, once they are released: which pilot actions get support, where, and how much."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.call.aggregate import announced
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.calls import published_call
from fund_service.web.lists import Listed, shown
from fund_service.web.pages import Pages
from projections.results import ResultRow, results


def results_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/calls/{call_id}/results", "results.html", Open.EVERYBODY)
    def released(asking: Asking, call_id: UUID, wanted: Listed) -> Mapping[str, Any]:
        row, call = published_call(asking, call_id)
        rows = results(asking.connection, call_id)
        return {
            "call": row,
            "calls": asking.calls,
            "rules": announced(call),
            "list": shown(asking, rows, ResultRow, None, wanted),
            "cents": sum(one.cents for one in rows),
        }
