"""The programme clock: real in a live fund; in a rehearsal it stands still until the conductor moves it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.errors import Unavailable
from fund_service.clock import RehearsalClock, WallClock, clock_of
from fund_service.facts import Facts
from fund_service.store import Store

CLOSING = datetime(2026, 3, 20, 16, tzinfo=UTC)


@pytest.fixture
def facts(store: Store) -> Facts:
    """Return the facts of an empty store."""
    return Facts(store.engine("facts"))


def test_a_live_fund_goes_by_the_real_time(facts: Facts) -> None:
    clock = clock_of(facts)
    assert isinstance(clock, WallClock)
    assert clock.rehearsed() is None
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_a_rehearsed_fund_goes_by_the_row_that_the_conductor_wrote(facts: Facts) -> None:
    RehearsalClock(facts).move(CLOSING)
    clock = clock_of(facts)
    assert isinstance(clock, RehearsalClock)
    assert clock.now() == clock.now() == clock.rehearsed() == CLOSING


def test_every_process_reads_the_clock_that_the_conductor_moves(facts: Facts, store: Store) -> None:
    conductor = RehearsalClock(facts)
    conductor.move(CLOSING)
    clock = clock_of(Facts(store.engine("facts")))
    conductor.move(CLOSING + timedelta(microseconds=1))
    assert clock.now() == CLOSING + timedelta(microseconds=1)


def test_the_clock_is_kept_in_utc(facts: Facts) -> None:
    clock = RehearsalClock(facts)
    clock.move(CLOSING.astimezone(timezone(timedelta(hours=9))))
    assert clock.now().tzinfo == UTC
    assert facts.get("clock") == "2026-03-20T16:00:00+00:00"


def test_a_rehearsal_without_a_clock_is_told_in_one_sentence(facts: Facts) -> None:
    with pytest.raises(Unavailable, match="has no clock"):
        RehearsalClock(facts).now()
