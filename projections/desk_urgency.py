"""What of a desk needs somebody soon, and how long matters waited on whom."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import Final
from uuid import UUID

from domain.values import BRUSSELS, Instant, Value
from projections.desk_view import DeskRow
from projections.waiting import Party

SOON_DAYS: Final = 14


class About(Value):
    """A matter that something is waited for in."""

    id: UUID
    title: str
    partnership: str


class UrgentRow(Value):
    """A deed that is late, or due within a fortnight, with all matters that wait for it until the same instant (UTC).

    `days` counts the midnights in Brussels until then, below 0 since.
    """

    party: Party
    words: str
    due: Instant
    late: bool
    days: int
    about: tuple[About, ...]


class Waited(Value):
    """The median of the days that the matters of a call waited on a party until now."""

    party: Party
    days: float


def urgent(rows: Iterable[DeskRow], now: datetime) -> list[UrgentRow]:
    """Return what is late or due soon, what was due first at the top; `now` is the fund's time."""
    found: dict[tuple[datetime, str, Party], dict[About, None]] = {}
    for row in rows:
        about = About(id=row.id, title=row.title, partnership=row.partnership)
        for wait in row.waits:
            if wait.due is not None and days_between(now, wait.due) <= SOON_DAYS:
                found.setdefault((wait.due, wait.words, wait.party), {})[about] = None
    return [
        UrgentRow(party=party, words=words, due=due, late=now >= due, days=days_between(now, due), about=tuple(about))
        for (due, words, party), about in sorted(found.items(), key=lambda one: one[0])
    ]


def days_between(now: datetime, then: datetime) -> int:
    """Return how many midnights of Brussels lie between now and then; below 0 where that is over."""
    return (then.astimezone(BRUSSELS).date() - now.astimezone(BRUSSELS).date()).days


def waited(rows: Sequence[DeskRow]) -> list[Waited]:
    """Return how long the matters waited on each party, in the median; nothing where there is none."""
    if not rows:
        return []
    return [Waited(party=party, days=median(getattr(row, f"days_{party}") for row in rows)) for party in Party]
