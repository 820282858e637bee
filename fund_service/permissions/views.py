"""Who may see what: one table, view → roles and relation; what is not in it is denied.

Before closing nobody but the secretariat sees how many applications there are, and nobody but their own members sees
their content (D27); no evaluator sees content before declaring to have no conflict (D06). How blind the evaluation is
says the call (D27): who evaluates, and who applies, are views like any other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.account.aggregate import Account
from domain.call.aggregate import CALL, Call, Window, announced
from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id
from domain.messages import World
from domain.people import Blindness, Role
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.case import OPEN_STAGES
from domain.working_paper.aggregate import WORKING_PAPER
from fund_service.permissions.actors import Actor
from fund_service.permissions.relations import (
    Permission,
    Relation,
    anywhere,
    as_its_coach,
    for_all_strands,
    in_strand,
    on_its_committee,
    partnership_of,
    roles,
)


class View(StrEnum):
    """What can be read of one thing."""

    PARTNERSHIP = "partnership"
    ROADMAP = "roadmap"
    PILOT_ACTION = "pilot action"
    DRAFT = "draft"
    APPLICATION = "application"
    APPLICANTS = "list of applicants"
    PROOF = "proof"
    DOSSIER = "dossier"
    EVALUATION = "evaluation"
    EVALUATORS = "list of evaluators"
    COMMENTS = "list of comments"
    PROCEDURE = "procedure"
    GRANT = "grant"
    RANKING = "ranking"
    DASHBOARD = "dashboard"
    DESK = "desk"
    QUESTIONS = "questions"
    AUDIT = "audit"
    TABLES = "tables of everything"
    BUNDLE = "bundle"
    FINDINGS = "list of findings"
    PAPER = "working paper"
    MESSAGES = "messages"
    ACCOUNT = "account"
    PERSON = "person"
    REFUSALS = "refusals"


class OfCall(NamedTuple):
    """A question about a call."""

    by: UUID
    call_id: UUID


class OfPartnership(NamedTuple):
    """A question about a partnership."""

    by: UUID
    partnership_id: UUID


class OfPilotAction(NamedTuple):
    """A question about a pilot action or its application; `now` tells the fund's time, None where nobody asked it."""

    by: UUID
    pilot_action_id: UUID
    now: Callable[[], datetime] | None = None


class OfGrant(NamedTuple):
    """A question about a grant."""

    by: UUID
    grant_id: UUID


class OfPaper(NamedTuple):
    """A question about a working paper of an auditor."""

    by: UUID
    paper_id: UUID


class OfAccount(NamedTuple):
    """A question about an account."""

    by: UUID
    subject: UUID


def _for_any_member(account: Account, role: Role, named: Any, world: World) -> bool:
    return account.organisation_id in partnership_of(named, world).member_ids()


def _own(account: Account, role: Role, named: Any, world: World) -> bool:
    own: bool = named.by == named.subject
    return own


