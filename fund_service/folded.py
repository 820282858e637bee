"""The states of aggregates as they were folded last, following the log's tail: all hold as of one position.

Whoever begins a decision reads the tail once: most often nothing, else the events that the known states are taken on
with. Positions are in the order of commits, so what the tail does not name has not changed, whoever else writes.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import Notification

from domain.account.events import PersonalDataErased
from domain.errors import Unavailable
from domain.messages import Aggregate, Event
from fund_service.snapshots import EVERY

S = TypeVar("S")
LIMIT = 16_384
"""A state takes some 6 kB; in a call of 6,000 applications a list asks for two of each."""
PAGE = 1000
"""Who is so many events behind begins anew instead of reading them."""


class Folded(NamedTuple):
    """One state: `version` counts the events of the stream in it; `since` is a position from which on it holds."""

    kind: Aggregate[Any]
    state: Any
    version: int
    since: int


class FoldedStates:
    """At most `limit` states; those that were used least recently go first. Thread-safe."""

    def __init__(
        self,
        tail: Callable[[int, int], Sequence[Notification]],
        end: Callable[[], int],
        open: Callable[[Notification], Event],
        forget: Callable[[], None],
        limit: int = LIMIT,
    ) -> None:
        """Begin with none. `tail(after, limit)` reads what was stored beyond a position, `open` an event of it;
        `forget` is told when somebody's key may have been destroyed.
        """
        self._tail, self._end, self._open, self._forget = tail, end, open, forget
        self._limit = limit
        self._lock = Lock()
        self._known: OrderedDict[UUID, Folded] = OrderedDict()
        self._own: dict[int, Event] = {}
        self._long: list[tuple[UUID, Folded]] = []
        self._position = -1

    def follow(self) -> int:
        """Take the states on to the log's end, and return the position as of which they hold."""
        after = self._position
        page = self._tail(after, PAGE) if after >= 0 else ()
        far = after < 0 or len(page) == PAGE
        reached = self._end() if far else page[-1].id if page else after
        if far or any(stored.topic == PersonalDataErased.TOPIC for stored in page):
            self._forget()
        with self._lock:
            if reached <= self._position:
                return self._position  # another thread was faster
            if far:
                self._known.clear()
            for stored in page if not far else ():
                if stored.id > self._position:
                    self._take(stored)
            self._own = {position: event for position, event in self._own.items() if position > reached}
            self._position = reached
            return reached

    def find(self, kind: Aggregate[S], stream: UUID, at: int) -> tuple[S, int] | None:
        """Return the state and version as of a position that `follow` returned; None when they are not known."""
        with self._lock:
            known = self._known.get(stream)
            if known is None or known.kind is not kind or known.since > at:
                return None
            self._known.move_to_end(stream)
            return known.state, known.version

    def keep(self, stream: UUID, folded: Folded, later: Sequence[Notification]) -> None:
        """Keep a state that was read from the store, unless it may have changed; `later` is the tail beyond `since`."""
        reached = later[-1].id if later else folded.since
        with self._lock:
            if self._position <= reached and all(stored.originator_id != stream for stored in later):
                self._known[stream] = folded
                self._known.move_to_end(stream)
            if len(self._known) > self._limit:
                self._known.popitem(last=False)

    def long(self) -> list[tuple[UUID, Folded]]:
        """Return, once, each state as it was when its stream had another hundred events."""
        with self._lock:
            found, self._long = self._long, []
        return found

    def wrote(self, events: Iterable[tuple[int, UUID, Event]]) -> None:
        """Remember one's own events (position, stream, event), so that the tail need not be opened for them."""
        with self._lock:
            self._own |= {id: event for id, stream, event in events if id > self._position and stream in self._known}

    def _take(self, stored: Notification) -> None:
        stream = stored.originator_id
        assert isinstance(stream, UUID)
        known = self._known.get(stream)
        if known is None:
            return
        try:
            event = self._own.get(stored.id) or self._open(stored)
        except Unavailable:
            del self._known[stream]  # whoever needs this stream is told
            return
        state = known.kind.evolve(known.state, event)
        folded = self._known[stream] = Folded(known.kind, state, stored.originator_version, stored.id)
        if folded.version % EVERY == 0:
            self._long.append((stream, folded))
