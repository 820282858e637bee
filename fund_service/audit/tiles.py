"""A Merkle tree in tiles (C2SP tlog-tiles), over every stored record in the log's order.

A tile holds up to 256 hashes of one level: of records in level 0, of whole tiles of the level below in the others. The
tree only grows, by the records beyond those that it holds: whoever alters an older record does not alter the tree.
Positions have gaps and places in the tree have none, so each tile of level 0 says with which position it ends.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eventsourcing.persistence import Notification
from sqlalchemy import BigInteger, Column, Connection, Executable, Integer, LargeBinary, MetaData, Table, select, update

from fund_service.audit.offline.merkle import EMPTY_ROOT, HASH_BYTES, WIDTH, leaf_hash, root_of, subtree_of
from fund_service.audit.records import record_of
from projections.database import insert_into

TILES = MetaData()
_tiles = Table(
    "log_tiles",
    TILES,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("position", BigInteger),
)
_RECORDS = _tiles.c.level == 0


class Standing(NamedTuple):
    """How far a tree has grown: so many records, the last at this position."""

    size: int = 0
    position: int = 0


class Stretch(NamedTuple):
    """One tile of level 0: its number, the hashes of its records, and the position of the last."""

    number: int
    hashes: bytes
    position: int


class Overtaken(Exception):
    """Another process let the tree grow meanwhile."""


class Tree:
    """The tree of a given size, as one connection sees it."""

    def __init__(self, connection: Connection) -> None:
        """Read the tree through this connection."""
        self._connection = connection
        self._known: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile, as many as there are by now."""
        if (level, number) not in self._known:
            asked = select(_tiles.c.hashes).where(_tiles.c.level == level, _tiles.c.number == number)
            self._known[level, number] = bytes(self._connection.execute(asked).scalar_one_or_none() or b"")
        return self._known[level, number]

    def root(self, size: int) -> bytes:
        """Return the root over so many records."""
        return self.subtree(0, size) if size else EMPTY_ROOT

    def subtree(self, start: int, end: int) -> bytes:
        """Return the hash of the tree over some records: a whole one as RFC 6962 divides them."""
        return subtree_of(self._hashes_at, start, end)

    def _hashes_at(self, level: int, first: int, count: int) -> list[bytes]:
        """Return neighbours of a level, which never lie in two tiles."""
        number, place = divmod(first, WIDTH)
        return hashes_in(self.tile(level, number), place, count)

    def tiles(self, size: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, number and hashes of every tile of a tree of this size."""
        level, width = 0, size
        while width:
            for number in range(-(-width // WIDTH)):
                yield level, number, self.tile(level, number)[: HASH_BYTES * min(WIDTH, width - number * WIDTH)]
            level, width = level + 1, width // WIDTH

    def standing(self) -> Standing:
        """Return how far the tree has grown."""
        last = next(iter(self._stretches(_RECORDS, last=True)), None)
        if last is None:
            return Standing()
        return Standing(last.number * WIDTH + len(last.hashes) // HASH_BYTES, last.position)

    def around(self, position: int) -> tuple[int, Stretch | None]:
        """Return the tile whose records reach to a position, and the position with which the one before it ends."""
        before = next(iter(self._stretches(_RECORDS & (_tiles.c.position < position), last=True)), None)
        found = next(iter(self._stretches(_RECORDS & (_tiles.c.position >= position))), None)
        return before.position if before else 0, found

    def stretches(self) -> Iterator[Stretch]:
        """Yield every tile of level 0."""
        number = 0
        while found := next(iter(self._stretches(_RECORDS & (_tiles.c.number == number))), None):
            yield found
            number += 1

    def _stretches(self, where: object, *, last: bool = False) -> Iterator[Stretch]:
        order = _tiles.c.number.desc() if last else _tiles.c.number
        asked = select(_tiles.c.number, _tiles.c.hashes, _tiles.c.position).where(where).order_by(order).limit(1)  # type: ignore[arg-type]
        for row in self._connection.execute(asked):
            yield Stretch(row.number, bytes(row.hashes), row.position)


def hashes_in(tile: bytes, first: int = 0, count: int | None = None) -> list[bytes]:
    """Return hashes of a tile one by one."""
    there = len(tile) // HASH_BYTES
    last = there if count is None else first + count
    return [tile[HASH_BYTES * at : HASH_BYTES * (at + 1)] for at in range(first, last)]


def taken_in(connection: Connection, standing: Standing, records: Sequence[Notification]) -> Standing:
    """Let a tree that stands so grow by the records beyond. Raises Overtaken when it no longer stands so."""
    ends = [(leaf_hash(record_of(one)), one.id) for one in records]
    number, there = divmod(standing.size, WIDTH)
    hashes = Tree(connection).tile(0, number) if there else b""
    while ends:
        more, ends = ends[: WIDTH - there], ends[WIDTH - there :]
        grown = hashes + b"".join(hash for hash, _ in more)
        _write(connection, (0, number), hashes, grown, more[-1][1])
        if len(grown) == WIDTH * HASH_BYTES:
            _lift(connection, 1, number, root_of(hashes_in(grown)))
            number, there, hashes = number + 1, 0, b""
    return Standing(standing.size + len(records), records[-1].id)


def _lift(connection: Connection, level: int, number: int, root: bytes) -> None:
    """Put the root of a whole tile into the level above."""
    above, place = divmod(number, WIDTH)
    hashes = Tree(connection).tile(level, above)
    grown = hashes + root
    _write(connection, (level, above), hashes, grown, None)
    if place == WIDTH - 1:
        _lift(connection, level + 1, above, root_of(hashes_in(grown)))


def _write(connection: Connection, at: tuple[int, int], hashes: bytes, grown: bytes, position: int | None) -> None:
    """Write a tile over the one that was seen there."""
    level, number = at
    statement: Executable
    if hashes:
        seen = (_tiles.c.level == level, _tiles.c.number == number, _tiles.c.hashes == hashes)
        statement = update(_tiles).where(*seen).values(hashes=grown, position=position)
    else:
        row = {"level": level, "number": number, "hashes": grown, "position": position}
        statement = insert_into(connection, _tiles).values(row).on_conflict_do_nothing()
    if not connection.execute(statement).rowcount:
        raise Overtaken
