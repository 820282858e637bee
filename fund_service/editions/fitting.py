"""Dates and sums of an edition that are allowed and cannot be meant: warnings before its call is published (D25)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from domain.call.rules import CallRules
from domain.rulebook.eu import end_of_day, is_working_day, period_end, working_days
from domain.values import euros, in_brussels

_WORKING_DAYS: Final = (
    ("applications_open", "applications_close", 10, "for applicants to finish an application"),
    ("eligibility_checked", "scores_due", 3, "for evaluators to read and score"),
    ("consensus_due", "approval_due", 1, "for approvers to approve the list"),
)
"""From which step to which there should be how many working days, for what."""

_IN_OFFICES: Final = ("scores_due", "consensus_due", "approval_due")
"""Steps by which people in the offices must have done something: none of them on a day off."""


def misfits(rules: CallRules, now: datetime) -> list[str]:
    """Return what cannot fit when the call is published `now` (UTC), one sentence each; nothing when all fits."""
    return [*_past(rules, now), *rules.warnings(), *_short(rules), *_days_off(rules), *_periods(rules), *_money(rules)]


def _past(rules: CallRules, now: datetime) -> Iterator[str]:
    gone = [name for name, instant in rules.calendar.points() if instant < now and name != "published"]
    if gone:
        last = _words(gone[-1])
        yield f"It is {in_brussels(now)}; steps that have passed already: {len(gone)}, the last of them {last}."


def _short(rules: CallRules) -> Iterator[str]:
    for begin, end, needed, what in _WORKING_DAYS:
        first, last = (getattr(rules.calendar, step).astimezone(rules.time_zone).date() for step in (begin, end))
        days = working_days(first, last, rules.holidays)
        if days < needed:
            yield f"From {_words(begin)} to {_words(end)}: {days} of {needed} working days {what}."


def _days_off(rules: CallRules) -> Iterator[str]:
    for name in _IN_OFFICES:
        instant = getattr(rules.calendar, name)
        if not is_working_day(instant.astimezone(rules.time_zone).date(), rules.holidays):
            yield f"{_words(name).capitalize()} falls on a day off: {in_brussels(instant)}."


def _periods(rules: CallRules) -> Iterator[str]:
    calendar, zone = rules.calendar, rules.time_zone
    offered = calendar.outcomes_released.astimezone(zone).date()
    answered = end_of_day(period_end(offered, rules.acceptance.days, rules.holidays), zone)
    if answered >= calendar.implementation_ends:
        yield f"An offer may be answered until {in_brussels(answered)}, after the implementation has ended."
    for line in rules.lines:
        expires = rules.reserve_expires(line)
        if line.reserve_places and expires <= answered:
            yield f"The reserve of {line.name} ends on {in_brussels(expires)}, before the first offer can lapse."
        elif line.reserve_places and expires > calendar.implementation_ends:
            yield f"The reserve of {line.name} ends on {in_brussels(expires)}, after the implementation has ended."


def _money(rules: CallRules) -> Iterator[str]:
    for line in rules.lines:
        if line.envelope_cents < line.cap_cents:
            envelope, cap = euros(line.envelope_cents), euros(line.cap_cents)
            yield f"The envelope of {line.name}, {envelope}, is below its cap, {cap}."


def _words(step: str) -> str:
    return step.replace("_", " ")
