"""The sums of a call as its events alone tell them: added up from what each event says, by no state of the fund.

An order takes its value from the commitment; its invoice more, as far as the fund bears it; once it is certified, what
was certified. A delivery counts by its invoice where that came (D12).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from domain.audit.history import History
from domain.grant.events import (
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.pilot_action.events import ApplicationSubmitted
from domain.values import Cents


@dataclass(slots=True)
class _OrderSums:
    kept: Cents = 0
    ordered: Cents = 0
    delivered: Cents = 0
    disbursed: Cents = 0


@dataclass(slots=True)
class GrantSums:
    """The sums of one grant in integer euro cents, and whether it runs: only then something is left to order."""

    offered: Cents = 0
    accepted: bool = False
    running: bool = False
    returned: Cents = 0
    orders: dict[int, _OrderSums] = field(default_factory=lambda: defaultdict(_OrderSums))

    @property
    def committed(self) -> Cents:
        """What was accepted."""
        return self.offered if self.accepted else 0

    @property
    def ordered(self) -> Cents:
        """What orders take from it."""
        return sum(order.ordered for order in self.orders.values())

    @property
    def delivered(self) -> Cents:
        """What was delivered."""
        return sum(order.delivered for order in self.orders.values())

    @property
    def disbursed(self) -> Cents:
        """What was certified."""
        return sum(order.disbursed for order in self.orders.values())

    @property
    def left(self) -> Cents:
        """What can still be ordered, now or once it is accepted."""
        return self.offered - self.ordered if self.running else 0


def requested(history: History) -> dict[UUID, Cents]:
    """Return what each application that passed the door asked for last, by its pilot action."""
    return {recorded.stream: event.requested_cents for recorded, event in history.each(ApplicationSubmitted)}


def grant_sums(history: History) -> dict[UUID, GrantSums]:
    """Return the sums of every grant that was offered."""
    found: dict[UUID, GrantSums] = defaultdict(GrantSums)
    for recorded in history.events:
        if isinstance(recorded.event, GrantEvent):
            _add(found[recorded.stream], recorded.event)
    return dict(found)


def _add(sums: GrantSums, event: GrantEvent) -> None:
    match event:
        case GrantOffered():
            sums.offered, sums.running = event.cents, True
        case GrantAccepted():
            sums.accepted = True
        case GrantDeclined() | GrantLapsed():
            sums.running = False
        case GrantClosed():
            sums.running, sums.returned = False, event.returned_cents
        case ResourceOrdered():
            sums.orders[event.order] = _OrderSums(event.cents, event.cents)
        case OrderCancelled():
            sums.orders[event.order].ordered -= event.freed_cents
        case ResourceDelivered():
            sums.orders[event.order].delivered = event.cents
        case InvoiceRecorded():
            order = sums.orders[event.order]
            order.ordered, order.delivered = max(order.kept, event.borne_cents), event.borne_cents
        case DeliveryRefused():
            order = sums.orders[event.order]
            order.ordered, order.delivered = order.kept, 0
        case ResourceDisbursed():
            order = sums.orders[event.order]
            order.ordered -= event.released_cents
            order.delivered = order.disbursed = event.cents
        case DeliveryReversed():
            order = sums.orders[event.order]
            order.kept, order.ordered = event.kept_cents, event.kept_cents
            order.delivered -= event.delivered_cents
            order.disbursed -= event.disbursed_cents
        case _:
            pass
