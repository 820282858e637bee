"""The questions about a call with what people wrote in them, for the secretariat and for who asked."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.call.events import QuestionAnsweredPrivately, QuestionAsked, QuestionDeclined
from domain.values import Instant, Value
from fund_service.event_store import EventLog
from projections.call_questions import QuestionRow


class AskedQuestion(Value):
    """A question about a call. `question` is what was asked; `said` what the asker alone was answered, or why it was
    declined; `published_question`, `answer` and `published_at` (UTC) what all were told. It is `late` when nobody
    answered by the time that it was due (UTC).
    """

    call_id: UUID
    number: int
    state: Literal["open", "published", "answered privately", "declined"]
    asked_by: UUID | None
    asked_by_label: str
    asked_at: Instant | None
    due: Instant | None
    late: bool
    question: str
    said: str | None
    see: int | None
    revision: int
    published_question: str | None
    answer: str | None
    published_at: Instant | None


def revealed(rows: Iterable[QuestionRow], log: EventLog, now: datetime) -> Iterator[AskedQuestion]:
    """Yield questions with their texts; the reader must have the right to them. `now` is the fund's time."""
    for row in rows:
        open_until = row.due if row.state == "open" else None
        told = row.published
        yield AskedQuestion(
            **row.model_dump(exclude={"asked", "answered", "published"}),
            late=open_until is not None and now >= open_until,
            question=_text(log, row.asked) or "",
            said=_text(log, row.answered),
            revision=told.revision if told else 0,
            published_question=told.question if told else None,
            answer=told.answer if told else None,
            published_at=told.published_at if told else None,
        )


def _text(log: EventLog, position: int | None) -> str | None:
    """Return the protected text of the event at a position, or None when there is none."""
    if position is None:
        return None
    [recorded] = log.read(position - 1, 1)
    match recorded.event:
        case QuestionAsked(question=text) | QuestionAnsweredPrivately(answer=text) | QuestionDeclined(reason=text):
            return text.shown
        case _:
            return None
