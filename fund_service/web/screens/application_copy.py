"""The whole application as it was submitted, to print and to read away from the screen."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import clarification_of
from fund_service.api.seeing import not_found
from fund_service.permissions.views import View
from fund_service.web.judged import application, judged, own_seat
from fund_service.web.pages import Pages

PATH: Final = "/pilot-actions/{pilot_action_id}/copy"


def application_copy_page(pages: Pages) -> None:
    """Enter the page; an evaluator's has room for notes by criterion."""

    @pages.page(PATH, "application_copy.html", View.APPLICATION)
    def copy(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        about = judged(asking, pilot_action_id)
        said = application(asking, about)
        if said is None:
            raise not_found(View.APPLICATION, pilot_action_id)
        seat = own_seat(asking, pilot_action_id)
        return {
            "about": about,
            "application": said,
            "clarification": clarification_of(asking, pilot_action_id),
            "notes": seat is not None,
            "position": asking.position,
        }
