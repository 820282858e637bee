"""Questions about the call with their answers, the same for everybody."""

from collections.abc import Mapping
from typing import Any

from fund_service.api.asking import Asking, Open
from fund_service.web.pages import Pages
from projections.call_questions import published


def questions_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/questions", "questions.html", Open.EVERYBODY)
    def questions(asking: Asking) -> Mapping[str, Any]:
        calls = asking.calls
        return {"calls": [(call, published(asking.connection, call.id)) for call in reversed(calls)]}
