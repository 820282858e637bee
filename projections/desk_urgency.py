"""What of a desk needs somebody soon."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from domain.values import BRUSSELS, Instant, Value
from projections.desk_tables import MATTERS, WAITS
from projections.desk_waits import Desk, Group
from projections.waiting import Party

SOON_DAYS: Final = 14
SHOWN: Final = 20
"""So many rows are shown: of these it is told what a single matter is called."""


class UrgentRow(Value):
    """A deed that is late, or due within a fortnight, with how many matters wait for it until the same instant (UTC).

    `days` counts the midnights in Brussels until then, below 0 since. `partnership` is that of the one that waits alone
    in a row that is shown; empty where it is the call itself.
    """

    party: Party
    words: str
    due: Instant
    late: bool
    days: int
    matters: int
    partnership: str


def urgent(desk: Desk) -> list[UrgentRow]:
    """Return what is late or due soon, what was due first at the top."""
    found = together(desk.groups, desk.now)
    shown = [group.name for groups in found[:SHOWN] for group in groups if _alone(groups)]
    names = _names(desk, shown) if shown else {}
    return [_row(desk, groups, names.get(groups[0].name, "")) for groups in found]


def together(groups: Iterable[Group], now: datetime) -> list[list[Group]]:
    """Return the groups that are late or due soon; those of the same deed until the same instant together."""
    found: dict[tuple[datetime, str, Party], list[Group]] = {}
    for group in groups:
        if group.due is not None and days_between(now, group.due) <= SOON_DAYS:
            found.setdefault((group.due, group.words, group.party), []).append(group)
    return [groups for _, groups in sorted(found.items(), key=lambda one: one[0])]


def days_between(now: datetime, then: datetime) -> int:
    """Return how many midnights of Brussels lie between now and then; below 0 where that is over."""
    return (then.astimezone(BRUSSELS).date() - now.astimezone(BRUSSELS).date()).days


def _alone(groups: list[Group]) -> bool:
    return sum(group.matters for group in groups) == 1


def _row(desk: Desk, groups: list[Group], partnership: str) -> UrgentRow:
    party, words, due = groups[0].party, groups[0].words, groups[0].due
    assert due is not None
    return UrgentRow(
        party=party,
        words=words,
        due=due,
        late=groups[0].late,
        days=days_between(desk.now, due),
        matters=_matters(desk, groups),
        partnership=partnership,
    )


def _matters(desk: Desk, groups: list[Group]) -> int:
    """Return how many matters wait; one may wait twice where an instant is a point of the calendar as well."""
    if len({group.term for group in groups}) == 1:
        return sum(group.matters for group in groups)
    named = WAITS.c.group.in_([group.name for group in groups])
    query = select(func.count(WAITS.c.matter_id.distinct())).where(WAITS.c.call_id == desk.call["id"], named)
    return int(desk.connection.execute(query).scalar_one())


def _names(desk: Desk, groups: list[str]) -> dict[str, str]:
    """Return the partnership that waits, by its group."""
    query = (
        select(WAITS.c.group, MATTERS.c.partnership)
        .join(MATTERS, MATTERS.c.id == WAITS.c.matter_id)
        .where(WAITS.c.call_id == desk.call["id"], WAITS.c.group.in_(groups))
    )
    return {row.group: row.partnership for row in desk.connection.execute(query)}
