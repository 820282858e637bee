"""The log read again in an empty place: every decision made again, every screen and snapshot compared with the live.

One pass over the log, in batches: its decisions are made again at every prefix (domain/prefixes), and the screens are
projected into an empty file, up to where the live ones are. Then both are looked at as of one position, and compared
row by row. The live fund goes on meanwhile, and nothing of it is changed.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from domain.catalogue import aggregate_of
from domain.messages import Recorded
from domain.prefixes.prefixes import Prefixes
from domain.prefixes.rules import every_rule
from domain.prefixes.violations import Violation
from domain.values import Value
from fund_service.audit.compared import Difference, row_differences, rows_of
from fund_service.audit.spilled import spilled_states
from fund_service.composition import Parts
from fund_service.event_store import EventLog
from fund_service.permissions.checking import check_permission
from projections.database import close_engine, one_moment, views_engine
from projections.read_model import POSITIONS, Follower, Read
from projections.screens import SCREENS

Show = Callable[[float, str], None]
"""`show(done, doing)`: which part of all is done, from 0 to 1, and what is being done."""

NAMED: Final = 20
"""So many differences, and so many violations, are named; the others are counted."""
BATCH: Final = 1000
_READING, _ROWS = 0.75, 0.95
"""Up to here the log is read, then rows are compared, then snapshots."""


class Broken(Value):
    """A rule that does not hold at a prefix of the log, as `domain.prefixes.violations` says it."""

    rule: str
    detail: str
    position: int
    stream: UUID


class Replayed(Value):
    """What was compared as of a position, and what was found.

    `differences` and `broken` name the first ones; `differing` and `breaking` count all of them.
    """

    position: int
    events: int
    aggregates: int
    snapshots: int
    screens: int
    tables: int
    rows: int
    rules_made_again: int
    rules_compared: int
    rules_not_shown: int
    differing: int
    differences: tuple[Difference, ...]
    breaking: int
    broken: tuple[Broken, ...]

    @property
    def is_well(self) -> bool:
        """Whether all is the same and no rule is broken."""
        return not self.differing and not self.breaking


class _Found:
    """What was found: the first ones are kept, all are counted."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Any] = []

    def add(self, one: object) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(one)


class _Read(NamedTuple):
    """What one pass over the log came to."""

    events: int
    aggregates: int


def replay(parts: Parts, show: Show) -> Replayed:
    """Replay the log of a fund, and compare. Raises Unavailable when its screens are kept in another version, or are
    being built.
    """
    goal = parts.log.end()
    differences, broken = _Found(), _Found()
    with _empty_screens(parts.log) as anew:
        read = _pass(parts, anew, goal, broken, show)
        rows = _compare_screens(parts, anew, differences, show)
    show(_ROWS, "snapshots")
    snapshots = _compare_snapshots(parts.log, differences)
    show(1, "")
    ways = [one.how for one in every_rule()]
    return Replayed(
        position=goal,
        events=read.events,
        aggregates=read.aggregates,
        snapshots=snapshots,
        screens=len(SCREENS),
        tables=sum(len(screen.metadata.sorted_tables) for screen in SCREENS),
        rows=rows,
        rules_made_again=ways.count("made again"),
        rules_compared=ways.count("compared"),
        rules_not_shown=ways.count("not shown"),
        differing=differences.count,
        differences=tuple(differences.first),
        breaking=broken.count,
        broken=tuple(broken.first),
    )


class _Screens:
    """Every screen in an empty place, each as far as it was taken."""

    def __init__(self, engine: Engine, read: Read) -> None:
        self.engine = engine
        self._read = read
        self._followers = {screen.name: Follower(engine, screen(), read) for screen in SCREENS}
        self._at = dict.fromkeys(self._followers, 0)

    def take_in(self, batch: list[Recorded], up_to: Mapping[str, int]) -> None:
        """Take the next events of the log into each screen, but none beyond where that screen is live."""
        positions = [recorded.position for recorded in batch]
        with self.engine.begin() as connection:
            for name, follower in self._followers.items():
                some = batch[bisect_right(positions, self._at[name]) : bisect_right(positions, up_to[name])]
                if some:
                    follower.take_in(connection, self._at[name], some)
                    self._at[name] = some[-1].position

    def go_on(self, up_to: Mapping[str, int]) -> None:
        """Take each screen exactly to where it is live, from wherever it is."""
        while behind := [at for name, at in self._at.items() if at < up_to[name]]:
            before = dict(self._at)
            self.take_in(list(self._read(min(behind), BATCH)), up_to)
            if self._at == before:
                return  # the live one is beyond the log's end: that is seen in its rows


