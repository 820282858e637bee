"""Offers that were compared before an order: one of them is ordered, and a dearer one for a reason (D38)."""

from dataclasses import replace
from typing import Any

import pytest

from domain.grant.aggregate import GRANT
from domain.grant.commands import OrderResource, SupplierOffer
from domain.grant.events import Offer, OffersCompared
from domain.values import ProtectedText
from tests.given import HAMBURG, RITA, ask, until

ACCEPTED = until("accepted")
LOW = SupplierOffer(supplier="Rail Tours", cents=240_000)
OWN = SupplierOffer(supplier="plan b gmbh ", cents=250_000, remark="Valid for a month.")
ORDER = {"supplier": "Plan B GmbH", "cents": 250_000}


def comparing(*offers: SupplierOffer, **changes: Any) -> OrderResource:
    """Order from Plan B, which is the dearer of two, but for changes."""
    reason = {"choice_reason": "Rail Tours cannot come before July."}
    command: OrderResource = ask(OrderResource, **ORDER, offers=offers or (LOW, OWN), **{**reason, **changes})
    return command


def text(words: str) -> ProtectedText:
    return ProtectedText(subject=RITA, text=words)


def test_what_was_compared_is_recorded_with_the_order() -> None:
    offers = tuple(Offer(supplier=one.supplier, cents=one.cents, remark=text(one.remark)) for one in (LOW, OWN))
    told = {"order": 1, "chosen": 2, "cents": 250_000, "lowest_cents": 240_000}
    reason = text("Rail Tours cannot come before July.")
    (ordered,) = ACCEPTED.when(ask(OrderResource, **ORDER)).changes
    first, second = ACCEPTED.when(comparing()).changes
    assert first == ordered
    assert second.event == OffersCompared(**comparing().stamp(), offers=offers, choice_reason=reason, **told)


def test_an_order_keeps_what_was_compared_for_it() -> None:
    order = ACCEPTED.after(comparing()).get(GRANT, HAMBURG.grant).orders[1]
    assert [one.supplier for one in order.offers] == [LOW.supplier, OWN.supplier]
    assert order.chosen == 2
    assert order.choice_reason == text("Rail Tours cannot come before July.")
    without = ACCEPTED.after(ask(OrderResource, **ORDER)).get(GRANT, HAMBURG.grant).orders[1]
    assert replace(order, offers=(), chosen=0, choice_reason=None) == without


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (comparing(OWN, choice_reason=""), None),
        (comparing(LOW, OWN, choice_reason=" "), "D38"),
        (comparing(OWN, LOW.model_copy(update={"cents": 250_000}), choice_reason=""), None),
        (comparing(LOW), "D38"),
        (comparing(LOW, OWN.model_copy(update={"cents": 250_001})), "D38"),
        (comparing(LOW, OWN, LOW), "D38"),
        (comparing(OWN, LOW.model_copy(update={"cents": 0})), "D12"),
        (comparing(OWN, *(LOW.model_copy(update={"supplier": str(number)}) for number in range(9))), None),
        (comparing(OWN, *(LOW.model_copy(update={"supplier": str(number)}) for number in range(10))), "D38"),
        (ask(OrderResource, **ORDER, choice_reason="Nearer."), "D38"),
    ],
    ids=[
        "its own alone", "dearer without a reason", "as low as another", "not among them", "another value",
        "one twice", "for nothing", "ten", "eleven", "a reason without offers",
    ],
)  # fmt: skip
def test_an_order_is_one_of_its_offers_and_a_dearer_one_has_a_reason(command: OrderResource, code: str | None) -> None:
    assert ACCEPTED.when(command).code == code
