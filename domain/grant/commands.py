"""What can be asked of a grant."""

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.amounts import TypedSums
from domain.messages import Command
from domain.values import Cents


class OfferGrant(Command):
    """Offer the support that the released award list, or the reserve, gives to a pilot action (a calendar point)."""

    grant_id: UUID
    pilot_action_id: UUID


class RemindAcceptance(Command):
    """Remind the applicant to answer the offer (a calendar point)."""

    grant_id: UUID


class AcceptGrant(Command):
    """Accept the offered support."""

    grant_id: UUID


class DeclineGrant(Command):
    """Decline the offered support."""

    grant_id: UUID
    reason: str = Field(max_length=1000)


class LapseGrant(Command):
    """Let an unanswered offer lapse (a calendar point)."""

    grant_id: UUID


class OrderResource(TypedSums, Command):
    """Order a resource in kind from a supplier for a period."""

    grant_id: UUID
    kind: str
    supplier: str = Field(min_length=1, max_length=200)
    cents: Cents
    period_from: date
    period_to: date


class RecordDelivery(TypedSums, Command):
    """Record what the supplier delivered, with its evidence."""

    grant_id: UUID
    order: int
    cents: Cents
    evidence: str = Field(max_length=200)


class AcknowledgeDelivery(Command):
    """Acknowledge a delivery for the receiving city."""

    grant_id: UUID
    order: int


class CertifyDelivery(Command):
    """Certify a delivery that the city acknowledged."""

    grant_id: UUID
    order: int


class RemindReport(Command):
    """Remind the applicant of the final report (a calendar point)."""

    grant_id: UUID


class FileFinalReport(Command):
    """File the final report with the lessons."""

    grant_id: UUID
    report: str = Field(min_length=1, max_length=20000)
    lessons: str = Field(max_length=20000)


class CloseGrant(Command):
    """Close the grant and return what is unspent."""

    grant_id: UUID
