"""The applicant's home: what each event changes in the partnerships, pilot actions and grants of an organisation.

The tables (applicant_tables.py) hold what the fund knows; what may be seen of it is applicant_view.py's.
"""

from typing import Any
from uuid import UUID

from domain.call.events import (
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    CallCancelled,
    CallCorrected,
    CallEvent,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
    OutcomesReleased,
    RankingEstablished,
    ReserveExpired,
)
from domain.call.rules import CallRules, Section
from domain.grant.events import (
    GrantEvent,
)
from domain.messages import Recorded
from domain.organisation.events import NamedInApplication
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingOffered,
    CoachingRequested,
    CoachingSessionHeld,
    GroupSessionHeld,
    MemberLeft,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipEvent,
    PartnershipFormed,
    PartnershipMerged,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    DraftSectionSaved,
    FileAttached,
    FileDetached,
    ParticipationConfirmed,
    PilotActionEvent,
    PilotActionProposed,
    VersionPutForward,
)
from projections.applicant_grants import take_grant
from projections.applicant_steps import Dates
from projections.applicant_tables import (
    CALLS,
    CONFIRMATIONS,
    LINES,
    MEMBERSHIPS,
    METADATA,
    NAMINGS,
    PARTNERSHIPS,
    PILOT_ACTIONS,
)
from projections.read_model import ReadModel, Tables


