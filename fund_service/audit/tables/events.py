"""Every event of the log as a row, the answers to requests among them: who by the id of an account, what in words."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Uuid

from domain.messages import Recorded
from projections.read_model import Moment, ReadModel, Tables, Words
from projections.timeline import sentence

METADATA = MetaData()

EVENTS = Table(
    "events",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("caused_by", Uuid, nullable=False),
    Column("sentence", Words, nullable=False),
)


class Events(ReadModel):
    """Every event of the log: its position, its stream, both clocks (UTC), who by the id of an account, and a sentence
    in English. `caused_by` is the stream of the answer to the request that led to it.
    """

    name = "events"
    version = 1
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Enter one event."""
        event = recorded.event
        tables[EVENTS].put(
            {
                "position": recorded.position,
                "stream": recorded.stream,
                "version": recorded.version,
                "kind": event.TOPIC.partition(".")[0],
                "topic": event.TOPIC,
                "effective_at": event.effective_at,
                "recorded_at": recorded.recorded_at,
                "by": event.by,
                "caused_by": recorded.caused_by,
                "sentence": sentence(event),
            }
        )
