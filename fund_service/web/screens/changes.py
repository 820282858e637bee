"""What changed between two moments: for auditors, and the offices that may look back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.errors import FundError, Malformed
from domain.people import Role
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.changes import changed
from fund_service.web.pages import Pages


def changes_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/audit/changes", "changes.html", Open.SIGNED_IN)
    def changes(asking: Asking, since: str = "", about: str = "", call_id: str = "") -> Mapping[str, Any]:
        since, wrong, rows = since.strip(), None, []
        try:
            rows = changed(asking, since or str(asking.position), _id(about), _id(call_id))
        except Malformed as error:
            wrong = error
        return {
            "since": since,
            "until": asking.position,
            "about": about,
            "call_id": call_id,
            "calls": asking.calls,
            "rows": rows,
            "events": sum(len(row.events) for row in rows),
            "cites": Role.AUDITOR in asking.account.roles,  # others may not open every event that they hear of
            "wrong": _said(wrong),
        }


def _said(wrong: FundError | None) -> str | None:
    return str(wrong) if wrong is not None else None


def _id(text: str) -> UUID | None:
    """Return the id that somebody wrote, None where nothing is written. Raises Malformed."""
    if not text.strip():
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        raise Malformed("This is not the id of a thing.", "Copy it from the address of its page.") from None
