"""The projector keeps the screens at the log's end, and tells readers when they are there, or why not."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from uuid import uuid4

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table

from domain.errors import Unavailable
from domain.messages import Recorded
from domain.partnership.events import CoachingOffered
from domain.values import Protector
from fund_service.event_store import EventLog, Stored
from fund_service.keys import KeyVault
from fund_service.projector import Projector
from fund_service.store import Store
from projections.build import builds_under_way
from projections.database import views_engine
from projections.read_model import BeingBuilt, ReadModel, Tables

AT_ONCE, SOON = 0.01, 20.0
NOW = datetime(2026, 1, 12, 8, tzinfo=UTC)


class Positions(ReadModel):
    """A screen that shows every position; it can be held, let something happen meanwhile, and break at one event."""

    name = "positions"
    version = 1
    metadata = MetaData()
    TABLE = Table("positions", metadata, Column("position", BigInteger, primary_key=True))

    def __init__(self, breaks_at: int = 0, meanwhile: Callable[[], object] | None = None) -> None:
        self.breaks_at = breaks_at
        self.meanwhile = meanwhile
        self.may_go_on = Signal()
        self.may_go_on.set()

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take in one event."""
        assert self.may_go_on.wait(SOON)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        if recorded.position == self.breaks_at:
            raise ZeroDivisionError("this event breaks the screen")
        tables[self.TABLE].put({"position": recorded.position})


class OtherPositions(Positions):
    """Another such screen."""

    name = "other positions"
    metadata = MetaData()
    TABLE = Table("other_positions", metadata, Column("position", BigInteger, primary_key=True))


class NewerPositions(Positions):
    """Such a screen after its tables changed."""

    version = 2
    metadata = MetaData()
    TABLE = Table("positions", metadata, Column("position", BigInteger, primary_key=True), Column("new", BigInteger))


class WatchedLog(EventLog):
    """A log that says when it was asked for its end very often."""

    def __init__(self, env: dict[str, str], protector: Protector) -> None:
        super().__init__(env, protector)
        self.asked = 0
        self.asked_too_often = Signal()

    def end(self) -> int:
        """Count, and return the end."""
        self.asked += 1
        if self.asked > 100:
            self.asked_too_often.set()
        return super().end()


@pytest.fixture
def log(sqlite_store: Store) -> Iterator[WatchedLog]:
    """Return an empty log."""
    log = WatchedLog(sqlite_store.log(), KeyVault(sqlite_store.engine("keys")))
    yield log
    log.close()


@contextmanager
def projecting(log: EventLog, folder: Path, *screens: ReadModel) -> Iterator[tuple[Projector, "Future[None]"]]:
    """Run a projector of these screens in a thread, and end it."""
    engine = views_engine(f"sqlite:///{folder / 'views.db'}")
    projector = Projector(log, engine, screens)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(projector.run)
        try:
            yield projector, running
        finally:
            projector.stop()
    engine.dispose()


def happen(log: EventLog) -> int:
    """Record any event and return its position."""
    event = CoachingOffered(by=uuid4(), effective_at=NOW)
    return log.append([Stored(uuid4(), 1, NOW, uuid4(), event)])


def test_who_waits_for_a_position_goes_on_when_every_screen_is_there(log: EventLog, tmp_path: Path) -> None:
    slow = OtherPositions()
    with projecting(log, tmp_path, Positions(), slow) as (projector, _):
        projector.wait_for(happen(log), SOON)
        slow.may_go_on.clear()
        position = happen(log)
        with pytest.raises(Unavailable, match="have not followed the log yet"):
            projector.wait_for(position, AT_ONCE)
        slow.may_go_on.set()
        projector.wait_for(position, SOON)
        assert projector.position == position == log.end()


def test_many_may_wait_at_once(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions()) as (projector, _), ThreadPoolExecutor(8) as readers:
        for waiting in [readers.submit(projector.wait_for, happen(log), SOON) for _ in range(8)]:
            assert waiting.result(SOON) is None


