"""The events of some things up to a position, as they are cited, and the world as it was then."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID

from domain.call.aggregate import CALL, Call
from domain.errors import NotFound, Unavailable
from domain.messages import Aggregate, Event, Recorded
from fund_service.audit.explaining.readers import Reader
from fund_service.audit.explaining.statements import CitedEvent, Compared, RuleInForce, Statement, in_force
from fund_service.event_store import EventLog
from projections.timeline import sentence

S = TypeVar("S")
E = TypeVar("E", bound=Event)


class Record:
    """What was recorded about some streams, each read once, up to a position; and who is told of it."""

    def __init__(self, log: EventLog, reader: Reader, position: int) -> None:
        """Read from this log, up to this position, for this reader."""
        self._log = log
        self.reader = reader
        self.position = position
        self._known: dict[UUID, list[Recorded]] = {}
        self._worlds: dict[int | None, WorldThen] = {}

    def fetch(self, streams: Iterable[UUID]) -> None:
        """Read several streams at once, so that `of` need not ask for each."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._known]
        self._known |= {stream: [] for stream in missing}
        for recorded in self._log.of(missing):
            if recorded.position <= self.position:
                self._known[recorded.stream].append(recorded)

    def at(self, position: int) -> CitedEvent:
        """Return the event at a position. Raises NotFound for one that is not there, or not for the reader."""
        found = self._log.read(position - 1, 1) if 0 < position <= self.position else []
        cited = self.cited(*(one for one in found if one.position == position))
        if not cited:
            raise NotFound(f"There is no event {position}.", "Look it up in a timeline.")
        return cited[0]

    def of(self, stream: UUID) -> list[Recorded]:
        """Return the events of one stream, oldest first."""
        self.fetch([stream])
        return self._known[stream]

    def every(self, stream: UUID, kind: type[E]) -> Iterator[tuple[Recorded, E]]:
        """Yield the events of a kind with their places, oldest first."""
        for recorded in self.of(stream):
            if isinstance(recorded.event, kind):
                yield recorded, recorded.event

    def then(self, last: Recorded | None = None) -> "WorldThen":
        """Return the world right after an event, with what the same request recorded elsewhere; without one, now."""
        place = last.position if last is not None else None
        if place not in self._worlds:
            self._worlds[place] = WorldThen(self, last)
        return self._worlds[place]

    def before(self, first: Recorded) -> "WorldThen":
        """Return the world right before a request recorded its first event."""
        return WorldThen(self, None, first)

    def cited(self, *events: Recorded) -> tuple[CitedEvent, ...]:
        """Return events as they are cited, but those that the reader may not be told."""
        return tuple(self._cited(one) for one in events if self.reader.hears(one))

    def _cited(self, recorded: Recorded) -> CitedEvent:
        event = recorded.event
        by, label = self.reader.named(event.by, recorded)
        return CitedEvent(
            position=recorded.position,
            topic=event.TOPIC,
            sentence=sentence(event),
            by=by,
            by_label=label,
            effective_at=event.effective_at,
            recorded_at=recorded.recorded_at,
        )

    def compared(self, recorded: Recorded, said: str, same: bool) -> Compared:
        """Return what an event says of a value, compared with what is computed."""
        event = next(iter(self.cited(recorded)), None)
        return Compared(recorded=said, same=same, event=event)

    def rule(self, rule_id: str, call_id: UUID | None, last: Recorded | None = None) -> RuleInForce:
        """Return a rule, with the version of the call's rules in force right after an event, or now."""
        call = self.then(last).find(CALL, call_id) if call_id is not None else None
        return in_force(rule_id, call.in_force if call is not None else None)

    def told(self, recorded: Recorded, value: str = "", exact: str = "") -> Statement:
        """Return an event as a statement."""
        return Statement(what=sentence(recorded.event), value=value, exact=exact, events=self.cited(recorded))


class WorldThen:
    """The states of things as they were right after an event: what a decision could look at then."""

    def __init__(self, record: Record, last: Recorded | None, before: Recorded | None = None) -> None:
        """Look at this record up to an event, with what the same request recorded; or only at what was `before` it."""
        self._record = record
        self._last = last
        self._before = before
        self._states: dict[UUID, tuple[Any, int]] = {}

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it by then."""
        if stream not in self._states:
            state, number = kind.initial, 0
            for recorded in self._record.of(stream):
                if self._had(recorded):
                    state, number = kind.evolve(state, recorded.event), number + 1
            self._states[stream] = state, number
        state, number = self._states[stream]
        return state if number else None

    def _had(self, recorded: Recorded) -> bool:
        last, before = self._last, self._before
        if before is not None:
            return recorded.position < before.position and recorded.caused_by != before.caused_by
        return last is None or recorded.position <= last.position or recorded.caused_by == last.caused_by

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that existed. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name.replace('-', ' ')} {stream}.", "Look up its id in the lists.")
        return state


class DecidingWorld(WorldThen):
    """The same for a decision; what is asked of the whole log cannot be told from a few streams."""

    def __init__(self, record: Record, before: Recorded, digest: Callable[..., str]) -> None:
        """Look at this record as it was before a request."""
        super().__init__(record, None, before)
        self.digest = digest

    def streams_of(self, subject: UUID) -> Mapping[str, Collection[UUID]]:
        """Raise Unavailable."""
        raise Unavailable("This is not computed anew.")

    def accounts_for(self, organisation_id: UUID) -> Collection[UUID]:
        """Raise Unavailable."""
        raise Unavailable("This is not computed anew.")


def published_call(record: Record, call_id: UUID) -> Call:
    """Return a call as it is at the record's end. Raises NotFound."""
    return record.then().get(CALL, call_id)
