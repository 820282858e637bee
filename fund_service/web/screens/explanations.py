"""Why something is as it is: each figure computed anew from the log, down to its events; and one event, to cite it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fund_service.api.asking import Asking, Open
from fund_service.api.resources.explanations import record_of
from fund_service.audit.explaining.statements import Explanation
from fund_service.audit.explaining.sums import explain_grant, explain_line
from fund_service.permissions.views import View
from fund_service.web.pages import Pages

_TEMPLATE: Final = "explanation.html"


def explanation_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/grants/{grant_id}/sums", _TEMPLATE, View.GRANT)
    def of_grant(asking: Asking, grant_id: UUID) -> Mapping[str, Any]:
        found = explain_grant(record_of(asking), grant_id)
        return shown(found, f"/grants/{grant_id}", f"/grants/{grant_id}/sums/explanation")

    @pages.page("/calls/{call_id}/lines/{line}/sums", _TEMPLATE, View.RANKING)
    def of_line(asking: Asking, call_id: UUID, line: str) -> Mapping[str, Any]:
        found, place = explain_line(record_of(asking), call_id, line), f"/calls/{call_id}/lines/{line}"
        return shown(found, f"{place}/ranking", f"{place}/sums/explanation")

    @pages.page("/events/{position}", "event.html", Open.SIGNED_IN)
    def of_event(asking: Asking, position: int) -> Mapping[str, Any]:
        return {"event": record_of(asking).at(position)}


def shown(explanation: Explanation, thing: str, data: str) -> dict[str, Any]:
    """Return what the page of an explanation shows: the thing that it is about, and where programs read it."""
    return {"explained": explanation, "thing": thing, "data": data}
