"""Events of a call by their positions, in words: what every figure of an audit leads to."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import Connection

from domain.audit.history import History
from domain.values import Instant, Value
from fund_service.audit.exceptions import labels
from projections.timeline import UNKNOWN, sentence


class AuditedEvent(Value):
    """An event of the log in words, with its position, its stream and both clocks (UTC)."""

    position: int
    stream: UUID
    topic: str
    sentence: str
    by_label: str
    at: Instant
    recorded_at: Instant


def events_at(history: History, positions: Collection[int], connection: Connection) -> Iterator[AuditedEvent]:
    """Yield the events of a call at these positions, oldest first; what is none of its events is left out."""
    people = labels(connection)
    for recorded in history.events:
        if recorded.position in positions:
            yield AuditedEvent(
                position=recorded.position,
                stream=recorded.stream,
                topic=recorded.event.TOPIC,
                sentence=sentence(recorded.event),
                by_label=people.get(recorded.event.by, UNKNOWN),
                at=recorded.event.effective_at,
                recorded_at=recorded.recorded_at,
            )