def _closed(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the call's window for applications is closed."""
    call_id = named.call_id if isinstance(named, OfCall) else partnership_of(named, world).call_id
    call = world.find(CALL, call_id) if call_id is not None else None
    return call is not None and _is_closed(call)


def _is_closed(call: Call) -> bool:
    return call.applications is Window.CLOSED or call.cancelled


def _declared(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the subject has a seat on the committee and declared to have no conflict (D06)."""
    found = world.find(EVALUATION, evaluation_id(named.pilot_action_id))
    return found is not None and found.may_read_content(named.by)


def _completed(account: Account, role: Role, named: Any, world: World) -> bool:
    found = world.find(EVALUATION, evaluation_id(named.pilot_action_id))
    return found is not None and found.completed


def _registered(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether there is an application at all, which its members alone see before."""
    return world.get(PILOT_ACTION, named.pilot_action_id).submitted is not None


def _told_of_findings(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether a finding was issued in the working paper: before that it is for auditors alone (D34)."""
    return bool(world.get(WORKING_PAPER, named.paper_id).findings)


def _allowed_for_now(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether a second person allowed the subject to see the draft, and the hours are not over (D18)."""
    until = allowed_until(named.by, named.pilot_action_id, world)
    return until is not None and named.now is not None and named.now() < until


def _blindness(named: Any, world: World) -> Blindness:
    pilot = world.get(PILOT_ACTION, named.pilot_action_id)
    call = world.find(CALL, pilot.call_id) if pilot.call_id is not None else None
    return announced(call).evaluation.blindness if call is not None else Blindness.APPLICANTS_HIDDEN_TOO


def _applicants_are_named(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the call lets evaluators know who applies."""
    return _blindness(named, world) is not Blindness.APPLICANTS_HIDDEN_TOO


def _evaluators_are_named(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the call lets applicants know who evaluated, once the outcomes are released."""
    return _blindness(named, world) is Blindness.OPEN and outcome_is_told(named.pilot_action_id, world)


def _told(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the outcome is released (D17)."""
    return outcome_is_told(named.pilot_action_id, world)


def _all(*relations: Relation) -> Relation:
    def holds(account: Account, role: Role, named: Any, world: World) -> bool:
        return all(relation(account, role, named, world) for relation in relations)

    return holds


_MEMBERS: Final = Permission(
    roles(Role.APPLICANT, Role.PARTNER), _for_any_member, "an officer of a member of the partnership"
)
_COACH: Final = Permission(roles(Role.COACH), as_its_coach, "the coach of this partnership")
_DESK: Final = Permission(roles(Role.SECRETARIAT), in_strand, "the secretariat of this strand")
_DESK_AFTER_CLOSING: Final = Permission(
    roles(Role.SECRETARIAT), _all(in_strand, _closed, _registered), "the secretariat of this strand, after closing"
)
_OFFICE: Final = Permission(roles(Role.SECRETARIAT), anywhere, "the secretariat")
_BUYER: Final = Permission(roles(Role.RESOURCE_MANAGER), in_strand, "the resource manager of this strand")
_BUYER_AFTER_CLOSING: Final = Permission(
    roles(Role.RESOURCE_MANAGER), _all(in_strand, _closed), "the resource manager of this strand, after closing"
)
_AUTHORITY: Final = Permission(
    roles(Role.APPROVER, Role.CERTIFIER, Role.AUDITOR), anywhere, "an approver, a certifier or an auditor"
)
_AUTHORITY_AFTER_CLOSING: Final = Permission(
    roles(Role.APPROVER, Role.CERTIFIER, Role.AUDITOR), _closed, "an approver, a certifier or an auditor, after closing"
)
_READERS_AFTER_CLOSING: Final = Permission(
    roles(Role.APPROVER, Role.AUDITOR), _all(_closed, _registered), "an approver or an auditor, after closing"
)
_COMMITTEE: Final = Permission(roles(Role.EVALUATOR), on_its_committee, "an evaluator of this application")
_DECLARED: Final = Permission(
    roles(Role.EVALUATOR), _declared, "an evaluator of this application who declared to have no conflict"
)
_COMMITTEE_TOLD_WHO_APPLIES: Final = Permission(
    roles(Role.EVALUATOR),
    _all(on_its_committee, _applicants_are_named),
    "an evaluator of this application, unless the call hides applicants",
)
_MEMBERS_TOLD_WHO_EVALUATES: Final = Permission(
    roles(Role.APPLICANT, Role.PARTNER),
    _all(_for_any_member, _evaluators_are_named),
    "an officer of a member, after the release of an open call",
)
_MEMBERS_TOLD_THE_OUTCOME: Final = Permission(
    roles(Role.APPLICANT, Role.PARTNER), _all(_for_any_member, _told), "an officer of a member, after the release"
)
_ALLOWED_FOR_NOW: Final = Permission(
    roles(Role.SECRETARIAT),
    _all(in_strand, _allowed_for_now),
    "an officer of the secretariat whom a second one allowed it, for some hours",
)
_APPROVER_AT_THE_END: Final = Permission(
    roles(Role.APPROVER), _completed, "an approver, once the evaluation is completed"
)
_AUDITOR: Final = Permission(roles(Role.AUDITOR), anywhere, "an auditor")
_OFFICE_THAT_ANSWERS: Final = Permission(
    roles(Role.SECRETARIAT), _told_of_findings, "the secretariat, once a finding is issued and without notes"
)
_AUDITOR_AFTER_CLOSING: Final = Permission(roles(Role.AUDITOR), _closed, "an auditor, after closing")
_JUDGES_OF_LISTS: Final = Permission(roles(Role.APPROVER, Role.AUDITOR), anywhere, "an approver or an auditor")
_OFFICES_AFTER_CLOSING: Final = Permission(
    roles(Role.COACH, Role.APPROVER, Role.CERTIFIER, Role.RESOURCE_MANAGER, Role.AUDITOR),
    _closed,
    "the offices of the programme, after closing",
)
_ONESELF: Final = Permission(roles(*Role), _own, "the subject itself")

_ASKED: Final[Mapping[View, Callable[[UUID, UUID], Any]]] = {
    View.PARTNERSHIP: OfPartnership,
    View.ROADMAP: OfPartnership,
    View.PILOT_ACTION: OfPilotAction,
    View.DRAFT: OfPilotAction,
    View.APPLICATION: OfPilotAction,
    View.APPLICANTS: OfPilotAction,
    View.PROOF: OfPilotAction,
    View.DOSSIER: OfPilotAction,
    View.EVALUATION: OfPilotAction,
    View.EVALUATORS: OfPilotAction,
    View.COMMENTS: OfPilotAction,
    View.PROCEDURE: OfPilotAction,
    View.GRANT: OfGrant,
    View.RANKING: OfCall,
    View.DASHBOARD: OfCall,
    View.DESK: OfCall,
    View.QUESTIONS: OfCall,
    View.AUDIT: OfCall,
    View.TABLES: OfCall,
    View.BUNDLE: OfCall,
    View.FINDINGS: OfCall,
    View.PAPER: OfPaper,
    View.MESSAGES: OfPartnership,
    View.ACCOUNT: OfAccount,
    View.PERSON: OfAccount,
    View.REFUSALS: OfAccount,
}
"""What each view is of."""


def question(view: View, actor: Actor, id: UUID) -> Any:
    """Return the question of an actor about the thing with this id, as relations read it."""
    asked = _ASKED[view](actor.subject, id)
    excepted = actor.by_exception and isinstance(asked, OfPilotAction)
    return asked._replace(now=actor.now) if excepted else asked


VIEWS: Mapping[View, tuple[Permission, ...]] = {
    View.PARTNERSHIP: (_MEMBERS, _COACH, _DESK, _BUYER, _AUTHORITY),
    View.ROADMAP: (_MEMBERS, _COACH, _DESK, _AUDITOR),
    View.PILOT_ACTION: (_MEMBERS, _COACH, _DESK, _COMMITTEE, _BUYER_AFTER_CLOSING, _AUTHORITY_AFTER_CLOSING),
    View.DRAFT: (_MEMBERS, _ALLOWED_FOR_NOW),
    View.APPLICATION: (_MEMBERS, _DECLARED, _DESK_AFTER_CLOSING, _READERS_AFTER_CLOSING, _ALLOWED_FOR_NOW),
    View.PROOF: (_MEMBERS, _DESK, _READERS_AFTER_CLOSING),
    View.DOSSIER: (_MEMBERS,),
    View.APPLICANTS: (
        _MEMBERS,
        _COACH,
        _DESK,
        _COMMITTEE_TOLD_WHO_APPLIES,
        _BUYER_AFTER_CLOSING,
        _AUTHORITY_AFTER_CLOSING,
    ),
    View.EVALUATION: (_COMMITTEE, _DESK, _APPROVER_AT_THE_END, _AUDITOR),
    View.EVALUATORS: (_COMMITTEE, _DESK, _APPROVER_AT_THE_END, _AUDITOR, _MEMBERS_TOLD_WHO_EVALUATES),
    View.COMMENTS: (_DESK, _APPROVER_AT_THE_END, _AUDITOR, _MEMBERS_TOLD_THE_OUTCOME),
    View.PROCEDURE: (_DESK, _BUYER_AFTER_CLOSING, _AUTHORITY_AFTER_CLOSING),
    View.GRANT: (_MEMBERS, _DESK, _BUYER, _AUTHORITY),
    View.RANKING: (_OFFICE, _JUDGES_OF_LISTS),
    View.DASHBOARD: (_OFFICE, _OFFICES_AFTER_CLOSING),
    View.DESK: (_OFFICE, _AUDITOR_AFTER_CLOSING),
    View.QUESTIONS: (_OFFICE, _AUDITOR),
    View.AUDIT: (_AUDITOR,),
    View.TABLES: (_AUDITOR_AFTER_CLOSING,),
    View.BUNDLE: (_AUDITOR_AFTER_CLOSING,),
    View.FINDINGS: (_OFFICE, _AUDITOR),
    View.PAPER: (_AUDITOR, _OFFICE_THAT_ANSWERS),
    View.MESSAGES: (_DESK, _AUDITOR_AFTER_CLOSING),
    View.ACCOUNT: (_ONESELF, _OFFICE, _AUDITOR),
    View.PERSON: (_ONESELF, _OFFICE, _AUDITOR),
    View.REFUSALS: (_OFFICE, _AUDITOR),
}
"""Every view with who may have it; a test shows that none is missing."""

OF_ALL: Final[Mapping[Relation, Relation]] = {anywhere: anywhere, in_strand: for_all_strands, _closed: _closed}
"""What, of a call, says that a relation holds to everything in it."""

AFTER_CLOSING: Final[Relation] = _closed
"""What says, of a call, that it is told once its window for applications is closed."""


def is_decided_on(pilot_action_id: UUID, world: World) -> bool:
    """Tell whether the fund decides on an application by now, and its members change nothing any more."""
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    call = world.find(CALL, pilot.call_id) if pilot.call_id is not None else None
    return pilot.stage not in OPEN_STAGES or (call is not None and _is_closed(call))


def outcome_is_told(pilot_action_id: UUID, world: World) -> bool:
    """Tell whether the outcome of an application is released, or its call settled (D17)."""
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    call = world.find(CALL, pilot.call_id) if pilot.call_id is not None else None
    return call is not None and (call.settled or call.list_of(pilot.line).released)


def allowed_until(subject: UUID, pilot_action_id: UUID, world: World) -> datetime | None:
    """Return until when (UTC) a subject may see a draft by way of exception, or might; None where nobody allowed it."""
    pilot = world.find(PILOT_ACTION, pilot_action_id)
    return pilot.accesses.get(subject) if pilot is not None else None
