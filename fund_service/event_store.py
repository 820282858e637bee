"""The log: frozen pydantic events in envelopes, on the recorders of the eventsourcing library (design decisions 1, 5).

A stored state is an event in its envelope as JSON bytes; the topic names the event's class. Either store flushes every
commit, so that what was acknowledged survives a power cut; that is asserted at start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Transcoder
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.sqlite import SQLiteApplicationRecorder
from eventsourcing.utils import Environment, EnvType

from domain.account.events import AccountOpened
from domain.catalogue import EVENTS
from domain.errors import Malformed, Unavailable
from domain.messages import Aggregate, Event, Recorded
from domain.values import Protector
from fund_service.envelopes import envelope_of
from fund_service.folded import Folded, FoldedStates
from fund_service.keys import holds_sealed_text
from fund_service.protection import Protected, Protection
from fund_service.snapshots import EVERY, Kept, Snapshots

S = TypeVar("S")
E = TypeVar("E", bound=Event)
SQLITE_FULL = 2
POSTGRES_FLUSHES = """
SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS flushes
"""
PAGE = 5000
_AT_ONCE: Final = 500
"""So many streams are looked for by one question."""
_NOWHERE: Final = UUID(int=0)


class Stored(NamedTuple):
    """What the library's application saves: one event with its place and its envelope."""

    originator_id: UUID
    originator_version: int
    recorded_at: datetime
    caused_by: UUID
    event: Event


class Sought(NamedTuple):
    """Which events are looked for: of any of these topics, or of all; whose record says some bytes, or does not."""

    topics: Sequence[str] = ()
    saying: bytes = b""
    not_saying: bytes = b""


class Vault(Protector, Protocol):
    """What protects text, and may hold keys in memory."""

    def forget(self) -> None:
        """Forget every key that is in memory: one of them was destroyed."""


