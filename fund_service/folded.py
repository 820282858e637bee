"""The states of aggregates as they were folded last, so that a hot stream is not folded anew for every command.

A stream only grows, and a state is never changed in place: what was folded to a version stays right for ever, and only
what lies beyond it has to be read. Protected text whose key was erased is forgotten at restart, as in the vault.
"""

from collections import OrderedDict
from threading import Lock
from typing import TypeVar
from uuid import UUID

from domain.messages import Aggregate

S = TypeVar("S")
LIMIT = 4096


class FoldedStates:
    """At most `limit` states with their versions; those that were used least recently go first. Thread-safe."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Begin with none."""
        self._limit = limit
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, UUID], tuple[object, int]] = OrderedDict()

    def find(self, kind: Aggregate[S], stream: UUID) -> tuple[S, int]:
        """Return a state and its version; the aggregate's first state and 0 when none is known."""
        with self._lock:
            known = self._known.get((kind.name, stream))
            if known is None:
                return kind.initial, 0
            self._known.move_to_end((kind.name, stream))
        state, version = known
        return state, version  # type: ignore[return-value]  # it was kept under this kind of aggregate

    def keep(self, kind: Aggregate[S], stream: UUID, state: S, version: int) -> None:
        """Keep a state, unless a later one is known."""
        key = (kind.name, stream)
        with self._lock:
            if version >= self._known.get(key, (None, 0))[1]:
                self._known[key] = (state, version)
                self._known.move_to_end(key)
            if len(self._known) > self._limit:
                self._known.popitem(last=False)
