"""The desk of a call: every matter, who waits for whom since when, what is late, and the waiting clock of each.

A matter is a partnership until it proposes a pilot action, and from then on that pilot action.
"""

from collections.abc import Mapping
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import MetaData

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
from projections.desk_counts import put_call, put_matter
from projections.desk_tables import CALLS, CLAIMS, DEPUTIES, MATTERS, METADATA, ROLES, STREAMS
from projections.read_model import ReadModel, Row, Tables
from projections.waiting import handed_over

_OF_CLAIM: Final[Mapping[type[Event], str]] = {
    AuthorityClaimed: "AcceptAuthority",
    AuthorityAccepted: "ConfirmAuthority",
    AuthorityDeclined: "",
    AuthorityConfirmed: "",
}


class CallDesk(ReadModel):
    """What every matter of a call waits for."""

    name: ClassVar[str] = "call_desk"
    version: ClassVar[int] = 8
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
                put_matter(tables, {**matter, "clock": outcome_is_told(matter["clock"], event)})
        case _:
            pass
    if isinstance(event, CallPublished):
        calls.change(id, position=recorded.position)
    before = calls.row(id)["clock"]
    clock = after_call(before, event)
    if clock is not before:
        put_call(tables, {**calls.row(id), "clock": clock})


def _begin(tables: Tables, recorded: Recorded, event: PartnershipFormed | PilotActionProposed) -> None:
    """Begin a partnership's matter, or hand it over to the pilot action that it proposes."""
    id, matters = recorded.stream, tables[MATTERS]
    tables[STREAMS].change(id, matter_id=id)
    if isinstance(event, PartnershipFormed):
        names = {"title": event.name, "partnership": event.name, "partners": partners_of(event)}
        known = {"call_id": event.call_id, "position": recorded.position, "clock": formed(event)}
        put_matter(tables, {**matters.row(id), **known, **names})
        return
    before = matters.row(event.partnership_id)
    known = {
        "actions": list(dict.fromkeys([*before["actions"], str(id)])),
        "clock": handed_over(before["clock"], event.effective_at),
    }
    put_matter(tables, {**before, **known})
    names = {"title": event.title, "partnership": before["partnership"], "partners": before["partners"]}
    clock = proposed(before["clock"], event)
    place = {"call_id": event.call_id, "position": recorded.position}
    put_matter(tables, {**matters.row(id), **place, "clock": clock, **names})


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
        put_matter(tables, {**matter, **known})
    if isinstance(event, MemberLeft | PartnershipMerged | PartnershipEnded):
        for action in matter["actions"]:
            _tell_application(tables, UUID(action), event)


def _tell_application(tables: Tables, id: UUID, event: MemberLeft | PartnershipMerged | PartnershipEnded) -> None:
    """Take what happened to a partnership into the clock of its pilot action."""
    matter = tables[MATTERS].row(id)
    put_matter(tables, {**matter, "clock": after(matter["clock"], (), event), **_standing(matter, event)})


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
