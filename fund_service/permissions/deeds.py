"""Who may ask for what: one table, command → roles and relation; what is not in it is denied.

Separation of duties and four eyes are rules, decided in the domain (D05, D18); here stands who may ask at all.
"""

from collections.abc import Mapping

from domain.account import commands as account
from domain.call import commands as call
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.log_key import NameLogKey
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.people import Role
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper
from fund_service.permissions.relations import (
    Permission,
    anywhere,
    as_coach_of_all,
    as_its_coach,
    for_all_strands,
    for_coordinator,
    for_member,
    in_named_strand,
    in_strand,
    in_strand_of_all,
    in_strand_of_represented,
    in_strand_of_role,
    on_its_committee,
    roles,
)

_PROCESS = Permission(roles(Role.ENGINE), anywhere, "the fund's own processes")
_OFFICE = Permission(roles(Role.SECRETARIAT), anywhere, "the secretariat")
_HEAD_OFFICE = Permission(roles(Role.SECRETARIAT), for_all_strands, "the secretariat for all strands")
_ENTRY = Permission(roles(Role.SECRETARIAT), in_named_strand, "the secretariat of the strand that it names")
_STAFFING = Permission(roles(Role.SECRETARIAT), in_strand_of_role, "the secretariat of the strand of this role")
_DESK = Permission(roles(Role.SECRETARIAT), in_strand, "the secretariat of this strand")
_LEAD = Permission(roles(Role.APPLICANT), for_coordinator, "an officer of the coordinating city or region")
_MEMBER = Permission(roles(Role.APPLICANT, Role.PARTNER), for_member, "an officer of this member")
_ANY_MEMBER = Permission(roles(Role.APPLICANT, Role.PARTNER), anywhere, "an officer of a city or region")
_COACH = Permission(roles(Role.COACH), as_its_coach, "the coach of this partnership")
_COACH_OF_ALL = Permission(roles(Role.COACH), as_coach_of_all, "the coach of all these partnerships")
_DESK_OF_ALL = Permission(roles(Role.SECRETARIAT), in_strand_of_all, "the secretariat of this strand")
_JUDGE = Permission(roles(Role.EVALUATOR), on_its_committee, "an evaluator of this application")
_APPROVER = Permission(roles(Role.APPROVER), anywhere, "an approver of the contracting authority")
_BUYER = Permission(roles(Role.RESOURCE_MANAGER), in_strand, "the resource manager of this strand")
_CERTIFIER = Permission(roles(Role.CERTIFIER), anywhere, "a certifier")
_HOLDER = Permission(
    roles(), anywhere, "the holder of the account itself, with a role or without", holders=("subject",)
)
_STAFFING_OF_DEPUTY = Permission(
    roles(Role.SECRETARIAT), in_strand_of_represented, "the secretariat of the strand of this role"
)
_REPRESENTED = Permission(
    roles(Role.SECRETARIAT),
    in_strand_of_represented,
    "who is represented, or the secretariat of the strand of this role",
    holders=("represents",),
)
_PARTY_OF_DEPUTY = Permission(
    roles(Role.SECRETARIAT),
    in_strand_of_represented,
    "who is represented, the deputy, or the secretariat of the strand of this role",
    holders=("represents", "subject"),
)
_AUDITOR = Permission(roles(Role.AUDITOR), anywhere, "an auditor, in working papers that touch nothing of the call,")
_OPERATOR = Permission(roles(Role.OPERATOR), anywhere, "the operator of the machine itself")

PERMISSIONS: Mapping[type[Command], Permission] = {
    account.RecordFirstSecretariat: _OPERATOR,
    account.OpenAccount: _OFFICE,
    account.InviteOfficer: _LEAD,
    account.GrantRole: _ENTRY,
    account.ConfirmRole: _STAFFING,
    account.RevokeRole: _STAFFING,
    account.RecordClusterLead: _HEAD_OFFICE,
    account.MarkSharedMailbox: _OFFICE,
    account.ClaimAuthority: _HOLDER,
    account.AcceptAuthority: _HEAD_OFFICE,
    account.ConfirmAuthority: _HEAD_OFFICE,
    account.DeclineAuthority: _HEAD_OFFICE,
    account.NameDeputy: _REPRESENTED,
    account.ConfirmDeputy: _STAFFING_OF_DEPUTY,
    account.EndDeputy: _PARTY_OF_DEPUTY,
    account.HoldErasure: _HEAD_OFFICE,
    account.LiftHold: _HEAD_OFFICE,
    account.DecideErasure: _HEAD_OFFICE,
    account.RecordErasure: _PROCESS,
    organisation.RegisterOrganisation: _OFFICE,
    organisation.AdmitOrganisation: _ENTRY,
    organisation.StatePopulation: _OFFICE,
    organisation.LinkOrganisations: _OFFICE,
    call.PublishCall: _HEAD_OFFICE,
    call.ProposeCorrection: _HEAD_OFFICE,
    call.ConfirmCorrection: _HEAD_OFFICE,
    call.AskQuestion: _ANY_MEMBER,
    call.AnswerQuestion: _OFFICE,
    call.AnswerPrivately: _OFFICE,
    call.DeclineQuestion: _OFFICE,
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
    pilot_action.RequestAccess: _DESK,
    pilot_action.AllowAccess: _DESK,
    pilot_action.SaveDraftSection: _LEAD,
    pilot_action.AttachFile: _LEAD,
    pilot_action.DetachFile: _LEAD,
    pilot_action.AttachProof: _DESK,
    pilot_action.PutForwardVersion: _LEAD,
    pilot_action.ConfirmParticipation: _MEMBER,
    pilot_action.DeclineParticipation: _MEMBER,
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
    grant.AttachEvidence: _BUYER,
    grant.AttachToReport: _LEAD,
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
    NameLogKey: _PROCESS,
    working_paper.OpenWorkingPaper: _AUDITOR,
    working_paper.WriteNote: _AUDITOR,
    working_paper.IssueFinding: _AUDITOR,
    working_paper.AnswerFinding: _OFFICE,
    working_paper.FollowUpFinding: _AUDITOR,
    working_paper.CloseWorkingPaper: _AUDITOR,
}
"""Every command with who may ask for it; a test shows that none is missing."""
