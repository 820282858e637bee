"""The ledger of a grant: every event that moves money or says what became of it, with the rest after each."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.grant.aggregate import GRANT, Grant, Stage
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
from domain.messages import Event
from domain.values import Cents, Instant, Value
from projections.timeline import sentence

_ENTRIES: Final = (
    GrantOffered
    | GrantAccepted
    | GrantDeclined
    | GrantLapsed
    | ResourceOrdered
    | OrderCancelled
    | ResourceDelivered
    | InvoiceRecorded
    | DeliveryRefused
    | ResourceDisbursed
    | DeliveryReversed
    | GrantClosed
)
"""What is an entry. A correction is one of its own, opposite to what it corrects; nothing is struck out."""


class Entry(Value):
    """One entry: when it held (UTC), what it says, by how much the rest moved, and the rest after it, in cents."""

    at: Instant
    sentence: str
    order: int | None
    moved_cents: Cents
    left_cents: Cents


def ledger(events: Iterable[Event]) -> Iterator[Entry]:
    """Yield the entries of a grant from all its events, oldest first."""
    grant, left = GRANT.initial, 0
    for event in events:
        if not isinstance(event, GrantEvent):
            continue
        grant = GRANT.evolve(grant, event)
        before, left = left, left_to_order(grant)
        if isinstance(event, _ENTRIES):
            order = getattr(event, "order", None)
            words = sentence(event)
            yield Entry(at=event.effective_at, sentence=words, order=order, moved_cents=left - before, left_cents=left)


def left_to_order(grant: Grant) -> Cents:
    """Return what the fund can still order, now or once it is accepted (D12)."""
    return grant.left_cents if grant.stage in (Stage.OFFERED, Stage.ACCEPTED) else 0
