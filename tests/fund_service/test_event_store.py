"""The contract of every store: what was appended is read back whole, in order, by everybody, and nothing else is."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, IntegrityError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder
from eventsourcing.tests import persistence
from eventsourcing.utils import Environment
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime

from domain.account.events import AccountOpened
from domain.call.rules import CallRules
from domain.catalogue import EVENTS
from domain.errors import Unavailable
from domain.messages import Event, Recorded
from domain.partnership.aggregate import PARTNERSHIP, Coaching
from domain.partnership.events import CoachingOffered, CoachingRequested, CoachingSessionHeld
from domain.pilot_action.events import ApplicationWithdrawn
from domain.values import ProtectedText
from fund_service.editions.loader import edition
from fund_service.event_store import EventLog, Sought, Stored
from fund_service.keys import KeyVault
from fund_service.settings import Settings
from fund_service.store import Store, open_store

OFFICER = UUID(int=1)
EFFECTIVE_AT = datetime(2026, 3, 20, 15, 59, 59, 999_999, UTC)
RECORDED_AT = datetime(2026, 3, 20, 16, 0, 0, 1, UTC)
SECRET = "Xóchitl’s telephone number is 555 0100"

instants = st.integers(0, 10**17).map(lambda microseconds: EFFECTIVE_AT + timedelta(microseconds=microseconds))
st.register_type_strategy(AwareDatetime, instants)
st.register_type_strategy(datetime, instants)
st.register_type_strategy(ProtectedText, st.builds(ProtectedText, subject=st.uuids(), text=st.text()))
st.register_type_strategy(CallRules, st.builds(edition, st.just("iurc-2026")))


@pytest.fixture
def vault(store: Store) -> KeyVault:
    """Return the vault of the store."""
    return KeyVault(store.engine("keys"))


@pytest.fixture
def open_log(store: Store, vault: KeyVault) -> Iterator[Callable[[], EventLog]]:
    """Return what opens the log, as another part of the service would."""
    opened = []

    def opens() -> EventLog:
        opened.append(EventLog(store.log(), vault))
        return opened[-1]

    yield opens
    for log in opened:
        log.close()


@pytest.fixture
def log(open_log: Callable[[], EventLog]) -> EventLog:
    """Return the log of the empty store."""
    return open_log()


def offered(stream: UUID, version: int, caused_by: UUID | None = None) -> Stored:
    """Return any event in its place."""
    event = CoachingOffered(by=OFFICER, effective_at=EFFECTIVE_AT)
    return Stored(stream, version, RECORDED_AT, caused_by or uuid4(), event)


def withdrawn(stream: UUID, version: int, text: str | None = SECRET) -> Stored:
    """Return an event with protected text in its place."""
    reason = ProtectedText(subject=OFFICER, text=text)
    event = ApplicationWithdrawn(by=OFFICER, effective_at=EFFECTIVE_AT, reason=reason)
    return Stored(stream, version, RECORDED_AT, uuid4(), event)


def opened_for(subject: UUID, organisation_id: UUID | None) -> Stored:
    """Return an account that was opened, as its first event."""
    about = {"label": "Ada", "unit": "A", "organisation_id": organisation_id}
    return Stored(subject, 1, RECORDED_AT, uuid4(), AccountOpened(by=OFFICER, effective_at=EFFECTIVE_AT, **about))


def places(recorded: list[Recorded]) -> list[tuple[UUID, int]]:
    """Return the stream and version of each event."""
    return [(one.stream, one.version) for one in recorded]


def append_elsewhere(url: str, stream: UUID, version: int) -> list[tuple[UUID, int]]:
    """Append an event in this process and return what it then sees."""
    with open_store(Settings(store=url)) as store:
        log = EventLog(store.log(), KeyVault(store.engine("keys")))
        try:
            log.append([withdrawn(stream, version)])
            return places(log.read(0, 100))
        finally:
            log.close()


def comes_back(log: EventLog, kind: type[Event]) -> None:
    """Append events of a kind to the log, whatever they hold, and read them back."""
    envelopes = st.builds(Stored, st.none(), st.integers(1, 2**31), instants, st.uuids(), st.from_type(kind))

    @settings(max_examples=3)
    @given(drawn=st.lists(envelopes, min_size=1, max_size=8))
    def as_it_was(drawn: list[Stored]) -> None:
        stored = [one._replace(originator_id=uuid4()) for one in drawn]  # the examples share one log
        after = log.end()
        log.append(stored)
        found = log.read(after, 100)
        assert [tuple(one)[1:] for one in found] == [tuple(one) for one in stored]
        assert {type(one.event) for one in found} == {kind}

    as_it_was()


class TestEveryStore:
    """What the fund asks of a store."""

    def test_whose_accounts_are_for_a_city_is_found_up_to_a_position(self, log: EventLog) -> None:
        city, one, two, office = uuid4(), uuid4(), uuid4(), uuid4()
        first = log.append([opened_for(one, city), offered(uuid4(), 1), opened_for(office, None)])
        last = log.append([opened_for(two, city), opened_for(uuid4(), uuid4())])
        assert list(log.opened_for(city, first)) == [one]
        assert list(log.opened_for(city, last)) == [one, two]
        assert list(log.opened_for(uuid4(), last)) == []

    def test_what_is_appended_is_read_back_in_order_with_its_place_its_clocks_and_its_cause(
        self, log: EventLog
    ) -> None:
        one, other = uuid4(), uuid4()
        stored = [offered(one, 1), withdrawn(other, 1), offered(one, 2), offered(one, 3)]
        first = log.append(stored[:3])
        last = log.append(stored[3:])
        recorded = log.read(0, 100)
        assert [one.position for one in recorded] == sorted({one.position for one in recorded})
        assert (recorded[2].position, recorded[3].position) == (first, last)
        assert [tuple(one)[1:] for one in recorded] == [tuple(one) for one in stored]
        assert {one.event.effective_at for one in recorded} == {EFFECTIVE_AT}
        assert {one.recorded_at for one in recorded} == {RECORDED_AT}

    @pytest.mark.filterwarnings("ignore:Ignoring unsupported Strict")  # it says how sums are read, not which there are
    @pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # a pool of connections does
    def test_every_event_comes_back_as_it_was(self, log: EventLog) -> None:
        for kind in EVENTS.values():
            comes_back(log, kind)

    def test_a_clash_on_one_stream_saves_nothing_of_several(self, log: EventLog) -> None:
        one, other = uuid4(), uuid4()
        log.append([offered(one, 1)])
        with pytest.raises(IntegrityError):
            log.append([offered(other, 1), offered(one, 1), withdrawn(other, 2)])
        assert places(log.read(0, 100)) == [(one, 1)]
        log.append([offered(other, 1)])
        assert places(log.read(0, 100)) == [(one, 1), (other, 1)]

    def test_of_many_who_write_one_version_at_once_one_wins(self, log: EventLog) -> None:
        stream, begin = uuid4(), threading.Barrier(8)

        def write(_: int) -> bool:
            begin.wait()
            try:
                log.append([offered(uuid4(), 1), offered(stream, 1)])
            except IntegrityError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(write, range(8))) == 1
        assert len(log.read(0, 100)) == 2

    def test_a_state_is_the_fold_of_its_streams_events(self, log: EventLog) -> None:
        stream, other = uuid4(), uuid4()
        assert log.load(PARTNERSHIP, stream) == (PARTNERSHIP.initial, 0)
        note = ProtectedText(subject=OFFICER, text=SECRET)
        held = CoachingSessionHeld(by=OFFICER, effective_at=EFFECTIVE_AT, number=1, minutes=60, note=note)
        requested = CoachingRequested(by=OFFICER, effective_at=EFFECTIVE_AT)
        log.append([offered(stream, 1), offered(other, 1), Stored(stream, 2, RECORDED_AT, uuid4(), requested)])
        log.append([Stored(stream, 3, RECORDED_AT, uuid4(), held)])
        state, version = log.load(PARTNERSHIP, stream)
        assert (state.coaching, state.sessions, version) == (Coaching.REQUESTED, 1, 3)

    def test_a_state_that_is_known_goes_on_where_it_was_and_equals_one_that_is_folded_anew(
        self, open_log: Callable[[], EventLog]
    ) -> None:
        log, stream = open_log(), uuid4()
        requested = CoachingRequested(by=OFFICER, effective_at=EFFECTIVE_AT)
        log.append([offered(stream, 1)])
        assert log.load(PARTNERSHIP, stream)[1] == 1
        open_log().append([Stored(stream, 2, RECORDED_AT, uuid4(), requested)])
        assert log.load(PARTNERSHIP, stream) == log.load(PARTNERSHIP, stream) == open_log().load(PARTNERSHIP, stream)
        assert log.load(PARTNERSHIP, stream)[1] == 2

    def test_the_end_is_the_last_position(self, log: EventLog) -> None:
        assert log.end() == 0
        assert log.append([offered(uuid4(), 1), offered(uuid4(), 1)]) == log.end()

    @pytest.mark.parametrize("limit", [1, 3, 7, 100])
    def test_pages_give_every_event_once(self, log: EventLog, limit: int) -> None:
        stream = uuid4()
        for version in range(1, 8):
            log.append([offered(stream, version)])
        found: list[Recorded] = []
        while page := log.read(found[-1].position if found else 0, limit):
            assert len(page) <= limit
            found += page
        assert [one.version for one in found] == list(range(1, 8))

    def test_an_event_that_this_version_does_not_know_is_told_in_one_sentence(self, log: EventLog) -> None:
        stream = uuid4()
        log.recorder.insert_events([StoredEvent(stream, 1, "grant.doubled", b"{}")])
        sentence = r"^The store holds an event 'grant\.doubled' that this version does not know\. Run .* newer one\.$"
        with pytest.raises(Unavailable, match=sentence):
            log.read(0, 10)
        with pytest.raises(Unavailable, match=sentence):
            log.load(PARTNERSHIP, stream)

    def test_two_logs_of_one_store_see_each_others_events(self, open_log: Callable[[], EventLog]) -> None:
        one, other, stream = open_log(), open_log(), uuid4()
        one.append([offered(stream, 1)])
        other.append([withdrawn(stream, 2)])
        assert one.read(0, 100) == other.read(0, 100)
        assert places(one.read(0, 100)) == [(stream, 1), (stream, 2)]
        with pytest.raises(IntegrityError):
            one.append([offered(stream, 2)])

    def test_several_streams_are_told_together_in_the_logs_order(self, log: EventLog) -> None:
        first, second = uuid4(), uuid4()
        log.append([offered(uuid4(), 1)])
        log.append([offered(first, 1), offered(second, 1)])
        log.append([withdrawn(first, 2)])
        told = log.of([second, first, first])
        assert places(told) == [(first, 1), (second, 1), (first, 2)]
        assert told == log.read(0, 100)[1:]
        assert log.of([]) == log.of([uuid4()]) == []

    def test_events_of_streams_are_found_between_two_positions(
        self, log: EventLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("fund_service.event_store._AT_ONCE", 2)
        one, two, three = uuid4(), uuid4(), uuid4()
        log.append([offered(one, 1), offered(two, 1)])
        after = log.append([offered(three, 1)])
        last = log.append([offered(two, 2), offered(uuid4(), 1), withdrawn(one, 2), offered(three, 2)])
        log.append([offered(one, 3)])
        assert places(list(log.each_of([one, two, three], after, last))) == [(two, 2), (one, 2), (three, 2)]
        assert list(log.each_of([], 0, last)) == []

    def test_events_are_looked_up_by_their_topics_and_by_what_their_records_say(self, log: EventLog) -> None:
        one, two, city = uuid4(), uuid4(), uuid4()
        after = log.append([offered(one, 1), opened_for(uuid4(), city)])
        last = log.append([offered(one, 2), opened_for(two, city), withdrawn(one, 3), opened_for(uuid4(), None)])
        log.append([opened_for(uuid4(), city)])
        of_city = Sought((AccountOpened.TOPIC,), saying=str(city).encode())
        assert places(log.looked_up([of_city], after, last)) == [(two, 1)]
        assert places(log.looked_up([Sought(saying=str(city).encode())], after, last)) == [(two, 1)]
        rest = Sought((CoachingOffered.TOPIC, AccountOpened.TOPIC), not_saying=b'"organisation_id":null')
        assert places(log.looked_up([of_city, rest], after, last)) == [(one, 2), (two, 1)]
        assert log.looked_up([Sought((AccountOpened.TOPIC,), saying=b"nobody")], 0, last) == []

    def test_a_stream_is_told_from_its_beginning_with_where_it_began(self, log: EventLog) -> None:
        stream, other = uuid4(), uuid4()
        log.append([offered(other, 1)])
        told = [offered(stream, 1), withdrawn(stream, 2)]
        log.append(told)
        assert log.history(stream) == told
        assert log.history(uuid4()) == []
        assert [*log.newest(uuid4(), CoachingOffered)] == []
        assert log.position_of(stream) == log.read(0, 100)[1].position
        assert log.position_of(uuid4()) == 0

    def test_of_one_kind_of_event_in_a_stream_the_newest_comes_first(self, log: EventLog) -> None:
        stream, other = uuid4(), uuid4()
        told = [offered(stream, 1), withdrawn(stream, 2), offered(stream, 3), offered(other, 1)]
        log.append(told)
        assert [*log.newest(stream, CoachingOffered)] == [told[2].event, told[0].event]

    def test_two_processes_see_each_others_events(self, log: EventLog, store_url: str) -> None:
        stream = uuid4()
        log.append([offered(stream, 1)])
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as elsewhere:
            seen = elsewhere.submit(append_elsewhere, store_url, stream, 2).result(60)
        assert seen == places(log.read(0, 100)) == [(stream, 1), (stream, 2)]
        assert log.read(0, 100)[-1].event == withdrawn(stream, 2).event

    def test_an_event_whose_key_was_erased_is_read_without_its_text(
        self, log: EventLog, store: Store, tmp_path: Path
    ) -> None:
        log.append([withdrawn(uuid4(), 1)])
        with open_store(Settings(store=f"sqlite:///{tmp_path}/other.db")) as other:
            without_key = EventLog(store.log(), KeyVault(other.engine("keys")))
            try:
                (found,) = without_key.read(0, 10)
            finally:
                without_key.close()
        assert found.event == withdrawn(uuid4(), 1, None).event

    def test_text_that_was_erased_is_not_recorded_again(self, log: EventLog) -> None:
        with pytest.raises(ValueError, match="erased text is not recorded again"):
            log.append([withdrawn(uuid4(), 1, None)])
        assert log.end() == 0

    def test_a_tailing_reader_misses_nothing_that_many_write_at_once(self, open_log: Callable[[], EventLog]) -> None:
        logs, begin, writers, each = [open_log(), open_log()], threading.Barrier(5), 4, 25

        def write(writer: int) -> None:
            begin.wait()
            for number in range(1, each + 1):
                logs[writer % 2].append([offered(UUID(int=writer), number), offered(uuid4(), 1)])

        found: list[Recorded] = []
        with ThreadPoolExecutor(writers) as pool:
            writing = [pool.submit(write, writer) for writer in range(writers)]
            begin.wait()
            while len(found) < 2 * writers * each and not any(one.done() and one.exception() for one in writing):
                found += logs[0].read(found[-1].position if found else 0, 7)
        assert [one.position for one in found] == sorted({one.position for one in found})
        assert found == logs[1].read(0, 1000)


def test_no_file_holds_protected_text_in_clear(sqlite_store: Store, tmp_path: Path) -> None:
    log = EventLog(sqlite_store.log(), KeyVault(sqlite_store.engine("keys")))
    log.append([withdrawn(uuid4(), 1)])

    def holding(text: str) -> list[str]:
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        forms = (text.encode(), text.encode("unicode_escape"), text.encode("utf-16-le"))
        return [file.name for file in files if any(form in file.read_bytes() for form in forms)]

    assert holding(SECRET) == []
    log.close()
    assert holding(SECRET) == []


class HurriedLog(EventLog):
    """A log on a SQLite that does not wait for the disk."""

    def construct_recorder(self) -> ApplicationRecorder:
        """Return the recorder, with its connection in a hurry."""
        recorder = super().construct_recorder()
        assert isinstance(recorder, SQLiteApplicationRecorder)
        with recorder.datastore.get_connection(commit=False) as connection:
            connection.cursor().execute("PRAGMA synchronous=NORMAL")
        return recorder


def pragma(log: EventLog, name: str) -> Any:
    """Return a setting of the log's SQLite."""
    assert isinstance(log.recorder, SQLiteApplicationRecorder)
    with log.recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_sqlite_writes_ahead_and_flushes_every_commit(sqlite_store: Store) -> None:
    log = EventLog(sqlite_store.log(), KeyVault(sqlite_store.engine("keys")))
    try:
        assert (pragma(log, "journal_mode"), pragma(log, "synchronous")) == ("wal", 2)
    finally:
        log.close()


