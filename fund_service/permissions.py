"""Who may do what: one table, command → roles and relation; what is not in it is denied.

Separation of duties and four eyes are rules, decided in the domain (D05, D18); here stands who may ask at all.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from domain.account import commands as account
from domain.account.aggregate import ACCOUNT, Account
from domain.account.commands import ConfirmRole
from domain.call import commands as call
from domain.errors import NotPermitted
from domain.evaluation import commands as evaluation
from domain.evaluation.aggregate import EVALUATION
from domain.grant import commands as grant
from domain.grant.aggregate import GRANT
from domain.ids import evaluation_id
from domain.messages import Command, World
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.people import ENGINE, OPERATOR, Role
from domain.pilot_action import commands as pilot_action
from domain.pilot_action.aggregate import PILOT_ACTION

Relation = Callable[[Account, Role, Any, World], bool]


class Permission(NamedTuple):
    """Any of the roles, in this relation to what the command names. `says` completes “You may do this only as …”."""

    roles: frozenset[Role]
    relation: Relation
    says: str


def _partnership(command: Any, world: World) -> Partnership:
    if hasattr(command, "partnership_id"):
        return world.get(PARTNERSHIP, command.partnership_id)
    if hasattr(command, "pilot_action_id"):
        pilot = world.get(PILOT_ACTION, command.pilot_action_id)
        return world.get(PARTNERSHIP, pilot.partnership_id or command.pilot_action_id)
    granted = world.get(GRANT, command.grant_id)
    return world.get(PARTNERSHIP, granted.partnership_id or command.grant_id)


def _anywhere(account: Account, role: Role, command: Any, world: World) -> bool:
    return True


def _for_all_strands(account: Account, role: Role, command: Any, world: World) -> bool:
    return account.roles.get(role) is None


def _in_named_strand(account: Account, role: Role, command: Any, world: World) -> bool:
    own = account.roles.get(role)
    named = command.geography.strand if hasattr(command, "geography") else command.strand
    return own is None or own is named


def _in_strand_of_role(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role that the subject has, or is proposed for, is one of the officer's own strand."""
    own, subject = account.roles.get(role), world.get(ACCOUNT, command.subject)
    if own is None:
        return True
    _, proposed = subject.proposed.get(command.role, (None, None))
    return own is (proposed if isinstance(command, ConfirmRole) else subject.roles.get(command.role))


def _in_strand(account: Account, role: Role, command: Any, world: World) -> bool:
    strand = account.roles.get(role)
    return strand is None or strand is _partnership(command, world).geography.strand


def _for_coordinator(account: Account, role: Role, command: Any, world: World) -> bool:
    return (
        account.organisation_id is not None and account.organisation_id == _partnership(command, world).coordinator_id
    )


def _for_member(account: Account, role: Role, command: Any, world: World) -> bool:
    named: UUID = command.organisation_id
    return account.organisation_id == named and named in _partnership(command, world).member_ids()


def _as_its_coach(account: Account, role: Role, command: Any, world: World) -> bool:
    by: UUID = command.by
    return _partnership(command, world).coach == by


def _as_coach_of_all(account: Account, role: Role, command: Any, world: World) -> bool:
    return all(world.get(PARTNERSHIP, one).coach == command.by for one in command.partnership_ids)


def _in_strand_of_all(account: Account, role: Role, command: Any, world: World) -> bool:
    strand = account.roles.get(role)
    return strand is None or all(world.get(PARTNERSHIP, one).geography.strand is strand for one in command.old_ids)


def _on_its_committee(account: Account, role: Role, command: Any, world: World) -> bool:
    found = world.find(EVALUATION, evaluation_id(command.pilot_action_id))
    return found is not None and command.by in found.seats


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_PROCESS = Permission(_roles(Role.ENGINE), _anywhere, "the fund's own processes")
_OFFICE = Permission(_roles(Role.SECRETARIAT), _anywhere, "the secretariat")
_HEAD_OFFICE = Permission(_roles(Role.SECRETARIAT), _for_all_strands, "the secretariat for all strands")
_ENTRY = Permission(_roles(Role.SECRETARIAT), _in_named_strand, "the secretariat of the strand that it names")
_STAFFING = Permission(_roles(Role.SECRETARIAT), _in_strand_of_role, "the secretariat of the strand of this role")
_DESK = Permission(_roles(Role.SECRETARIAT), _in_strand, "the secretariat of this strand")
_LEAD = Permission(_roles(Role.APPLICANT), _for_coordinator, "an officer of the coordinating city or region")
_MEMBER = Permission(_roles(Role.APPLICANT, Role.PARTNER), _for_member, "an officer of this member")
_COACH = Permission(_roles(Role.COACH), _as_its_coach, "the coach of this partnership")
_COACH_OF_ALL = Permission(_roles(Role.COACH), _as_coach_of_all, "the coach of all these partnerships")
_DESK_OF_ALL = Permission(_roles(Role.SECRETARIAT), _in_strand_of_all, "the secretariat of this strand")
_JUDGE = Permission(_roles(Role.EVALUATOR), _on_its_committee, "an evaluator of this application")
_APPROVER = Permission(_roles(Role.APPROVER), _anywhere, "an approver of the contracting authority")
_BUYER = Permission(_roles(Role.RESOURCE_MANAGER), _in_strand, "the resource manager of this strand")
_CERTIFIER = Permission(_roles(Role.CERTIFIER), _anywhere, "a certifier")
_OPERATOR = Permission(_roles(Role.OPERATOR), _anywhere, "the operator of the machine itself")

