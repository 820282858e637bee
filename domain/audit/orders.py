"""Orders just under a limit, or split below it; orders for which no offers were compared, or not the lowest chosen."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from domain.audit.findings import Finding
from domain.audit.history import History
from domain.grant.events import OffersCompared, OrderCancelled, ResourceOrdered
from domain.messages import Recorded
from domain.values import euros

LIMIT_CENTS: Final = 500_000
"""Our default: the programme names no limit for one order; half of the cap of a grant."""

NEAR_PERCENT: Final = 90
"""From so much of the limit on an order is just under it."""

TOGETHER: Final = timedelta(days=30)
"""Orders of one supplier within so many days of the first are looked at together."""


COMPARED: Final = 2
"""Our default: so many offers at least are a comparison."""


class _Ordered(NamedTuple):
    recorded: Recorded
    event: ResourceOrdered


def split_orders(history: History) -> Iterator[Finding]:
    """Yield orders just under the limit, then several below it from one supplier for one grant that together reach it.

    Cancelled orders do not count; case and spaces around a supplier's name do not matter.
    """
    standing = _standing(history)
    for recorded, event in standing:
        if LIMIT_CENTS * NEAR_PERCENT <= event.cents * 100 < LIMIT_CENTS * 100:
            why = f"{euros(event.cents)} is just under {euros(LIMIT_CENTS)}."
            yield Finding(about=recorded.stream, why=why, positions=(recorded.position,), people=(event.by,))
    by_supplier: dict[tuple[UUID, str], list[_Ordered]] = {}
    for one in standing:
        if one.event.cents < LIMIT_CENTS:
            by_supplier.setdefault((one.recorded.stream, one.event.supplier.strip().casefold()), []).append(one)
    for (stream, _), orders in by_supplier.items():
        for together in _bunches(orders):
            cents = sum(one.event.cents for one in together)
            if len(together) > 1 and cents >= LIMIT_CENTS:
                yield Finding(
                    about=stream,
                    why=f"{len(together)} orders from one supplier are {euros(cents)} together.",
                    positions=tuple(one.recorded.position for one in together),
                    people=tuple(dict.fromkeys(one.event.by for one in together)),
                )


def chosen_offers(history: History) -> Iterator[Finding]:
    """Yield orders for which fewer than two offers were compared, and those whose offer is above the lowest (D38).

    Cancelled orders do not count.
    """
    compared = {(recorded.stream, event.order): (recorded, event) for recorded, event in history.each(OffersCompared)}
    for recorded, event in _standing(history):
        beside, offers = compared.get((recorded.stream, event.order), (None, None))
        if why := _unlike_the_lowest(event, offers):
            positions = (recorded.position, *((beside.position,) if beside else ()))
            yield Finding(about=recorded.stream, why=why, positions=positions, people=(event.by,))


def _unlike_the_lowest(ordered: ResourceOrdered, compared: OffersCompared | None) -> str | None:
    number, value = ordered.order, euros(ordered.cents)
    if compared is None or len(compared.offers) < COMPARED:
        return f"Order {number} of {value}: no two offers were compared."
    above, offers = ordered.cents - compared.lowest_cents, len(compared.offers)
    return f"Order {number} of {value}: {euros(above)} above the lowest of {offers} offers." if above > 0 else None


def _standing(history: History) -> list[_Ordered]:
    cancelled = {(recorded.stream, event.order) for recorded, event in history.each(OrderCancelled)}
    ordered = history.each(ResourceOrdered)
    return [_Ordered(*one) for one in ordered if (one[0].stream, one[1].order) not in cancelled]


def _bunches(orders: list[_Ordered]) -> Iterator[list[_Ordered]]:
    """Yield the orders in bunches, each within the days from its first."""
    bunch: list[_Ordered] = []
    for one in orders:
        if bunch and one.event.effective_at > bunch[0].event.effective_at + TOGETHER:
            yield bunch
            bunch = []
        bunch.append(one)
    yield bunch
