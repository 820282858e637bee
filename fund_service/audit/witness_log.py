"""The witness log of a fund: its tree, and the checkpoints that were signed over it; both in tables of their own.

A call's records are a log of their own besides, with checkpoints of its own (and no tree that is kept): so nobody who
exports them can leave one out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, NamedTuple

from eventsourcing.persistence import Notification
from sqlalchemy import BigInteger, Column, ColumnElement, Engine, MetaData, Row, String, Table, Text, select, update

from domain.errors import NotFound
from fund_service.audit.offline.merkle import WIDTH, consistency_path, inclusion_path
from fund_service.audit.offline.notes import Checkpoint, Note, Proof, Signature, checkpoint_of, note_of
from fund_service.audit.tiles import TILES, Overtaken, Standing, Stretch, Tree, taken_in
from projections.database import insert_into, make_tables, one_moment

BATCH: Final = 32 * WIDTH
"""So many records are taken in within one transaction."""

_metadata = MetaData()
CHECKPOINTS = Table(
    "log_checkpoints",
    _metadata,
    Column("origin", String(120), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)

Headers = Callable[[int, int], Iterator[Notification]]
"""`headers(after, page_size)`: every stored record beyond a position, in the log's order."""


class Kept(NamedTuple):
    """A checkpoint that was signed and kept, with the position of the last record below it."""

    position: int
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """What it says."""
        return checkpoint_of(self.note.text)

    @property
    def size(self) -> int:
        """How many records it is over."""
        return self.checkpoint.size


class WitnessLog:
    """The tree and its checkpoints. Of two processes that let it grow at once, one does and the other looks again."""

    def __init__(self, engine: Engine, headers: Headers) -> None:
        """Use the tables of this store, or make them."""
        self._engine, self._headers = engine, headers
        for tables in (TILES, _metadata):
            make_tables(engine, tables)

    @contextmanager
    def tree(self) -> Iterator[Tree]:
        """Open the tree as it is at one moment."""
        with one_moment(self._engine) as connection:
            yield Tree(connection)

    def standing(self) -> Standing:
        """Return how far the tree has grown."""
        with self.tree() as tree:
            return tree.standing()

    def stretches(self) -> Iterator[Stretch]:
        """Yield the hashes of all records, 256 at a time."""
        with self.tree() as tree:
            yield from tree.stretches()

    def grow(self) -> Standing:
        """Take in every record up to the log's end."""
        standing = self.standing()
        records = self._headers(standing.position, BATCH)
        while batch := list(islice(records, BATCH)):
            try:
                with self._engine.begin() as connection:
                    standing = taken_in(connection, standing, batch)
            except Overtaken:
                standing = self.standing()
                records = self._headers(standing.position, BATCH)
        return standing

    def keep(self, position: int, note: Note) -> None:
        """Keep a signed checkpoint; one that is kept already stays, with whatever signatures it was given."""
        checkpoint = checkpoint_of(note.text)
        row = {"origin": checkpoint.origin, "size": checkpoint.size, "position": position, "note": str(note)}
        with self._engine.begin() as connection:
            connection.execute(insert_into(connection, CHECKPOINTS).values(row).on_conflict_do_nothing())

    def countersign(self, kept: Kept, signature: Signature) -> None:
        """Put a witness's signature below a kept checkpoint, unless it signed before; others may do so at once."""
        these = (CHECKPOINTS.c.origin == kept.checkpoint.origin, CHECKPOINTS.c.size == kept.size)
        while True:
            with self._engine.connect() as connection:
                seen = connection.execute(select(CHECKPOINTS.c.note).where(*these)).scalar_one()
            note = note_of(seen.encode())
            if any((one.name, one.key_id) == (signature.name, signature.key_id) for one in note.signatures):
                return
            more = str(Note(note.text, (*note.signatures, signature)))
            with self._engine.begin() as connection:
                changed = update(CHECKPOINTS).where(*these, CHECKPOINTS.c.note == seen).values(note=more)
                if connection.execute(changed).rowcount:
                    return

    def checkpoints(self, origin: str) -> list[Kept]:
        """Return every checkpoint of a log, or of a call, oldest first."""
        asked = select(CHECKPOINTS.c.position, CHECKPOINTS.c.note).where(CHECKPOINTS.c.origin == origin)
        with self._engine.connect() as connection:
            return [_kept(row) for row in connection.execute(asked.order_by(CHECKPOINTS.c.size))]

    def latest(self, origin: str) -> Kept | None:
        """Return the last checkpoint of a log, or of a call; None when there is none."""
        return self._first(CHECKPOINTS.c.origin == origin, order=CHECKPOINTS.c.size.desc())

    def first_over(self, origin: str, position: int) -> Kept:
        """Return the first checkpoint over the record at a position. Raises NotFound while there is none."""
        these = CHECKPOINTS.c.origin == origin, CHECKPOINTS.c.position >= position
        found = self._first(*these, order=CHECKPOINTS.c.size)
        if found is None:
            raise NotFound(
                f"No checkpoint was signed yet since the record at position {position}.",
                "Ask again in an hour: the service signs one at least so often.",
            )
        return found

    def _first(self, *where: ColumnElement[bool], order: ColumnElement[int]) -> Kept | None:
        asked = select(CHECKPOINTS.c.position, CHECKPOINTS.c.note).where(*where).order_by(order).limit(1)
        with self._engine.connect() as connection:
            return next(map(_kept, connection.execute(asked)), None)

    def root(self, size: int) -> bytes:
        """Return the root of the tree as it was with so many records."""
        with self.tree() as tree:
            return tree.root(size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Return the proof that the tree of one size begins with that of an older one."""
        with self.tree() as tree:
            return consistency_path(old, size, tree.subtree) if old else []

    def proof(self, origin: str, position: int) -> Proof:
        """Return the proof that the record at a position stands in the log. Raises NotFound while none can be given."""
        kept = self.first_over(origin, position)
        index = self.index(position)
        with self.tree() as tree:
            return Proof(index, tuple(inclusion_path(index, kept.size, tree.subtree)), kept.note)

    def index(self, position: int) -> int:
        """Return the place in the tree of the record at a position. Raises NotFound."""
        with self.tree() as tree:
            before, stretch = tree.around(position)
        if stretch is not None:
            for place, stored in enumerate(islice(self._headers(before, WIDTH), WIDTH)):
                if stored.id == position:
                    return stretch.number * WIDTH + place
        raise NotFound(f"No record of the log is at position {position}.", "Look its position up in the log.")


def _kept(row: Row[Any, Any]) -> Kept:
    return Kept(row.position, note_of(row.note.encode()))
