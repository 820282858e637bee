"""Who waits for whom in a call, read as far as it is shown: the first due first, then by party, deed and since when.

What is told of all of them is what is counted of each group; of the deeds themselves those that are shown are read.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, select

from projections.desk_counts import Standing, ended
from projections.desk_tables import CALLS, GROUPS, MATTERS, STANDINGS, WAITS
from projections.desk_view import DeskLine, WaitRow, due_of
from projections.lists import Kin, Paged
from projections.read_model import Row, fetch
from projections.waiting import Party, days

R = TypeVar("R", bound=DeskLine)
_APART: Final = Kin(None, (), "")
"""What a row about a matter has in common with others: nothing that decides who may see it."""
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
        groups, standings = (fetch(connection, asked, call_id=call_id) for asked in (_GROUPS, _STANDINGS))
        return cls._counted(connection, calls[0], now, groups, standings)

    @classmethod
    def of_all(cls, connection: Connection, now: datetime) -> dict[UUID, Self]:
        """Read those of every published call by its id, the oldest first, with as many questions as for one."""
        calls = fetch(connection, _PUBLISHED)
        groups, standings = _by_call(fetch(connection, _ALL_GROUPS)), _by_call(fetch(connection, _ALL_STANDINGS))
        return {
            call["id"]: cls._counted(connection, call, now, groups[call["id"]], standings[call["id"]]) for call in calls
        }

    @classmethod
    def _counted(
        cls, connection: Connection, call: Row, now: datetime, groups: Iterable[Row], standings: Iterable[Row]
    ) -> Self:
        waited_for = (_group(row, call, now) for row in groups)
        order = sorted((group for group in waited_for if group is not None), key=_order)
        return cls(connection, call, now, tuple(order), {row["standing"]: row["count"] for row in standings})

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

    def rows(
        self, party: Party | None = None, words: str | None = None, *, late: bool | None = None
    ) -> "Waits[WaitRow]":
        """Return what a party, or anybody, is waited for, in these words or any; of all that is waited for or not yet
        late, the matters that wait for nobody stand last.
        """
        return Waits(replace(self._sought(party, words, late), asked=_WITH_CLOCKS), self._row)

    def lines(
        self, party: Party | None = None, words: str | None = None, *, late: bool | None = None
    ) -> "Waits[DeskLine]":
        """Return the same without the days that each matter waited: clocks are left alone."""
        return Waits(self._sought(party, words, late), self._line)

    def _sought(self, party: Party | None, words: str | None, late: bool | None) -> "Deeds":
        sought = tuple(
            group
            for group in self.groups
            if party in (None, group.party) and words in (None, group.words) and late in (None, group.late)
        )
        resting = tuple(self.resting) if party is None and words is None and not late else ()
        return Deeds(self, sought, resting)

    def deeds(self, words: Collection[str]) -> "Deeds":
        """Return the deeds in these words."""
        return Deeds(self, tuple(group for group in self.groups if group.words in words), ())

    def _row(self, row: Row) -> WaitRow:
        clock, submitted = (row["clock"], row["submitted"]) if _is_of_matter(row) else (self.call["clock"], True)
        until = ended(self.call, closes=not submitted) or self.now
        waited: dict[str, Any] = {f"days_{party}": number for party, number in days(clock, until).items()}
        return WaitRow(**self._told(row), **waited)

    def _line(self, row: Row) -> DeskLine:
        return DeskLine(**self._told(row))

    def _told(self, row: Row) -> dict[str, Any]:
        of_matter, group = _is_of_matter(row), row["of"]
        told: dict[str, Any] = {"id": row["id"], "title": row["title"] if of_matter else self.call["title"]}
        told["partnership"] = row["partnership"] if of_matter else ""
        if group is not None:
            told |= {"waits_for": group.words, "party": group.party, "since": row["since"]}
            told |= {"due": group.due, "late": group.late}
        return told


@dataclass(frozen=True)
class Deeds:
    """The deeds of a desk in these groups, and the matters that rest, as they are stored: each `of` its group."""

    desk: Desk
    groups: tuple[Group, ...]
    resting: tuple[str, ...]
    asked: "_Asked | None" = None
    """What is asked of the matters, where it is more than what they are called."""

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
            given = {"resting": self.resting, "first": max(0, first - begin), "most": left}
            rows += _in({}, self._fetch((self.asked or _NAMES).resting, given))
        return rows

    def about(self, matters: Collection[UUID]) -> list[Row]:
        """Return those about these matters, without those that rest."""
        named = {group.name: group for group in self.groups}
        found = self._fetch((self.asked or _NAMES).about, {"matters": list(matters)}) if named else []
        return _in(named, [row for row in found if row["group"] in named])

    def _of(self, groups: Sequence[Group], first: int, most: int) -> list[Row]:
        """Return rows of these groups, each with its group, in the order of a group."""
        named = {group.name: group for group in groups}
        given = {"groups": list(named), "first": first, "most": most}
        return _in(named, self._fetch((self.asked or _NAMES).of_groups, given))

    def _fetch(self, query: Select[Any], given: Mapping[str, Any]) -> list[Row]:
        return fetch(self.desk.connection, query, call_id=self.desk.call["id"], **given)


@dataclass(frozen=True)
class Waits(Paged[R], Generic[R]):
    """The rows of a desk, each read when it is looked at."""

    deeds: Deeds
    made_of: Callable[[Row], R]

    def __iter__(self) -> Iterator[R]:
        """Yield them all."""
        return (row for row, _ in self.some(0, self.count()))

    def some(self, first: int, most: int) -> list[tuple[R, Kin]]:
        """Return so many at most, from the one at this place on."""
        return [(self.made_of(row), _APART) for row in self.deeds.some(first, most)]

    def count(self) -> int:
        """Return how many there are."""
        return self.deeds.count()

    def by_groups(self, groups: Iterable[Group]) -> Self:
        """Return the same with its groups in this order; what rests stays last."""
        return replace(self, deeds=replace(self.deeds, groups=tuple(groups)))

    def these(self, rows: Sequence[Row]) -> "These[R]":
        """Return these of them, as they are stored, in this order."""
        return These(rows, self.made_of)


@dataclass(frozen=True)
class These(Paged[R], Generic[R]):
    """Some rows of a desk that were read: each is made when it is looked at."""

    rows: Sequence[Row]
    made_of: Callable[[Row], R]

    def __iter__(self) -> Iterator[R]:
        """Yield them all."""
        return map(self.made_of, self.rows)

    def some(self, first: int, most: int) -> list[tuple[R, Kin]]:
        """Return so many at most, from the one at this place on."""
        return [(self.made_of(row), _APART) for row in self.rows[first : first + most]]

    def count(self) -> int:
        """Return how many there are."""
        return len(self.rows)


def _in(groups: Mapping[str, Group], rows: Iterable[Row]) -> list[Row]:
    """Return rows with the group `of` each; where there are no groups they are of matters at rest."""
    return [{**row, "of": groups[row["group"]] if groups else None} for row in rows]


def _is_of_matter(row: Row) -> bool:
    """Tell whether a row is about a matter; a call's own deeds are about none."""
    return row["title"] is not None


