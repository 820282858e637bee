"""The desk of a call: every matter, who waits for whom since when, what is late, and the waiting clock of each.

A matter is a partnership until it proposes a pilot action, and from then on that pilot action.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Index, MetaData, Table, Uuid, select

from domain.call.events import (
    ApplicationWindowClosed,
    CallCancelled,
    CallCorrected,
    CallPublished,
    OutcomesReleased,
)
from domain.evaluation.events import EvaluationOpened, EvaluatorAssigned
from domain.grant.events import GrantOffered
from domain.messages import Event, Recorded
from domain.partnership.events import PartnershipFormed
from domain.pilot_action.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ConfirmationsVoided,
    ParticipationConfirmed,
    PilotActionProposed,
)
from domain.values import Instant, Value
from projections.desk_clock import Leaving, after, everybody_sits, formed, outcome_is_told, partners_of, proposed
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch
from projections.waiting import NOTHING, Party, days, open_deeds

METADATA = MetaData()

CALLS = Table(
    "desk_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("points", JSON, default={}),
    Column("evaluators", BigInteger, default=0),
    Column("closed_at", Moment),
    Column("cancelled_at", Moment),
)

MATTERS = Table(
    "desk_matters",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("title", Words, default=""),
    Column("partnership", Words, default=""),
    Column("partners", JSON, default=()),
    Column("confirmed", JSON, default=()),
    Column("proposed", Boolean, default=False),
    Column("submitted", Boolean, default=False),
    Column("clock", JSON, default=NOTHING),
)

STREAMS = Table(
    "desk_streams",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("matter_id", Uuid),
    Column("seats", BigInteger, default=0),
)

Index("desk_matters_by_call", MATTERS.c.call_id, MATTERS.c.position)


class CallDesk(ReadModel):
    """What every matter of a call waits for."""

    name: ClassVar[str] = "call_desk"
    version: ClassVar[int] = 2
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the clock of the matter that it belongs to."""
        event = recorded.event
        match event:
            case CallPublished(rules=rules) | CallCorrected(rules=rules):
                points = {name: point.isoformat() for name, point in rules.calendar.points()}
                tables[CALLS].change(recorded.stream, points=points, evaluators=rules.evaluation.evaluators)
            case ApplicationWindowClosed():
                tables[CALLS].change(recorded.stream, closed_at=event.effective_at)
            case CallCancelled():
                tables[CALLS].change(recorded.stream, cancelled_at=event.effective_at)
            case OutcomesReleased():
                for outcome in event.outcomes:
                    matter = tables[MATTERS].row(outcome.pilot_action_id)
                    tables[MATTERS].put({**matter, "clock": outcome_is_told(matter["clock"], event)})
            case PartnershipFormed() | PilotActionProposed():
                _begin(tables, recorded, event)
            case EvaluationOpened() | GrantOffered():
                tables[STREAMS].change(recorded.stream, matter_id=event.pilot_action_id)
                _follow(tables, recorded)
            case _:
                _follow(tables, recorded)


def _begin(tables: Tables, recorded: Recorded, event: PartnershipFormed | PilotActionProposed) -> None:
    """Begin a partnership's matter, or hand it over to the pilot action that it proposes."""
    id, matters = recorded.stream, tables[MATTERS]
    tables[STREAMS].change(id, matter_id=id)
    if isinstance(event, PartnershipFormed):
        names = {"title": event.name, "partnership": event.name, "partners": partners_of(event)}
        matters.change(id, call_id=event.call_id, position=recorded.position, clock=formed(event), **names)
        return
    before = matters.row(event.partnership_id)
    matters.change(event.partnership_id, proposed=True)
    names = {"title": event.title, "partnership": before["partnership"], "partners": before["partners"]}
    clock = proposed(before["clock"], event)
    matters.change(id, call_id=event.call_id, position=recorded.position, clock=clock, **names)


def _follow(tables: Tables, recorded: Recorded) -> None:
    """Take an event of a stream into the clock of its matter, when it has one."""
    stream, event = tables[STREAMS].get(recorded.stream), recorded.event
    if stream is None:
        return
    matter = tables[MATTERS].row(stream["matter_id"])
    missing = [id for id in matter["partners"] if id not in matter["confirmed"]]
    clock = after(matter["clock"], missing, event)
    if isinstance(event, EvaluatorAssigned | Leaving):
        seats = stream["seats"] + (1 if isinstance(event, EvaluatorAssigned) else -1)
        tables[STREAMS].put({**stream, "seats": seats})
        if seats >= tables[CALLS].row(matter["call_id"])["evaluators"]:
            clock = everybody_sits(clock, event)
    known = {"clock": clock, **_standing(matter, recorded.event)}
    if any(known[name] is not matter[name] for name in known):
        tables[MATTERS].put({**matter, **known})