PERMISSIONS: Mapping[type[Command], Permission] = {
    account.RecordFirstSecretariat: _OPERATOR,
    account.OpenAccount: _OFFICE,
    account.GrantRole: _ENTRY,
    account.ConfirmRole: _STAFFING,
    account.RevokeRole: _STAFFING,
    account.RecordClusterLead: _HEAD_OFFICE,
    organisation.RegisterOrganisation: _OFFICE,
    organisation.AdmitOrganisation: _ENTRY,
    organisation.StatePopulation: _OFFICE,
    organisation.LinkOrganisations: _OFFICE,
    call.PublishCall: _HEAD_OFFICE,
    call.ProposeCorrection: _HEAD_OFFICE,
    call.ConfirmCorrection: _HEAD_OFFICE,
    call.OpenCoachingWindow: _PROCESS,
    call.CloseCoachingWindow: _PROCESS,
    call.OpenApplicationWindow: _PROCESS,
    call.CloseApplicationWindow: _PROCESS,
    call.EstablishRanking: _PROCESS,
    call.ProposeAwardList: _HEAD_OFFICE,
    call.ReturnAwardList: _APPROVER,
    call.ApproveAwardList: _APPROVER,
    call.ReleaseOutcomes: _PROCESS,
    call.ReviewReserve: _PROCESS,
    call.ExpireReserve: _PROCESS,
    call.ProposeCancellation: _HEAD_OFFICE,
    call.CancelCall: _HEAD_OFFICE,
    call.SettleCall: _PROCESS,
    partnership.FormPartnership: _ENTRY,
    partnership.ConfirmMembership: _MEMBER,
    partnership.DraftRoadmap: _LEAD,
    partnership.AgreeRoadmap: _MEMBER,
    partnership.OfferCoaching: _PROCESS,
    partnership.DeclineCoaching: _LEAD,
    partnership.RequestCoaching: _LEAD,
    partnership.AssignCoach: _DESK,
    partnership.HoldCoachingSession: _COACH,
    partnership.HoldGroupSession: _COACH_OF_ALL,
    partnership.RecordMissedSession: _COACH,
    partnership.RemindCoaching: _PROCESS,
    partnership.CompleteCoaching: _COACH,
    partnership.EndCoaching: _PROCESS,
    partnership.RecordMemorandum: _LEAD,
    partnership.RecordDeparture: _DESK,
    partnership.MergePartnerships: _DESK_OF_ALL,
    pilot_action.ProposePilotAction: _LEAD,
    pilot_action.NameExpert: _DESK,
    pilot_action.SaveDraftSection: _LEAD,
    pilot_action.PutForwardVersion: _LEAD,
    pilot_action.ConfirmParticipation: _MEMBER,
    pilot_action.RecordLetter: _DESK,
    pilot_action.VerifyLetter: _DESK,
    pilot_action.ChooseApplication: _LEAD,
    pilot_action.TakeOutApplication: _DESK,
    pilot_action.ProposeRemoval: _DESK,
    pilot_action.ConfirmRemoval: _DESK,
    pilot_action.SubmitApplication: _LEAD,
    pilot_action.WithdrawApplication: _LEAD,
    pilot_action.RemindSubmission: _PROCESS,
    pilot_action.AskClarification: _DESK,
    pilot_action.AnswerClarification: _LEAD,
    pilot_action.CheckEligibility: _PROCESS,
    evaluation.AssignEvaluator: _DESK,
    evaluation.DeclareNoConflict: _JUDGE,
    evaluation.DeclareConflict: _JUDGE,
    evaluation.WithdrawEvaluator: _JUDGE,
    evaluation.ReplaceEvaluator: _DESK,
    evaluation.ProposeFewerEvaluators: _DESK,
    evaluation.ConfirmFewerEvaluators: _DESK,
    evaluation.RecordAllegation: _DESK,
    evaluation.DecideAllegation: _DESK,
    evaluation.GiveScores: _JUDGE,
    evaluation.ProposeConsensus: _JUDGE,
    evaluation.AgreeConsensus: _JUDGE,
    evaluation.RemindEvaluators: _PROCESS,
    evaluation.RecordOverdue: _PROCESS,
    grant.OfferGrant: _PROCESS,
    grant.RemindAcceptance: _PROCESS,
    grant.AcceptGrant: _LEAD,
    grant.DeclineGrant: _LEAD,
    grant.LapseGrant: _PROCESS,
    grant.OrderResource: _BUYER,
    grant.RemindOrder: _PROCESS,
    grant.CancelOrder: _BUYER,
    grant.RecordDelivery: _BUYER,
    grant.RecordInvoice: _BUYER,
    grant.AcknowledgeDelivery: _LEAD,
    grant.RefuseDelivery: _LEAD,
    grant.CertifyDelivery: _CERTIFIER,
    grant.ProposeReversal: _BUYER,
    grant.ConfirmReversal: _CERTIFIER,
    grant.DismissReversal: _CERTIFIER,
    grant.RemindReport: _PROCESS,
    grant.RecordReportOverdue: _PROCESS,
    grant.FileFinalReport: _LEAD,
    grant.CloseGrant: _PROCESS,
}
"""Every command with who may ask for it; a test shows that none is missing."""

_BUILT_IN = {
    ENGINE: Account(label="The fund itself", roles={Role.ENGINE: None}),
    OPERATOR: Account(label="The operator", roles={Role.OPERATOR: None}),
}


def check_permission(command: Command, world: World) -> None:
    """Raise NotPermitted unless the subject may ask for this."""
    permission = PERMISSIONS.get(type(command))
    account = _BUILT_IN.get(command.by) or world.find(ACCOUNT, command.by)
    if permission is None or account is None:
        raise NotPermitted("You may not do this: this subject has no account.", "Ask the secretariat for one.")
    roles = permission.roles & account.roles.keys()
    if not any(permission.relation(account, role, command, world) for role in roles):
        raise NotPermitted(f"You may not do this; only {permission.says} may.", "Ask the secretariat.")
