"""What happens to a grant. The ledger is integer cents in EUR; a supplier is paid, never the city (S02)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.files import File
from domain.messages import Event
from domain.values import Cents, Instant, ProtectedText, Value


class CancellationCause(StrEnum):
    """Why an order is cancelled."""

    NOT_NEEDED = "not_needed"
    SUPPLIER_FAILED = "supplier_failed"


class OriginalAmount(Value):
    """A sum in another currency than the euro, tax that cannot be recovered included, and its rate (D20).

    `amount` is in the smallest unit of `currency`, a code of ISO 4217; `units_per_euro` is an exact decimal such as
    “1.0823”, as `source` gave it for the day `rate_on`.
    """

    amount: Annotated[int, Field(strict=True)]
    currency: str
    units_per_euro: str
    source: str = Field(max_length=200)
    rate_on: date


class GrantOffered(Event):
    """Support in kind was offered; the applicant answers before `accept_by`, itself too late (D11, E23).

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "grant.offered"
    SAYS: ClassVar[str] = "Support of {cents} was offered; the answer is due before {accept_by}."
    call_id: UUID
    line: str
    pilot_action_id: UUID
    partnership_id: UUID
    coordinator_id: UUID
    cents: Cents
    correction: int
    accept_by: Instant
    remind_at: Instant


class PartOffered(Event):
    """The offer is a part of the request, not below its smallest useful part; accepting agrees to the part (D04)."""

    TOPIC: ClassVar[str] = "grant.part-offered"
    SAYS: ClassVar[str] = "The offer is {cents} of the {requested_cents} asked for; accepting it agrees to the part."
    cents: Cents
    requested_cents: Cents


class AcceptanceReminded(Event):
    """The applicant was reminded to answer the offer (D11)."""

    TOPIC: ClassVar[str] = "grant.acceptance-reminded"
    SAYS: ClassVar[str] = "A reminder went out: the answer to the offer is due before {accept_by}."
    accept_by: Instant


class GrantAccepted(Event):
    """The applicant accepted; the fund can order from now on (E03)."""

    TOPIC: ClassVar[str] = "grant.accepted"
    SAYS: ClassVar[str] = "The applicant accepted the support of {cents}."
    cents: Cents
    call_id: UUID


class GrantDeclined(Event):
    """The applicant declined the offer."""

    TOPIC: ClassVar[str] = "grant.declined"
    SAYS: ClassVar[str] = "The applicant declined the offer."
    call_id: UUID
    line: str
    reason: ProtectedText


class GrantLapsed(Event):
    """Nobody answered the offer in time; it lapsed (D11)."""

    TOPIC: ClassVar[str] = "grant.lapsed"
    SAYS: ClassVar[str] = "Nobody answered in time; the offer lapsed."
    call_id: UUID
    line: str


class ResourceOrdered(Event):
    """The fund ordered a resource in kind from a supplier; its value counts against the commitment at once (D12).

    The delivery is late from `deliver_by` on, the end of the period. `original` is the sum in another currency (D20);
    `replaces` the order whose supplier failed.
    """

    TOPIC: ClassVar[str] = "grant.resource-ordered"
    SAYS: ClassVar[str] = "Order {order}: {kind} from {supplier} for {cents}."
    order: int
    kind: str
    supplier: str
    cents: Cents
    period_from: date
    period_to: date
    deliver_by: Instant
    original: OriginalAmount | None = None
    replaces: int | None = None


class Offer(Value):
    """What one supplier offered for an order, with all tax that is not recovered, and what there is to remark on it."""

    supplier: str
    cents: Cents
    remark: ProtectedText


class OffersCompared(Event):
    """The offers that were compared before an order was made, its own among them: the one at place `chosen` (D38).

    `cents` is what that one offers, `lowest_cents` what the lowest does. The first offer stands at place 1.
    """

    TOPIC: ClassVar[str] = "grant.offers-compared"
    SAYS: ClassVar[str] = (
        "Offers for order {order} were compared: number {chosen} was chosen at {cents}; the lowest was {lowest_cents}."
    )
    order: int
    offers: tuple[Offer, ...]
    chosen: int
    cents: Cents
    lowest_cents: Cents
    choice_reason: ProtectedText


class DeliveryReminded(Event):
    """The period of an order ended without a delivery, and whoever ordered was reminded."""

    TOPIC: ClassVar[str] = "grant.delivery-reminded"
    SAYS: ClassVar[str] = "A reminder went out: order {order} was to be delivered before {due}."
    order: int
    due: Instant


class OrderCancelled(Event):
    """An order was cancelled; what it took from the commitment is free again (D12)."""

    TOPIC: ClassVar[str] = "grant.order-cancelled"
    SAYS: ClassVar[str] = "Order {order} was cancelled ({cause}): {freed_cents} are free again."
    order: int
    cause: CancellationCause
    freed_cents: Cents
    reason: ProtectedText


class ResourceDelivered(Event):
    """The supplier delivered, with evidence; the value may be smaller than the order (D12).

    The city acknowledges or refuses it before `acknowledge_by`.
    """

    TOPIC: ClassVar[str] = "grant.resource-delivered"
    SAYS: ClassVar[str] = "Order {order} was delivered for {cents} ({evidence})."
    order: int
    cents: Cents
    evidence: str
    acknowledge_by: Instant


class InvoiceRecorded(Event):
    """The supplier's invoice for a delivery came; the fund bears it up to what remains of the commitment (D12)."""

    TOPIC: ClassVar[str] = "grant.invoice-recorded"
    SAYS: ClassVar[str] = (
        "The invoice for order {order} is {cents} ({evidence}): the fund bears {borne_cents}, "
        "{borne_outside_cents} are borne outside."
    )
    order: int
    cents: Cents
    evidence: str
    borne_cents: Cents
    borne_outside_cents: Cents


