"""What happens to a grant. The ledger is integer cents in EUR; a supplier is paid, never the city (S02)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.values import Cents, Instant, ProtectedText


class GrantOffered(Event):
    """Support in kind was offered; the applicant answers before `accept_by`, itself too late (D11, E23)."""

    TOPIC: ClassVar[str] = "grant.offered"
    SAYS: ClassVar[str] = "Support of {cents} was offered; the answer is due before {accept_by}."
    call_id: UUID
    line: str
    pilot_action_id: UUID
    partnership_id: UUID
    coordinator_id: UUID
    cents: Cents
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
    """The fund ordered a resource in kind from a supplier; its value counts against the commitment at once (D12)."""

    TOPIC: ClassVar[str] = "grant.resource-ordered"
    SAYS: ClassVar[str] = "Order {order}: {kind} from {supplier} for {cents}."
    order: int
    kind: str
    supplier: str
    cents: Cents
    period_from: date
    period_to: date


class ResourceDelivered(Event):
    """The supplier delivered, with evidence; the value may be smaller than the order (D12)."""

    TOPIC: ClassVar[str] = "grant.resource-delivered"
    SAYS: ClassVar[str] = "Order {order} was delivered for {cents} ({evidence})."
    order: int
    cents: Cents
    evidence: str


class DeliveryAcknowledged(Event):
    """The receiving city acknowledged the delivery (D12)."""

    TOPIC: ClassVar[str] = "grant.delivery-acknowledged"
    SAYS: ClassVar[str] = "The city acknowledged the delivery of order {order}."
    order: int


class ResourceDisbursed(Event):
    """An officer certified the delivery: its value is disbursed, in kind, never a payment to the city (D12, S02)."""

    TOPIC: ClassVar[str] = "grant.resource-disbursed"
    SAYS: ClassVar[str] = "The delivery of order {order} was certified: {cents} disbursed in kind."
    order: int
    cents: Cents


class ReportReminded(Event):
    """The applicant was reminded of the final report."""

    TOPIC: ClassVar[str] = "grant.report-reminded"
    SAYS: ClassVar[str] = "A reminder went out: the final report is due {due}."
    due: Instant


class FinalReportFiled(Event):
    """The applicant filed the final report with the lessons for the Knowledge Library (S31)."""

    TOPIC: ClassVar[str] = "grant.final-report-filed"
    SAYS: ClassVar[str] = "The final report was filed, with lessons for the Knowledge Library."
    report: ProtectedText
    lessons: ProtectedText


class GrantClosed(Event):
    """The grant was closed; what was not spent went back to the envelope (D12)."""

    TOPIC: ClassVar[str] = "grant.closed"
    SAYS: ClassVar[str] = "The grant was closed: {spent_cents} spent, {returned_cents} returned."
    call_id: UUID
    spent_cents: Cents
    returned_cents: Cents


GrantEvent = (
    GrantOffered
    | PartOffered
    | AcceptanceReminded
    | GrantAccepted
    | GrantDeclined
    | GrantLapsed
    | ResourceOrdered
    | ResourceDelivered
    | DeliveryAcknowledged
    | ResourceDisbursed
    | ReportReminded
    | FinalReportFiled
    | GrantClosed
)
