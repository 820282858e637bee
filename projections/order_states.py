"""How far an order is, in one word: what of it comes next."""

from enum import StrEnum

from projections.applicant_rows import OrderRow


class OrderState(StrEnum):
    """Where an order stands."""

    ORDERED = "ordered"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ACKNOWLEDGED = "acknowledged"
    CERTIFIED = "certified"
    CANCELLED = "cancelled"


def state_of(order: OrderRow) -> OrderState:
    """Return where an order stands."""
    if order.cancelled:
        return OrderState.CANCELLED
    if order.disbursed_cents is not None:
        return OrderState.CERTIFIED
    if order.acknowledged:
        return OrderState.ACKNOWLEDGED
    if order.delivered_cents is not None:
        return OrderState.DELIVERED
    return OrderState.REFUSED if order.refused else OrderState.ORDERED
