"""The states of a long log: those used last in memory, the others in a temporary file."""

import pickle
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from domain.prefixes.prefixes import Held

IN_MEMORY: Final = 8_192
"""So many states are held in memory; one takes some 6 kB."""


class SpilledStates:
    """States by stream, of which `limit` at most are in memory. They hold no text of a person."""

    def __init__(self, file: sqlite3.Connection, limit: int = IN_MEMORY) -> None:
        """Keep the others in a file of one's own."""
        self._file = file
        self._limit = limit
        self._known: OrderedDict[UUID, Held] = OrderedDict()
        self._changed: set[UUID] = set()
        self._count = 0
        file.execute("CREATE TABLE states (stream BLOB PRIMARY KEY, held BLOB NOT NULL) WITHOUT ROWID")

    def get(self, stream: UUID) -> Held | None:
        """Return the state of a stream, or None."""
        held = self._known.get(stream)
        if held is None:
            found = self._file.execute("SELECT held FROM states WHERE stream = ?", (stream.bytes,)).fetchone()
            if found is None:
                return None
            held = pickle.loads(found[0])  # written below, into a file that nobody else can open
            assert isinstance(held, Held)
            self._remember(stream, held)
        else:
            self._known.move_to_end(stream)
        return held

    def __setitem__(self, stream: UUID, held: Held) -> None:
        """Keep the state of a stream."""
        self._count += stream not in self._known and self.get(stream) is None
        self._changed.add(stream)
        self._remember(stream, held)

    def __len__(self) -> int:
        """Return of how many streams there is a state."""
        return self._count

    def _remember(self, stream: UUID, held: Held) -> None:
        self._known[stream] = held
        self._known.move_to_end(stream)
        if len(self._known) > self._limit:
            oldest, state = self._known.popitem(last=False)
            if oldest in self._changed:
                self._changed.remove(oldest)
                self._file.execute("REPLACE INTO states VALUES (?, ?)", (oldest.bytes, pickle.dumps(state)))


@contextmanager
def spilled_states(limit: int = IN_MEMORY) -> Iterator[SpilledStates]:
    """Open states in a temporary file, which is gone at the end of the block."""
    with TemporaryDirectory() as place, closing(sqlite3.connect(Path(place) / "states.db")) as file:
        file.execute("PRAGMA journal_mode=OFF")
        file.execute("PRAGMA synchronous=OFF")
        yield SpilledStates(file, limit)
