"""Which event lets a matter wait for which deed, and which event does it: the rules of the waiting clock, pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationEvent,
    EvaluationReopened,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    OrderCancelled,
    OrderEvent,
    PartOffered,
    ReportOverdue,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.messages import Event
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingEnded,
    CoachingRequested,
    MembershipConfirmed,
    PartnershipEvent,
    PartnershipFormed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    ParticipationConfirmed,
    PilotActionEvent,
    VersionPutForward,
)
from projections.waiting import NOTHING, Deed, Party, State, asked, done, instead, over

CONFIRM_MEMBERSHIP: Final = Deed(Party.PARTNER, "confirm that it takes part")
WRITE_ROADMAP: Final = Deed(Party.APPLICANT, "write the roadmap")
AGREE_ROADMAP: Final = Deed(Party.PARTNER, "agree to the roadmap")
ASSIGN_COACH: Final = Deed(Party.AUTHORITY, "assign a coach", "coaching_closes")
COACH: Final = Deed(Party.COACH, "finish the coaching", "coaching_closes")
APPLY: Final = Deed(Party.APPLICANT, "submit the application", "applications_close")
CONFIRM_PART: Final = Deed(Party.PARTNER, "confirm its part in the application", "applications_close")
CLEAR_UP: Final = Deed(Party.APPLICANT, "answer the question about a clerical error")
ASSIGN_EVALUATORS: Final = Deed(Party.AUTHORITY, "assign the evaluators", "scores_due")
DECLARE: Final = Deed(Party.EVALUATOR, "declare interests", "scores_due")
SCORE: Final = Deed(Party.EVALUATOR, "send the scores", "scores_due")
ANSWER_ALLEGATION: Final = Deed(Party.AUTHORITY, "answer an alleged conflict of interest", "scores_due")
FIND_CONSENSUS: Final = Deed(Party.EVALUATOR, "find a consensus", "consensus_due")
RANK: Final = Deed(Party.AUTHORITY, "rank, list and release", "outcomes_released")
ANSWER: Final = Deed(Party.APPLICANT, "answer the offer")
ANSWER_PART: Final = Deed(Party.APPLICANT, "answer the offer of a part")
DELIVER: Final = Deed(Party.AUTHORITY, "order and deliver", "implementation_ends")
RECORD: Final = Deed(Party.AUTHORITY, "record a delivery")
ACKNOWLEDGE: Final = Deed(Party.APPLICANT, "acknowledge a delivery")
CERTIFY: Final = Deed(Party.AUTHORITY, "certify a delivery")
DECIDE_REVERSAL: Final = Deed(Party.AUTHORITY, "decide on reversing a delivery")
REPORT: Final = Deed(Party.APPLICANT, "file the final report", "final_report_due")

Leaving = ConflictDeclared | EvaluatorWithdrew | EvaluatorReplaced | AllegationUpheld
"""An evaluator left the committee; the seat is free."""


def after(clock: State, partners: Sequence[str], event: Event) -> State:
    """Return a matter's clock after an event; `partners` are those whose confirmation does not stand yet."""
    if isinstance(event, PartnershipEvent):
        return _after_partnership(clock, partners, event)
    if isinstance(event, PilotActionEvent):
        return _after_application(clock, partners, event)
    if isinstance(event, EvaluationEvent):
        return _after_evaluation(clock, event)
    if isinstance(event, GrantEvent):
        return _after_grant(clock, event)
    return clock


def formed(event: PartnershipFormed) -> State:
    """Return the clock of a new partnership."""
    clock = asked(NOTHING, WRITE_ROADMAP, event.effective_at)
    return _all_asked(clock, CONFIRM_MEMBERSHIP, partners_of(event), event.effective_at)


def partners_of(event: PartnershipFormed) -> list[str]:
    """Return the ids of the members other than the coordinator."""
    ids = (member.organisation_id for member in event.members)
    return [str(id) for id in ids if id != event.coordinator_id]


def _all_asked(clock: State, deed: Deed, which: Iterable[str], at: datetime) -> State:
    for one in which:
        clock = asked(clock, deed, at, one)
    return clock


def _after_partnership(clock: State, partners: Sequence[str], event: PartnershipEvent) -> State:
    at = event.effective_at
    match event:
        case MembershipConfirmed():
            return done(clock, CONFIRM_MEMBERSHIP, at, str(event.organisation_id))
        case RoadmapDrafted():
            return _all_asked(done(clock, WRITE_ROADMAP, at), AGREE_ROADMAP, partners, at)
        case RoadmapVersionAgreed():
            return done(clock, AGREE_ROADMAP, at, str(event.organisation_id))
        case CoachingRequested():
            return asked(clock, ASSIGN_COACH, at)
        case CoachAssigned():
            return asked(done(clock, ASSIGN_COACH, at), COACH, at)
        case CoachingCompleted() | CoachingEnded():
            return done(done(clock, ASSIGN_COACH, at), COACH, at)
        case _:
            return clock


