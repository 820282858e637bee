"""The log's entries as rows for programs: what happened in a sentence, and the stored event itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.messages import Recorded
from domain.values import Value
from fund_service.audit.explaining.refusals import RefusalRow
from fund_service.questions import AskedQuestion
from projections.call_questions import PublishedQuestion
from projections.timeline import TimelineRow


class TimelineEntry(TimelineRow):
    """One line of a timeline; its id is the event's position."""

    id: int


class QuestionEntry(AskedQuestion):
    """A question about a call; its id is its number."""

    id: int


class PublishedEntry(PublishedQuestion):
    """A question that was answered for all; its id is its number."""

    id: int


class RefusalEntry(RefusalRow):
    """A request that was refused; its id is the position of its receipt."""

    id: int


class EventEntry(Value):
    """One event as the log holds it, protected text revealed; its id is its position. Both clocks are UTC."""

    id: int
    position: int
    stream: UUID
    version: int
    topic: str
    effective_at: datetime
    recorded_at: datetime
    by: UUID
    caused_by: UUID
    event: dict[str, Any]


def timeline_entry(row: TimelineRow) -> TimelineEntry:
    """Return a line of a timeline with its id."""
    return TimelineEntry(id=row.position, **dict(row))


def event_entry(recorded: Recorded) -> EventEntry:
    """Return a recorded event as a row."""
    event = recorded.event
    return EventEntry(
        id=recorded.position,
        position=recorded.position,
        stream=recorded.stream,
        version=recorded.version,
        topic=event.TOPIC,
        effective_at=event.effective_at,
        recorded_at=recorded.recorded_at,
        by=event.by,
        caused_by=recorded.caused_by,
        event=event.model_dump(mode="json", context={"reveal": True}, exclude={"by", "effective_at"}),
    )
