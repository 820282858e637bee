"""The application form to print and to pass round: blank before anybody starts, or with what a draft says so far."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.call.rules import CallRules
from fund_service.api.asking import Asking, Open
from fund_service.api.describing import PREFIX
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.forms import blank_form, draft_form
from fund_service.documents.filled import Filled, kind_name, rules_named, total
from fund_service.permissions.views import View
from fund_service.web.pages import Pages

_EMPTY_ROWS: Final = 6


def form_pages(pages: Pages) -> None:
    """Enter the pages, each with the way to the same as DOCX."""

    @pages.page("/calls/{call_id}/form", "form.html", Open.EVERYBODY)
    def blank(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
        row, _ = published_call(asking, call_id)
        return {
            "back": (f"/calls/{call_id}", row.title),
            **_shown(*blank_form(asking, call_id), f"/calls/{call_id}/form"),
        }

    @pages.page("/pilot-actions/{pilot_action_id}/draft", "form.html", View.DRAFT)
    def draft(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        rules, filled = draft_form(asking, pilot_action_id)
        about = f"/pilot-actions/{pilot_action_id}"
        return {"back": (about, filled.title), **_shown(rules, filled, f"{about}/draft/form")}


def _shown(rules: CallRules, filled: Filled, at: str) -> Mapping[str, Any]:
    return {
        "rules": rules,
        "filled": filled,
        "lines": [(kind_name(rules, one.kind), one) for one in filled.resources],
        "total_cents": total(filled.resources),
        "cap_cents": rules.lines[0].cap_cents,
        "empty": range(0 if filled.is_draft else _EMPTY_ROWS),
        "named": rules_named(rules),
        "docx": f"{PREFIX}{at}",
    }
