"""An evaluator's worklist: for each application the next step, until when, and what is late.

It names an application by its title, its partnership and the members; content is never here (D06).
"""

from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, MetaData, Table, Uuid, bindparam, func, select

from domain.call.events import CallCancelled, CallCorrected, CallPublished
from domain.call.rules import CallRules
from domain.evaluation.events import (
    AllegationUpheld,
    ConflictDeclared,
    ConsensusAgreed,
    ConsensusProposed,
    ConsensusReached,
    DivergenceFound,
    EvaluationEvent,
    EvaluationOpened,
    EvaluationStopped,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.messages import Recorded
from domain.partnership.events import MemberLeft, PartnershipFormed
from domain.pilot_action.events import ApplicationSubmitted, ApplicationWithdrawn, PilotActionProposed
from domain.values import Digest, Instant, Value
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

Step = Literal["declare", "score", "agree to a consensus", "done", "left"]

METADATA = MetaData()

CALLS = Table(
    "evaluator_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("scores_due", Moment),
    Column("consensus_due", Moment),
    Column("cancelled", Boolean, default=False),
)

PARTNERSHIPS = Table(
    "evaluator_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("partnership", Words, default=""),
    Column("members", JSON, default={}),
)

APPLICATIONS = Table(
    "evaluator_applications",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("title", Words, default=""),
    Column("withdrawn", Boolean, default=False),
)

EVALUATIONS = Table(
    "evaluator_evaluations",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("pilot_action_id", Uuid),
    Column("partnership_id", Uuid),
    Column("divergent", Boolean, default=False),
    Column("agreed", JSON, default=()),
    Column("proposal", Words),
)

SEATS = Table(
    "evaluator_seats",
    METADATA,
    Column("evaluator", Uuid, primary_key=True),
    Column("evaluation_id", Uuid, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("step", Words, default="declare"),
)

_DUE: Final = {"declare": "scores_due", "score": "scores_due", "agree to a consensus": "consensus_due"}


class EvaluatorWork(Value):
    """One application of an evaluator; `id` is the pilot action's. `due` (UTC) is that of an open step, which is late
    from then on. `done`: nothing is left to do for now, or for ever where the application or the call ended.
    `proposal` is the digest of the proposed consensus that waits for the evaluator's word, where there is one.
    """

    id: UUID | None
    title: str
    partnership: str
    members: tuple[str, ...]
    step: Step
    due: Instant | None
    late: bool
    proposal: Digest | None


class EvaluatorWorklist(ReadModel):
    """The seats of every evaluator, and how far each is."""

    name: ClassVar[str] = "evaluator_worklist"
    version: ClassVar[int] = 2
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the seat, the committee or the names that it is about."""
        id, event = recorded.stream, recorded.event
        match event:
            case CallPublished(rules=rules) | CallCorrected(rules=rules):
                tables[CALLS].change(id, **_dates(rules))
            case CallCancelled():
                tables[CALLS].change(id, cancelled=True)
            case PartnershipFormed():
                names = {str(member.organisation_id): member.name for member in event.members}
                tables[PARTNERSHIPS].change(id, partnership=event.name, members=names)
            case PilotActionProposed():
                tables[APPLICATIONS].change(id, title=event.title)
            case ApplicationSubmitted() | ApplicationWithdrawn():
                tables[APPLICATIONS].change(id, withdrawn=isinstance(event, ApplicationWithdrawn))
            case MemberLeft():
                _left(tables, id, event)
            case EvaluatorAssigned():
                tables[SEATS].change(event.evaluator, id, position=recorded.position, step="declare")
            case _ if isinstance(event, EvaluationEvent):
                _evaluation(tables, id, event)
            case _:
                pass


def _left(tables: Tables, id: UUID, event: MemberLeft) -> None:
    members = tables[PARTNERSHIPS].row(id)["members"]
    left = {one: name for one, name in members.items() if one != str(event.organisation_id)}
    tables[PARTNERSHIPS].change(id, members=left)


def _dates(rules: CallRules) -> dict[str, datetime]:
    return {"scores_due": rules.calendar.scores_due, "consensus_due": rules.calendar.consensus_due}


def _evaluation(tables: Tables, id: UUID, event: EvaluationEvent) -> None:
    seats, evaluations = tables[SEATS], tables[EVALUATIONS]
    match event:
        case EvaluationOpened():
            about = {"pilot_action_id": event.pilot_action_id, "partnership_id": event.partnership_id}
            evaluations.change(id, call_id=event.call_id, **about)
        case NoConflictDeclared():
            seats.change(event.evaluator, id, step="score")
        case ScoresGiven():
            seats.change(event.evaluator, id, step="done")
        case ConflictDeclared() | EvaluatorWithdrew() | EvaluatorReplaced() | AllegationUpheld():
            seats.change(event.evaluator, id, step="left")
            evaluations.change(id, divergent=False)
        case DivergenceFound():
            evaluations.change(id, divergent=True, agreed=[], proposal=None)
        case ConsensusProposed():
            evaluations.change(id, agreed=[str(event.evaluator)], proposal=event.digest)
        case ConsensusAgreed():
            agreed = dict.fromkeys([*evaluations.row(id)["agreed"], str(event.evaluator)])
            evaluations.change(id, agreed=list(agreed))
        case ConsensusReached():
            evaluations.change(id, divergent=False)
        case EvaluationStopped():
            tables[APPLICATIONS].change(event.pilot_action_id, withdrawn=True)
        case _:
            pass


def evaluator_work(connection: Connection, evaluator: UUID, now: datetime) -> list[EvaluatorWork]:
    """Return every application that the evaluator has or had a seat for, oldest first; `now` is the fund's time."""
    return [_work(row, evaluator, now) for row in fetch(connection, _WORK, evaluator=evaluator)]


_WORK: Final = (
    select(SEATS.c.step, EVALUATIONS, APPLICATIONS.c.title, APPLICATIONS.c.withdrawn)
    .add_columns(PARTNERSHIPS.c.partnership, PARTNERSHIPS.c.members)
    .add_columns(CALLS.c.scores_due, CALLS.c.consensus_due, CALLS.c.cancelled)
    .outerjoin(EVALUATIONS, EVALUATIONS.c.id == SEATS.c.evaluation_id)
    .outerjoin(APPLICATIONS, APPLICATIONS.c.id == EVALUATIONS.c.pilot_action_id)
    .outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == EVALUATIONS.c.partnership_id)
    .outerjoin(CALLS, CALLS.c.id == EVALUATIONS.c.call_id)
    .where(SEATS.c.evaluator == bindparam("evaluator"))
    .order_by(SEATS.c.position)
)
"""Put together once, since that took longer than the answer."""


def _work(row: Row, evaluator: UUID, now: datetime) -> EvaluatorWork:
    step = _step(row, evaluator)
    due = row[_DUE[step]] if step in _DUE else None
    named: dict[str, Any] = {name: row[name] or "" for name in ("title", "partnership")}
    proposal = row["proposal"] if step == "agree to a consensus" else None
    known = {"id": row["pilot_action_id"], "members": tuple((row["members"] or {}).values()), "proposal": proposal}
    return EvaluatorWork(**named, **known, step=step, due=due, late=due is not None and now >= due)


def _step(row: Row, evaluator: UUID) -> Step:
    step: Step = row["step"]
    if step == "left":
        return step
    if row["withdrawn"] or row["cancelled"]:
        return "done"
    if step == "done" and row["divergent"] and str(evaluator) not in row["agreed"]:
        return "agree to a consensus"
    return step


def loads(connection: Connection, call_id: UUID) -> dict[UUID, int]:
    """Return how many applications of a call each evaluator has, of those who have any; seats that were left not."""
    query = (
        select(SEATS.c.evaluator, func.count().label("applications"))
        .join(EVALUATIONS, EVALUATIONS.c.id == SEATS.c.evaluation_id)
        .where(EVALUATIONS.c.call_id == call_id, SEATS.c.step != "left")
        .group_by(SEATS.c.evaluator)
    )
    return {row["evaluator"]: row["applications"] for row in fetch(connection, query)}