class ApplicantHome(ReadModel):
    """Partnerships, pilot actions and grants by the organisations that take part."""

    name = "applicant_home"
    version = 2
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the rows of the matter that it belongs to."""
        event = recorded.event
        if isinstance(event, CallEvent):
            _call(tables, recorded.stream, event)
        elif isinstance(event, PartnershipEvent):
            _partnership(tables, recorded, event)
        elif isinstance(event, NamedInApplication):
            namings = tables[NAMINGS]
            count = namings.row(recorded.stream, event.call_id)["applications"]
            namings.change(recorded.stream, event.call_id, applications=count + 1)
        elif isinstance(event, PilotActionEvent):
            _pilot_action(tables, recorded, event)
        elif isinstance(event, GrantEvent):
            take_grant(tables, recorded.stream, event)


def _call(tables: Tables, call_id: UUID, event: CallEvent) -> None:
    calls, actions = tables[CALLS], tables[PILOT_ACTIONS]
    match event:
        case CallPublished(rules=rules):
            calls.change(call_id, **_published(rules))
            for line in rules.lines:
                tables[LINES].change(call_id, line.id, reserve_until=rules.reserve_expires(line))
        case CallCorrected():
            _corrected(tables, call_id, event)
        case CoachingWindowOpened():
            calls.change(call_id, coaching_open=True)
        case CoachingWindowClosed():
            calls.change(call_id, coaching_open=False)
        case ApplicationWindowOpened():
            calls.change(call_id, applications_opened=True)
        case ApplicationWindowClosed():
            calls.change(call_id, applications_closed=True)
        case RankingEstablished():
            for row in event.rows:
                terms = [term.model_dump(mode="json") for term in row.terms]
                actions.change(row.pilot_action_id, terms=terms)
        case OutcomesReleased():
            tables[LINES].change(call_id, event.line, released=True)
            for outcome in event.outcomes:
                actions.change(outcome.pilot_action_id, outcome=outcome.outcome, reason=outcome.reason)
        case ReserveExpired():
            tables[LINES].change(call_id, event.line, reserve_until=None)
        case CallCancelled():
            calls.change(call_id, cancelled=True)
        case CallSettled():
            calls.change(call_id, settled=True)
        case _:
            pass


def _corrected(tables: Tables, call_id: UUID, event: CallCorrected) -> None:
    call = tables[CALLS].row(call_id)
    notice = {"correction": event.correction, "at": event.effective_at.isoformat(), "reason": event.reason}
    known = {"corrected": event.correction if event.material else call["corrected"]}
    tables[CALLS].change(call_id, **_published(event.rules), **known, notices=[*call["notices"], notice])
    for line in event.rules.lines:
        if not tables[LINES].row(call_id, line.id)["released"]:
            tables[LINES].change(call_id, line.id, reserve_until=event.rules.reserve_expires(line))


def _published(rules: CallRules) -> dict[str, Any]:
    points = dict(rules.calendar.points())
    return {
        "title": rules.title,
        "sections": [_section(section) for section in rules.form],
        "criteria": {criterion.id: criterion.name for criterion in rules.criteria},
        **{name: points[name] for name in Dates._fields if name in points},
    }


def _section(section: Section) -> dict[str, Any]:
    required = [question for question in section.questions if question.required]
    return {
        "title": section.title,
        "required": [question.id for question in required if question.kind == "text"],
        "resources": any(question.kind == "resources" for question in required),
    }


def _partnership(tables: Tables, recorded: Recorded, event: PartnershipEvent) -> None:
    id, rows = recorded.stream, tables[PARTNERSHIPS]
    match event:
        case PartnershipFormed():
            members = [member.model_dump(mode="json") for member in event.members]
            known = {"call_id": event.call_id, "coordinator_id": event.coordinator_id, "members": members}
            rows.change(id, position=recorded.position, name=event.name, **known)
            for member in event.members:
                tables[MEMBERSHIPS].put({"organisation_id": member.organisation_id, "partnership_id": id})
        case MembershipConfirmed():
            rows.change(id, confirmed=[*rows.row(id)["confirmed"], str(event.organisation_id)])
        case RoadmapDrafted():
            anew = {"roadmap_version": event.version, "roadmap_digest": event.digest}
            rows.change(id, agreed=[], roadmap_agreed=False, **anew)
        case RoadmapVersionAgreed():
            rows.change(id, agreed=[*rows.row(id)["agreed"], str(event.organisation_id)])
        case RoadmapAgreed():
            rows.change(id, roadmap_agreed=True)
        case MemberLeft():
            _left(tables, id, event)
        case PartnershipMerged():
            rows.change(id, merged_into=event.into_name)
        case PartnershipEnded():
            rows.change(id, ended=True)
        case CoachingSessionHeld() | GroupSessionHeld():
            rows.change(id, coaching="sessions", coaching_sessions=event.number)
        case _ if type(event) in _COACHING:
            rows.change(id, coaching=_COACHING[type(event)])
        case _:
            pass


_COACHING: dict[type, str] = {
    CoachingOffered: "offered",
    CoachingDeclined: "declined",
    CoachingRequested: "requested",
    CoachAssigned: "assigned",
    CoachingCompleted: "completed",
    CoachingEnded: "ended",
}


def _left(tables: Tables, id: UUID, event: MemberLeft) -> None:
    """Take a member out; it still sees the partnership that it was a member of."""
    rows = tables[PARTNERSHIPS]
    left = [m for m in rows.row(id)["members"] if m["organisation_id"] != str(event.organisation_id)]
    rows.change(id, members=left)


def _pilot_action(tables: Tables, recorded: Recorded, event: PilotActionEvent) -> None:
    id, rows = recorded.stream, tables[PILOT_ACTIONS]
    match event:
        case PilotActionProposed():
            place = {"call_id": event.call_id, "line": event.line, "partnership_id": event.partnership_id}
            rows.change(id, position=recorded.position, title=event.title, **place)
        case DraftSectionSaved():
            _saved(tables, id, event)
        case FileAttached() | FileDetached():
            row = rows.row(id)
            rows.change(id, draft="changed" if row["version"] else row["draft"])
        case VersionPutForward():
            put = {"version": event.version, "digest": event.digest, "requested_cents": event.requested_cents}
            rows.change(id, draft="put forward", **put)
        case ParticipationConfirmed():
            named = {"organisation_id": event.organisation_id, "digest": event.digest}
            tables[CONFIRMATIONS].put({"pilot_action_id": id, **named})
        case ApplicationSubmitted():
            receipt = {
                "version": event.version,
                "digest": event.digest,
                "arrived_at": event.effective_at.isoformat(),
                "position": recorded.position,
                "correction": event.correction,
            }
            rows.change(id, receipt=receipt, versions=rows.row(id)["versions"] + 1, withdrawn=False)
        case ApplicationWithdrawn():
            rows.change(id, withdrawn=True)
        case ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            findings = [finding.model_dump(mode="json") for finding in event.findings]
            kind = "inadmissible" if isinstance(event, ApplicationFoundInadmissible) else "ineligible"
            rows.change(id, finding=kind, findings=findings, clarification_due=None)
        case ClarificationAsked():
            rows.change(id, clarification_due=event.due)
        case ClarificationAnswered():
            rows.change(id, clarification_due=None)
        case _:
            pass


def _saved(tables: Tables, id: UUID, event: DraftSectionSaved) -> None:
    row = tables[PILOT_ACTIONS].row(id)
    given = {name for name, answer in event.answers.items() if not answer.is_blank}
    answered = sorted(set(row["answered"]) - event.answers.keys() | given)
    cents = row["draft_cents"] if event.resources is None else sum(line.cents for line in event.resources)
    draft = "changed" if row["version"] else "written"
    known = {"answered": answered, "draft_cents": cents, "draft_saved_at": event.effective_at}
    tables[PILOT_ACTIONS].put({**row, **known, "draft": draft})