def _after_application(clock: State, partners: Sequence[str], event: PilotActionEvent) -> State:
    at = event.effective_at
    match event:
        case VersionPutForward():
            return _all_asked(clock, CONFIRM_PART, partners, at)
        case ConfirmationsVoided():
            return _all_asked(clock, CONFIRM_PART, map(str, event.organisation_ids), at)
        case ParticipationConfirmed():
            return done(clock, CONFIRM_PART, at, str(event.organisation_id))
        case ApplicationSubmitted():
            return done(clock, APPLY, at)
        case ClarificationAsked():
            return asked(clock, CLEAR_UP, at, due=event.due)
        case ClarificationAnswered():
            return done(clock, CLEAR_UP, at)
        case ApplicationFoundEligible():
            return asked(over(clock, at), ASSIGN_EVALUATORS, at)
        case ApplicationWithdrawn() | ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            return over(clock, at)
        case _:
            return clock


def _after_evaluation(clock: State, event: EvaluationEvent) -> State:
    at = event.effective_at
    if isinstance(event, ConflictAlleged):
        return asked(clock, ANSWER_ALLEGATION, at, str(event.number))
    if isinstance(event, AllegationUpheld | AllegationDismissed):
        clock = done(clock, ANSWER_ALLEGATION, at, str(event.number))
    if isinstance(event, Leaving):
        left = done(done(clock, DECLARE, at, str(event.evaluator)), SCORE, at, str(event.evaluator))
        return asked(done(left, FIND_CONSENSUS, at), ASSIGN_EVALUATORS, at)
    match event:
        case EvaluatorAssigned():
            return asked(clock, DECLARE, at, str(event.evaluator))
        case NoConflictDeclared():
            return asked(done(clock, DECLARE, at, str(event.evaluator)), SCORE, at, str(event.evaluator))
        case ScoresGiven():
            return done(clock, SCORE, at, str(event.evaluator))
        case FewerEvaluatorsConfirmed():
            return everybody_sits(clock, event)
        case DivergenceFound():
            return asked(clock, FIND_CONSENSUS, at)
        case ConsensusReached():
            return done(clock, FIND_CONSENSUS, at)
        case EvaluationCompleted():
            return asked(over(clock, at), RANK, at)
        case EvaluationReopened():
            return done(clock, RANK, at)
        case _:
            return clock


def _after_grant(clock: State, event: GrantEvent) -> State:
    at = event.effective_at
    if isinstance(event, OrderEvent):
        return _after_order(clock, event)
    match event:
        case GrantOffered():
            return asked(done(clock, RANK, at), ANSWER, at, due=event.accept_by)
        case PartOffered():
            return instead(clock, ANSWER, ANSWER_PART)
        case GrantAccepted():
            answered = done(done(clock, ANSWER, at), ANSWER_PART, at)
            return asked(asked(answered, DELIVER, at), REPORT, at)
        case GrantDeclined() | GrantLapsed() | GrantClosed():
            return over(clock, at)
        case ReportOverdue():
            return instead(clock, REPORT, REPORT, event.due)
        case FinalReportFiled():
            return done(clock, REPORT, at)
        case _:
            return clock


def _after_order(clock: State, event: OrderEvent) -> State:
    at, which = event.effective_at, str(event.order)
    match event:
        case ResourceOrdered():
            return asked(clock, RECORD, at, which, event.deliver_by)
        case ResourceDelivered():
            return asked(done(clock, RECORD, at, which), ACKNOWLEDGE, at, which, event.acknowledge_by)
        case DeliveryAcknowledged():
            return asked(done(clock, ACKNOWLEDGE, at, which), CERTIFY, at, which)
        case DeliveryRefused() | DeliveryReversed():
            return asked(_untouched(clock, at, which), RECORD, at, which)
        case OrderCancelled():
            return done(_untouched(clock, at, which), RECORD, at, which)
        case ResourceDisbursed():
            return done(clock, CERTIFY, at, which)
        case ReversalProposed():
            return asked(clock, DECIDE_REVERSAL, at, which)
        case ReversalDismissed():
            return done(clock, DECIDE_REVERSAL, at, which)
        case _:
            return clock


def _untouched(clock: State, at: datetime, which: str) -> State:
    """Return the clock without all that a delivery of this order waited for."""
    for deed in (ACKNOWLEDGE, CERTIFY, DECIDE_REVERSAL):
        clock = done(clock, deed, at, which)
    return clock


def proposed(clock: State, event: Event) -> State:
    """Return the clock that a pilot action takes over from its partnership."""
    return asked(over(clock, event.effective_at), APPLY, event.effective_at)


def everybody_sits(clock: State, event: Event) -> State:
    """Return the clock once the last seat of the committee is taken."""
    return done(clock, ASSIGN_EVALUATORS, event.effective_at)


def outcome_is_told(clock: State, event: Event) -> State:
    """Return the clock once the outcome is released."""
    return done(clock, RANK, event.effective_at)