def _by_call(rows: Iterable[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["call_id"]].append(row)
    return found


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
_PUBLISHED: Final = select(CALLS).where(CALLS.c.position.is_not(None)).order_by(CALLS.c.position)
_ALL_GROUPS: Final = select(GROUPS)
_ALL_STANDINGS: Final = select(STANDINGS)
_GROUPS: Final = _ALL_GROUPS.where(GROUPS.c.call_id == _ASKED)
_STANDINGS: Final = _ALL_STANDINGS.where(STANDINGS.c.call_id == _ASKED)
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


class _Asked(NamedTuple):
    """The questions about deeds and matters, put together once: of groups, about some matters, of those at rest."""

    of_groups: Select[Any]
    about: Select[Any]
    resting: Select[Any]

    @classmethod
    def with_also(cls, *also: Column[Any]) -> Self:
        """Put them together, with columns of the matter beside what it is called."""
        waits, resting = _WAITS.add_columns(*also), _RESTING.add_columns(*also)

        def some(query: Select[Any]) -> Select[Any]:
            return query.offset(bindparam("first")).limit(bindparam("most"))

        return cls(
            some(waits.where(WAITS.c.group.in_(bindparam("groups", expanding=True)))),
            waits.where(WAITS.c.matter_id.in_(bindparam("matters", expanding=True))),
            some(resting.where(MATTERS.c.standing.in_(bindparam("resting", expanding=True)))),
        )


_NAMES: Final = _Asked.with_also()
_WITH_CLOCKS: Final = _Asked.with_also(MATTERS.c.clock)
