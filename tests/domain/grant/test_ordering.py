"""Orders keep to the commitment, to suppliers and to their rate; they are reminded of, cancelled and replaced."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import NotFound
from domain.grant.aggregate import GRANT
from domain.grant.commands import (
    AcceptGrant,
    AcknowledgeDelivery,
    CancelOrder,
    OrderResource,
    ProposeReversal,
    RecordDelivery,
    RefuseDelivery,
    RemindOrder,
)
from domain.grant.events import (
    AcknowledgementReminded,
    DeliveryReminded,
    OrderCancelled,
    OriginalAmount,
    ResourceOrdered,
)
from domain.messages import Command
from domain.values import BRUSSELS, ProtectedText
from tests.domain.grant.ledger import certified
from tests.given import CAP, DAY, DELIVERY_DUE, HAMBURG, LAST_DAY, RITA, TICK, Story, ask, fact, until

OFFERED, ACCEPTED, ORDERED, DELIVERED = until("offered"), until("accepted"), until("ordered"), until("delivered")
ACKNOWLEDGED, CERTIFIED = until("acknowledged"), until("certified")


def test_a_resource_is_ordered_from_a_supplier_and_orders_are_numbered() -> None:
    told = {
        "kind": "travel", "supplier": "Rail Tours", "cents": 250_000, "period_from": date(2026, 6, 1),
        "period_to": date(2026, 6, 5),
    }  # fmt: skip
    until_when = {"deliver_by": datetime(2026, 6, 6, tzinfo=BRUSSELS)}
    ACCEPTED.when(ask(OrderResource, **told)).then(fact(ResourceOrdered, order=1, **told, **until_when))
    first = ACCEPTED.after(ask(OrderResource, **told))
    first.when(ask(OrderResource, **told)).then(fact(ResourceOrdered, order=2, **told, **until_when))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cents": CAP}, None),
        ({"cents": CAP + 1}, "D12"),
        ({"cents": 1}, None),
        ({"cents": 0}, "D12"),
        ({"cents": -1}, "D12"),
        ({"kind": "cash"}, "D13"),
        ({"supplier": " hamburg "}, "S02"),
        ({"supplier": "SEOUL"}, "S02"),
        ({"period_from": date(2026, 4, 1)}, None),
        ({"period_from": date(2026, 3, 31)}, "E03"),
        ({"period_from": LAST_DAY, "period_to": LAST_DAY}, None),
        ({"period_to": LAST_DAY + DAY}, "D12"),
        ({"period_from": date(2026, 6, 2), "period_to": date(2026, 6, 1)}, "D12"),
    ],
    ids=[
        "the whole sum", "one cent more", "one cent", "nothing", "less than nothing", "a kind that is not listed",
        "the city is paid", "the partner is paid", "from the day of acceptance", "from the day before", "the last day",
        "a day too long", "ends before it starts",
    ],
)  # fmt: skip
def test_an_order_keeps_to_the_commitment_to_suppliers_and_to_the_implementation(
    changes: dict[str, Any], code: str | None
) -> None:
    assert ACCEPTED.when(ask(OrderResource, **changes)).code == code


def test_the_day_of_acceptance_is_counted_in_brussels() -> None:
    late_in_the_evening = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)  # in Brussels it is 2 April already
    story = OFFERED.after(ask(AcceptGrant, at=late_in_the_evening))
    story.when(ask(OrderResource, period_from=date(2026, 4, 1))).refused("E03", "accepted on Thu 2 April 2026")
    assert story.when(ask(OrderResource, period_from=date(2026, 4, 2))).code is None


@pytest.mark.parametrize(
    ("story", "left"),
    [
        (ACCEPTED.after(ask(OrderResource, cents=600_000)), 400_000),
        (ACCEPTED.after(ask(OrderResource, cents=600_000), ask(RecordDelivery, cents=100_000)), 400_000),
        (certified((600_000, 500_000)), 500_000),
        (certified((600_000, 500_000), (499_999, 499_999)), 1),
    ],
    ids=["ordered", "delivered", "certified for less", "one cent is left"],
)
def test_an_order_counts_in_full_until_what_is_certified_replaces_it(story: Story, left: int) -> None:
    assert story.when(ask(OrderResource, cents=left)).code is None
    story.when(ask(OrderResource, cents=left + 1)).refused("D12", "€0.01 above what is left")


# --- another currency

DOLLARS = OriginalAmount(
    amount=100_000, currency="USD", units_per_euro="1.0823", source="InforEuro", rate_on=date(2026, 5, 1)
)  # made on 10 May: 923.958… euro


def dollars(**changes: Any) -> OriginalAmount:
    """A thousand dollars, but for changes."""
    return DOLLARS.model_copy(update=changes)


def test_an_order_in_another_currency_keeps_its_sum_its_rate_and_where_the_rate_is_from() -> None:
    made = ACCEPTED.when(ask(OrderResource, cents=92_396, original=DOLLARS)).changes
    assert [(change.event.cents, change.event.original) for change in made] == [(92_396, DOLLARS)]


@pytest.mark.parametrize(
    ("cents", "changes", "code"),
    [
        (92_395, {}, "D20"),
        (92_397, {}, "D20"),
        (92_396, {"currency": "EUR"}, "D20"),
        (92_396, {"currency": "usd"}, "D20"),
        (92_396, {"units_per_euro": "0"}, "D20"),
        (92_396, {"source": " "}, "D20"),
        (92_396, {"amount": 0}, "D12"),
        (92_396, {"rate_on": date(2026, 5, 10)}, None),
        (92_396, {"rate_on": date(2026, 5, 11)}, "D20"),
        (92_396, {"rate_on": date(2026, 3, 9)}, None),
        (92_396, {"rate_on": date(2026, 3, 8)}, "D20"),
    ],
    ids=[
        "a cent less", "a cent more", "the euro itself", "no currency", "a rate of nothing", "no source",
        "an amount of nothing", "the rate of the day", "the rate of the next day", "62 days old", "63 days old",
    ],
)  # fmt: skip
def test_the_value_in_euro_follows_from_a_named_and_recent_rate(
    cents: int, changes: dict[str, Any], code: str | None
) -> None:
    assert ACCEPTED.when(ask(OrderResource, cents=cents, original=dollars(**changes))).code == code


def test_the_day_of_a_rate_is_counted_in_brussels() -> None:
    late_in_the_evening = datetime(2026, 5, 10, 22, 30, tzinfo=UTC)  # in Brussels it is 11 May already
    order = ask(OrderResource, cents=92_396, original=dollars(rate_on=date(2026, 5, 11)), at=late_in_the_evening)
    assert ACCEPTED.when(order).code is None


# --- orders that are late

ANSWER_DUE = datetime(2026, 6, 2, tzinfo=BRUSSELS)
"""Twenty days after the delivery of 10 May it is a Saturday, so that the city has until the end of Monday."""


@pytest.mark.parametrize(
    ("story", "due", "reminded"),
    [(ORDERED, DELIVERY_DUE, DeliveryReminded), (DELIVERED, ANSWER_DUE, AcknowledgementReminded)],
    ids=["not delivered", "not acknowledged"],
)
def test_what_is_late_is_reminded_of_once_and_from_its_instant_on(story: Story, due: datetime, reminded: Any) -> None:
    story.when(ask(RemindOrder, at=due - TICK)).refused("stage", "Order 1 is not late")
    story.when(ask(RemindOrder, at=due)).then(fact(reminded, order=1, due=due))
    story.after(ask(RemindOrder, at=due)).when(ask(RemindOrder, at=due + DAY)).refused("stage", "reminded already")


def test_a_late_delivery_has_its_own_reminder() -> None:
    story = ORDERED.after(ask(RemindOrder), ask(RecordDelivery, at=DELIVERY_DUE + DAY))
    due = datetime(2026, 10, 23, tzinfo=BRUSSELS)
    story.when(ask(RemindOrder, at=due)).then(fact(AcknowledgementReminded, order=1, due=due))


@pytest.mark.parametrize(
    "story",
    [ACKNOWLEDGED, CERTIFIED, DELIVERED.after(ask(RefuseDelivery)), ORDERED.after(ask(CancelOrder))],
    ids=["acknowledged", "certified", "refused", "cancelled"],
)
def test_nobody_is_reminded_of_what_is_not_late(story: Story) -> None:
    story.when(ask(RemindOrder, at=DELIVERY_DUE + 30 * DAY)).refused("stage")


# --- orders that are cancelled and replaced


@pytest.mark.parametrize("story", [ORDERED, DELIVERED.after(ask(RefuseDelivery))], ids=["ordered", "refused"])
def test_a_cancelled_order_frees_what_it_took(story: Story) -> None:
    cancelled = {"order": 1, "cause": "not_needed", "freed_cents": CAP}
    reason = ProtectedText(subject=RITA, text="The workshop is off.")
    story.when(ask(CancelOrder)).then(fact(OrderCancelled, **cancelled, reason=reason))
    after = story.after(ask(CancelOrder))
    assert after.when(ask(OrderResource, cents=CAP)).code is None
    after.when(ask(OrderResource, cents=CAP + 1)).refused("D12")


@pytest.mark.parametrize("story", [DELIVERED, ACKNOWLEDGED, CERTIFIED])
def test_what_is_delivered_is_not_cancelled(story: Story) -> None:
    story.when(ask(CancelOrder)).refused("stage", "delivered already")


def test_an_order_is_cancelled_with_a_reason() -> None:
    ORDERED.when(ask(CancelOrder, reason=" ")).refused("D18")


@pytest.mark.parametrize(
    "kind", [RemindOrder, CancelOrder, RecordDelivery, AcknowledgeDelivery, RefuseDelivery, ProposeReversal]
)
def test_a_cancelled_order_stays_cancelled(kind: type[Command]) -> None:
    ORDERED.after(ask(CancelOrder)).when(ask(kind)).refused("stage", "Order 1 is cancelled.")


FAILED = ORDERED.after(ask(CancelOrder, cause="supplier_failed"))


def test_a_supplier_that_failed_is_replaced_once_by_another_within_what_remains() -> None:
    instead = {"supplier": "Plan C GmbH", "replaces": 1}
    FAILED.when(ask(OrderResource, **instead, cents=CAP + 1)).refused("D12", "above what is left")
    replaced = FAILED.after(ask(OrderResource, **instead, cents=CAP - 1))
    order = replaced.get(GRANT, HAMBURG.grant).orders[2]
    assert (order.supplier, order.counts) == ("Plan C GmbH", CAP - 1)
    replaced.when(ask(OrderResource, **instead, cents=1)).refused("stage", "Order 1 is replaced already.")


def test_a_supplier_that_failed_is_not_replaced_by_itself() -> None:
    FAILED.when(ask(OrderResource, supplier=" plan b gmbh ", replaces=1)).refused("D12", "is the supplier that failed")


@pytest.mark.parametrize("story", [ORDERED, ORDERED.after(ask(CancelOrder))], ids=["not cancelled", "not needed"])
def test_only_an_order_whose_supplier_failed_is_replaced(story: Story) -> None:
    story.when(ask(OrderResource, supplier="Plan C GmbH", replaces=1)).refused("stage", "not cancelled because")


def test_an_order_that_was_not_made_is_not_replaced() -> None:
    ORDERED.when(ask(OrderResource, supplier="Plan C GmbH", replaces=7)).raises(NotFound, "no order 7")
