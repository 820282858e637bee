"""Every rule of the fund with its source."""

from collections.abc import Mapping
from typing import Any

from domain.rulebook import RULES
from fund_service.api.asking import Asking, Open
from fund_service.web.pages import Pages


def rules_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/rules", "rules.html", Open.EVERYBODY)
    def rules(asking: Asking, q: str = "") -> Mapping[str, Any]:
        sought = q.casefold()
        found = [one for one in RULES if sought in f"{one.id} {one.sentence} {one.source} {one.quote}".casefold()]
        return {"rules": found, "q": q, "all": len(RULES)}
