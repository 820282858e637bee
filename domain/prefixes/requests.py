"""From what was recorded back to what was asked for: the requests that an event, with those after it, can follow from.

`BEGIN` names for each event that comes first in a decision the commands that lead to it; `FOLLOW` are those that never
do. A request has the fields of the event by their names, the stream as the id of what it is about, and `_MORE` where
that is not all. It is made without the checks of a request's own form, which are made at the door.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from domain.account import commands as account
from domain.account import events as accounts
from domain.account.aggregate import ACCOUNT
from domain.call import commands as call
from domain.call import events as calls
from domain.call.aggregate import CALL
from domain.catalogue import aggregate_of
from domain.evaluation import commands as evaluation
from domain.evaluation import events as evaluations
from domain.evaluation.aggregate import EVALUATION
from domain.files import File, GivenFile
from domain.grant import commands as grant
from domain.grant import events as grants
from domain.grant.aggregate import GRANT
from domain.log_key import LogKeyNamed, NameLogKey
from domain.messages import Change, Command, Event, World
from domain.organisation import commands as organisation
from domain.organisation import events as organisations
from domain.organisation.aggregate import ORGANISATION
from domain.partnership import commands as partnership
from domain.partnership import events as partnerships
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action import commands as pilot_action
from domain.pilot_action import events as pilot_actions
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.prefixes.texts import UNREADABLE
from domain.receipt import CommandHandled
from domain.slot import ApplicationChosen, SlotFreed, SlotJoined, SlotTaken
from domain.values import BRUSSELS, ProtectedText
from domain.working_paper import commands as working_paper
from domain.working_paper import events as working_papers
from domain.working_paper.aggregate import WORKING_PAPER

MemberOf = Callable[[UUID], Collection[UUID]]
"""`member_of(organisation_id)`: the partnerships that were formed with a city or region."""

BEGIN: Final[Mapping[type[Event], tuple[type[Command], ...]]] = {
    organisations.OrganisationRegistered: (organisation.RegisterOrganisation,),
    organisations.OrganisationAdmitted: (organisation.AdmitOrganisation,),
    organisations.PopulationStated: (organisation.StatePopulation,),
    organisations.OrganisationsLinked: (organisation.LinkOrganisations,),
    accounts.FirstSecretariatRecorded: (account.RecordFirstSecretariat,),
    accounts.AccountOpened: (account.OpenAccount, account.InviteOfficer),
    accounts.RoleProposed: (account.GrantRole,),
    accounts.RoleGranted: (account.GrantRole, account.ConfirmRole),
    accounts.RoleRevoked: (account.RevokeRole,),
    accounts.ClusterLeadRecorded: (account.RecordClusterLead,),
    accounts.ErasureHeld: (account.HoldErasure,),
    accounts.ErasureHoldLifted: (account.LiftHold,),
    accounts.ErasureDecided: (account.DecideErasure,),
    accounts.PersonalDataErased: (account.RecordErasure,),
    LogKeyNamed: (NameLogKey,),
    accounts.AuthorityClaimed: (account.ClaimAuthority,),
    accounts.AuthorityAccepted: (account.AcceptAuthority,),
    accounts.AuthorityDeclined: (account.DeclineAuthority,),
    accounts.AuthorityConfirmed: (account.ConfirmAuthority,),
    accounts.SharedMailboxMarked: (account.MarkSharedMailbox,),
    accounts.DeputyProposed: (account.NameDeputy,),
    accounts.DeputyNamed: (account.ConfirmDeputy,),
    accounts.DeputyEnded: (account.EndDeputy,),
    calls.CallPublished: (call.PublishCall,),
    calls.CorrectionProposed: (call.ProposeCorrection,),
    calls.CallCorrected: (call.ConfirmCorrection,),
    calls.QuestionAsked: (call.AskQuestion,),
    calls.QuestionAnswered: (call.AnswerQuestion,),
    calls.QuestionAnsweredPrivately: (call.AnswerPrivately,),
    calls.QuestionDeclined: (call.DeclineQuestion,),
    calls.CoachingWindowOpened: (call.OpenCoachingWindow,),
    calls.CoachingWindowClosed: (call.CloseCoachingWindow,),
    calls.ApplicationWindowOpened: (call.OpenApplicationWindow,),
    calls.ApplicationWindowClosed: (call.CloseApplicationWindow,),
    calls.RankingEstablished: (call.EstablishRanking,),
    calls.AwardListProposed: (call.ProposeAwardList,),
    calls.AwardListReturned: (call.ReturnAwardList,),
    calls.AwardListApproved: (call.ApproveAwardList,),
    calls.OutcomesReleased: (call.ReleaseOutcomes,),
    calls.ReserveReviewed: (call.ReviewReserve,),
    calls.ReserveExpired: (call.ExpireReserve,),
    calls.CancellationProposed: (call.ProposeCancellation,),
    calls.CallCancelled: (call.CancelCall,),
    calls.CallSettled: (call.SettleCall,),
    partnerships.PartnershipFormed: (partnership.FormPartnership, partnership.MergePartnerships),
    partnerships.MembershipConfirmed: (partnership.ConfirmMembership,),
    partnerships.RoadmapDrafted: (partnership.DraftRoadmap,),
    partnerships.RoadmapVersionAgreed: (partnership.AgreeRoadmap,),
    partnerships.CoachingOffered: (partnership.OfferCoaching,),
    partnerships.CoachingDeclined: (partnership.DeclineCoaching,),
    partnerships.CoachingRequested: (partnership.RequestCoaching,),
    partnerships.CoachAssigned: (partnership.AssignCoach,),
    partnerships.CoachingSessionHeld: (partnership.HoldCoachingSession,),
    partnerships.GroupSessionHeld: (partnership.HoldGroupSession,),
    partnerships.CoachingSessionMissed: (partnership.RecordMissedSession,),
    partnerships.CoachingReminded: (partnership.RemindCoaching,),
    partnerships.CoachingCompleted: (partnership.CompleteCoaching,),
    partnerships.CoachingEnded: (partnership.EndCoaching,),
    partnerships.MemorandumRecorded: (partnership.RecordMemorandum,),
    partnerships.MemberLeft: (partnership.RecordDeparture,),
    pilot_actions.PilotActionProposed: (pilot_action.ProposePilotAction,),
    pilot_actions.ExpertNamed: (pilot_action.NameExpert,),
    pilot_actions.DraftSectionSaved: (pilot_action.SaveDraftSection,),
    pilot_actions.FileAttached: (pilot_action.AttachFile,),
    pilot_actions.FileDetached: (pilot_action.DetachFile,),
    pilot_actions.ProofAttached: (pilot_action.AttachProof,),
    pilot_actions.VersionPutForward: (pilot_action.PutForwardVersion,),
    pilot_actions.ParticipationConfirmed: (pilot_action.ConfirmParticipation,),
    pilot_actions.ParticipationDeclined: (pilot_action.DeclineParticipation,),
    pilot_actions.LetterRecorded: (pilot_action.RecordLetter,),
    pilot_actions.LetterVerified: (pilot_action.VerifyLetter,),
    pilot_actions.ApplicationSubmitted: (pilot_action.SubmitApplication,),
    pilot_actions.ApplicationWithdrawn: (pilot_action.WithdrawApplication,),
    pilot_actions.SubmissionReminded: (pilot_action.RemindSubmission,),
    pilot_actions.ClarificationAsked: (pilot_action.AskClarification,),
    pilot_actions.ClarificationAnswered: (pilot_action.AnswerClarification,),
    pilot_actions.ApplicationFoundInadmissible: (pilot_action.CheckEligibility,),
    pilot_actions.ApplicationFoundIneligible: (pilot_action.CheckEligibility, pilot_action.TakeOutApplication),
    pilot_actions.ApplicationFoundEligible: (pilot_action.CheckEligibility,),
    pilot_actions.RemovalProposed: (pilot_action.ProposeRemoval,),
    pilot_actions.RemovalConfirmed: (pilot_action.ConfirmRemoval,),
    pilot_actions.AccessRequested: (pilot_action.RequestAccess,),
    pilot_actions.AccessAllowed: (pilot_action.AllowAccess,),
    ApplicationChosen: (pilot_action.ChooseApplication,),
    evaluations.EvaluatorAssigned: (evaluation.AssignEvaluator,),
    evaluations.NoConflictDeclared: (evaluation.DeclareNoConflict,),
    evaluations.ConflictDeclared: (evaluation.DeclareConflict,),
    evaluations.EvaluatorWithdrew: (evaluation.WithdrawEvaluator,),
    evaluations.EvaluatorReplaced: (evaluation.ReplaceEvaluator,),
    evaluations.FewerEvaluatorsProposed: (evaluation.ProposeFewerEvaluators,),
    evaluations.FewerEvaluatorsConfirmed: (evaluation.ConfirmFewerEvaluators,),
    evaluations.ConflictAlleged: (evaluation.RecordAllegation,),
    evaluations.AllegationUpheld: (evaluation.DecideAllegation,),
    evaluations.AllegationDismissed: (evaluation.DecideAllegation,),
    evaluations.ScoresGiven: (evaluation.GiveScores,),
    evaluations.EvaluatorsReminded: (evaluation.RemindEvaluators,),
    evaluations.ScoresOverdue: (evaluation.RecordOverdue,),
    evaluations.ConsensusOverdue: (evaluation.RecordOverdue,),
    evaluations.ConsensusProposed: (evaluation.ProposeConsensus,),
    evaluations.ConsensusAgreed: (evaluation.AgreeConsensus,),
    evaluations.EvaluationReopened: (evaluation.DeclareConflict, evaluation.RecordAllegation),
    grants.GrantOffered: (grant.OfferGrant,),
    grants.AcceptanceReminded: (grant.RemindAcceptance,),
    grants.GrantAccepted: (grant.AcceptGrant,),
    grants.GrantDeclined: (grant.DeclineGrant,),
    grants.GrantLapsed: (grant.LapseGrant,),
    grants.ResourceOrdered: (grant.OrderResource,),
    grants.DeliveryReminded: (grant.RemindOrder,),
    grants.AcknowledgementReminded: (grant.RemindOrder,),
    grants.OrderCancelled: (grant.CancelOrder,),
    grants.ResourceDelivered: (grant.RecordDelivery,),
    grants.InvoiceRecorded: (grant.RecordInvoice,),
    grants.EvidenceAttached: (grant.AttachEvidence,),
    grants.DeliveryAcknowledged: (grant.AcknowledgeDelivery,),
    grants.DeliveryRefused: (grant.RefuseDelivery,),
    grants.ResourceDisbursed: (grant.CertifyDelivery,),
    grants.ReversalProposed: (grant.ProposeReversal,),
    grants.ReversalDismissed: (grant.DismissReversal,),
    grants.DeliveryReversed: (grant.ConfirmReversal,),
    grants.ReportReminded: (grant.RemindReport,),
    grants.ReportOverdue: (grant.RecordReportOverdue,),
    grants.FinalReportFiled: (grant.FileFinalReport,),
    grants.ReportFileAttached: (grant.AttachToReport,),
    grants.GrantClosed: (grant.CloseGrant,),
    working_papers.WorkingPaperOpened: (working_paper.OpenWorkingPaper,),
    working_papers.NoteWritten: (working_paper.WriteNote,),
    working_papers.FindingIssued: (working_paper.IssueFinding,),
    working_papers.FindingAnswered: (working_paper.AnswerFinding,),
    working_papers.FindingFollowedUp: (working_paper.FollowUpFinding,),
    working_papers.WorkingPaperClosed: (working_paper.CloseWorkingPaper,),
}
"""Event → the commands whose decisions begin with it."""

FOLLOW: Final[frozenset[type[Event]]] = frozenset(
    {
        organisations.PopulationAsked,
        organisations.NamedInApplication,
        organisations.ToldOfSeveralApplications,
        organisations.OfficerSucceeded,
        accounts.Represented,
        calls.CoachingPlaceTaken,
        calls.CoachingDemandUnmet,
        calls.ApplicationRegistered,
        calls.AwardListAdopted,
        calls.AwardListVoided,
        calls.OfferMade,
        calls.SumCommitted,
        calls.SumFreed,
        calls.SumReturned,
        partnerships.RoadmapAgreed,
        partnerships.PartnershipEnded,
        partnerships.PartnershipMerged,
        partnerships.PartnershipsJoined,
        pilot_actions.ConfirmationsVoided,
        pilot_actions.SupportOffered,
        evaluations.EvaluationOpened,
        evaluations.DivergenceFound,
        evaluations.ConsensusReached,
        evaluations.EvaluationCompleted,
        evaluations.EvaluationStopped,
        grants.PartOffered,
        grants.OffersCompared,
        SlotTaken,
        SlotFreed,
        SlotJoined,
        CommandHandled,
    }
)
"""What only follows in a decision: nobody asks for it by itself."""

_ABOUT: Final = {
    ACCOUNT.name: "subject",
    CALL.name: "call_id",
    PARTNERSHIP.name: "partnership_id",
    PILOT_ACTION.name: "pilot_action_id",
    GRANT.name: "grant_id",
    ORGANISATION.name: "organisation_id",
    WORKING_PAPER.name: "paper_id",
}
"""Kind of stream → the field of a command that names it."""

_GIVEN: Final[Mapping[type, type[BaseModel]]] = {
    evaluations.Score: evaluation.GivenScore,
    pilot_actions.ResourceLine: pilot_action.ResourceRequest,
    calls.Departure: call.DepartureFromRank,
    grants.Offer: grant.SupplierOffer,
    File: GivenFile,
}
"""What is recorded → the form in which somebody gave it."""


def requests(changes: Sequence[Change], world: World, member_of: MemberOf) -> Iterator[Command]:
    """Yield the requests that the first of these events, with those recorded after it, can follow from."""
    for kind in BEGIN.get(type(changes[0].event), ()):
        if kind is account.InviteOfficer:
            yield from _invitations(changes, member_of)
        else:
            told = changes[1:] if isinstance(changes[0].event, evaluations.EvaluationReopened) else changes
            more = _MORE[kind](told) if told and kind in _MORE else {}
            if told and more is not None:
                yield _asked(kind, told[0], {**_about(told[0], world), **more})


def _asked(kind: type[Command], first: Change, named: Mapping[str, Any]) -> Command:
    """Return a request with what is named, and else with what the event says under the same name."""
    event = first.event
    said = {name: _plain(getattr(event, name)) for name in kind.model_fields if hasattr(event, name)}
    return kind.model_construct(**{**said, "at": event.effective_at, "key": "replay", **named})


def _about(first: Change, world: World) -> dict[str, UUID]:
    name = aggregate_of(first.event).name
    if name == EVALUATION.name:
        judged = world.find(EVALUATION, first.stream)
        return {"pilot_action_id": (judged and judged.pilot_action_id) or first.stream}
    return {_ABOUT[name]: first.stream} if name in _ABOUT else {}


def _plain(value: Any) -> Any:
    """Return what somebody gave, in the form in which it was given."""
    match value:
        case ProtectedText():
            return value.text or ""
        case BaseModel() if type(value) in _GIVEN:
            form = _GIVEN[type(value)]
            return form.model_construct(**{name: _plain(getattr(value, name)) for name in form.model_fields})
        case tuple():
            return tuple(_plain(one) for one in value)
        case Mapping():
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value


def _invitations(changes: Sequence[Change], member_of: MemberOf) -> Iterator[Command]:
    """Yield an invitation for each partnership of the city or region: the log does not say for which it was."""
    opened: Any = changes[0].event
    invited = len(changes) > 1 and isinstance(changes[1].event, accounts.RoleGranted)
    if invited and opened.organisation_id is not None:
        for partnership_id in member_of(opened.organisation_id):
            named = {"subject": changes[0].stream, "partnership_id": partnership_id}
            yield _asked(account.InviteOfficer, changes[0], named)


More = Callable[[Sequence[Change]], dict[str, Any] | None]
"""What a request says that the event does not say under the same name; None where it cannot follow from this one."""


def _first_secretariat(changes: Sequence[Change]) -> dict[str, Any] | None:
    first: Any = changes[0].event
    opened = changes[1].event if len(changes) > 1 else None
    if not isinstance(opened, accounts.AccountOpened):
        return None
    return {"subject": first.subject, "label": opened.label, "unit": opened.unit}


def _deputy_days(changes: Sequence[Change]) -> dict[str, Any]:
    asked: Any = changes[0].event
    last_moment = asked.until - timedelta(microseconds=1)
    return {
        "first_day": asked.starts.astimezone(BRUSSELS).date(),
        "last_day": last_moment.astimezone(BRUSSELS).date(),
    }


def _merged(changes: Sequence[Change]) -> dict[str, Any] | None:
    joined = changes[1].event if len(changes) > 1 else None
    return {"old_ids": joined.partnership_ids} if isinstance(joined, partnerships.PartnershipsJoined) else None


def _group(changes: Sequence[Change]) -> dict[str, Any]:
    first: Any = changes[0].event
    held = [one.stream for one in changes if isinstance(one.event, partnerships.GroupSessionHeld)]
    return {"partnership_ids": tuple(held[: first.partnerships])}


def _departure(changes: Sequence[Change]) -> dict[str, Any]:
    return {"ends": len(changes) > 1 and isinstance(changes[1].event, partnerships.PartnershipEnded)}


def _saved(changes: Sequence[Change]) -> dict[str, Any]:
    saved: Any = changes[0].event
    words = {name: _plain(text) for name, text in saved.answers.items()}
    answers = {name: "…" if text == UNREADABLE else text for name, text in words.items()}
    return {"base": saved.version - 1, "answers": answers}


def _successor(changes: Sequence[Change]) -> dict[str, Any] | None:
    assigned = changes[1].event if len(changes) > 1 else None
    return {"successor": assigned.evaluator} if isinstance(assigned, evaluations.EvaluatorAssigned) else None


def _offers(changes: Sequence[Change]) -> dict[str, Any]:
    compared = changes[1].event if len(changes) > 1 else None
    if not isinstance(compared, grants.OffersCompared):
        return {"offers": (), "choice_reason": ""}
    return {"offers": _plain(compared.offers), "choice_reason": _plain(compared.choice_reason)}


def _of_kind(kind: type[Event]) -> More:
    return lambda changes: {} if isinstance(changes[0].event, kind) else None


def _members(changes: Sequence[Change]) -> dict[str, Any]:
    formed: Any = changes[0].event
    return {"member_ids": tuple(member.organisation_id for member in formed.members)}


def _linked(changes: Sequence[Change]) -> dict[str, Any]:
    linked: Any = changes[0].event
    return {"organisation_id": linked.entity_id, "other_ids": linked.organisation_ids[1:]}


_MORE: Final[Mapping[type[Command], More]] = {
    account.RecordFirstSecretariat: _first_secretariat,
    account.NameDeputy: _deputy_days,
    organisation.LinkOrganisations: _linked,
    partnership.FormPartnership: _members,
    partnership.MergePartnerships: _merged,
    partnership.HoldGroupSession: _group,
    partnership.RecordDeparture: _departure,
    pilot_action.SaveDraftSection: _saved,
    grant.OrderResource: _offers,
    evaluation.ReplaceEvaluator: _successor,
    evaluation.DeclareConflict: _of_kind(evaluations.ConflictDeclared),
    evaluation.RecordAllegation: _of_kind(evaluations.ConflictAlleged),
    evaluation.DecideAllegation: lambda changes: {"upheld": isinstance(changes[0].event, evaluations.AllegationUpheld)},
}