class EvidenceAttached(Event):
    """A document was attached that proves something about an order (D12, D30)."""

    TOPIC: ClassVar[str] = "grant.evidence-attached"
    SAYS: ClassVar[str] = "Evidence of order {order} was attached."
    order: int
    attachment_id: UUID
    file: File


class AcknowledgementReminded(Event):
    """The receiving city was reminded to acknowledge a delivery, or to refuse it."""

    TOPIC: ClassVar[str] = "grant.acknowledgement-reminded"
    SAYS: ClassVar[str] = "A reminder went out: the delivery of order {order} was to be acknowledged before {due}."
    order: int
    due: Instant


class DeliveryAcknowledged(Event):
    """The receiving city acknowledged the delivery (D12)."""

    TOPIC: ClassVar[str] = "grant.delivery-acknowledged"
    SAYS: ClassVar[str] = "The city acknowledged the delivery of order {order}."
    order: int


class DeliveryRefused(Event):
    """The receiving city refused a delivery of this value: it is delivered anew, or its order is cancelled (D12)."""

    TOPIC: ClassVar[str] = "grant.delivery-refused"
    SAYS: ClassVar[str] = "The city refused the delivery of order {order} for {cents}."
    order: int
    cents: Cents
    reason: ProtectedText


class ResourceDisbursed(Event):
    """An officer certified the delivery: its value is disbursed, in kind, never a payment to the city (D12, S02).

    `released_cents` is what the order took from the commitment above that value; it can be ordered again.
    """

    TOPIC: ClassVar[str] = "grant.resource-disbursed"
    SAYS: ClassVar[str] = (
        "The delivery of order {order} was certified: {cents} disbursed in kind, {released_cents} released."
    )
    order: int
    cents: Cents
    released_cents: Cents


class ReversalProposed(Event):
    """Somebody found a wrong entry in a delivery and proposed to reverse it; a second person decides (D18)."""

    TOPIC: ClassVar[str] = "grant.reversal-proposed"
    SAYS: ClassVar[str] = "It was proposed to reverse the delivery of order {order}; a second person decides."
    order: int
    reason: ProtectedText


class ReversalDismissed(Event):
    """A second person left a delivery as it is, against the proposal of `proposed_by` to reverse it (D18)."""

    TOPIC: ClassVar[str] = "grant.reversal-dismissed"
    SAYS: ClassVar[str] = "The delivery of order {order} stays as it is; the proposal to reverse it was dismissed."
    order: int
    proposed_by: UUID
    reason: ProtectedText


class DeliveryReversed(Event):
    """A second person agreed, and opposite entries took a delivery back (D18): the order waits for the right one.

    What was delivered and disbursed is counted back; the order keeps `kept_cents` of the commitment: its own value, or
    what is left of it where others were given what it had released.
    """

    TOPIC: ClassVar[str] = "grant.delivery-reversed"
    SAYS: ClassVar[str] = (
        "The delivery of order {order} was reversed: {delivered_cents} delivered and {disbursed_cents} disbursed are "
        "counted back; the order keeps {kept_cents}."
    )
    order: int
    proposed_by: UUID
    delivered_cents: Cents
    disbursed_cents: Cents
    kept_cents: Cents


class ReportReminded(Event):
    """The applicant was reminded of the final report."""

    TOPIC: ClassVar[str] = "grant.report-reminded"
    SAYS: ClassVar[str] = "A reminder went out: the final report is due {due}."
    due: Instant


class ReportOverdue(Event):
    """The final report was not filed when it was due."""

    TOPIC: ClassVar[str] = "grant.report-overdue"
    SAYS: ClassVar[str] = "The final report is overdue; it was due before {due}."
    due: Instant


class FinalReportFiled(Event):
    """The applicant filed the final report with the lessons for the Knowledge Library (S31)."""

    TOPIC: ClassVar[str] = "grant.final-report-filed"
    SAYS: ClassVar[str] = "The final report was filed, with lessons for the Knowledge Library."
    report: ProtectedText
    lessons: ProtectedText


class ReportFileAttached(Event):
    """The applicant attached a document to the final report (S31, D30)."""

    TOPIC: ClassVar[str] = "grant.report-file-attached"
    SAYS: ClassVar[str] = "A document was attached to the final report."
    attachment_id: UUID
    file: File


class GrantClosed(Event):
    """The grant was closed; what was not spent went back to the envelope (D12)."""

    TOPIC: ClassVar[str] = "grant.closed"
    SAYS: ClassVar[str] = "The grant was closed: {spent_cents} spent, {returned_cents} returned."
    call_id: UUID
    spent_cents: Cents
    returned_cents: Cents


OrderEvent = (
    ResourceOrdered
    | OffersCompared
    | DeliveryReminded
    | OrderCancelled
    | ResourceDelivered
    | InvoiceRecorded
    | EvidenceAttached
    | AcknowledgementReminded
    | DeliveryAcknowledged
    | DeliveryRefused
    | ResourceDisbursed
    | ReversalProposed
    | ReversalDismissed
    | DeliveryReversed
)
"""What happens to one order, which each of these names."""

GrantEvent = (
    GrantOffered
    | PartOffered
    | AcceptanceReminded
    | GrantAccepted
    | GrantDeclined
    | GrantLapsed
    | OrderEvent
    | ReportReminded
    | ReportOverdue
    | FinalReportFiled
    | ReportFileAttached
    | GrantClosed
)
