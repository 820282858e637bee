"""The questions about a call: what was asked, what was answered for all, what still waits (E01, D29).

What people wrote stays in the log under its author's key: a row only says at which position it can be read. Published
words are official texts and stand here.
"""

from typing import ClassVar, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, Table, Uuid, select

from domain.call.events import QuestionAnswered, QuestionAnsweredPrivately, QuestionAsked, QuestionDeclined
from domain.messages import Recorded
from domain.values import Instant, Value
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch
from projections.timeline import PEOPLE, UNKNOWN

METADATA = MetaData()

QUESTIONS = Table(
    "call_questions",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_by", Uuid),
    Column("asked_at", Moment),
    Column("asked", BigInteger),
    Column("due", Moment),
    Column("state", Words, default="open"),
    Column("answered", BigInteger),
    Column("see", BigInteger),
    Column("revision", BigInteger, default=0),
    Column("question", Words, default=""),
    Column("answer", Words, default=""),
    Column("published_at", Moment),
)
"""`asked` and `answered` are the positions of what was asked, and of what was said to the asker alone."""

Index("call_questions_by_asker", QUESTIONS.c.asked_by)


class PublishedQuestion(Value):
    """A question with its answer, as all were told at one instant (`published_at`, UTC). The last revision counts."""

    number: int
    question: str
    answer: str
    revision: int
    published_at: Instant


class QuestionRow(Value):
    """A question and where it stands: `asked` and `answered` are the positions of the log with its protected texts.

    Answered for all, it is published, whatever was said to the asker alone before. `see` is the number of another
    question whose published answer says it already.
    """

    call_id: UUID
    number: int
    state: Literal["open", "published", "answered privately", "declined"]
    asked_by: UUID | None
    asked_by_label: str
    asked_at: Instant | None
    due: Instant | None
    asked: int | None
    answered: int | None
    see: int | None
    published: PublishedQuestion | None


class CallQuestions(ReadModel):
    """Every question about every call."""

    name: ClassVar[str] = "call_questions"
    version: ClassVar[int] = 1
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the row of its question."""
        call_id, event, questions = recorded.stream, recorded.event, tables[QUESTIONS]
        match event:
            case QuestionAsked():
                asked = {"asked_by": event.by, "asked_at": event.effective_at, "asked": recorded.position}
                questions.change(call_id, event.number, **asked, due=event.due)
            case QuestionAnswered():
                words = {"question": event.question, "answer": event.answer, "revision": event.revision}
                known = {"state": "published", "published_at": event.effective_at}
                questions.change(call_id, event.number, **words, **known)
            case QuestionAnsweredPrivately():
                questions.change(call_id, event.number, state="answered privately", answered=recorded.position)
            case QuestionDeclined():
                known = {"state": "declined", "see": event.see}
                questions.change(call_id, event.number, answered=recorded.position, **known)
            case _:
                pass


def published(connection: Connection, call_id: UUID) -> list[PublishedQuestion]:
    """Return every question about a call that was answered for all, by number."""
    query = select(QUESTIONS).where(QUESTIONS.c.call_id == call_id, QUESTIONS.c.published_at.is_not(None))
    return [_published(row) for row in fetch(connection, query.order_by(QUESTIONS.c.number))]


def questions(connection: Connection, call_id: UUID | None = None, asked_by: UUID | None = None) -> list[QuestionRow]:
    """Return every question, of one call and of one asker where they are named, in the order in which they came."""
    query = select(QUESTIONS, PEOPLE.c.label).outerjoin(PEOPLE, PEOPLE.c.subject == QUESTIONS.c.asked_by)
    if call_id is not None:
        query = query.where(QUESTIONS.c.call_id == call_id)
    if asked_by is not None:
        query = query.where(QUESTIONS.c.asked_by == asked_by)
    found = fetch(connection, query.order_by(QUESTIONS.c.asked, QUESTIONS.c.call_id, QUESTIONS.c.number))
    return [_question(row) for row in found]


def _question(row: Row) -> QuestionRow:
    told = {name: row[name] for name in QuestionRow.model_fields if name in row}
    published = _published(row) if row["published_at"] is not None else None
    return QuestionRow(**told, asked_by_label=row["label"] or UNKNOWN, published=published)


def _published(row: Row) -> PublishedQuestion:
    return PublishedQuestion(**{name: row[name] for name in PublishedQuestion.model_fields})
