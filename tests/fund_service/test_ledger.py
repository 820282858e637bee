"""The ledger of a grant: every entry with the rest after it, to the cent."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.grant.events import (
    DeliveryAcknowledged,
    GrantAccepted,
    GrantClosed,
    GrantOffered,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Event
from fund_service.ledger import ledger
from tests.given import ANNA

AT = datetime(2026, 6, 1, tzinfo=UTC)
ID = UUID(int=1)


def made(what: type[Event], **named: Any) -> Event:
    """Return an event with what the ledger reads of it."""
    return what.model_construct(by=ANNA, effective_at=AT, **named)


OFFERED = made(
    GrantOffered,
    call_id=ID,
    line="pilot_action",
    pilot_action_id=ID,
    partnership_id=ID,
    coordinator_id=ID,
    cents=1_000_000,
    accept_by=AT,
)


def ordered(number: int, cents: int) -> Event:
    """Return an order."""
    about = {"kind": "study", "supplier": "Plan B", "deliver_by": AT, "replaces": None}
    return made(ResourceOrdered, order=number, cents=cents, **about)


def test_each_entry_tells_by_how_much_the_rest_moved_and_what_is_left() -> None:
    delivered = made(ResourceDelivered, order=1, cents=250_000, evidence="note 1", acknowledge_by=AT)
    certified = made(ResourceDisbursed, order=1, cents=250_000, released_cents=50_000)
    cancelled = made(OrderCancelled, order=2, cause="supplier_withdrew", freed_cents=100_000)
    closed = made(GrantClosed, spent_cents=250_000, returned_cents=750_000)
    accepted, acknowledged = made(GrantAccepted, cents=1_000_000), made(DeliveryAcknowledged, order=1)
    story = [OFFERED, accepted, ordered(1, 300_000), ordered(2, 100_000), delivered, acknowledged]
    entries = list(ledger([*story, certified, cancelled, closed]))
    assert [(one.order, one.moved_cents, one.left_cents) for one in entries] == [
        (None, 1_000_000, 1_000_000),
        (None, 0, 1_000_000),
        (1, -300_000, 700_000),
        (2, -100_000, 600_000),
        (1, 0, 600_000),
        (1, 50_000, 650_000),
        (2, 100_000, 750_000),
        (None, -750_000, 0),
    ]
    assert entries[2].sentence == "Order 1: study from Plan B for €3,000.00."
    assert sum(one.moved_cents for one in entries) == 0
