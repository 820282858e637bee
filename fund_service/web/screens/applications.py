"""The applications and the partnerships of a call, as far as who looks may see them: found by words and by figures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from domain.evaluation.commands import AssignEvaluator
from domain.partnership.commands import AssignCoach
from domain.pilot_action.commands import AskClarification
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.screens import OfBy, OfFigure, OfGroup, counted_by
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.pages import Pages
from fund_service.web.together import kinds
from projections import lists
from projections.lists import ApplicationRow, PartnershipRow

_OF_ACTION: Final = (AskClarification, AssignEvaluator)


def application_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/calls/{call_id}/applications", "applications.html", Open.SIGNED_IN)
    def applications(
        asking: Asking, call_id: UUID, wanted: Listed, figure: OfFigure = None, by: OfBy = None, group: OfGroup = ""
    ) -> Mapping[str, Any]:
        call, _ = published_call(asking, call_id)
        counts = counted_by(asking, call_id, figure, by, group)
        rows = lists.applications(asking.connection, call_id)
        sought = rows if figure is None else replace(rows, counts=counts)
        found = shown(asking, sought, ApplicationRow, View.PILOT_ACTION, wanted, call_id)
        known = {row.partnership_id for row in found.rows if row.partnership_id is not None}
        open = _seen(asking, View.PARTNERSHIP, call_id, known)
        return {
            "call": call,
            "list": found,
            "open": open,
            "kinds": kinds(asking, *_OF_ACTION) if found.rows else [],
            "figure": figure,
            "group": group if by else "",
        }

    @pages.page("/calls/{call_id}/partnerships", "partnerships.html", Open.SIGNED_IN)
    def partnerships(asking: Asking, call_id: UUID, wanted: Listed, figure: OfFigure = None) -> Mapping[str, Any]:
        call, _ = published_call(asking, call_id)
        counts = counted_by(asking, call_id, figure)
        rows = lists.partnerships(asking.connection, call_id)
        sought = rows if figure is None else replace(rows, counts=counts)
        found = shown(asking, sought, PartnershipRow, View.PARTNERSHIP, wanted, call_id)
        told = _seen(asking, View.MESSAGES, call_id, {row.id for row in found.rows})
        return {
            "call": call,
            "list": found,
            "told": told,
            "kinds": kinds(asking, AssignCoach) if found.rows else [],
            "figure": figure,
        }


def _seen(asking: Asking, view: View, call_id: UUID, ids: set[UUID]) -> set[UUID]:
    """Return those of a call's partnerships of which who looks may see this: who may of all is asked once."""
    return ids if asking.sees_all(view, call_id) else {id for id in ids if asking.sees(view, id)}
