"""What can be asked of a grant."""

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.amounts import TypedSums
from domain.files import GivenFile
from domain.grant.events import CancellationCause, OriginalAmount
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


class SupplierOffer(TypedSums):
    """What one supplier offered, in euro with all tax that is not recovered, and what there is to remark on it."""

    supplier: str = Field(min_length=1, max_length=200)
    cents: Cents
    remark: str = Field(default="", max_length=1000)


class OrderResource(TypedSums, Command):
    """Order a resource in kind from a supplier for a period, its value in euro with all tax that is not recovered.

    An order in another currency names the original sum and its rate too; one in place of a failed supplier names the
    order that it replaces. Where offers were compared, it names them, its own among them, and why it is that one.
    """

    grant_id: UUID
    kind: str
    supplier: str = Field(min_length=1, max_length=200)
    cents: Cents
    period_from: date
    period_to: date
    original: OriginalAmount | None = None
    replaces: int | None = None
    offers: tuple[SupplierOffer, ...] = ()
    choice_reason: str = Field(default="", max_length=1000)


class RemindOrder(Command):
    """Remind of an order that is late: of its delivery, or of the city's word about it (a calendar point)."""

    grant_id: UUID
    order: int


class CancelOrder(Command):
    """Cancel an order that was not delivered, or whose delivery the city refused."""

    grant_id: UUID
    order: int
    cause: CancellationCause
    reason: str = Field(max_length=1000)


class RecordDelivery(TypedSums, Command):
    """Record what the supplier delivered, with its evidence."""

    grant_id: UUID
    order: int
    cents: Cents
    evidence: str = Field(max_length=200)


class RecordInvoice(TypedSums, Command):
    """Record the supplier's invoice for a delivery that is not certified yet, with its evidence."""

    grant_id: UUID
    order: int
    cents: Cents
    evidence: str = Field(max_length=200)


class AttachEvidence(Command):
    """Attach a document that proves something about an order, such as its delivery or its invoice."""

    grant_id: UUID
    order: int
    attachment_id: UUID
    file: GivenFile


class AttachToReport(Command):
    """Attach a document to the final report, before or after it is filed."""

    grant_id: UUID
    attachment_id: UUID
    file: GivenFile


class AcknowledgeDelivery(Command):
    """Acknowledge a delivery for the receiving city."""

    grant_id: UUID
    order: int


class RefuseDelivery(Command):
    """Refuse a delivery for the receiving city, with the reason."""

    grant_id: UUID
    order: int
    reason: str = Field(max_length=1000)


class CertifyDelivery(Command):
    """Certify a delivery that the city acknowledged."""

    grant_id: UUID
    order: int


class ProposeReversal(Command):
    """Propose to reverse a delivery that was recorded wrongly, certified or not, with the reason."""

    grant_id: UUID
    order: int
    reason: str = Field(max_length=1000)


class ConfirmReversal(Command):
    """Reverse a delivery as the second person."""

    grant_id: UUID
    order: int


class DismissReversal(Command):
    """Leave a delivery as it is, as the second person, with the reason."""

    grant_id: UUID
    order: int
    reason: str = Field(max_length=1000)


class RemindReport(Command):
    """Remind the applicant of the final report (a calendar point)."""

    grant_id: UUID


class RecordReportOverdue(Command):
    """Record that the final report was not filed when it was due (a calendar point)."""

    grant_id: UUID


class FileFinalReport(Command):
    """File the final report with the lessons."""

    grant_id: UUID
    report: str = Field(min_length=1, max_length=20000)
    lessons: str = Field(max_length=20000)


class CloseGrant(Command):
    """Close the grant and return what is unspent."""

    grant_id: UUID
