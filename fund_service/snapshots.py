"""Snapshots: states as stored every hundred events, so that a long stream need not be folded from its first event.

They follow from the log and may be deleted at any time. A stored one is a mark and the state as JSON, its protected
text sealed; the topic names its kind. The mark is the keyed digest of its place, its content and the domain's own code:
what was written for another shape or fold, or was altered since, does not fit and is passed over.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresAggregateRecorder
from eventsourcing.sqlite import SQLiteAggregateRecorder
from pydantic import TypeAdapter, ValidationError

import domain
from domain.catalogue import AGGREGATES
from domain.messages import Aggregate
from domain.values import Protector

S = TypeVar("S")
EVERY: Final = 100
"""So many events of a stream lie between two snapshots."""

_PAGE: Final = 100
_KINDS: Final = {kind.name: kind for kind in AGGREGATES}


class Kept(NamedTuple):
    """A snapshot as it lies in its table: `state` is None when it cannot be read by the domain of today."""

    kind: str
    stream: UUID
    version: int
    state: Any


class Snapshots:
    """The snapshots of one log, in a table beside it. Thread-safe."""

    def __init__(self, recorder: AggregateRecorder, protector: Protector) -> None:
        """Use this table, and the protector that sealed the texts."""
        self._recorder = recorder
        self._protector = protector

    def find(self, kind: Aggregate[S], stream: UUID, up_to: int | None = None) -> tuple[S, int] | None:
        """Return the last state that was kept, up to a version, and its version; None when there is none, or it does
        not fit.
        """
        for stored in self._recorder.select_events(stream, lte=up_to, desc=True, limit=1):
            mark, _, state = bytes(stored.state).partition(b"\n")
            if mark == self._mark(kind, stream, stored.originator_version, state):
                with suppress(ValidationError):
                    known = _adapter(kind).validate_json(state, context={"protector": self._protector})
                    return known, stored.originator_version
        return None

    def keep(self, kind: Aggregate[S], stream: UUID, state: S, version: int) -> None:
        """Keep a state in a transaction of its own, unless one of this version is kept already."""
        written = _adapter(kind).dump_json(state, context={"protector": self._protector})
        marked = self._mark(kind, stream, version, written) + b"\n" + written
        with suppress(IntegrityError):
            self._recorder.insert_events([StoredEvent(stream, version, kind.name, marked)])

    def every(self) -> Iterator[Kept]:
        """Yield every snapshot that lies here, stream by stream, the oldest of each first, whatever its mark."""
        place: tuple[UUID, int] = (UUID(int=0), 0)
        while page := self._page(*place):
            for stream, version, name, stored in page:
                _, _, state = stored.partition(b"\n")
                yield Kept(name, stream, version, self._read(name, state))
            place = page[-1][:2]

    def _page(self, stream: UUID, version: int) -> list[tuple[UUID, int, str, bytes]]:
        """Return some snapshots beyond a place."""
        recorder = self._recorder
        assert isinstance(recorder, SQLiteAggregateRecorder | PostgresAggregateRecorder)
        sqlite = isinstance(recorder, SQLiteAggregateRecorder)
        mark, id = ("?", stream.hex) if sqlite else ("%s", str(stream))
        asked = (
            f"SELECT originator_id, originator_version, topic, state FROM {recorder.events_table_name} "
            f"WHERE (originator_id, originator_version) > ({mark}, {mark}) "
            f"ORDER BY originator_id, originator_version LIMIT {_PAGE}"
        )
        with recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(asked, (id, version))
            rows = cursor.fetchall()
        return [
            (UUID(str(row["originator_id"])), row["originator_version"], row["topic"], bytes(row["state"]))
            for row in rows
        ]

    def _read(self, name: str, state: bytes) -> Any:
        with suppress(ValidationError, KeyError):
            return _adapter(_KINDS[name]).validate_json(state, context={"protector": self._protector})
        return None

    def _mark(self, kind: Aggregate[Any], stream: UUID, version: int, state: bytes) -> bytes:
        place = (kind.name, str(stream), str(version))
        return self._protector.digest("snapshot", fingerprint(), *place, sha256(state).hexdigest()).encode()


@cache
def fingerprint() -> str:
    """Return the digest of the domain's code, on which the shape and the fold of every state depend."""
    files = sorted(Path(*domain.__path__).rglob("*.py"))
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()


def _adapter(kind: Aggregate[Any]) -> TypeAdapter[Any]:
    shape: object = type(kind.initial)
    return _adapter_of(shape)


@cache
def _adapter_of(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
