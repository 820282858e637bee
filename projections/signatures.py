"""What an officer signs for a city or region: it stays that officer's, whoever follows (D31)."""

from typing import Final

from domain.grant.events import DeliveryAcknowledged, DeliveryRefused, FinalReportFiled, GrantAccepted, GrantDeclined
from domain.partnership.events import MembershipConfirmed, MemorandumRecorded, RoadmapVersionAgreed
from domain.pilot_action.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ParticipationConfirmed,
    VersionPutForward,
)

SIGNED: Final = frozenset(
    kind.TOPIC
    for kind in (
        MembershipConfirmed,
        MemorandumRecorded,
        RoadmapVersionAgreed,
        VersionPutForward,
        ParticipationConfirmed,
        ApplicationSubmitted,
        ApplicationWithdrawn,
        ClarificationAnswered,
        GrantAccepted,
        GrantDeclined,
        DeliveryAcknowledged,
        DeliveryRefused,
        FinalReportFiled,
    )
)
"""The topics of its events."""
