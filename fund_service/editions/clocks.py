"""The clocks of an edition: its calendar as stretches on a picture, and what moves when it is corrected."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.call.rules import CallRules
from domain.values import Instant, Value


class Stretch(Value):
    """A part of the calendar (UTC), and where it stands on its picture, in per cent of the width."""

    name: str
    begins: Instant
    ends: Instant
    left: float
    width: float


_UNTIL_RELEASE: Final = (
    ("Coaching", "coaching_opens", "coaching_closes"),
    ("Applications", "applications_open", "applications_close"),
    ("Eligibility", "applications_close", "eligibility_checked"),
    ("Clarifications", "eligibility_checked", "clarifications_due"),
    ("Evaluation", "eligibility_checked", "scores_due"),
    ("Consensus", "scores_due", "consensus_due"),
    ("Approval", "consensus_due", "approval_due"),
)
_AFTER_IT: Final = (
    ("Pilot actions", "outcomes_released", "implementation_ends"),
    ("Final reports", "implementation_ends", "final_report_due"),
    ("Settlement", "final_report_due", "settled"),
)


def until_release(rules: CallRules) -> list[Stretch]:
    """Return the parts of an edition's calendar from its publication to the release of the outcomes."""
    calendar = rules.calendar
    return _pictured(_spans(rules, _UNTIL_RELEASE), calendar.published, calendar.outcomes_released)


def after_release(rules: CallRules) -> list[Stretch]:
    """Return the parts of an edition's calendar from the release of the outcomes to the last of them."""
    first = rules.calendar.outcomes_released
    reserves = [(f"Reserve of {line.name}", first, rules.reserve_expires(line)) for line in rules.lines]
    spans = [*_spans(rules, _AFTER_IT), *reserves]
    return _pictured(spans, first, max(ends for _, _, ends in spans))


_Span = tuple[str, datetime, datetime]


def _spans(rules: CallRules, steps: tuple[tuple[str, str, str], ...]) -> list[_Span]:
    return [(name, getattr(rules.calendar, one), getattr(rules.calendar, other)) for name, one, other in steps]


def _pictured(spans: list[_Span], first: datetime, last: datetime) -> list[Stretch]:
    whole = max(last - first, timedelta(seconds=1))
    return [
        Stretch(
            name=name,
            begins=begins,
            ends=ends,
            left=round(100 * ((begins - first) / whole), 2),
            width=round(100 * ((ends - begins) / whole), 2),
        )
        for name, begins, ends in spans
    ]


class Moved(Value):
    """An instant (UTC) for which something or somebody waits, as it was and as it is then."""

    name: str
    before: datetime
    after: datetime


def moved(before: CallRules, after: CallRules) -> list[Moved]:
    """Return the clocks that run otherwise by other rules of one call: steps of the calendar, and what follows them."""
    then = dict(_clocks(after))
    return [Moved(name=name, before=at, after=then[name]) for name, at in _clocks(before) if then.get(name, at) != at]


def _clocks(rules: CallRules) -> Iterator[tuple[str, datetime]]:
    for name, at in rules.calendar.points():
        yield name.replace("_", " "), at
    yield "questions end", rules.questions_end
    yield "answers due", rules.answers_due
    for line in rules.lines:
        yield f"the reserve of {line.name} ends", rules.reserve_expires(line)
