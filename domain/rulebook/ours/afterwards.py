"""Our defaults on what follows the award: appeals and records."""

from datetime import date, datetime
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import BRUSSELS, day_in_words

D15 = Rule(
    id="D15",
    sentence="An appeal is made and decided in time, by people who were not involved.",
    status="D",
    source="our default",
    note="30 days to appeal, 30 to decide. Outcome: upheld, re-evaluate, or rejected with reasons. A re-evaluation "
    "may not lower the awards of others that are already accepted.",
)

D16 = Rule(
    id="D16",
    sentence="Records are kept after closure, and personal data of unsuccessful contacts are erased earlier.",
    status="D",
    source="our default",
    note="5 years (at least 3 by E17), longer under a litigation hold; 1 year where no grant came of it. The years run "
    "from the day on which the call is settled or cancelled, whose records they are.",
)

RETENTION_YEARS: Final = 5
"""So long the records of a call's grants are kept after its end."""
UNSUCCESSFUL_YEARS: Final = 1
"""So long the personal data of those are kept who got no grant."""


def records_are_needed_no_longer(at: datetime, ended_at: datetime | None, granted: bool) -> None:
    """Require that a call has ended, and that its records with somebody were kept long enough since (D16).

    `granted`: they are the records of a grant. What ended on 30 September 2027 is kept until the end of 30 September
    2032, Brussels time; a 29 February ends with 28 February.
    """
    D16.require(
        ended_at is not None, "A call whose records name this person has not ended.", "Wait until it is settled."
    )
    assert ended_at is not None
    last = _anniversary(ended_at.astimezone(BRUSSELS).date(), RETENTION_YEARS if granted else UNSUCCESSFUL_YEARS)
    D16.require(
        at.astimezone(BRUSSELS).date() > last,
        f"The records of a call that name this person are kept until {day_in_words(last)}.",
        "Erase them after that day.",
    )


def _anniversary(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)
