"""Whom the fund tells of what: one table, event → those who are told at that instant, in the event's own sentence.

What stands here for nobody is told to nobody. Outcomes are told by their release, to each applicant its own (D17):
`messages.py` does that.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from domain.account.events import (
    AuthorityAccepted,
    AuthorityClaimed,
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
    ApplicationWindowOpened,
    CallCancelled,
    CallCorrected,
    CallPublished,
    CallSettled,
    CoachingWindowOpened,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionDeclined,
)
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConsensusOverdue,
    ConsensusProposed,
    ConsensusReached,
    DivergenceFound,
    EvaluationReopened,
    EvaluationStopped,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorsReminded,
    ScoresOverdue,
)
from domain.grant.events import (
    AcceptanceReminded,
    AcknowledgementReminded,
    DeliveryReminded,
    DeliveryReversed,
    GrantClosed,
    GrantLapsed,
    GrantOffered,
    OrderCancelled,
    PartOffered,
    ReportOverdue,
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
)
from domain.messages import Event
from domain.organisation.events import (
    OfficerSucceeded,
    OrganisationAdmitted,
    OrganisationsLinked,
    ToldOfSeveralApplications,
)
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingEnded,
    CoachingOffered,
    CoachingReminded,
    CoachingSessionMissed,
    MemberLeft,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipFormed,
    PartnershipMerged,
    PartnershipsJoined,
    RoadmapAgreed,
    RoadmapDrafted,
)
from domain.pilot_action.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    LetterRecorded,
    LetterVerified,
    ParticipationConfirmed,
    ParticipationDeclined,
    PilotActionProposed,
    ProofAttached,
    SubmissionReminded,
    VersionPutForward,
)
from domain.working_paper.events import FindingFollowedUp, FindingIssued


class Whom(StrEnum):
    """Who is told, from what an event is about, or names."""

    EVERYBODY = "everybody"
    COORDINATOR = "the coordinating city or region"
    MEMBERS = "every member of the partnership"
    PARTNERS = "every member but the coordinating one"
    NAMED_ORGANISATIONS = "the cities or regions that the event names"
    ORGANISATION = "the city or region itself"
    ACCOUNT = "the person itself"
    ASKER = "who asked"
    DEPARTED = "who is said to have left"
    REPRESENTED = "who is represented by a deputy"
    COACH = "the coach that the event names"
    NAMED_EVALUATORS = "the evaluators that the event names"
    COMMITTEE = "every evaluator of the application"
    BUYERS = "those who order in this strand"
    SECRETARIAT = "the secretariat"


def _each(whom: tuple[Whom, ...], kinds: Iterable[type[Event]]) -> dict[type[Event], tuple[Whom, ...]]:
    return dict.fromkeys(kinds, whom)


TOLD: Final[Mapping[type[Event], tuple[Whom, ...]]] = {
    **_each(
        (Whom.EVERYBODY,),
        (
            CallPublished,
            CallCorrected,
            QuestionAnswered,
            CoachingWindowOpened,
            ApplicationWindowOpened,
            ApplicationWindowClosed,
            CallCancelled,
            CallSettled,
        ),
    ),
    **_each((Whom.ASKER,), (QuestionAnsweredPrivately, QuestionDeclined)),
    **_each((Whom.ACCOUNT,), (RoleProposed, RoleGranted, RoleRevoked)),
    **_each((Whom.ACCOUNT, Whom.REPRESENTED), (DeputyProposed, DeputyNamed, DeputyEnded)),
    AuthorityClaimed: (Whom.NAMED_ORGANISATIONS, Whom.DEPARTED),
    **_each((Whom.ACCOUNT, Whom.DEPARTED), (AuthorityAccepted, AuthorityDeclined)),
    **_each((Whom.ORGANISATION,), (OrganisationAdmitted, ToldOfSeveralApplications, OfficerSucceeded)),
    **_each(
        (Whom.MEMBERS,),
        (
            PartnershipFormed,
            PartnershipsJoined,
            RoadmapAgreed,
            CoachingOffered,
            CoachingCompleted,
            CoachingEnded,
            MemberLeft,
            PartnershipMerged,
            PartnershipEnded,
            PilotActionProposed,
            ApplicationSubmitted,
            ApplicationWithdrawn,
            GrantClosed,
        ),
    ),
    CoachAssigned: (Whom.MEMBERS, Whom.COACH),
    **_each((Whom.PARTNERS,), (RoadmapDrafted, VersionPutForward)),
    **_each(
        (Whom.NAMED_ORGANISATIONS,),
        (OrganisationsLinked, ConfirmationsVoided, LetterRecorded, LetterVerified, ProofAttached),
    ),
    **_each(
        (Whom.COORDINATOR,),
        (
            MembershipConfirmed,
            CoachingReminded,
            CoachingSessionMissed,
            ParticipationConfirmed,
            ParticipationDeclined,
            SubmissionReminded,
            ClarificationAsked,
            ClarificationAnswered,
            GrantOffered,
            PartOffered,
            AcceptanceReminded,
            GrantLapsed,
            ResourceOrdered,
            OrderCancelled,
            ResourceDelivered,
            AcknowledgementReminded,
            ResourceDisbursed,
            ReversalDismissed,
            DeliveryReversed,
            ReportReminded,
            ReportOverdue,
        ),
    ),
    **_each((Whom.BUYERS,), (DeliveryReminded,)),
    **_each((Whom.SECRETARIAT,), (FindingIssued, FindingFollowedUp)),
    **_each(
        (Whom.NAMED_EVALUATORS,),
        (
            EvaluatorAssigned,
            EvaluatorsReminded,
            ScoresOverdue,
            ConsensusOverdue,
            EvaluatorReplaced,
            AllegationUpheld,
            AllegationDismissed,
        ),
    ),
    **_each(
        (Whom.COMMITTEE,),
        (DivergenceFound, ConsensusProposed, ConsensusReached, EvaluationReopened, EvaluationStopped),
    ),
}
"""Event → who is told of it."""

WITHOUT_ITS_MATTER: Final = (EvaluatorReplaced, AllegationUpheld)
"""Who is told this left the committee, and sees nothing of the application any more (D06)."""
