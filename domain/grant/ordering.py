"""What the fund decides about orders: made within the commitment, reminded of when they are late, cancelled (D12)."""

from datetime import date, timedelta
from uuid import UUID

from domain.call.aggregate import rules_of
from domain.call.rules import CallRules
from domain.currencies import DIGITS, in_euro_cents, in_words
from domain.errors import NotFound, WrongStage
from domain.grant.aggregate import Grant, Order, Stage, at_stage
from domain.grant.commands import CancelOrder, OrderResource, RemindOrder
from domain.grant.comparing import offers_compared
from domain.grant.events import (
    AcknowledgementReminded,
    CancellationCause,
    DeliveryReminded,
    OrderCancelled,
    OriginalAmount,
    ResourceOrdered,
)
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.rulebook.eu import commitment_follows_the_award, end_of_day
from domain.rulebook.ours.people import a_reason_is_given
from domain.rulebook.ours.resources import (
    amount_is_positive,
    currency_is_known,
    failed_supplier_is_replaced_by_another,
    kind_is_listed,
    order_falls_into_implementation,
    order_is_within_commitment,
    rate_is_exact,
    rate_is_recent,
    rate_source_is_named,
    value_follows_from_the_rate,
)
from domain.rulebook.programme import payee_is_a_supplier
from domain.values import Cents, ProtectedText


def order_resource(command: OrderResource, world: World) -> Decision:
    """Order from a supplier within the commitment and the period; pending orders count (D12 D13 D20 D38, E03, S02)."""
    grant, call_id = at_stage(world, command.grant_id, Stage.ACCEPTED)
    rules = rules_of(world, call_id)
    partnership = world.get(PARTNERSHIP, grant.partnership_id or command.grant_id)
    amount_is_positive(command.cents)
    kind_is_listed(command.kind, [kind.id for kind in rules.resource_kinds])
    payee_is_a_supplier(command.supplier, [member.name for member in partnership.members])
    if command.replaces is not None:
        failed_supplier_is_replaced_by_another(command.supplier, _failed(grant, command.replaces).supplier)
    commitment_follows_the_award(command.period_from, grant.accepted_at.astimezone(rules.time_zone).date())
    last_moment = rules.calendar.implementation_ends - timedelta(microseconds=1)
    last_day = last_moment.astimezone(rules.time_zone).date()
    order_falls_into_implementation(command.period_from, command.period_to, last_day)
    if command.original is not None:
        _rate_holds(command.original, command.cents, command.at.astimezone(rules.time_zone).date(), rules)
    order_is_within_commitment(command.cents, grant.left_cents)
    event = ResourceOrdered(
        **command.stamp(),
        order=len(grant.orders) + 1,
        kind=command.kind,
        supplier=command.supplier,
        cents=command.cents,
        period_from=command.period_from,
        period_to=command.period_to,
        deliver_by=end_of_day(command.period_to, rules.time_zone),
        original=command.original,
        replaces=command.replaces,
    )
    return [Change(command.grant_id, one) for one in (event, *offers_compared(command, event.order))]


def _failed(grant: Grant, number: int) -> Order:
    """Return the order of a supplier that failed and was not replaced yet. Raises NotFound and WrongStage."""
    order = order_of(grant, number)
    if order.cancelled is not CancellationCause.SUPPLIER_FAILED:
        raise WrongStage(f"Order {number} is not cancelled because its supplier failed.", "Cancel it so first.")
    if order.replaced:
        raise WrongStage(f"Order {number} is replaced already.", "Order what is still missing by an order of its own.")
    return order


def _rate_holds(original: OriginalAmount, cents: Cents, ordered_on: date, rules: CallRules) -> None:
    """Require a value in euro that follows from a named, recent and exact rate (D20)."""
    amount_is_positive(original.amount)
    currency_is_known(original.currency, DIGITS)
    rate_is_exact(original.units_per_euro)
    rate_source_is_named(original.source)
    rate_is_recent(original.rate_on, ordered_on, rules.ordering.rate_days)
    converted = in_euro_cents(original.amount, original.currency, original.units_per_euro)
    value_follows_from_the_rate(cents, converted, in_words(original.amount, original.currency), original.units_per_euro)


def order_of(grant: Grant, number: int) -> Order:
    """Return an order of the grant. Raises NotFound."""
    if number not in grant.orders:
        raise NotFound(f"The grant has no order {number}.", f"It has {len(grant.orders)} orders, numbered from 1.")
    return grant.orders[number]


def order_in_hand(world: World, grant_id: UUID, number: int) -> tuple[Grant, Order, UUID]:
    """Return an accepted grant, an order of it that is neither cancelled nor about to be reversed, and its call.

    Raises NotFound and WrongStage.
    """
    grant, call_id = at_stage(world, grant_id, Stage.ACCEPTED)
    order = order_of(grant, number)
    if order.cancelled is not None:
        raise WrongStage(f"Order {number} is cancelled.")
    if order.reversal_by is not None:
        raise WrongStage(
            f"Order {number} waits for a second person: its delivery may be reversed.",
            "A certifier confirms the reversal or dismisses it.",
        )
    return grant, order, call_id


def remind_order(command: RemindOrder, world: World) -> Decision:
    """Remind once of a delivery that did not come, or of a city that says nothing about it (D12)."""
    _, order, _ = order_in_hand(world, command.grant_id, command.order)
    undelivered = order.delivered_cents is None
    due = order.deliver_by if undelivered else order.acknowledge_by
    if order.acknowledged or order.refused or order.reminded or command.at < due:
        raise WrongStage(f"Order {command.order} is not late, or somebody was reminded already.")
    kind = DeliveryReminded if undelivered else AcknowledgementReminded
    return [Change(command.grant_id, kind(**command.stamp(), order=command.order, due=due))]


def cancel_order(command: CancelOrder, world: World) -> Decision:
    """Cancel an order before its delivery, or after the city refused it; its value is free again (D12)."""
    _, order, _ = order_in_hand(world, command.grant_id, command.order)
    if order.delivered_cents is not None:
        raise WrongStage(
            f"Order {command.order} is delivered already.", "What was recorded wrongly is reversed, by a second person."
        )
    a_reason_is_given(command.reason)
    event = OrderCancelled(
        **command.stamp(),
        order=command.order,
        cause=command.cause,
        freed_cents=order.counts,
        reason=ProtectedText(subject=command.by, text=command.reason),
    )
    return [Change(command.grant_id, event)]