def _standing(matter: Row, event: Event) -> Row:
    """Return what an event changes in who confirmed, and in whether an application is there."""
    match event:
        case ParticipationConfirmed():
            return {"confirmed": [*matter["confirmed"], str(event.organisation_id)]}
        case ConfirmationsVoided():
            voided = [str(id) for id in event.organisation_ids]
            return {"confirmed": [id for id in matter["confirmed"] if id not in voided]}
        case ApplicationSubmitted():
            return {"submitted": True}
        case ApplicationWithdrawn():
            return {"submitted": False}
        case _:
            return {}


class Wait(Value):
    """One deed that is waited for: who, what, since when, and until when it is due, both UTC; `late` beyond it."""

    party: Party
    words: str
    since: Instant
    due: Instant | None
    late: bool


class DeskRow(Value):
    """One matter of a call: what it waits for, oldest first, and the days it waited on each party until now."""

    id: UUID
    title: str
    partnership: str
    waits: tuple[Wait, ...]
    days_applicant: float
    days_partner: float
    days_coach: float
    days_evaluator: float
    days_authority: float

    @property
    def late(self) -> bool:
        """Whether something that it waits for is overdue."""
        return any(wait.late for wait in self.waits)


def desk(connection: Connection, call_id: UUID, now: datetime) -> list[DeskRow]:
    """Return every matter of a call, what is late first, then what waits longest; `now` is the fund's time.

    What was not submitted when the call closed waits for nothing any more, nor does anything once it is cancelled.
    """
    calls = fetch(connection, select(CALLS).where(CALLS.c.id == call_id))
    if not calls:
        return []
    query = select(MATTERS).where(MATTERS.c.call_id == call_id, MATTERS.c.proposed.is_(False))
    rows = [_row(matter, calls[0], now) for matter in fetch(connection, query.order_by(MATTERS.c.position))]
    return sorted(rows, key=lambda row: (not row.late, min((wait.since for wait in row.waits), default=now)))


class WaitRow(Value):
    """One deed that a matter waits for, beside the days that the matter waited on each party until now.

    Of a matter that waits for nothing there is one row without a deed.
    """

    id: UUID
    title: str
    partnership: str
    waits_for: str | None = None
    party: Party | None = None
    since: Instant | None = None
    due: Instant | None = None
    late: bool = False
    days_applicant: float
    days_partner: float
    days_coach: float
    days_evaluator: float
    days_authority: float


def one_by_one(rows: Iterable[DeskRow]) -> list[WaitRow]:
    """Return the desk with one row for each deed that is waited for."""
    return [flat for row in rows for flat in _flat(row)]


def _flat(row: DeskRow) -> Iterator[WaitRow]:
    about = row.model_dump(exclude={"waits"})
    for wait in row.waits:
        deed = wait.model_dump(exclude={"words"})
        yield WaitRow(**about, **deed, waits_for=wait.words)
    if not row.waits:
        yield WaitRow(**about)


def _row(matter: Row, call: Row, now: datetime) -> DeskRow:
    ends = [call["cancelled_at"], None if matter["submitted"] else call["closed_at"]]
    ended = min((end for end in ends if end is not None), default=None)
    waited = {f"days_{party}": number for party, number in days(matter["clock"], ended or now).items()}
    waits = () if ended else tuple(_wait(opened, call["points"], now) for opened in open_deeds(matter["clock"]))
    return DeskRow(id=matter["id"], title=matter["title"], partnership=matter["partnership"], waits=waits, **waited)


def _wait(opened: Row, points: Mapping[str, str], now: datetime) -> Wait:
    named = opened["due"] or points.get(opened["point"] or "")
    due = datetime.fromisoformat(named) if named else None
    late = due is not None and now >= due
    since = datetime.fromisoformat(opened["since"])
    return Wait(party=Party(opened["party"]), words=opened["words"], since=since, due=due, late=late)
