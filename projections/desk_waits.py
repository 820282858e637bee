"""Who waits for whom in a call, read as far as it is shown: the first due first, then by party, deed and since when.

What is told of all of them is what is counted of each group; of the deeds themselves those that are shown are read.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sqlalchemy import BindParameter, Column, Connection, bindparam, select

from projections.desk_counts import Standing, ended
from projections.desk_tables import CALLS, GROUPS, MATTERS, STANDINGS, WAITS
from projections.desk_view import WaitRow, due_of
from projections.lists import Paged
from projections.read_model import Row, fetch
from projections.waiting import Party, days

_PARTIES: Final = {party.value: at for at, party in enumerate(Party)}


class Group(NamedTuple):
    """Deeds of a call in the same words that are due by the same instant: so many, of so many matters."""

    name: str
    party: Party
    words: str
    term: str
    due: datetime | None
    late: bool
    waits: int
    matters: int


@dataclass(frozen=True)
class Desk:
    """What is counted of a call's desk at an instant: its groups in their order, and how its matters stand."""

    connection: Connection
    call: Row
    now: datetime
    groups: tuple[Group, ...]
    standings: Mapping[str, int]

    @classmethod
    def of(cls, connection: Connection, call_id: UUID, now: datetime) -> Self | None:
        """Read it; None where nothing of such a call is known."""
        calls = fetch(connection, _CALL, call_id=call_id)
        if not calls:
            return None
        groups = (_group(row, calls[0], now) for row in fetch(connection, _GROUPS, call_id=call_id))
        order = sorted((group for group in groups if group is not None), key=_order)
        standings = {row["standing"]: row["count"] for row in fetch(connection, _STANDINGS, call_id=call_id)}
        return cls(connection, calls[0], now, tuple(order), standings)

    @property
    def matters(self) -> int:
        """How many matters stand on it."""
        return sum(self.standings.values())

    @property
    def resting(self) -> list[str]:
        """How those matters stand that wait for nobody now."""
        over = {one for one in (Standing.WAITS, Standing.WAITS_UNTIL_CLOSING) if self._has_ended(one)}
        return [one for one in self.standings if one == Standing.IDLE or one in over]

    @property
    def idle(self) -> int:
        """How many wait for nobody."""
        return sum(self.standings[one] for one in self.resting)

    def _has_ended(self, standing: Standing) -> bool:
        return ended(self.call, closes=standing is Standing.WAITS_UNTIL_CLOSING) is not None

    def rows(self, party: Party | None = None, words: str | None = None, *, late: bool | None = None) -> "Waits":
        """Return what a party, or anybody, is waited for, in these words or any; of all that is waited for or not yet
        late, the matters that wait for nobody stand last.
        """
        sought = tuple(
            group
            for group in self.groups
            if party in (None, group.party) and words in (None, group.words) and late in (None, group.late)
        )
        resting = tuple(self.resting) if party is None and words is None and not late else ()
        return Waits(Deeds(self, sought, resting, (MATTERS.c.clock,)), self._wait)

    def deeds(self, words: Collection[str]) -> "Deeds":
        """Return the deeds in these words."""
        return Deeds(self, tuple(group for group in self.groups if group.words in words), ())

    def _wait(self, row: Row) -> WaitRow:
        of_call = row["clock"] is None
        matter = {**self.call, "partnership": "", "submitted": True} if of_call else row
        until = ended(self.call, closes=not matter["submitted"]) or self.now
        told: dict[str, Any] = {f"days_{party}": number for party, number in days(matter["clock"], until).items()}
        if (group := row["of"]) is not None:
            told |= {"waits_for": group.words, "party": group.party, "since": row["since"]}
            told |= {"due": group.due, "late": group.late}
        return WaitRow(id=row["id"], title=matter["title"], partnership=matter["partnership"], **told)


