"""What was delivered to which address: a row for each checkpoint, so that none is left out and none is sent twice."""

from typing import Final

from sqlalchemy import BigInteger, Column, ColumnElement, Engine, MetaData, String, Table, exists, func, literal, select

from fund_service.audit.offline.notes import note_of
from fund_service.audit.witness_log import CHECKPOINTS, Kept
from projections.database import insert_into, make_tables

_metadata = MetaData()
_deliveries = Table(
    "log_deliveries",
    _metadata,
    Column("address", String(16), primary_key=True),
    Column("origin", String(120), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
)
_BEGUN: Final = ""
"""The row of this origin says that an address is known."""


class Deliveries:
    """The deliveries of a log's checkpoints, and of its parts' where `parts` says so, to one address."""

    def __init__(self, engine: Engine, address: str, origin: str, *, parts: bool) -> None:
        """Use the table in this store, or make it."""
        self._engine, self._address = engine, address
        make_tables(engine, _metadata)
        own = CHECKPOINTS.c.origin == origin
        self._sent = own | CHECKPOINTS.c.origin.startswith(f"{origin}/call/", autoescape=True) if parts else own

    def begin(self) -> None:
        """Let a new address begin with the newest checkpoint, which is over whatever those before are over."""
        newest = select(func.max(CHECKPOINTS.c.position)).scalar_subquery()
        columns = literal(self._address), CHECKPOINTS.c.origin, CHECKPOINTS.c.size
        older = select(*columns).where(self._sent, CHECKPOINTS.c.position < newest)
        with self._engine.begin() as connection:
            row = {"address": self._address, "origin": _BEGUN, "size": 0}
            known = connection.execute(insert_into(connection, _deliveries).values(row).on_conflict_do_nothing())
            if known.rowcount:
                connection.execute(
                    insert_into(connection, _deliveries).from_select(["address", "origin", "size"], older)
                )

    def next(self) -> Kept | None:
        """Return the oldest checkpoint that is not delivered; None where there is none."""
        asked = select(CHECKPOINTS.c.position, CHECKPOINTS.c.note).where(self._sent, ~self._there(CHECKPOINTS.c.origin))
        with self._engine.connect() as connection:
            row = connection.execute(asked.order_by(CHECKPOINTS.c.position, CHECKPOINTS.c.origin).limit(1)).first()
        return None if row is None else Kept(row.position, note_of(row.note.encode()))

    def done(self, kept: Kept) -> None:
        """Note that a checkpoint is delivered."""
        row = {"address": self._address, "origin": kept.checkpoint.origin, "size": kept.size}
        with self._engine.begin() as connection:
            connection.execute(insert_into(connection, _deliveries).values(row).on_conflict_do_nothing())

    def owed(self) -> int:
        """Return how many checkpoints are not delivered; 0 as long as the address was not begun with."""
        begun = exists().where(_deliveries.c.address == self._address, _deliveries.c.origin == _BEGUN)
        asked = select(func.count()).select_from(CHECKPOINTS)
        with self._engine.connect() as connection:
            return connection.execute(asked.where(self._sent, begun, ~self._there(CHECKPOINTS.c.origin))).scalar_one()

    def _there(self, origin: ColumnElement[str]) -> ColumnElement[bool]:
        return exists().where(
            _deliveries.c.address == self._address,
            _deliveries.c.origin == origin,
            _deliveries.c.size == CHECKPOINTS.c.size,
        )
