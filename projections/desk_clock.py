"""Which event lets a matter wait for which deed, and which event does it: the rules of the waiting clock, pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.call.events import (
    AwardListAdopted,
    AwardListProposed,
    AwardListReturned,
    CallCancelled,
    CallCorrected,
    CallEvent,
    CallSettled,
    CancellationProposed,
    CorrectionProposed,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
    RankingEstablished,
)
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    ConsensusOverdue,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationEvent,
    EvaluationReopened,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    FewerEvaluatorsProposed,
    NoConflictDeclared,
    ScoresGiven,
    ScoresOverdue,
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
    CoachingDeclined,
    CoachingEnded,
    CoachingRequested,
    MemberLeft,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipEvent,
    PartnershipFormed,
    PartnershipMerged,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.pilot_action.events import (
    AccessAllowed,
    AccessRequested,
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    LetterRecorded,
    ParticipationConfirmed,
    PilotActionEvent,
    RemovalProposed,
    VersionPutForward,
)
from projections import desk_deeds as deeds
from projections.waiting import NOTHING, Deed, State, asked, done, instead, over, without

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
    clock = asked(NOTHING, deeds.WRITE_ROADMAP, event.effective_at)
    return _all_asked(clock, deeds.CONFIRM_MEMBERSHIP, partners_of(event), event.effective_at)


def partners_of(event: PartnershipFormed) -> list[str]:
    """Return the ids of the members other than the coordinator."""
    ids = (member.organisation_id for member in event.members)
    return [str(id) for id in ids if id != event.coordinator_id]


def _all_asked(clock: State, deed: Deed, which: Iterable[str], at: datetime) -> State:
    for one in which:
        clock = asked(clock, deed, at, one)
    return clock


def after_call(clock: State, event: CallEvent) -> State:
    """Return the clock of a call itself after an event: what two persons decide, and questions (D05, D18, D21, D29)."""
    at = event.effective_at
    match event:
        case CorrectionProposed():
            return asked(clock, deeds.CONFIRM_CORRECTION, at, str(event.correction))
        case CallCorrected():
            return done(clock, deeds.CONFIRM_CORRECTION, at, str(event.correction))
        case RankingEstablished() | AwardListReturned():
            return asked(done(clock, deeds.APPROVE_LIST, at, event.line), deeds.PROPOSE_LIST, at, event.line)
        case AwardListProposed():
            return asked(done(clock, deeds.PROPOSE_LIST, at, event.line), deeds.APPROVE_LIST, at, event.line)
        case AwardListAdopted() | OutcomesReleased():
            return done(done(clock, deeds.PROPOSE_LIST, at, event.line), deeds.APPROVE_LIST, at, event.line)
        case QuestionAsked():
            return asked(clock, deeds.ANSWER_QUESTION, at, str(event.number), event.due)
        case QuestionAnswered() | QuestionAnsweredPrivately() | QuestionDeclined():
            return done(clock, deeds.ANSWER_QUESTION, at, str(event.number))
        case CancellationProposed():
            return asked(clock, deeds.CANCEL, at)
        case CallCancelled() | CallSettled():
            return over(clock, at)
        case _:
            return clock


def _after_partnership(clock: State, partners: Sequence[str], event: PartnershipEvent) -> State:
    at = event.effective_at
    match event:
        case MembershipConfirmed():
            return done(clock, deeds.CONFIRM_MEMBERSHIP, at, str(event.organisation_id))
        case RoadmapDrafted():
            return _all_asked(done(clock, deeds.WRITE_ROADMAP, at), deeds.AGREE_ROADMAP, partners, at)
        case RoadmapVersionAgreed():
            return done(clock, deeds.AGREE_ROADMAP, at, str(event.organisation_id))
        case CoachingRequested():
            return asked(clock, deeds.ASSIGN_COACH, at)
        case CoachAssigned():
            return asked(done(clock, deeds.ASSIGN_COACH, at), deeds.COACH, at)
        case CoachingCompleted() | CoachingEnded() | CoachingDeclined():
            return done(done(clock, deeds.ASSIGN_COACH, at), deeds.COACH, at)
        case MemberLeft():
            return left(clock, event)
        case PartnershipMerged() | PartnershipEnded():
            return over(clock, at)
        case _:
            return clock


def left(clock: State, event: MemberLeft) -> State:
    """Return the clock that waits for a member no more."""
    for deed in (deeds.CONFIRM_MEMBERSHIP, deeds.AGREE_ROADMAP, deeds.CONFIRM_PART):
        clock = done(clock, deed, event.effective_at, str(event.organisation_id))
    return clock


def _after_application(clock: State, partners: Sequence[str], event: PilotActionEvent) -> State:
    at = event.effective_at
    match event:
        case VersionPutForward():
            return _all_asked(without(clock, deeds.VERIFY_LETTER, at), deeds.CONFIRM_PART, partners, at)
        case ConfirmationsVoided():
            return _all_asked(clock, deeds.CONFIRM_PART, map(str, event.organisation_ids), at)
        case ParticipationConfirmed():
            confirmed = done(clock, deeds.CONFIRM_PART, at, str(event.organisation_id))
            return done(confirmed, deeds.VERIFY_LETTER, at, str(event.organisation_id))
        case LetterRecorded():
            return asked(clock, deeds.VERIFY_LETTER, at, str(event.organisation_id))
        case ApplicationSubmitted():
            return done(clock, deeds.APPLY, at)
        case ClarificationAsked():
            return asked(clock, deeds.CLEAR_UP, at, due=event.due)
        case ClarificationAnswered():
            return done(clock, deeds.CLEAR_UP, at)
        case ApplicationFoundEligible():
            return asked(over(clock, at), deeds.ASSIGN_EVALUATORS, at)
        case AccessRequested():
            return asked(clock, deeds.ALLOW_ACCESS, at)
        case AccessAllowed():
            return done(clock, deeds.ALLOW_ACCESS, at)
        case RemovalProposed():
            return asked(clock, deeds.CONFIRM_REMOVAL, at)
        case ApplicationWithdrawn() | ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            return over(clock, at)
        case _:
            return clock


def _after_evaluation(clock: State, event: EvaluationEvent) -> State:
    at = event.effective_at
    if isinstance(event, ConflictAlleged):
        return asked(clock, deeds.ANSWER_ALLEGATION, at, str(event.number))
    if isinstance(event, AllegationUpheld | AllegationDismissed):
        clock = done(clock, deeds.ANSWER_ALLEGATION, at, str(event.number))
    if isinstance(event, Leaving):
        for deed in (deeds.DECLARE, deeds.SCORE, deeds.REPLACE):
            clock = done(clock, deed, at, str(event.evaluator))
        return asked(done(clock, deeds.FIND_CONSENSUS, at), deeds.ASSIGN_EVALUATORS, at)
    match event:
        case EvaluatorAssigned():
            return asked(clock, deeds.DECLARE, at, str(event.evaluator))
        case NoConflictDeclared():
            return asked(done(clock, deeds.DECLARE, at, str(event.evaluator)), deeds.SCORE, at, str(event.evaluator))
        case ScoresGiven():
            return done(done(clock, deeds.SCORE, at, str(event.evaluator)), deeds.REPLACE, at, str(event.evaluator))
        case FewerEvaluatorsProposed():
            return asked(clock, deeds.CONFIRM_FEWER, at)
        case FewerEvaluatorsConfirmed():
            return everybody_sits(done(clock, deeds.CONFIRM_FEWER, at), event)
        case ScoresOverdue() | ConsensusOverdue():
            return _all_asked(clock, deeds.REPLACE, map(str, event.evaluators), at)
        case DivergenceFound():
            return asked(clock, deeds.FIND_CONSENSUS, at)
        case ConsensusReached():
            return without(done(clock, deeds.FIND_CONSENSUS, at), deeds.REPLACE, at)
        case EvaluationCompleted():
            return asked(over(clock, at), deeds.RANK, at)
        case EvaluationReopened():
            return done(clock, deeds.RANK, at)
        case _:
            return clock


def _after_grant(clock: State, event: GrantEvent) -> State:
    at = event.effective_at
    if isinstance(event, OrderEvent):
        return _after_order(clock, event)
    match event:
        case GrantOffered():
            return asked(done(clock, deeds.RANK, at), deeds.ANSWER, at, due=event.accept_by)
        case PartOffered():
            return instead(clock, deeds.ANSWER, deeds.ANSWER_PART)
        case GrantAccepted():
            answered = done(done(clock, deeds.ANSWER, at), deeds.ANSWER_PART, at)
            return asked(asked(answered, deeds.DELIVER, at), deeds.REPORT, at)
        case GrantDeclined() | GrantLapsed() | GrantClosed():
            return over(clock, at)
        case ReportOverdue():
            return instead(clock, deeds.REPORT, deeds.REPORT, event.due)
        case FinalReportFiled():
            return done(clock, deeds.REPORT, at)
        case _:
            return clock


def _after_order(clock: State, event: OrderEvent) -> State:
    at, which = event.effective_at, str(event.order)
    match event:
        case ResourceOrdered():
            return asked(clock, deeds.RECORD, at, which, event.deliver_by)
        case ResourceDelivered():
            return asked(done(clock, deeds.RECORD, at, which), deeds.ACKNOWLEDGE, at, which, event.acknowledge_by)
        case DeliveryAcknowledged():
            return asked(done(clock, deeds.ACKNOWLEDGE, at, which), deeds.CERTIFY, at, which)
        case DeliveryRefused() | DeliveryReversed():
            return asked(_untouched(clock, at, which), deeds.RECORD, at, which)
        case OrderCancelled():
            return done(_untouched(clock, at, which), deeds.RECORD, at, which)
        case ResourceDisbursed():
            return done(clock, deeds.CERTIFY, at, which)
        case ReversalProposed():
            return asked(clock, deeds.DECIDE_REVERSAL, at, which)
        case ReversalDismissed():
            return done(clock, deeds.DECIDE_REVERSAL, at, which)
        case _:
            return clock


def _untouched(clock: State, at: datetime, which: str) -> State:
    """Return the clock without all that a delivery of this order waited for."""
    for deed in (deeds.ACKNOWLEDGE, deeds.CERTIFY, deeds.DECIDE_REVERSAL):
        clock = done(clock, deed, at, which)
    return clock


def proposed(clock: State, event: Event) -> State:
    """Return the clock that a pilot action takes over from its partnership."""
    return asked(over(clock, event.effective_at), deeds.APPLY, event.effective_at)


def everybody_sits(clock: State, event: Event) -> State:
    """Return the clock once the last seat of the committee is taken."""
    return done(clock, deeds.ASSIGN_EVALUATORS, event.effective_at)


def outcome_is_told(clock: State, event: Event) -> State:
    """Return the clock once the outcome is released."""
    return done(clock, deeds.RANK, event.effective_at)
