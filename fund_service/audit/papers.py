"""The working papers of auditors with what people wrote in them, for those who may read it.

Notes are for auditors alone; the secretariat reads a paper from its first finding on, without them (D34).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from domain.errors import NotFound
from domain.messages import Recorded
from domain.values import Instant, Value
from domain.working_paper.events import (
    FindingAnswered,
    FindingFollowedUp,
    FindingIssued,
    NoteWritten,
    Priority,
    Standing,
    WorkingPaperClosed,
    WorkingPaperOpened,
)
from fund_service.audit.exceptions import labels
from fund_service.event_store import EventLog
from projections import working_papers
from projections.timeline import UNKNOWN
from projections.working_papers import KnownFinding

FindingState = Literal["waits", "answered", "accepted", "implemented"]
SETTLED = ("accepted", "implemented")


class PaperRow(Value):
    """A working paper: what it is called, the address of what it is about, how many notes and findings it holds.

    So many findings are `waiting` for an answer and so many `unsettled`; `due` (UTC) is when the first answer is.
    """

    id: UUID
    call_id: UUID
    title: str
    about: str
    state: Literal["open", "closed"]
    opened_by_label: str
    opened_at: Instant
    notes: int
    findings: int
    waiting: int
    unsettled: int
    due: Instant | None
    late: bool
    closed_at: Instant | None


class FindingRow(Value):
    """A finding of an audit. It waits for an answer until `due` (UTC), or is answered, accepted or implemented.

    `by_when` is the day in Brussels that was named last for putting it right. `title` is that of its working paper.
    """

    id: str
    paper_id: UUID
    number: int
    title: str
    priority: Priority
    condition: str
    recommendation: str
    issued_at: Instant
    state: FindingState
    due: Instant | None
    late: bool
    agreed: bool | None
    by_when: date | None


class WrittenNote(Value):
    """A note; `cites` is the address of what it is about, or empty."""

    position: int
    at: Instant
    by_label: str
    note: str
    cites: str


class Said(Value):
    """What was said about a finding: an answer (`agreed`), or how an auditor found it to stand; `by_when` is a day."""

    position: int
    at: Instant
    by_label: str
    agreed: bool | None
    standing: Standing | None
    text: str
    by_when: date | None


class ShownFinding(Value):
    """A finding, whole, with all that was said about it, oldest first."""

    number: int
    position: int
    priority: Priority
    condition: str
    criterion: str
    cause: str
    effect: str
    recommendation: str
    issued_at: Instant
    by_label: str
    state: FindingState
    due: Instant | None
    late: bool
    said: tuple[Said, ...]


class PaperShown(Value):
    """A working paper, whole, as far as who asks may read it; `about` is the address of what it is about."""

    id: UUID
    version: int
    call_id: UUID
    title: str
    about: str
    state: Literal["open", "closed"]
    opened_at: Instant
    opened_by_label: str
    position: int
    notes: tuple[WrittenNote, ...]
    findings: tuple[ShownFinding, ...]
    conclusion: str | None
    closed_at: Instant | None


def paper_rows(connection: Connection, log: EventLog, call_id: UUID, now: datetime) -> Iterator[PaperRow]:
    """Yield the working papers of a call, in the order in which they were opened. `now` is the fund's time."""
    people, found = labels(connection), list(working_papers.findings(connection, call_id))
    for paper in working_papers.papers(connection, call_id):
        opened, own = _event(log, paper.opened), [one for one in found if one.paper_id == paper.id]
        assert isinstance(opened, WorkingPaperOpened)
        due = min((one.due for one in own if one.due is not None), default=None)
        yield PaperRow(
            id=paper.id,
            call_id=paper.call_id,
            title=opened.title.shown,
            about=opened.about.shown,
            state="open" if paper.closed_at is None else "closed",
            opened_by_label=people.get(paper.opened_by, UNKNOWN),
            opened_at=paper.opened_at,
            notes=paper.notes,
            findings=len(own),
            waiting=sum(one.state == "waits" for one in own),
            unsettled=sum(one.state not in SETTLED for one in own),
            due=due,
            late=due is not None and now >= due,
            closed_at=paper.closed_at,
        )