class _NoTranscoder(Transcoder):
    """The mapper writes JSON itself; the library asks for a transcoder all the same."""

    def encode(self, obj: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError


class EventMapper(Mapper[UUID]):
    """Events to bytes and back; protected text is encrypted and decrypted here and nowhere else."""

    protector: Protector
    events: Mapping[str, type[Event]]

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Return the stored form of one event."""
        stored: Stored = domain_event
        envelope = envelope_of(self.events, stored.event.TOPIC)
        return StoredEvent(
            originator_id=stored.originator_id,
            originator_version=stored.originator_version,
            topic=stored.event.TOPIC,
            state=envelope.seal(stored.recorded_at, stored.caused_by, stored.event, self.protector),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the event with its place and envelope. Raises Unavailable for an unknown topic or version."""
        return Stored(_stream(stored_event), stored_event.originator_version, *self.open(stored_event))

    def event(self, stored_event: StoredEvent) -> Event:
        """Return the event itself."""
        return self.open(stored_event)[2]

    def open(self, stored_event: StoredEvent) -> tuple[datetime, UUID, Event]:
        """Return when a stored event was recorded, what caused it, and the event. Raises Unavailable for an unknown
        topic or version.
        """
        return envelope_of(self.events, stored_event.topic).open(stored_event.state, self.protector)


class WrongKind(Malformed):
    """An id is that of another kind of thing."""


class EventLog(Application[UUID]):
    """The fund's log. One per process, made after any fork; safe for threads."""

    name = "fund"
    log_section_size = 1000

    def __init__(self, env: dict[str, str], protector: Vault, events: Mapping[str, type[Event]] = EVENTS) -> None:
        """Open the store that `env` names (the library's variables), with the protector for protected text."""
        self._protector, self._events = protector, events
        super().__init__(env=env)
        self._folded = FoldedStates(self._tail, self.end, self._mapper.event, protector.forget)
        self._snapshots = Snapshots(self.factory.aggregate_recorder(purpose="snapshots"), protector)
        self._assert_durable()

    def construct_mapper(self) -> Mapper[UUID]:
        """Give the library our mapper."""
        mapper = self.factory.mapper(transcoder=_NoTranscoder(), mapper_class=EventMapper)
        assert isinstance(mapper, EventMapper)
        mapper.protector, mapper.events = self._protector, self._events
        self._mapper = mapper
        return mapper

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Give the library the variables that we were given, and none of the process: settings.py alone reads those.

        PostgreSQL's tables are named after us, also where a subclass opens them.
        """
        return Environment(EventLog.name, env)

    @property
    def protection(self) -> Protection:
        """The triggers that keep the table of the log append-only; a log in memory has none."""
        assert isinstance(self.recorder, Protected)
        return self.recorder.protection

    def _assert_durable(self) -> None:
        if isinstance(self.recorder, SQLiteApplicationRecorder):
            with self.recorder.datastore.transaction(commit=False) as cursor:
                cursor.execute("PRAGMA synchronous")
                if cursor.fetchone()[0] != SQLITE_FULL:
                    raise Unavailable(
                        "SQLite does not flush every commit.", "Use a build of SQLite with synchronous=FULL."
                    )
        if isinstance(self.recorder, PostgresApplicationRecorder):
            with self.recorder.datastore.transaction() as cursor:
                cursor.execute(POSTGRES_FLUSHES)
                if cursor.fetchone() != {"flushes": True}:
                    raise Unavailable(
                        "PostgreSQL does not flush every commit.", "Set fsync=on and synchronous_commit=on there."
                    )

    def now(self) -> int:
        """Return the position of the last event, up to which `load` then knows the hot aggregates."""
        at = self._folded.follow()
        for stream, folded in self._folded.long():
            self._snapshots.keep(folded.kind, stream, folded.state, folded.version)
        return at

    def load(self, kind: Aggregate[S], stream: UUID, at: int | None = None) -> tuple[S, int]:
        """Return the state of one aggregate and its version, 0 when nothing was recorded about it.

        It is the state as of the position `at`, which `now` returned; without it, as of this moment. Raises WrongKind
        when the stream is of another kind.
        """
        at = self.now() if at is None else at
        known = self._folded.find(kind, stream, at)
        if known is not None:
            return known
        state, version = self._snapshots.find(kind, stream) or (kind.initial, 0)
        stored = self.recorder.select_events(stream, gt=version)
        later = list(self.headers(at))  # read after the events: it names all of them that lie beyond
        beyond = next((one.originator_version for one in later if one.originator_id == stream), None)
        if beyond is not None and beyond <= version:
            state, version = kind.initial, 0
            stored = self.recorder.select_events(stream)
        earlier = [one for one in stored if beyond is None or one.originator_version < beyond]
        state, version = self._fold(kind, earlier, state, version)
        if len(earlier) >= EVERY:
            self._snapshots.keep(kind, stream, state, version)
        self._folded.keep(stream, Folded(kind, state, version, at), later)
        return state, version

    def kept(self) -> Iterator[Kept]:
        """Yield every snapshot that lies beside the log, stream by stream, whether anybody would use it or not."""
        return self._snapshots.every()

    def look_up(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate that is hardly ever asked for again, or None."""
        state, version = self._fold(kind, self.recorder.select_events(stream), kind.initial, 0)
        return state if version else None

    def append(self, stored: Sequence[Stored]) -> int:
        """Save events of one or several streams in one transaction and return the position of the last.

        Raises IntegrityError when somebody else wrote one of the versions first, also when that was this very attempt.
        """
        sealed = [self._mapper.to_stored_event(one) for one in stored]
        positions = self.recorder.insert_events(sealed)
        assert positions is not None
        self._folded.wrote(
            (position, one.originator_id, one.event)
            for position, one, kept in zip(positions, stored, sealed, strict=True)
            if not holds_sealed_text(kept.state)  # that is read as it is stored: no state keeps a text open in memory
        )
        return positions[-1]

    def end(self) -> int:
        """Return the position of the last event, 0 in an empty log."""
        return self.recorder.max_notification_id() or 0

    def history(self, stream: UUID) -> list[Stored]:
        """Return the events of one stream, oldest first, opened."""
        return [self._mapper.to_domain_event(stored) for stored in self.recorder.select_events(stream)]

    def newest(self, stream: UUID, kind: type[E]) -> Iterator[E]:
        """Yield the events of one kind in a stream, the newest first, opened as somebody comes to it. The database
        looks for them.
        """
        [named] = self._named([stream])
        where = "originator_id = ? AND topic = ? ORDER BY originator_version DESC"
        for row in self._rows("state", where, [*named, kind.TOPIC]):
            event = self.opened(kind.TOPIC, bytes(row["state"]))
            assert isinstance(event, kind)
            yield event

    def of(self, streams: Iterable[UUID]) -> list[Recorded]:
        """Return every event of these streams, in the log's order, opened. The database looks for them."""
        return [self.recorded(stored) for stored in self.stored_of(streams)]

    def stored_of(self, streams: Iterable[UUID]) -> list[Notification]:
        """Return every stored event of these streams, in the log's order; not opened. The database looks for them."""
        found = (one for named in self._named(streams) for one in self._stored(_in("originator_id", named), named))
        return sorted(found, key=lambda stored: stored.id)

    def each_of(self, streams: Iterable[UUID], after: int, last: int) -> Iterator[Recorded]:
        """Yield every event of these streams beyond a position, up to another one, in the log's order, opened as
        somebody comes to it. The database looks for them.
        """
        between = "{position} > ? AND {position} <= ?"
        positions = sorted(
            row["position"]
            for named in self._named(streams)
            for row in self._rows(
                "{position} AS position", f"{_in('originator_id', named)} AND {between}", [*named, after, last]
            )
        )
        for first in range(0, len(positions), _AT_ONCE):
            some = positions[first : first + _AT_ONCE]
            yield from sorted(self._found(_in("{position}", some), some), key=_position)

    def _named(self, streams: Iterable[UUID]) -> Iterator[list[str]]:
        """Yield streams as the database names them, as many as one question can ask for."""
        on_sqlite = isinstance(self.recorder, SQLiteApplicationRecorder)
        named = [stream.hex if on_sqlite else str(stream) for stream in dict.fromkeys(streams)]
        yield from (named[first : first + _AT_ONCE] for first in range(0, len(named), _AT_ONCE))

    def looked_up(self, sought: Sequence[Sought], after: int, last: int) -> list[Recorded]:
        """Return every event beyond a position, up to another one, that is any of what is sought, in the log's order,
        opened. The database looks through their records: a million in about a second.
        """
        says = "instr(state, ?)" if isinstance(self.recorder, SQLiteApplicationRecorder) else "position(? IN state)"
        any_of, given = [], list[Any]()
        for one in sought:
            all_of = [_in("topic", one.topics)] if one.topics else []
            all_of += [f"{says} > 0"] if one.saying else []
            all_of += [f"{says} = 0"] if one.not_saying else []
            any_of.append(f"({' AND '.join(all_of)})")
            given += [*one.topics, *(text for text in (one.saying, one.not_saying) if text)]
        where = f"{{position}} > ? AND {{position}} <= ? AND ({' OR '.join(any_of)})"
        return sorted(self._found(where, [after, last, *given]), key=_position)

    def _found(self, where: str, given: Sequence[Any]) -> Iterator[Recorded]:
        """Yield the events that a condition finds, in no order, opened."""
        return (self.recorded(stored) for stored in self._stored(where, given))

    def _stored(self, where: str, given: Sequence[Any]) -> Iterator[Notification]:
        """Yield the stored events that a condition finds, in no order."""
        columns = "{position} AS position, originator_id, originator_version, topic, state"
        for row in self._rows(columns, where, given):
            place = UUID(str(row["originator_id"])), row["originator_version"]
            yield Notification(*place, row["topic"], bytes(row["state"]), row["position"])

    def _rows(self, columns: str, where: str, given: Sequence[Any]) -> Sequence[Any]:
        """Return columns of the log where a condition holds; `{position}` is the position, and each ? is given."""
        recorder = self.recorder
        assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
        on_sqlite = isinstance(recorder, SQLiteApplicationRecorder)
        asked = f"SELECT {columns} FROM {recorder.events_table_name} WHERE {where}"
        asked = asked.format(position="rowid" if on_sqlite else "notification_id")
        with recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(asked if on_sqlite else asked.replace("?", "%s"), tuple(given))
            return cursor.fetchall()

    def position_of(self, stream: UUID) -> int:
        """Return the position of the first event of a stream, 0 when there is none."""
        recorder = self.recorder
        if isinstance(recorder, SQLiteApplicationRecorder):
            column, mark, id = "rowid", "?", stream.hex
        else:
            column, mark, id = "notification_id", "%s", str(stream)
        assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
        with recorder.datastore.transaction(commit=False) as cursor:
            table = recorder.events_table_name
            cursor.execute(f"SELECT min({column}) AS first FROM {table} WHERE originator_id = {mark}", (id,))
            found = cursor.fetchone()
        return (found["first"] or 0) if found is not None else 0

    def kinds(self) -> dict[str, int]:
        """Return how many events of each topic the log holds, those of topics that are not known too.

        The database counts them: a million in about a second.
        """
        recorder = self.recorder
        assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
        with recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(f"SELECT topic, count(*) AS number FROM {recorder.events_table_name} GROUP BY topic")
            return {row["topic"]: row["number"] for row in cursor.fetchall()}

    def every(self, kinds: Sequence[type[Event]]) -> list[Event]:
        """Return every event of these kinds, in the log's order, opened. The database looks for them."""
        recorder = self.recorder
        if isinstance(recorder, SQLiteApplicationRecorder):
            column, mark = "rowid", "?"
        else:
            column, mark = "notification_id", "%s"
        assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
        topics = tuple(kind.TOPIC for kind in kinds)
        marks = ", ".join([mark] * len(topics))
        asked = f"SELECT topic, state FROM {recorder.events_table_name} WHERE topic IN ({marks}) ORDER BY {column}"
        with recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(asked, topics)
            rows = cursor.fetchall()
        return [self._mapper.event(StoredEvent(_NOWHERE, 0, row["topic"], bytes(row["state"]))) for row in rows]

    def streams_beyond(self, after: int, kinds: Sequence[type[Event]]) -> set[UUID]:
        """Return the streams with an event of these kinds beyond a position. The database looks for them."""
        topics = [kind.TOPIC for kind in kinds]
        found = self.recorder.select_notifications(after, PAGE, topics=topics, inclusive_of_start=False)
        return {_stream(stored) for stored in found}

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Return events in the log's order, beyond a position."""
        return [self.recorded(stored) for stored in self._tail(after, limit)]

    def headers(self, after: int = 0, page_size: int = PAGE) -> Iterator[Notification]:
        """Yield every stored event beyond a position, in the log's order, with its stream and topic; not opened."""
        while page := self._tail(after, page_size):
            yield from page
            after = page[-1].id

    def naming(self, subject: UUID, last: int) -> Iterator[Notification]:
        """Yield every stored event up to a position that the subject stated, that names it or that holds a text of it,
        in the log's order; not opened. Every event is looked through.
        """
        sought = str(subject).encode()
        for stored in self.headers():
            if stored.id > last:
                return
            if stored.originator_id == subject or sought in stored.state:
                yield stored

    def opened_for(self, organisation_id: UUID, last: int) -> Iterator[UUID]:
        """Yield the subjects whose accounts were opened, up to a position, for a city or region; not opened, but looked
        for by the database.
        """
        sought, after = str(organisation_id).encode(), 0
        while page := self.recorder.select_notifications(
            after, PAGE, stop=last, topics=[AccountOpened.TOPIC], inclusive_of_start=False
        ):
            yield from (_stream(stored) for stored in page if sought in stored.state)
            after = page[-1].id

    def recorded(self, stored: Notification) -> Recorded:
        """Return a stored event as the log holds it, opened."""
        return Recorded(stored.id, _stream(stored), stored.originator_version, *self._mapper.open(stored))

    def opened(self, topic: str, state: bytes) -> Event:
        """Return the event of a stored state."""
        return self._mapper.event(StoredEvent(_NOWHERE, 0, topic, state))

    def _tail(self, after: int, limit: int) -> Sequence[Notification]:
        return self.recorder.select_notifications(after, limit, inclusive_of_start=False)

    def _fold(self, kind: Aggregate[S], events: Iterable[StoredEvent], state: S, version: int) -> tuple[S, int]:
        for stored in events:
            event = self._mapper.event(stored)
            if not stored.topic.startswith(f"{kind.name}."):
                raise WrongKind(f"{_stream(stored)} is not the id of any {kind.name}.", "Look up its id in the lists.")
            state, version = kind.evolve(state, event), stored.originator_version
        return state, version


def _stream(stored: StoredEvent) -> UUID:
    assert isinstance(stored.originator_id, UUID)
    return stored.originator_id


def _in(column: str, given: Sequence[Any]) -> str:
    return f"{column} IN ({', '.join('?' * len(given))})"


def _position(recorded: Recorded) -> int:
    return recorded.position
