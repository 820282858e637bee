"""The programme clock: real in a live fund; in a rehearsal it stands still until the conductor moves it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.errors import Unavailable
from fund_service.clock import RehearsalClock, WallClock, clock_of
from fund_service.data_directory import DataDirectory

CLOSING = datetime(2026, 3, 20, 16, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[DataDirectory]:
    """Return an empty data directory."""
    directory = DataDirectory(tmp_path)
    yield directory
    directory.close()


def test_a_live_fund_goes_by_the_real_time(directory: DataDirectory) -> None:
    clock = clock_of(directory)
    assert isinstance(clock, WallClock)
    assert clock.rehearsed() is None
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_a_rehearsed_fund_goes_by_the_row_that_the_conductor_wrote(directory: DataDirectory) -> None:
    RehearsalClock(directory).move(CLOSING)
    clock = clock_of(directory)
    assert isinstance(clock, RehearsalClock)
    assert clock.now() == clock.now() == clock.rehearsed() == CLOSING


def test_every_process_reads_the_clock_that_the_conductor_moves(directory: DataDirectory, tmp_path: Path) -> None:
    conductor = RehearsalClock(directory)
    conductor.move(CLOSING)
    elsewhere = DataDirectory(tmp_path)
    try:
        clock = clock_of(elsewhere)
        conductor.move(CLOSING + timedelta(microseconds=1))
        assert clock.now() == CLOSING + timedelta(microseconds=1)
    finally:
        elsewhere.close()


def test_the_clock_is_kept_in_utc(directory: DataDirectory) -> None:
    clock = RehearsalClock(directory)
    clock.move(CLOSING.astimezone(timezone(timedelta(hours=9))))
    assert clock.now().tzinfo == UTC
    assert directory.fact("clock") == "2026-03-20T16:00:00+00:00"


def test_a_rehearsal_without_a_clock_is_told_in_one_sentence(directory: DataDirectory) -> None:
    with pytest.raises(Unavailable, match="has no clock"):
        RehearsalClock(directory).now()