@contextmanager
def _empty_screens(log: EventLog) -> Iterator[_Screens]:
    with TemporaryDirectory() as place:
        engine = views_engine(f"sqlite:///{Path(place) / 'views.db'}")
        try:
            yield _Screens(engine, log.read)
        finally:
            close_engine(engine)


def _pass(parts: Parts, anew: _Screens, goal: int, broken: _Found, show: Show) -> _Read:
    """Read the log to the goal: decide again what was decided, and project what is live."""
    live = {follower.name: follower.position() for follower in parts.projector.followers}
    events, position = 0, 0
    with spilled_states() as states:
        prefixes = Prefixes(states, _naming(parts.log), check_permission, receipts=True)
        while position < goal and (batch := [one for one in parts.log.read(position, BATCH) if one.position <= goal]):
            for recorded in batch:
                _note(prefixes.take(recorded), broken)
            anew.take_in(batch, live)
            events, position = events + len(batch), batch[-1].position
            show(_READING * position / goal, "reading the log")
        _note(prefixes.end(), broken)
        return _Read(events, len(states))


def _note(violations: Iterator[Violation], broken: _Found) -> None:
    for one in violations:
        broken.add(Broken(**one._asdict()))


def _naming(log: EventLog) -> Callable[[UUID, int], Mapping[str, Collection[UUID]]]:
    def naming(subject: UUID, position: int) -> Mapping[str, Collection[UUID]]:
        found: dict[str, set[UUID]] = {}
        for stored in log.naming(subject, position):
            assert isinstance(stored.originator_id, UUID)
            found.setdefault(stored.topic.partition(".")[0], set()).add(stored.originator_id)
        return found

    return naming


def _compare_screens(parts: Parts, anew: _Screens, differences: _Found, show: Show) -> int:
    """Compare every row of every screen as of one moment of the live ones; return how many rows were live."""
    with one_moment(parts.views) as live:
        anew.go_on(_positions(live))
        tables = [table for screen in SCREENS for table in screen.metadata.sorted_tables]
        total = sum(rows_of(live, table) for table in tables)
        seen = 0

        def count() -> None:
            nonlocal seen
            seen += 1
            if seen % BATCH == 0:
                show(min(_ROWS, _READING + (_ROWS - _READING) * seen / max(1, 2 * total)), "comparing rows")

        with anew.engine.connect() as empty:
            for table in tables:
                for one in row_differences(live, empty, table, count):
                    differences.add(one)
    return total


def _positions(live: Connection) -> Mapping[str, int]:
    """Return where the live screens are, as of the moment that the connection sees."""
    found = live.execute(select(POSITIONS.c.name, POSITIONS.c.position)).all()
    return {row.name: row.position for row in found}


def _compare_snapshots(log: EventLog, differences: _Found) -> int:
    """Compare every snapshot with the state that its stream has at its version by the log alone; return how many."""
    number = 0
    for stream, kept in groupby(log.kept(), key=lambda one: one.stream):
        history, state, version = iter(log.history(stream)), None, 0
        for one in kept:
            number += 1
            while version < one.version and (stored := next(history, None)) is not None:
                kind = aggregate_of(stored.event)
                state = kind.evolve(state or kind.initial, stored.event)
                version = stored.originator_version
            if version != one.version or one.state != state:
                differences.add(_of_snapshot(stream, one.version, one.state is not None))
    return number


def _of_snapshot(stream: UUID, version: int, readable: bool) -> Difference:
    return Difference(
        what="snapshots",
        key=f"{stream}, {version}",
        column="state",
        is_now="another state" if readable else "no state that can be read",
        log_says=f"the state after {version} events",
    )
