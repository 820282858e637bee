"""The edition that follows a rehearsed one in a demonstration: invented, the same rules two years on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from domain.call.rules import Calendar, CallRules, Section
from domain.values import in_brussels

YEARS: Final = 2
"""An edition is settled in the autumn of the year after its call: the next one that begins after it is this one."""

_WEEKS: Final = timedelta(weeks=52 * YEARS)
"""So an instant keeps its day of the week."""

_ENVELOPE_CENTS: Final = 4_500_000
"""So little that not all who are above the thresholds can be supported."""

_EASTER: Final = (date(2028, 4, 16), date(2029, 4, 1))
_AFTER_EASTER: Final = (-2, 1, 39, 50)
"""Good Friday, Easter Monday, Ascension Day and Whit Monday, in days after Easter Sunday."""
_FIXED: Final = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 2), *((12, day) for day in range(24, 32)))

_NOTE: Final = (
    "This edition is invented for the demonstration: it is the edition before it, two years on. Nobody has announced "
    "such a call."
)


def next_edition(rules: CallRules) -> CallRules:
    """Return the rules of the next edition: later dates, a smaller envelope, a note that it is invented."""
    calendar = Calendar(**{name: _later(at, rules) for name, at in rules.calendar.points()})
    closes, year = calendar.applications_close, calendar.applications_close.year
    before = rules.calendar.applications_close.year
    line = rules.lines[0].model_copy(update={"envelope_cents": _ENVELOPE_CENTS})
    changes = {
        "edition": f"invented-{year}",
        "title": f"{rules.title.replace(str(before), str(year))}, invented",
        "deadline_wording": f"{in_brussels(closes)} time; that instant itself is too late (D07).",
        "lines": (line,),
        "calendar": calendar,
        "holidays": tuple(sorted(_holidays())),
        "tie_break": rules.tie_break.model_copy(update={"lot_seed": f"Invented call of {year}"}),
        "form": tuple(_in_later_years(section, before) for section in rules.form),
        "notes": (_NOTE,),
    }
    return CallRules.model_validate({**dict(rules), **changes})


def _later(at: datetime, rules: CallRules) -> datetime:
    """Return an instant (UTC) some years on: the same day of the week, or of a midnight the same date."""
    local = at.astimezone(rules.time_zone).replace(tzinfo=None)
    moved = local.replace(year=local.year + YEARS) if local.time() == time() else local + _WEEKS
    return moved.replace(tzinfo=rules.time_zone).astimezone(UTC)


def _in_later_years(section: Section, year: int) -> Section:
    """Return a section whose help names later years."""
    questions = []
    for question in section.questions:
        told = question.help
        for named in (year + 1, year):
            told = told.replace(str(named), str(named + YEARS))
        questions.append(question.model_copy(update={"help": told}))
    return section.model_copy(update={"questions": tuple(questions)})


def _holidays() -> Iterator[date]:
    for easter in _EASTER:
        yield from (easter + timedelta(days=days) for days in _AFTER_EASTER)
        yield from (date(easter.year, month, day) for month, day in _FIXED)
