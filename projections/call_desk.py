"""The desk of a call: every matter, who waits for whom since when, what is late, and the waiting clock of each.

A matter is a partnership until it proposes a pilot action, and from then on that pilot action.
"""

from collections.abc import Mapping
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, MetaData, Table, Uuid

from domain.account.events import (
    AuthorityAccepted,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    DeputyEnded,
    DeputyNamed,
    DeputyProposed,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
)
from domain.call.events import (
    ApplicationWindowClosed,
    CallCancelled,
    CallCorrected,
    CallEvent,
    CallPublished,
    OutcomesReleased,
)
from domain.evaluation.events import EvaluationOpened, EvaluatorAssigned
from domain.grant.events import GrantOffered
from domain.messages import Event, Recorded
from domain.partnership.events import MemberLeft, PartnershipEnded, PartnershipFormed, PartnershipMerged
from domain.pilot_action.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ConfirmationsVoided,
    ParticipationConfirmed,
    PilotActionProposed,
)
from projections.desk_clock import (
    Leaving,
    after,
    after_call,
    everybody_sits,
    formed,
    outcome_is_told,
    partners_of,
    proposed,
)
from projections.read_model import Moment, ReadModel, Row, Tables, Words
from projections.waiting import NOTHING, handed_over

METADATA = MetaData()

CALLS = Table(
    "desk_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("title", Words, default=""),
    Column("points", JSON, default={}),
    Column("clock", JSON, default=NOTHING),
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
    Column("actions", JSON, default=()),
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

ROLES = Table(
    "desk_roles",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("role", Words, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("waits", Boolean, default=False),
)
"""The roles that one officer proposed, and whether each still waits for another to confirm it (D18)."""

DEPUTIES = Table(
    "desk_deputies",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("role", Words, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("represents", Uuid),
    Column("waits", Boolean, default=False),
    Column("until", Moment),
)
"""Who is proposed as a deputy, and whether each still waits for another person to confirm it (D33)."""

CLAIMS = Table(
    "desk_claims",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("waits_for", Words, default=""),
)
"""Who asks to act for a city or region, and the request of the secretariat that each waits for (D31)."""

_OF_CLAIM: Final[Mapping[type[Event], str]] = {
    AuthorityClaimed: "AcceptAuthority",
    AuthorityAccepted: "ConfirmAuthority",
    AuthorityDeclined: "",
    AuthorityConfirmed: "",
}

Index("desk_matters_by_call", MATTERS.c.call_id, MATTERS.c.position)


class CallDesk(ReadModel):
    """What every matter of a call waits for."""

    name: ClassVar[str] = "call_desk"
    version: ClassVar[int] = 6
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the clock of the matter that it belongs to."""
        event = recorded.event
        if isinstance(event, CallEvent):
            _call(tables, recorded, event)
        match event:
            case RoleProposed(role=role) | RoleGranted(role=role) | RoleRevoked(role=role):
                waits = isinstance(event, RoleProposed)
                tables[ROLES].change(recorded.stream, role.value, position=recorded.position, waits=waits)
            case DeputyProposed(role=role) | DeputyNamed(role=role) | DeputyEnded(role=role):
                until = event.until if isinstance(event, DeputyProposed) else None
                known = {"position": recorded.position, "represents": event.represents, "until": until}
                tables[DEPUTIES].change(recorded.stream, role.value, waits=until is not None, **known)
            case AuthorityClaimed() | AuthorityAccepted() | AuthorityDeclined() | AuthorityConfirmed():
                waits_for = _OF_CLAIM[type(event)]
                tables[CLAIMS].change(recorded.stream, position=recorded.position, waits_for=waits_for)
            case PartnershipFormed() | PilotActionProposed():
                _begin(tables, recorded, event)
            case EvaluationOpened() | GrantOffered():
                tables[STREAMS].change(recorded.stream, matter_id=event.pilot_action_id)
                _follow(tables, recorded)
            case _:
                _follow(tables, recorded)


def _call(tables: Tables, recorded: Recorded, event: CallEvent) -> None:
    id, calls = recorded.stream, tables[CALLS]
    match event:
        case CallPublished(rules=rules) | CallCorrected(rules=rules):
            points = {name: point.isoformat() for name, point in rules.calendar.points()}
            calls.change(id, title=rules.title, points=points, evaluators=rules.evaluation.evaluators)
        case ApplicationWindowClosed():
            calls.change(id, closed_at=event.effective_at)
        case CallCancelled():
            calls.change(id, cancelled_at=event.effective_at)
        case OutcomesReleased():
            for outcome in event.outcomes:
                matter = tables[MATTERS].row(outcome.pilot_action_id)
                tables[MATTERS].put({**matter, "clock": outcome_is_told(matter["clock"], event)})
        case _:
            pass
    if isinstance(event, CallPublished):
        calls.change(id, position=recorded.position)
    before = calls.row(id)["clock"]
    clock = after_call(before, event)
    if clock is not before:
        calls.change(id, clock=clock)


def _begin(tables: Tables, recorded: Recorded, event: PartnershipFormed | PilotActionProposed) -> None:
    """Begin a partnership's matter, or hand it over to the pilot action that it proposes."""
    id, matters = recorded.stream, tables[MATTERS]
    tables[STREAMS].change(id, matter_id=id)
    if isinstance(event, PartnershipFormed):
        names = {"title": event.name, "partnership": event.name, "partners": partners_of(event)}
        matters.change(id, call_id=event.call_id, position=recorded.position, clock=formed(event), **names)
        return
    before = matters.row(event.partnership_id)
    known = {
        "actions": list(dict.fromkeys([*before["actions"], str(id)])),
        "clock": handed_over(before["clock"], event.effective_at),
    }
    matters.put({**before, **known})
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
    if isinstance(event, MemberLeft | PartnershipMerged | PartnershipEnded):
        for action in matter["actions"]:
            _tell_application(tables, UUID(action), event)


def _tell_application(tables: Tables, id: UUID, event: MemberLeft | PartnershipMerged | PartnershipEnded) -> None:
    """Take what happened to a partnership into the clock of its pilot action."""
    matter = tables[MATTERS].row(id)
    tables[MATTERS].put({**matter, "clock": after(matter["clock"], (), event), **_standing(matter, event)})


def _standing(matter: Row, event: Event) -> Row:
    """Return what an event changes in who confirmed, and in whether an application is there."""
    match event:
        case ParticipationConfirmed():
            return {"confirmed": list(dict.fromkeys([*matter["confirmed"], str(event.organisation_id)]))}
        case ConfirmationsVoided():
            voided = [str(id) for id in event.organisation_ids]
            return {"confirmed": [id for id in matter["confirmed"] if id not in voided]}
        case ApplicationSubmitted():
            return {"submitted": True}
        case ApplicationWithdrawn():
            return {"submitted": False}
        case _:
            return {}
