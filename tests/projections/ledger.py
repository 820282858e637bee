"""A read model that knows how often each event was taken in."""

from sqlalchemy import BigInteger, Column, MetaData, Table

from domain.messages import Recorded
from projections.read_model import ReadModel, Tables


class Ledger(ReadModel):
    """How often each event was taken in, and how many there were at all."""

    name = "ledger"
    version = 1
    metadata = MetaData()
    EVENTS = Table(
        "ledger_events",
        metadata,
        Column("position", BigInteger, primary_key=True),
        Column("times", BigInteger, default=0),
    )
    SUM = Table(
        "ledger_sum", metadata, Column("id", BigInteger, primary_key=True), Column("events", BigInteger, default=0)
    )

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Count one event."""
        position = recorded.position
        tables[self.EVENTS].change(position, times=tables[self.EVENTS].row(position)["times"] + 1)
        tables[self.SUM].change(1, events=tables[self.SUM].row(1)["events"] + 1)
