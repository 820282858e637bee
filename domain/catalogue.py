"""Every event, aggregate and decision by name: the tables by which the fund finds what a message means."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from domain.account import commands as account_commands
from domain.account import decisions as account_decisions
from domain.account import deputies as account_deputies
from domain.account import erasing as account_erasing
from domain.account import succession as account_succession
from domain.account.aggregate import ACCOUNT
from domain.account.events import AccountEvent
from domain.call import answering as call_answering
from domain.call import awarding as call_awarding
from domain.call import cancelling as call_cancelling
from domain.call import commands as call_commands
from domain.call import correcting as call_correcting
from domain.call import decisions as call_decisions
from domain.call import establishing as call_establishing
from domain.call.aggregate import CALL
from domain.call.events import CallEvent
from domain.evaluation import commands as evaluation_commands
from domain.evaluation import committee as evaluation_committee
from domain.evaluation import conflicts as evaluation_conflicts
from domain.evaluation import consensus as evaluation_consensus
from domain.evaluation import decisions as evaluation_decisions
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.events import EvaluationEvent
from domain.grant import closing as grant_closing
from domain.grant import commands as grant_commands
from domain.grant import decisions as grant_decisions
from domain.grant import delivering as grant_delivering
from domain.grant import ordering as grant_ordering
from domain.grant import proving as grant_proving
from domain.grant.aggregate import GRANT
from domain.grant.events import GrantEvent
from domain.log_key import LOG_KEY, LogKeyNamed, NameLogKey, name_log_key
from domain.messages import Aggregate, Command, Decision, Event, World
from domain.organisation import commands as organisation_commands
from domain.organisation import decisions as organisation_decisions
from domain.organisation import linking as organisation_linking
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import OrganisationEvent
from domain.partnership import coaching as partnership_coaching
from domain.partnership import commands as partnership_commands
from domain.partnership import decisions as partnership_decisions
from domain.partnership import merging as partnership_merging
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.events import PartnershipEvent
from domain.pilot_action import access as pilot_action_access
from domain.pilot_action import attaching, checking, drafting, submitting
from domain.pilot_action import commands as pilot_action_commands
from domain.pilot_action import experts as pilot_action_experts
from domain.pilot_action import letters as pilot_action_letters
from domain.pilot_action import places as pilot_action_places
from domain.pilot_action import taking_out as pilot_action_taking_out
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import PilotActionEvent
from domain.receipt import RECEIPT, CommandHandled
from domain.slot import SLOT, SlotEvent
from domain.working_paper import commands as working_paper_commands
from domain.working_paper import decisions as working_paper_decisions
from domain.working_paper.aggregate import WORKING_PAPER
from domain.working_paper.events import WorkingPaperEvent

AGGREGATES: tuple[Aggregate[Any], ...] = (
    ORGANISATION,
    ACCOUNT,
    CALL,
    PARTNERSHIP,
    PILOT_ACTION,
    EVALUATION,
    GRANT,
    RECEIPT,
    SLOT,
    LOG_KEY,
    WORKING_PAPER,
)
"""Every kind of stream."""

_EVENT_CLASSES: tuple[type[Event], ...] = (
    *get_args(OrganisationEvent),
    *get_args(AccountEvent),
    *get_args(CallEvent),
    *get_args(PartnershipEvent),
    *get_args(PilotActionEvent),
    *get_args(EvaluationEvent),
    *get_args(GrantEvent),
    CommandHandled,
    *get_args(SlotEvent),
    LogKeyNamed,
    *get_args(WorkingPaperEvent),
)

EVENTS: Mapping[str, type[Event]] = {event.TOPIC: event for event in _EVENT_CLASSES}
"""Every event by its topic."""

DECIDERS: Mapping[type[Command], Callable[[Any, World], Decision]] = {
    organisation_commands.RegisterOrganisation: organisation_decisions.register_organisation,
    organisation_commands.AdmitOrganisation: organisation_decisions.admit_organisation,
    organisation_commands.StatePopulation: organisation_decisions.state_population,
    organisation_commands.LinkOrganisations: organisation_linking.link_organisations,
    account_commands.RecordFirstSecretariat: account_decisions.record_first_secretariat,
    account_commands.OpenAccount: account_decisions.open_account,
    account_commands.InviteOfficer: account_decisions.invite_officer,
    account_commands.GrantRole: account_decisions.grant_role,
    account_commands.ConfirmRole: account_decisions.confirm_role,
    account_commands.RevokeRole: account_decisions.revoke_role,
    account_commands.RecordClusterLead: account_decisions.record_cluster_lead,
    account_commands.MarkSharedMailbox: account_decisions.mark_shared_mailbox,
    account_commands.ClaimAuthority: account_succession.claim_authority,
    account_commands.AcceptAuthority: account_succession.accept_authority,
    account_commands.ConfirmAuthority: account_succession.confirm_authority,
    account_commands.DeclineAuthority: account_succession.decline_authority,
    account_commands.NameDeputy: account_deputies.name_deputy,
    account_commands.ConfirmDeputy: account_deputies.confirm_deputy,
    account_commands.EndDeputy: account_deputies.end_deputy,
    account_commands.HoldErasure: account_erasing.hold_erasure,
    account_commands.LiftHold: account_erasing.lift_hold,
    account_commands.DecideErasure: account_erasing.decide_erasure,
    account_commands.RecordErasure: account_erasing.record_erasure,
    call_commands.PublishCall: call_decisions.publish_call,
    call_commands.ProposeCorrection: call_correcting.propose_correction,
    call_commands.ConfirmCorrection: call_correcting.confirm_correction,
    call_commands.AskQuestion: call_answering.ask_question,
    call_commands.AnswerQuestion: call_answering.answer_question,
    call_commands.AnswerPrivately: call_answering.answer_privately,
    call_commands.DeclineQuestion: call_answering.decline_question,
    call_commands.OpenCoachingWindow: call_decisions.open_coaching_window,
    call_commands.CloseCoachingWindow: call_decisions.close_coaching_window,
    call_commands.OpenApplicationWindow: call_decisions.open_application_window,
    call_commands.CloseApplicationWindow: call_decisions.close_application_window,
    call_commands.EstablishRanking: call_establishing.establish_ranking,
    call_commands.ProposeAwardList: call_awarding.propose_award_list,
    call_commands.ReturnAwardList: call_awarding.return_award_list,
    call_commands.ApproveAwardList: call_awarding.approve_award_list,
    call_commands.ReleaseOutcomes: call_awarding.release_outcomes,
    call_commands.ReviewReserve: call_awarding.review_reserve,
    call_commands.ExpireReserve: call_awarding.expire_reserve,
    call_commands.ProposeCancellation: call_cancelling.propose_cancellation,
    call_commands.CancelCall: call_cancelling.cancel_call,
    call_commands.SettleCall: call_decisions.settle_call,
    partnership_commands.FormPartnership: partnership_decisions.form_partnership,
    partnership_commands.ConfirmMembership: partnership_decisions.confirm_membership,
    partnership_commands.DraftRoadmap: partnership_decisions.draft_roadmap,
    partnership_commands.AgreeRoadmap: partnership_decisions.agree_roadmap,
    partnership_commands.OfferCoaching: partnership_coaching.offer_coaching,
    partnership_commands.DeclineCoaching: partnership_coaching.decline_coaching,
    partnership_commands.RequestCoaching: partnership_coaching.request_coaching,
    partnership_commands.AssignCoach: partnership_coaching.assign_coach,
    partnership_commands.HoldCoachingSession: partnership_coaching.hold_coaching_session,
    partnership_commands.HoldGroupSession: partnership_coaching.hold_group_session,
    partnership_commands.RecordMissedSession: partnership_coaching.record_missed_session,
    partnership_commands.RemindCoaching: partnership_coaching.remind_coaching,
    partnership_commands.CompleteCoaching: partnership_coaching.complete_coaching,
    partnership_commands.EndCoaching: partnership_coaching.end_coaching,
    partnership_commands.RecordMemorandum: partnership_decisions.record_memorandum,
    partnership_commands.RecordDeparture: partnership_merging.record_departure,
    partnership_commands.MergePartnerships: partnership_merging.merge_partnerships,
    pilot_action_commands.ProposePilotAction: drafting.propose_pilot_action,
    pilot_action_commands.SaveDraftSection: drafting.save_draft_section,
    pilot_action_commands.AttachFile: attaching.attach_file,
    pilot_action_commands.DetachFile: attaching.detach_file,
    pilot_action_commands.AttachProof: attaching.attach_proof,
    pilot_action_commands.PutForwardVersion: submitting.put_forward_version,
    pilot_action_commands.ConfirmParticipation: submitting.confirm_participation,
    pilot_action_commands.DeclineParticipation: submitting.decline_participation,
    pilot_action_commands.RecordLetter: pilot_action_letters.record_letter,
    pilot_action_commands.VerifyLetter: pilot_action_letters.verify_letter,
    pilot_action_commands.ChooseApplication: pilot_action_places.choose_application,
    pilot_action_commands.TakeOutApplication: pilot_action_taking_out.take_out_application,
    pilot_action_commands.ProposeRemoval: pilot_action_taking_out.propose_removal,
    pilot_action_commands.ConfirmRemoval: pilot_action_taking_out.confirm_removal,
    pilot_action_commands.SubmitApplication: submitting.submit_application,
    pilot_action_commands.WithdrawApplication: submitting.withdraw_application,
    pilot_action_commands.RemindSubmission: submitting.remind_submission,
    pilot_action_commands.AskClarification: checking.ask_clarification,
    pilot_action_commands.AnswerClarification: checking.answer_clarification,
    pilot_action_commands.CheckEligibility: checking.check_eligibility,
    pilot_action_commands.NameExpert: pilot_action_experts.name_expert,
    pilot_action_commands.RequestAccess: pilot_action_access.request_access,
    pilot_action_commands.AllowAccess: pilot_action_access.allow_access,
    evaluation_commands.AssignEvaluator: evaluation_decisions.assign_evaluator,
    evaluation_commands.DeclareNoConflict: evaluation_conflicts.declare_no_conflict,
    evaluation_commands.DeclareConflict: evaluation_conflicts.declare_conflict,
    evaluation_commands.WithdrawEvaluator: evaluation_committee.withdraw_evaluator,
    evaluation_commands.ReplaceEvaluator: evaluation_committee.replace_evaluator,
    evaluation_commands.ProposeFewerEvaluators: evaluation_committee.propose_fewer_evaluators,
    evaluation_commands.ConfirmFewerEvaluators: evaluation_committee.confirm_fewer_evaluators,
    evaluation_commands.RecordAllegation: evaluation_conflicts.record_allegation,
    evaluation_commands.DecideAllegation: evaluation_conflicts.decide_allegation,
    evaluation_commands.GiveScores: evaluation_decisions.give_scores,
    evaluation_commands.ProposeConsensus: evaluation_consensus.propose_consensus,
    evaluation_commands.AgreeConsensus: evaluation_consensus.agree_consensus,
    evaluation_commands.RemindEvaluators: evaluation_decisions.remind_evaluators,
    evaluation_commands.RecordOverdue: evaluation_decisions.record_overdue,
    grant_commands.OfferGrant: grant_decisions.offer_grant,
    grant_commands.RemindAcceptance: grant_decisions.remind_acceptance,
    grant_commands.AcceptGrant: grant_decisions.accept_grant,
    grant_commands.DeclineGrant: grant_decisions.decline_grant,
    grant_commands.LapseGrant: grant_decisions.lapse_grant,
    grant_commands.OrderResource: grant_ordering.order_resource,
    grant_commands.RemindOrder: grant_ordering.remind_order,
    grant_commands.CancelOrder: grant_ordering.cancel_order,
    grant_commands.RecordDelivery: grant_delivering.record_delivery,
    grant_commands.RecordInvoice: grant_delivering.record_invoice,
    grant_commands.AttachEvidence: grant_proving.attach_evidence,
    grant_commands.AttachToReport: grant_proving.attach_to_report,
    grant_commands.AcknowledgeDelivery: grant_delivering.acknowledge_delivery,
    grant_commands.RefuseDelivery: grant_delivering.refuse_delivery,
    grant_commands.CertifyDelivery: grant_delivering.certify_delivery,
    grant_commands.ProposeReversal: grant_delivering.propose_reversal,
    grant_commands.ConfirmReversal: grant_delivering.confirm_reversal,
    grant_commands.DismissReversal: grant_delivering.dismiss_reversal,
    grant_commands.RemindReport: grant_closing.remind_report,
    grant_commands.RecordReportOverdue: grant_closing.record_report_overdue,
    grant_commands.FileFinalReport: grant_closing.file_final_report,
    grant_commands.CloseGrant: grant_closing.close_grant,
    NameLogKey: name_log_key,
    working_paper_commands.OpenWorkingPaper: working_paper_decisions.open_working_paper,
    working_paper_commands.WriteNote: working_paper_decisions.write_note,
    working_paper_commands.IssueFinding: working_paper_decisions.issue_finding,
    working_paper_commands.AnswerFinding: working_paper_decisions.answer_finding,
    working_paper_commands.FollowUpFinding: working_paper_decisions.follow_up_finding,
    working_paper_commands.CloseWorkingPaper: working_paper_decisions.close_working_paper,
}
"""Every command with the decision about it."""

COMMANDS: Mapping[str, type[Command]] = {command.__name__: command for command in DECIDERS}
"""Every command by its name."""


def aggregate_of(event: Event) -> Aggregate[Any]:
    """Return the kind of stream that an event belongs to: the first part of its topic."""
    return _BY_NAME[event.TOPIC.split(".", 1)[0]]


_BY_NAME: Mapping[str, Aggregate[Any]] = {aggregate.name: aggregate for aggregate in AGGREGATES}
