"""A state that comes from a snapshot is the one that its events fold to; a snapshot that does not fit is none."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import AggregateRecorder, StoredEvent
from sqlalchemy import text

from domain.catalogue import AGGREGATES, aggregate_of
from domain.errors import Malformed
from domain.grant.aggregate import GRANT
from domain.log_key import LOG_KEY
from domain.messages import Aggregate, Event
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.partnership.events import CoachingSessionHeld
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.receipt import RECEIPT
from domain.values import ProtectedText
from domain.working_paper.commands import AnswerFinding, IssueFinding, OpenWorkingPaper, WriteNote
from fund_service import event_store, snapshots
from fund_service.event_store import EventLog, Stored
from fund_service.keys import KeyVault
from fund_service.snapshots import EVERY, Snapshots
from fund_service.store import Store
from tests.given import CALENDAR, COLIN, HAMBURG, ask, until

AUDITED = until("ended").after(ask(OpenWorkingPaper), ask(WriteNote), ask(IssueFinding), ask(AnswerFinding))
STORY = AUDITED.log
KINDS = [kind for kind in AGGREGATES if kind not in (RECEIPT, LOG_KEY)]  # neither has ever many events
STAMP = {"by": COLIN, "effective_at": CALENDAR.coaching_opens}
NOTE = ProtectedText(subject=COLIN, text="We spoke about the plan.")
SESSIONS = [CoachingSessionHeld(**STAMP, number=number, minutes=90, note=NOTE) for number in range(1, EVERY + 2)]


@pytest.fixture
def open_log(store: Store) -> Iterator[Callable[[], EventLog]]:
    """Return what opens the log, as another process would."""
    opened = list[EventLog]()

    def opens() -> EventLog:
        opened.append(EventLog(store.log(), KeyVault(store.engine("keys"))))
        return opened[-1]

    yield opens
    for log in opened:
        log.close()


@pytest.fixture
def table(open_log: Callable[[], EventLog]) -> AggregateRecorder:
    """Return the table of the snapshots."""
    return open_log().factory.aggregate_recorder(purpose="snapshots")


@pytest.fixture
def kept(table: AggregateRecorder, store: Store) -> Snapshots:
    """Return the snapshots of the log."""
    return Snapshots(table, KeyVault(store.engine("keys")))


def put(log: EventLog, stream: UUID, events: Sequence[Event], after: int = 0) -> None:
    """Record events on a stream that has so many."""
    log.append([Stored(stream, after + n, event.effective_at, uuid4(), event) for n, event in enumerate(events, 1)])


def folded(kind: Aggregate[Any], events: Sequence[Event]) -> tuple[Any, int]:
    """Return the state that these events fold to, and their number."""
    return reduce(kind.evolve, events, kind.initial), len(events)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_state_from_a_snapshot_is_the_one_that_its_events_fold_to_wherever_it_was_taken(
    kind: Aggregate[Any], open_log: Callable[[], EventLog], kept: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_store, "EVERY", 1)
    told = [(stream, event) for stream, event in STORY if aggregate_of(event) is kind]
    events = [event for stream, event in told if stream == told[-1][0]]
    streams = [uuid4() for _ in events]
    log = open_log()
    for number, stream in enumerate(streams, 1):
        put(log, stream, events[:number])
        assert log.load(kind, stream) == kept.find(kind, stream) == folded(kind, events[:number])
        put(log, stream, [*events[number:], events[-1]], number)
    anew = open_log()
    assert [anew.load(kind, stream) for stream in streams] == [folded(kind, [*events, events[-1]])] * len(events)


def test_whoever_reads_a_hundred_events_leaves_a_snapshot(open_log: Callable[[], EventLog], kept: Snapshots) -> None:
    shorter, longer = uuid4(), uuid4()
    put(open_log(), shorter, SESSIONS[: EVERY - 1])
    put(open_log(), longer, SESSIONS[:EVERY])
    for stream in (shorter, longer):
        open_log().load(PARTNERSHIP, stream)
    assert (kept.find(PARTNERSHIP, shorter), kept.find(PARTNERSHIP, longer)) == (
        None,
        folded(PARTNERSHIP, SESSIONS[:EVERY]),
    )


def test_a_state_that_is_known_leaves_one_with_every_hundredth_event(
    open_log: Callable[[], EventLog], kept: Snapshots
) -> None:
    log, stream = open_log(), uuid4()
    put(log, stream, SESSIONS[:1])
    log.load(PARTNERSHIP, stream)
    put(log, stream, SESSIONS[1 : EVERY - 1], 1)
    log.now()
    assert kept.find(PARTNERSHIP, stream) is None
    put(open_log(), stream, SESSIONS[EVERY - 1 :], EVERY - 1)
    for _ in range(2):
        log.now()
    assert kept.find(PARTNERSHIP, stream) == folded(PARTNERSHIP, SESSIONS[:EVERY])


def test_a_snapshot_stands_for_the_events_before_it(open_log: Callable[[], EventLog], kept: Snapshots) -> None:
    stream = uuid4()
    put(open_log(), stream, SESSIONS[:5])
    kept.keep(PARTNERSHIP, stream, Partnership(cluster="another"), 3)
    assert open_log().load(PARTNERSHIP, stream) == (Partnership(cluster="another", sessions=5), 5)


def test_who_asks_for_an_earlier_position_gets_no_later_snapshot(
    open_log: Callable[[], EventLog], kept: Snapshots
) -> None:
    log, stream = open_log(), uuid4()
    put(log, stream, SESSIONS[:2])
    before = log.now()
    put(open_log(), stream, SESSIONS[2:5], 2)
    kept.keep(PARTNERSHIP, stream, Partnership(cluster="another"), 3)
    assert log.load(PARTNERSHIP, stream, before) == folded(PARTNERSHIP, SESSIONS[:2])


def test_a_snapshot_that_is_there_already_stays(kept: Snapshots) -> None:
    stream = uuid4()
    for state in (Partnership(sessions=1), Partnership(sessions=2)):
        kept.keep(PARTNERSHIP, stream, state, 3)
    assert kept.find(PARTNERSHIP, stream) == (Partnership(sessions=1), 3)


OTHER = Partnership(cluster="another")


def _nothing(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    table.insert_events([StoredEvent(stream, 3, PARTNERSHIP.name, b"")])


def _altered(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    kept.keep(PARTNERSHIP, elsewhere := uuid4(), OTHER, 3)
    (one,) = table.select_events(elsewhere)
    table.insert_events([StoredEvent(stream, 3, one.topic, bytes(one.state).replace(b"another", b"onother"))])


def _of_another_stream(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    kept.keep(PARTNERSHIP, elsewhere := uuid4(), OTHER, 3)
    (one,) = table.select_events(elsewhere)
    table.insert_events([StoredEvent(stream, 3, one.topic, one.state)])


def _of_another_kind(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    kept.keep(PILOT_ACTION, stream, PILOT_ACTION.initial, 3)


def _of_another_shape(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    kept.keep(Aggregate(PARTNERSHIP.name, GRANT.initial, GRANT.evolve), stream, GRANT.initial, 3)


def _of_another_code(table: AggregateRecorder, kept: Snapshots, stream: UUID) -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setattr(snapshots, "fingerprint", lambda: "of the version before")
        kept.keep(PARTNERSHIP, stream, OTHER, 3)


MISFITS = (_nothing, _altered, _of_another_stream, _of_another_kind, _of_another_shape, _of_another_code)


@pytest.mark.parametrize("misfit", MISFITS, ids=lambda misfit: misfit.__name__)
def test_a_snapshot_that_does_not_fit_is_passed_over(
    misfit: Callable[[AggregateRecorder, Snapshots, UUID], None],
    open_log: Callable[[], EventLog],
    table: AggregateRecorder,
    kept: Snapshots,
) -> None:
    stream = uuid4()
    put(open_log(), stream, SESSIONS[:5])
    misfit(table, kept, stream)
    assert len(table.select_events(stream)) == 1
    assert open_log().load(PARTNERSHIP, stream) == folded(PARTNERSHIP, SESSIONS[:5])


def test_a_stream_of_another_kind_is_told_with_a_snapshot_too(
    open_log: Callable[[], EventLog], kept: Snapshots
) -> None:
    stream = uuid4()
    put(open_log(), stream, SESSIONS[:5])
    kept.keep(PARTNERSHIP, stream, OTHER, 3)
    with pytest.raises(Malformed, match="is not the id of any grant"):
        open_log().load(GRANT, stream)


def test_text_stays_sealed_in_a_snapshot_and_erased_text_stays_erased(
    open_log: Callable[[], EventLog], table: AggregateRecorder, kept: Snapshots, store: Store
) -> None:
    stream, log = uuid4(), open_log()
    put(log, stream, [event for stream, event in until("drafted").log if stream == HAMBURG.pilot_action])
    state, version = log.load(PILOT_ACTION, stream)
    answers = [answer.text or "" for answer in state.answers.values()]
    kept.keep(PILOT_ACTION, stream, state, version)
    assert kept.find(PILOT_ACTION, stream) == (state, version)
    (stored,) = table.select_events(stream)
    assert not any(answer.encode() in bytes(stored.state) for answer in answers)
    with store.engine("keys").begin() as connection:
        connection.execute(text("DELETE FROM keys WHERE subject = :officer"), {"officer": str(HAMBURG.officer)})
    found, _ = Snapshots(table, KeyVault(store.engine("keys"))).find(PILOT_ACTION, stream) or (None, 0)
    assert found
    assert {answer.text for answer in found.answers.values()} == {None}


def test_snapshots_may_be_deleted_at_any_time(open_log: Callable[[], EventLog], kept: Snapshots, store: Store) -> None:
    log, stream = open_log(), uuid4()
    put(log, stream, SESSIONS)
    assert log.load(PARTNERSHIP, stream) == folded(PARTNERSHIP, SESSIONS)
    with log.recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute(f"DELETE FROM {kept._recorder.events_table_name}")
    assert kept.find(PARTNERSHIP, stream) is None
    assert open_log().load(PARTNERSHIP, stream) == folded(PARTNERSHIP, SESSIONS)