def test_a_sqlite_that_does_not_flush_every_commit_is_not_used(sqlite_store: Store) -> None:
    with pytest.raises(Unavailable, match="SQLite does not flush every commit"):
        HurriedLog(sqlite_store.log(), KeyVault(sqlite_store.engine("keys")))


def test_a_postgresql_that_does_not_flush_every_commit_is_not_used(database: str) -> None:
    hurried = f"{database}&options=-c%20synchronous_commit%3Doff"
    with open_store(Settings(store=hurried)) as store, pytest.raises(Unavailable, match="does not flush every commit"):
        EventLog(store.log(), KeyVault(store.engine("keys")))


class LibrarysCases:
    """Gives the library's own cases the recorder that the log uses."""

    def create_recorder(self) -> ApplicationRecorder:
        """Return the recorder."""
        return self._factory.application_recorder()

    def use(self, store: Store) -> Iterator[None]:
        """Use an empty store, and close it after the cases' readers."""
        others = set(threading.enumerate())
        self._factory = InfrastructureFactory.construct(Environment("fund", store.log()))
        yield
        for reader in set(threading.enumerate()) - others:
            if not reader.name.startswith("pool-"):  # the pool ends its own
                reader.join()  # a store that is closed under its readers takes the process with it
        self._factory.close()


class OnSQLite(LibrarysCases):
    """SQLite as the fund configures it."""

    @pytest.fixture(autouse=True)
    def _place(self, sqlite_store: Store) -> Iterator[None]:
        yield from self.use(sqlite_store)


class OnPostgreSQL(LibrarysCases):
    """PostgreSQL as the fund configures it."""

    @pytest.fixture(autouse=True)
    def _place(self, database: str) -> Iterator[None]:
        with open_store(Settings(store=database)) as store:
            yield from self.use(store)


class TestSQLiteRecorder(OnSQLite, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    """The library's own contract, for SQLite."""


class TestPostgreSQLRecorder(OnPostgreSQL, persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    """The library's own contract, for PostgreSQL."""


class TestSQLiteOrder(OnSQLite, persistence.NonInterleavingNotificationIDsBaseCase):
    """Positions of one save are never mixed with those of another: a follower misses nothing."""

    insert_num = 200


class TestPostgreSQLOrder(OnPostgreSQL, persistence.NonInterleavingNotificationIDsBaseCase):
    """The same on PostgreSQL, whose numbers are given before the commit: the table's lock keeps them in order."""

    insert_num = 200
