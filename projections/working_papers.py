"""The working papers of auditors: what each holds, and which finding waits for whom (D34–D37).

What people wrote stays in the log under its author's key: a row only says at which position it can be read.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, Table, Uuid, bindparam, func, select

from domain.messages import Recorded
from domain.rulebook.eu import end_of_day
from domain.values import BRUSSELS
from domain.working_paper.events import (
    FindingAnswered,
    FindingFollowedUp,
    FindingIssued,
    NoteWritten,
    Standing,
    WorkingPaperClosed,
    WorkingPaperOpened,
)
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

PAPERS = Table(
    "working_papers",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("opened", BigInteger),
    Column("opened_by", Uuid),
    Column("opened_at", Moment),
    Column("notes", BigInteger, default=0),
    Column("closed_at", Moment),
)

FINDINGS = Table(
    "working_paper_findings",
    METADATA,
    Column("paper_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("issued", BigInteger),
    Column("issued_at", Moment),
    Column("priority", Words, default=""),
    Column("answer_by", Words, default=""),
    Column("state", Words, default="waits"),
    Column("agreed", Boolean),
    Column("by_when", Words, default=""),
)
"""`opened` and `issued` are positions of the log; `answer_by` and `by_when` days, as ISO 8601 writes them."""


class KnownPaper(NamedTuple):
    """A working paper as far as no text is in it; `opened` is the position of the event with its title."""

    id: UUID
    call_id: UUID
    opened: int
    opened_by: UUID
    opened_at: datetime
    notes: int
    closed_at: datetime | None


class KnownFinding(NamedTuple):
    """A finding as far as no text is in it; `issued` is the position of the event with its words.

    `state` is waits (for an answer, until `due`, UTC), answered, accepted or implemented; `by_when` is the day that was
    named last.
    """

    paper_id: UUID
    number: int
    issued: int
    issued_at: datetime
    priority: str
    state: str
    due: datetime | None
    agreed: bool | None
    by_when: date | None


class WorkingPapers(ReadModel):
    """Every working paper, and every finding in one."""

    name: ClassVar[str] = "working_papers"
    version: ClassVar[int] = 1
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the row of its paper, or of its finding."""
        id, event, papers, findings = recorded.stream, recorded.event, tables[PAPERS], tables[FINDINGS]
        match event:
            case WorkingPaperOpened():
                known = {"opened_by": event.by, "opened_at": event.effective_at, "opened": recorded.position}
                papers.change(id, call_id=event.call_id, **known)
            case NoteWritten():
                papers.change(id, notes=papers.row(id)["notes"] + 1)
            case FindingIssued():
                told = {"issued": recorded.position, "issued_at": event.effective_at}
                findings.change(id, event.number, **told, answer_by=_day(event.answer_by))
            case FindingAnswered():
                findings.change(id, event.number, state="answered", agreed=event.agreed, by_when=_day(event.by_when))
            case FindingFollowedUp(standing=Standing.OPEN):
                day = _day(event.by_when)
                findings.change(id, event.number, state="waits", answer_by=day, by_when=day)
            case FindingFollowedUp():
                findings.change(id, event.number, state=event.standing.value)
            case WorkingPaperClosed():
                papers.change(id, closed_at=event.effective_at)
            case _:
                pass


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def papers(connection: Connection, call_id: UUID) -> Iterator[KnownPaper]:
    """Yield the working papers of a call, in the order in which they were opened."""
    query = select(PAPERS).where(PAPERS.c.call_id == call_id).order_by(PAPERS.c.opened)
    return (KnownPaper(**row) for row in fetch(connection, query))


def findings(connection: Connection, call_id: UUID | None = None) -> Iterator[KnownFinding]:
    """Yield the findings of auditors, in one call or in all, in the order in which they were issued."""
    query = _FINDINGS if call_id is None else _FINDINGS.where(PAPERS.c.call_id == call_id)
    return (_finding(row) for row in fetch(connection, query))


_FINDINGS: Final = (
    select(FINDINGS)
    .join(PAPERS, PAPERS.c.id == FINDINGS.c.paper_id)
    .where(FINDINGS.c.issued.is_not(None))
    .order_by(FINDINGS.c.issued)
)


_WAIT: Final = (
    select(func.count())
    .select_from(FINDINGS)
    .join(PAPERS, PAPERS.c.id == FINDINGS.c.paper_id)
    .where(FINDINGS.c.issued.is_not(None), FINDINGS.c.state == "waits", PAPERS.c.call_id == bindparam("call_id"))
)


def how_many_wait(connection: Connection, call_id: UUID) -> int:
    """Return how many findings in a call wait for an answer."""
    return int(connection.execute(_WAIT, {"call_id": call_id}).scalar_one())


def _finding(row: Row) -> KnownFinding:
    answer_by, by_when = (date.fromisoformat(row[day]) if row[day] else None for day in ("answer_by", "by_when"))
    due = end_of_day(answer_by, BRUSSELS) if answer_by is not None and row["state"] == "waits" else None
    told = {name: row[name] for name in KnownFinding._fields if name in row}
    return KnownFinding(**{**told, "due": due, "by_when": by_when})
