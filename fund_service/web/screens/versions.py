"""What was sent: the receipt, and each version word for word with what changed since the one before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL
from domain.call.rules import Calendar
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import Content, content_of, receipt_of, title_of
from fund_service.permissions.views import View
from fund_service.web.pages import Pages
from fund_service.web.screens.application import own_application, rules_of


class Step(NamedTuple):
    """A step on the way of an application: until when (UTC) it goes on, and whether it is past, now or to come."""

    name: str
    until: datetime
    state: str


def version_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/pilot-actions/{pilot_action_id}/receipt", "receipt.html", View.DRAFT)
    def receipt(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        home, action = own_application(asking, pilot_action_id)
        calendar, sent = rules_of(asking, pilot_action_id).calendar, receipt_of(asking, pilot_action_id)
        counts = not (sent.withdrawn or asking.world.get(CALL, home.call_id).cancelled)
        return {
            "home": home,
            "action": action,
            "receipt": sent,
            "calendar": calendar,
            "open": asking.now < calendar.applications_close,
            "steps": _steps(calendar, asking.now, told=action.outcome is not None) if counts else (),
        }

    @pages.page("/pilot-actions/{pilot_action_id}/versions/{number}", "version.html", View.APPLICATION)
    def version(asking: Asking, pilot_action_id: UUID, number: int) -> Mapping[str, Any]:
        content = content_of(asking, pilot_action_id, number)
        own = asking.sees(View.DRAFT, pilot_action_id)
        before = content_of(asking, pilot_action_id, number - 1) if own and number > 1 else None
        return {
            "id": pilot_action_id,
            "title": title_of(asking, pilot_action_id),
            "content": content,
            "before": before,
            "changed": _changed(before, content) if before is not None else (),
            "rules": rules_of(asking, pilot_action_id),
            "submitted": asking.world.get(PILOT_ACTION, pilot_action_id).submitted == number,
            "own": own,
        }


def _steps(calendar: Calendar, now: datetime, *, told: bool) -> tuple[Step, ...]:
    """Return the steps after a submission; `told`: the applicants have their answer."""
    closed = calendar.applications_close <= now
    return (
        Step("change", calendar.applications_close, "past" if closed or told else "now"),
        Step("judge", calendar.approval_due, "past" if told else "now" if closed else "to come"),
        Step("answer", calendar.outcomes_released, "past" if told else "to come"),
    )


def _changed(before: Content, now: Content) -> tuple[str, ...]:
    """Return the questions whose answer differs, and `resources` and `files` where those do."""
    names = {**before.answers, **now.answers}
    answers = [name for name in names if before.answers.get(name, "") != now.answers.get(name, "")]
    rest = [name for name in ("resources", "files") if getattr(before, name) != getattr(now, name)]
    return (*answers, *rest)
