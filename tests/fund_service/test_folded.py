"""Known states follow the log: each holds as of the position that was asked for, whoever wrote meanwhile."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.errors import Malformed
from domain.grant.aggregate import GRANT
from domain.messages import Event
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.events import CoachingOffered, CoachingRequested
from fund_service import folded
from fund_service.event_store import EventLog, Stored
from fund_service.folded import Folded, FoldedStates
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 3, 20, 16, tzinfo=UTC)
STAMP = {"by": UUID(int=1), "effective_at": NOW}
OFFERED, REQUESTED = CoachingOffered(**STAMP), CoachingRequested(**STAMP)


@pytest.fixture
def open_log(store: Store) -> Iterator[Callable[[], EventLog]]:
    """Return what opens the log, as another process would."""
    vault, opened = KeyVault(store.engine("keys")), list[EventLog]()

    def opens() -> EventLog:
        opened.append(EventLog(store.log(), vault))
        return opened[-1]

    yield opens
    for log in opened:
        log.close()


def put(log: EventLog, stream: UUID, version: int, event: Event = OFFERED) -> None:
    """Record one event."""
    log.append([Stored(stream, version, NOW, uuid4(), event)])


def test_known_states_go_on_with_ones_own_events_and_with_those_of_others(open_log: Callable[[], EventLog]) -> None:
    log, other, streams = open_log(), open_log(), [uuid4(), uuid4()]
    put(log, streams[0], 1)
    assert [log.load(PARTNERSHIP, stream)[1] for stream in streams] == [1, 0]
    put(log, streams[0], 2, REQUESTED)
    put(other, streams[0], 3)
    put(other, streams[1], 1)
    put(log, streams[1], 2, REQUESTED)
    anew = [open_log().load(PARTNERSHIP, stream) for stream in streams]
    assert [log.load(PARTNERSHIP, stream) for stream in streams] == anew
    assert [version for _, version in anew] == [3, 2]


def test_a_state_is_that_of_the_position_asked_for_known_or_not(open_log: Callable[[], EventLog]) -> None:
    log, other, stream = open_log(), open_log(), uuid4()
    put(log, stream, 1)
    before = log.now()
    put(other, stream, 2, REQUESTED)
    assert log.load(PARTNERSHIP, stream, before)[1] == 1
    now = log.now()
    assert log.load(PARTNERSHIP, stream, now)[1] == 2
    assert log.load(PARTNERSHIP, stream, before)[1] == 1
    assert log.load(PARTNERSHIP, stream, now)[1] == 2


def test_who_is_far_behind_begins_anew(open_log: Callable[[], EventLog], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "PAGE", 3)
    log, other, stream = open_log(), open_log(), uuid4()
    put(log, stream, 1)
    assert log.load(PARTNERSHIP, stream)[1] == 1
    for version in range(2, 10):
        put(other, stream, version)
        put(other, uuid4(), 1)
    assert log.now() == other.end()
    assert log.load(PARTNERSHIP, stream) == open_log().load(PARTNERSHIP, stream)


def test_a_stream_of_another_kind_is_told_in_one_sentence(open_log: Callable[[], EventLog]) -> None:
    log, stream = open_log(), uuid4()
    put(log, stream, 1)
    with pytest.raises(Malformed, match=f"{stream} is not the id of any grant"):
        log.load(GRANT, stream)


def test_what_was_used_least_recently_goes_first(open_log: Callable[[], EventLog]) -> None:
    log, streams = open_log(), [uuid4() for _ in range(3)]
    states = FoldedStates(lambda after, limit: (), log.end, lambda stored: OFFERED, lambda: None, limit=2)
    at = states.follow()
    for stream in streams[:2]:
        states.keep(stream, Folded(PARTNERSHIP, PARTNERSHIP.initial, 1, at), ())
    assert states.find(PARTNERSHIP, streams[0], at)
    states.keep(streams[2], Folded(PARTNERSHIP, PARTNERSHIP.initial, 1, at), ())
    assert [bool(states.find(PARTNERSHIP, stream, at)) for stream in streams] == [True, False, True]
