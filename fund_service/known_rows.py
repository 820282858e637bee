"""The rows of whole lists as they were read last, ready to be searched and sorted.

While the screens stand where they stood, nothing is read. When they moved on, the rows are read as the database holds
them and compared with those of before: what is the same is kept as it was made.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.values import Value
from fund_service.listing import Data, Place, as_data, folded, in_order, order, said
from projections.lists import Kin, Rows

R = TypeVar("R", bound=Value)

LISTS: Final = 4
"""So many lists are kept, those that were asked for last: one of 6,000 rows takes some 35 MB."""
_FEW: Final = 500
"""So many rows that changed are looked for by their ids; where more did, all are read."""
_APART: Final = "\0"


class Entry(Generic[R]):
    """A row of a list, with what it has in common with others where that is known; never changed."""

    def __init__(self, row: R, kin: Kin | None = None) -> None:
        """Take a row."""
        self.row, self.kin = row, kin
        self._places: dict[str, Place | None] = {}

    @cached_property
    def id(self) -> UUID:
        """The id of what it is about."""
        id: UUID = self.row.id  # type: ignore[attr-defined]
        return id

    @cached_property
    def data(self) -> Data:
        """The row as programs get it."""
        return as_data(self.row)

    @cached_property
    def text(self) -> str:
        """All that stands in it, as it is searched."""
        return text_of(self.data)

    def place(self, field: str) -> Place | None:
        """Return where it stands by a field among others."""
        if field not in self._places:
            self._places[field] = order(self.data[field])
        return self._places[field]


def text_of(data: Data) -> str:
    """Return all that stands in a row, as it is searched: without case and accents."""
    return _APART.join(folded(said(value)) for value in data.values())


class Listing(Generic[R]):
    """The rows of one list, in their own order and by each field."""

    def __init__(self, entries: Iterable[Entry[R]]) -> None:
        """Take the rows in their own order."""
        self.entries = tuple(entries)
        self._sorted: dict[str, list[Entry[R]]] = {}

    def by(self, sort: str) -> list[Entry[R]]:
        """Return them all by a field that rows of their kind have, downwards by -field."""
        if sort not in self._sorted:
            field = sort.removeprefix("-")
            self._sorted[sort] = in_order(self.entries, lambda one: one.place(field), sort)
        return self._sorted[sort]


class _Read(NamedTuple):
    """A list as it was read: where the screens stood, the rows as the database holds them, and as they are shown."""

    standing: tuple[Any, ...]
    stored: dict[Any, tuple[Any, ...]]
    listing: Listing[Any]


class KnownRows:
    """The lists that were read last. Thread-safe: each is replaced as a whole."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = Lock()
        self._known: OrderedDict[Any, _Read] = OrderedDict()

    def of(self, rows: Iterable[R]) -> Listing[R]:
        """Return the rows of a list as the screens hold them now."""
        if not isinstance(rows, Rows):
            return Listing(map(Entry, rows))
        if rows.of is None:
            return Listing(Entry(*one) for one in rows.with_kin())
        whole = self._whole(rows)
        counts = rows.counts
        return whole if counts is None else Listing(one for one in whole.entries if counts(one.id))

    def _whole(self, rows: Rows[R]) -> Listing[R]:
        key, standing = (rows.connection.engine.url, rows.of), rows.standing()
        with self._lock:
            known = self._known.get(key)
        if known is None or known.standing != standing:
            known = _read(replace(rows, counts=None), standing, known)
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            if len(self._known) > LISTS:
                self._known.popitem(last=False)
        return known.listing


def _read(rows: Rows[R], standing: tuple[Any, ...], before: _Read | None) -> _Read:
    stored = {one[0]: tuple(one) for one in rows.stored()}
    if before is None:
        return _Read(standing, stored, Listing(Entry(*one) for one in rows.with_kin()))
    if stored == before.stored:
        return before._replace(standing=standing)
    same = {
        id: entry
        for (id, row), entry in zip(before.stored.items(), before.listing.entries, strict=True)
        if stored.get(id) == row
    }
    others = [UUID(str(id)) for id in stored if id not in same]
    read = {row.id: Entry(row, kin) for row, kin in rows.with_kin(others if len(others) <= _FEW else None)}  # type: ignore[attr-defined]
    return _Read(standing, stored, Listing(same.get(id) or read[UUID(str(id))] for id in stored))