@dataclass(frozen=True)
class Deeds:
    """The deeds of a desk in these groups, and the matters that rest, as they are stored: each `of` its group.

    `also` are columns of the matter that are asked for beside what it is called.
    """

    desk: Desk
    groups: tuple[Group, ...]
    resting: tuple[str, ...]
    also: tuple[Column[Any], ...] = ()

    def count(self) -> int:
        """Return how many there are."""
        return sum(group.waits for group in self.groups) + sum(self.desk.standings[one] for one in self.resting)

    def some(self, first: int, most: int) -> list[Row]:
        """Return so many at most, from the one at this place on."""
        found, begin = [], 0
        whole: list[Group] = []
        for group in self.groups:
            skipped, left = max(0, first - begin), first + most - max(first, begin)
            begin += group.waits
            if begin <= first or left <= 0:
                continue
            if skipped or left < group.waits:
                found += self._of([group], skipped, left)
            else:
                whole.append(group)
        found += self._of(whole, 0, most) if whole else []
        order = {group.name: at for at, group in enumerate(self.groups)}
        rows = sorted(found, key=lambda row: order[row["of"].name])
        if (left := most - len(rows)) > 0 and self.resting:
            query = _RESTING.add_columns(*self.also).where(MATTERS.c.standing.in_(self.resting))
            query = query.offset(max(0, first - begin)).limit(left)
            rows += [{**row, "of": None} for row in fetch(self.desk.connection, query, call_id=self.desk.call["id"])]
        return rows

    def about(self, matters: Collection[UUID]) -> list[Row]:
        """Return those about these matters, without those that rest."""
        named = {group.name: group for group in self.groups}
        query = _WAITS.add_columns(*self.also).where(WAITS.c.matter_id.in_(matters))
        found = fetch(self.desk.connection, query, call_id=self.desk.call["id"]) if named else []
        return [{**row, "of": named[row["group"]]} for row in found if row["group"] in named]

    def _of(self, groups: Sequence[Group], first: int, most: int) -> list[Row]:
        """Return rows of these groups, each with its group, in the order of a group."""
        named = {group.name: group for group in groups}
        query = _WAITS.add_columns(*self.also).where(WAITS.c.group.in_(named)).offset(first).limit(most)
        found = fetch(self.desk.connection, query, call_id=self.desk.call["id"])
        return [{**row, "of": named[row["group"]]} for row in found]


@dataclass(frozen=True)
class Waits(Paged[WaitRow]):
    """The rows of a desk, each read when it is looked at."""

    deeds: Deeds
    made_of: Callable[[Row], WaitRow]

    def __iter__(self) -> Iterator[WaitRow]:
        """Yield them all."""
        return (row for row, _ in self.some(0, self.count()))

    def some(self, first: int, most: int) -> list[tuple[WaitRow, None]]:
        """Return so many at most, from the one at this place on."""
        return [(self.made_of(row), None) for row in self.deeds.some(first, most)]

    def count(self) -> int:
        """Return how many there are."""
        return self.deeds.count()


def _order(group: Group) -> tuple[Any, ...]:
    return group.due is None, group.due, _PARTIES[group.party], group.words, group.name


def _group(row: Row, call: Row, now: datetime) -> Group | None:
    """Return a group of deeds; None where they are waited for no more."""
    if ended(call, closes=row["closes"]) is not None:
        return None
    due = due_of(row["term"], call["points"])
    late = due is not None and now >= due
    return Group(row["group"], Party(row["party"]), row["words"], row["term"], due, late, row["waits"], row["matters"])


_ASKED: Final[BindParameter[UUID]] = bindparam("call_id")
_CALL: Final = select(CALLS).where(CALLS.c.id == _ASKED)
_GROUPS: Final = select(GROUPS).where(GROUPS.c.call_id == _ASKED)
_STANDINGS: Final = select(STANDINGS).where(STANDINGS.c.call_id == _ASKED)
_OF_MATTER: Final = (MATTERS.c.title, MATTERS.c.partnership, MATTERS.c.submitted)
_WAITS: Final = (
    select(WAITS.c.matter_id.label("id"), WAITS.c.group, WAITS.c.since, WAITS.c.which, *_OF_MATTER)
    .outerjoin(MATTERS, MATTERS.c.id == WAITS.c.matter_id)
    .where(WAITS.c.call_id == _ASKED)
    .order_by(WAITS.c.group, WAITS.c.since, WAITS.c.position, WAITS.c.deed)
)
_RESTING: Final = (
    select(MATTERS.c.id, *_OF_MATTER)
    .where(MATTERS.c.call_id == _ASKED)
    .order_by(MATTERS.c.standing, MATTERS.c.position)
)