def test_who_waits_for_what_was_followed_already_does_not_wait(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions()) as (projector, _):
        position = happen(log)
        projector.wait_for(position, SOON)
    projector.wait_for(position, 0)
    projector.wait_for(0, 0)


def test_who_waits_in_a_process_without_a_projector_looks_where_the_screens_are(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions()) as (projector, _):
        elsewhere = Projector(log, projector._views, [Positions()])
        position = happen(log)
        elsewhere.wait_for(position, SOON)
        assert projector.reached() == position
        with pytest.raises(Unavailable, match="have not followed the log yet"):
            elsewhere.wait_for(position + 1, AT_ONCE)


def test_the_screens_go_on_where_they_were(log: EventLog, tmp_path: Path) -> None:
    for _ in range(2):
        with projecting(log, tmp_path, Positions()) as (projector, _):
            projector.wait_for(happen(log), SOON)


def test_a_projector_that_was_stopped_ends_without_a_failure(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions()) as (projector, running):
        projector.stop()
        assert running.result(SOON) is None
        assert projector.failure is None


def test_the_position_is_that_of_the_screen_that_is_furthest_behind(log: EventLog, tmp_path: Path) -> None:
    engine = views_engine(f"sqlite:///{tmp_path / 'views.db'}")
    alone = Projector(log, engine, [Positions()])
    first = happen(log)
    alone.catch_up()
    both = Projector(log, engine, [Positions(), OtherPositions(meanwhile=lambda: happen(log))])
    assert (alone.reached(), both.reached()) == (first, 0)
    both.catch_up()
    assert both.position == both.reached() == log.end() > first
    engine.dispose()


def test_a_projector_does_not_spin_for_a_position_that_never_comes(log: WatchedLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions()) as (projector, _):
        with pytest.raises(Unavailable):
            projector.wait_for(happen(log) + 1, AT_ONCE)
        assert not log.asked_too_often.wait(50 * AT_ONCE)


def test_a_screen_that_breaks_ends_the_projector_which_says_why_to_all_who_wait(log: EventLog, tmp_path: Path) -> None:
    well = happen(log)
    broken = OtherPositions(breaks_at=well + 1)
    with projecting(log, tmp_path, Positions(), broken) as (projector, running):
        projector.wait_for(well, SOON)
        broken.may_go_on.clear()
        position = happen(log)
        with ThreadPoolExecutor(1) as reader:
            waiting = reader.submit(projector.wait_for, position, 3 * SOON)
            broken.may_go_on.set()
            assert isinstance(waiting.exception(SOON), Unavailable)
        failure = running.exception(SOON)
        assert isinstance(failure, ZeroDivisionError)
        assert projector.failure is failure
        assert projector.position == well


def test_a_build_that_is_asked_for_is_built_while_the_screens_go_on_to_follow(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions(), OtherPositions()) as (projector, running):
        projector.wait_for(happen(log), SOON)
        elsewhere = Projector(log, projector._views, [Positions(), OtherPositions()])
        elsewhere.ask_for_all(anew=False)
        while builds_under_way(projector._views):
            projector.wait_for(happen(log), SOON)
            assert not running.done()
        assert [build.differences() for build in elsewhere.builds] == [(), ()]


def test_a_screen_of_an_older_version_is_built_at_start_and_who_waits_is_told(log: EventLog, tmp_path: Path) -> None:
    with projecting(log, tmp_path, Positions(), OtherPositions()) as (projector, _):
        position = happen(log)
        projector.wait_for(position, SOON)
    newer = NewerPositions()
    newer.may_go_on.clear()
    with projecting(log, tmp_path, newer, OtherPositions()) as (projector, running):
        with ThreadPoolExecutor(1) as reader:
            while not builds_under_way(projector._views):
                assert not running.done()
            waiting = reader.submit(projector.wait_for, position, AT_ONCE)
            with pytest.raises(BeingBuilt, match="The screen positions is being built anew: 0 % is done"):
                waiting.result(SOON)
        newer.may_go_on.set()
        projector.wait_for(position, SOON)
        assert projector.reached() == position
