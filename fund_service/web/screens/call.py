"""The call in public: can we, what do we get, until when, and how is it judged?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import announced
from domain.call.rules import Calendar, CallRules
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.calls import published_call
from fund_service.web.pages import Pages
from projections.applicant_view import notices
from projections.call_questions import published
from projections.results import results

_ZONES: Final = (("Seoul", "Asia/Seoul"), ("Bogotá", "America/Bogota"), ("Auckland", "Pacific/Auckland"))
"""Partners live from here to there: a clock of each of the programme's geographies."""
_SHOWN: Final = 3
"""So many answers stand on the page of the call; a link leads to all."""


class Step(NamedTuple):
    """A stretch of the calendar in words, from its first instant to its last (UTC): over, going on, or ahead."""

    name: str
    begins: datetime
    ends: datetime
    state: str


def call_page(pages: Pages) -> None:
    """Enter the page, for the call that was published last and for each."""

    @pages.page("/", "call.html", Open.EVERYBODY)
    def newest(asking: Asking) -> Mapping[str, Any]:
        calls = asking.calls
        return _shown(asking, calls[-1].id) if calls else {"call": None}

    @pages.page("/calls/{call_id}", "call.html", Open.EVERYBODY)
    def one(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
        return _shown(asking, call_id)


def _shown(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
    row, call = published_call(asking, call_id)
    rules, now = announced(call), asking.now
    answers = published(asking.connection, call_id)
    return {
        "call": row,
        "rules": rules,
        "line": rules.lines[0],
        "window": "cancelled" if call.cancelled else _window(rules, now),
        "heaviest": max(criterion.weight for criterion in rules.criteria),
        "steps": tuple(steps_of(rules.calendar, now)),
        "zones": _ZONES,
        "answers": answers[-_SHOWN:],
        "answered": len(answers),
        "results": results(asking.connection, call_id),
        "notices": notices(asking.connection, call_id),
    }


def _window(rules: CallRules, now: datetime) -> str:
    """Return where the window for applications stands: ahead, open or closed."""
    if now < rules.calendar.applications_open:
        return "ahead"
    return "open" if now < rules.calendar.applications_close else "closed"


def steps_of(calendar: Calendar, now: datetime) -> Iterator[Step]:
    """Yield the stretches of a calendar in their order, as they stand at an instant (UTC)."""
    stretches = (
        ("Call published", calendar.published, calendar.published),
        ("Coaching, an offer to all", calendar.coaching_opens, calendar.coaching_closes),
        ("Applications", calendar.applications_open, calendar.applications_close),
        ("Evaluation", calendar.applications_close, calendar.approval_due),
        ("All answers at one moment", calendar.outcomes_released, calendar.outcomes_released),
        ("Last day of pilot actions", calendar.implementation_ends, calendar.implementation_ends),
    )
    for name, begins, ends in stretches:
        yield Step(name, begins, ends, "over" if ends <= now else "now" if begins <= now else "ahead")