def finding_rows(connection: Connection, log: EventLog, call_id: UUID, now: datetime) -> Iterator[FindingRow]:
    """Yield the findings in a call, in the order in which they were issued. `now` is the fund's time."""
    titles = {paper.id: _event(log, paper.opened) for paper in working_papers.papers(connection, call_id)}
    for one in working_papers.findings(connection, call_id):
        opened, issued = titles[one.paper_id], _event(log, one.issued)
        assert isinstance(opened, WorkingPaperOpened)
        assert isinstance(issued, FindingIssued)
        yield FindingRow(
            id=f"{one.paper_id}/{one.number}",
            paper_id=one.paper_id,
            number=one.number,
            title=opened.title.shown,
            priority=issued.priority,
            condition=issued.condition.shown,
            recommendation=issued.recommendation.shown,
            issued_at=one.issued_at,
            state=one.state,  # type: ignore[arg-type]
            due=one.due,
            late=one.due is not None and now >= one.due,
            agreed=one.agreed,
            by_when=one.by_when,
        )


def paper_shown(
    connection: Connection, log: EventLog, paper_id: UUID, now: datetime, *, with_notes: bool
) -> PaperShown:
    """Return a working paper, with its notes or without. `now` is the fund's time. Raises NotFound."""
    events, people = log.of([paper_id]), labels(connection)
    if not events or not isinstance(events[0].event, WorkingPaperOpened):
        raise NotFound(f"There is no working paper {paper_id}.", "Look up its id in the lists.")
    opened, closed = events[0].event, events[-1].event if len(events) > 1 else None
    known = {one.number: one for one in working_papers.findings(connection, opened.call_id) if one.paper_id == paper_id}
    over = isinstance(closed, WorkingPaperClosed)
    return PaperShown(
        id=paper_id,
        version=events[-1].version,
        call_id=opened.call_id,
        title=opened.title.shown,
        about=opened.about.shown,
        state="closed" if over else "open",
        opened_at=opened.effective_at,
        opened_by_label=people.get(opened.by, UNKNOWN),
        position=events[0].position,
        notes=tuple(_notes(events, people)) if with_notes else (),
        findings=tuple(_findings(events, known, people, now)),
        conclusion=closed.conclusion.shown if isinstance(closed, WorkingPaperClosed) else None,
        closed_at=closed.effective_at if isinstance(closed, WorkingPaperClosed) else None,
    )


def _notes(events: Iterable[Recorded], people: Mapping[UUID, str]) -> Iterator[WrittenNote]:
    for one in events:
        if isinstance(one.event, NoteWritten):
            yield WrittenNote(**_stamp(one, people), note=one.event.note.shown, cites=one.event.cites.shown)


def _findings(
    events: list[Recorded], known: Mapping[int, KnownFinding], people: Mapping[UUID, str], now: datetime
) -> Iterator[ShownFinding]:
    for one in events:
        event = one.event
        if not isinstance(event, FindingIssued) or event.number not in known:
            continue
        finding = known[event.number]
        parts = ("condition", "criterion", "cause", "effect", "recommendation")
        yield ShownFinding(
            number=event.number,
            position=one.position,
            priority=event.priority,
            **{name: getattr(event, name).shown for name in parts},
            issued_at=event.effective_at,
            by_label=people.get(event.by, UNKNOWN),
            state=finding.state,  # type: ignore[arg-type]
            due=finding.due,
            late=finding.due is not None and now >= finding.due,
            said=tuple(_about(events, event.number, people)),
        )


def _about(events: Iterable[Recorded], number: int, people: Mapping[UUID, str]) -> Iterator[Said]:
    for one in events:
        match one.event:
            case FindingAnswered() as answered if answered.number == number:
                told: dict[str, Any] = {"agreed": answered.agreed, "standing": None, "text": answered.answer.shown}
                yield Said(**_stamp(one, people), **told, by_when=answered.by_when)
            case FindingFollowedUp() as followed if followed.number == number:
                told = {"agreed": None, "standing": followed.standing, "text": followed.remark.shown}
                yield Said(**_stamp(one, people), **told, by_when=followed.by_when)
            case _:
                pass


def _stamp(one: Recorded, people: Mapping[UUID, str]) -> dict[str, Any]:
    by = people.get(one.event.by, UNKNOWN)
    return {"position": one.position, "at": one.event.effective_at, "by_label": by}


def _event(log: EventLog, position: int) -> object:
    [recorded] = log.read(position - 1, 1)
    return recorded.event
