"""The grant's state: the offer, and the ledger of orders, deliveries and what is disbursed."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.grant.events import (
    AcceptanceReminded,
    DeliveryAcknowledged,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    PartOffered,
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Aggregate
from domain.values import Cents

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
    """One order in the ledger. Its ordered value counts against the commitment until the certified one replaces it."""

    cents: Cents
    ordered_by: UUID
    delivered_cents: Cents | None = None
    acknowledged: bool = False
    disbursed_cents: Cents | None = None

    @property
    def counts(self) -> Cents:
        """What the order takes from the commitment now, in cents."""
        return self.cents if self.disbursed_cents is None else self.disbursed_cents


@dataclass(frozen=True, slots=True)
class Grant:
    """Support in kind for one pilot action; `cents` is the commitment."""

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
        case FinalReportFiled():
            return replace(grant, report_filed=True)
        case GrantClosed():
            return replace(grant, stage=Stage.CLOSED)
        case ResourceOrdered() | ResourceDelivered() | DeliveryAcknowledged() | ResourceDisbursed():
            return _evolve_orders(grant, event)
        case _:
            assert_never(event)


def _evolve_orders(
    grant: Grant, event: ResourceOrdered | ResourceDelivered | DeliveryAcknowledged | ResourceDisbursed
) -> Grant:
    order = grant.orders.get(event.order, Order(cents=0, ordered_by=event.by))
    match event:
        case ResourceOrdered():
            order = Order(event.cents, event.by)
        case ResourceDelivered():
            order = replace(order, delivered_cents=event.cents)
        case DeliveryAcknowledged():
            order = replace(order, acknowledged=True)
        case ResourceDisbursed():
            order = replace(order, disbursed_cents=event.cents)
        case _:
            assert_never(event)
    return replace(grant, orders={**grant.orders, event.order: order})


GRANT = Aggregate("grant", Grant(), evolve)
