"""What the fund decides about the offers that were compared before an order: the order is one of them (D38)."""

from collections.abc import Iterator

from domain.grant.commands import OrderResource, SupplierOffer
from domain.grant.events import Offer, OffersCompared
from domain.rulebook.ours.resources import (
    amount_is_positive,
    choice_has_offers,
    dearer_choice_has_a_reason,
    offers_are_few,
    order_is_among_its_offers,
    supplier_called,
    supplier_offers_once,
)
from domain.values import ProtectedText


def offers_compared(command: OrderResource, order: int) -> Iterator[OffersCompared]:
    """Yield what was compared before the order of this number, where its request names offers (D12, D38)."""
    if not command.offers:
        choice_has_offers(command.choice_reason)
        return
    offers_are_few(len(command.offers))
    for offer in command.offers:
        amount_is_positive(offer.cents)
    names = [supplier_called(offer.supplier) for offer in command.offers]
    supplier_offers_once([offer.supplier for offer in command.offers])
    own = supplier_called(command.supplier)
    offered = dict(zip(names, (offer.cents for offer in command.offers), strict=True))
    order_is_among_its_offers(command.supplier, command.cents, offered.get(own))
    lowest_cents = min(offered.values())
    dearer_choice_has_a_reason(command.cents, lowest_cents, command.choice_reason)
    yield OffersCompared(
        **command.stamp(order=order, cents=command.cents),
        offers=tuple(_recorded(command, offer) for offer in command.offers),
        chosen=names.index(own) + 1,
        lowest_cents=lowest_cents,
        choice_reason=ProtectedText(subject=command.by, text=command.choice_reason),
    )


def _recorded(command: OrderResource, offer: SupplierOffer) -> Offer:
    remark = ProtectedText(subject=command.by, text=offer.remark)
    return Offer(supplier=offer.supplier, cents=offer.cents, remark=remark)
