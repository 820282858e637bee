"""The grant's state: the offer, and the ledger of orders, deliveries and what is disbursed."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.errors import NotFound, WrongStage
from domain.files import Attached, with_file
from domain.grant.events import (
    AcceptanceReminded,
    AcknowledgementReminded,
    CancellationCause,
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReminded,
    DeliveryReversed,
    EvidenceAttached,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    Offer,
    OffersCompared,
    OrderCancelled,
    OrderEvent,
    PartOffered,
    ReportFileAttached,
    ReportOverdue,
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.messages import Aggregate, World
from domain.values import Cents, ProtectedText

NEVER = datetime.max.replace(tzinfo=UTC)


class Stage(StrEnum):
    """Where the grant stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Order:
    """One order in the ledger. What it keeps counts against the commitment until the certified value replaces it.

    `kept_cents` is its value, or what a reversal left of it; `borne_cents` what the fund bears of its invoice.
    `handled_by` are those who recorded something about it since it was ordered. `offers` were compared before it was
    made, the one at place `chosen` (from 1) is its own.
    """

    supplier: str = ""
    kept_cents: Cents = 0
    ordered_by: UUID | None = None
    deliver_by: datetime = NEVER
    handled_by: frozenset[UUID] = frozenset()
    reminded: bool = False
    delivered_cents: Cents | None = None
    acknowledge_by: datetime = NEVER
    refused: bool = False
    borne_cents: Cents | None = None
    acknowledged: bool = False
    disbursed_cents: Cents | None = None
    reversal_by: UUID | None = None
    cancelled: CancellationCause | None = None
    replaced: bool = False
    offers: tuple[Offer, ...] = ()
    chosen: int = 0
    choice_reason: ProtectedText | None = None

    @property
    def counts(self) -> Cents:
        """What the order takes from the commitment now, in cents."""
        if self.cancelled is not None:
            return 0
        if self.disbursed_cents is not None:
            return self.disbursed_cents
        return max(self.kept_cents, self.borne_cents or 0)

    @property
    def is_open(self) -> bool:
        """Whether something is still to come: neither certified nor cancelled, or a reversal was proposed."""
        return self.reversal_by is not None or (self.disbursed_cents is None and self.cancelled is None)


@dataclass(frozen=True, slots=True)
class Grant:
    """Support in kind for one pilot action; `cents` is the commitment.

    `files` are evidence of orders, and what goes with the report.
    """

    call_id: UUID | None = None
    line: str = ""
    pilot_action_id: UUID | None = None
    partnership_id: UUID | None = None
    coordinator_id: UUID | None = None
    stage: Stage = Stage.OFFERED
    cents: Cents = 0
    accept_by: datetime = NEVER
    accepted_at: datetime = NEVER
    orders: dict[int, Order] = field(default_factory=dict)
    report_filed: bool = False
    report_overdue: bool = False
    files: tuple[Attached, ...] = ()

    @property
    def left_cents(self) -> Cents:
        """What can still be ordered (D12)."""
        return self.cents - self.ordered_cents

    @property
    def ordered_cents(self) -> Cents:
        """What orders take from the commitment now: pending amounts count (D12)."""
        return sum(order.counts for order in self.orders.values())

    @property
    def disbursed_cents(self) -> Cents:
        """The value of certified deliveries (D12)."""
        return sum(order.disbursed_cents or 0 for order in self.orders.values())


def evolve(grant: Grant, event: GrantEvent) -> Grant:
    """Fold one event."""
    match event:
        case GrantOffered():
            return replace(
                grant,
                call_id=event.call_id,
                line=event.line,
                pilot_action_id=event.pilot_action_id,
                partnership_id=event.partnership_id,
                coordinator_id=event.coordinator_id,
                cents=event.cents,
                accept_by=event.accept_by,
            )
        case PartOffered() | AcceptanceReminded() | ReportReminded():
            return grant
        case GrantAccepted():
            return replace(grant, stage=Stage.ACCEPTED, accepted_at=event.effective_at)
        case GrantDeclined():
            return replace(grant, stage=Stage.DECLINED)
        case GrantLapsed():
            return replace(grant, stage=Stage.LAPSED)
        case ReportOverdue():
            return replace(grant, report_overdue=True)
        case FinalReportFiled():
            return replace(grant, report_filed=True)
        case EvidenceAttached():
            evidence = Attached(event.attachment_id, event.file, order=event.order)
            return replace(_evolve_orders(grant, event), files=with_file(grant.files, evidence))
        case ReportFileAttached():
            return replace(grant, files=with_file(grant.files, Attached(event.attachment_id, event.file)))
        case GrantClosed():
            return replace(grant, stage=Stage.CLOSED)
        case _:
            return _evolve_orders(grant, event)


def _evolve_orders(grant: Grant, event: OrderEvent) -> Grant:
    orders = {**grant.orders, event.order: _evolve_order(grant.orders.get(event.order, Order()), event)}
    if isinstance(event, ResourceOrdered) and event.replaces in grant.orders:
        orders[event.replaces] = replace(orders[event.replaces], replaced=True)
    return replace(grant, orders=orders)


def _evolve_order(order: Order, event: OrderEvent) -> Order:
    match event:
        case ResourceOrdered():
            return Order(event.supplier, event.cents, event.by, event.deliver_by)
        case OffersCompared():
            return replace(order, offers=event.offers, chosen=event.chosen, choice_reason=event.choice_reason)
        case DeliveryReminded() | AcknowledgementReminded():
            return replace(order, reminded=True)
        case OrderCancelled():
            return replace(order, cancelled=event.cause)
        case DeliveryReversed():
            return replace(_undelivered(order), kept_cents=event.kept_cents, reversal_by=None)
        case ReversalDismissed():
            return replace(order, reversal_by=None)
        case ReversalProposed():
            order = replace(order, reversal_by=event.by)
        case ResourceDelivered():
            order = replace(_undelivered(order), delivered_cents=event.cents, acknowledge_by=event.acknowledge_by)
        case InvoiceRecorded():
            order = replace(order, borne_cents=event.borne_cents)
        case EvidenceAttached():
            pass
        case DeliveryRefused():
            order = replace(_undelivered(order), refused=True)
        case DeliveryAcknowledged():
            order = replace(order, acknowledged=True)
        case ResourceDisbursed():
            return replace(order, disbursed_cents=event.cents)
        case _:
            assert_never(event)
    return replace(order, handled_by=order.handled_by | {event.by})


def _undelivered(order: Order) -> Order:
    """Return the order as it was before its delivery; who handled it stays known."""
    return replace(
        order,
        reminded=False,
        delivered_cents=None,
        acknowledge_by=NEVER,
        refused=False,
        borne_cents=None,
        acknowledged=False,
        disbursed_cents=None,
    )


def at_stage(world: World, grant_id: UUID, stage: Stage) -> tuple[Grant, UUID]:
    """Return a grant that stands at this stage, and its call. Raises NotFound and WrongStage."""
    grant = world.get(GRANT, grant_id)
    if grant.call_id is None:
        raise NotFound("This grant was never offered.")
    if grant.stage is not stage:
        raise WrongStage(f"The grant is {grant.stage}; this needs a grant that is {stage}.")
    return grant, grant.call_id


GRANT = Aggregate("grant", Grant(), evolve)
