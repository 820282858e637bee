"""What the fund decides about deliveries: recorded, invoiced, answered for, certified, reversed (D12, D18)."""

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import CALL, rules_of
from domain.errors import WrongStage
from domain.grant.aggregate import Order, Stage, at_stage
from domain.grant.commands import (
    AcknowledgeDelivery,
    CertifyDelivery,
    ConfirmReversal,
    DismissReversal,
    ProposeReversal,
    RecordDelivery,
    RecordInvoice,
    RefuseDelivery,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    InvoiceRecorded,
    ResourceDelivered,
    ResourceDisbursed,
    ReversalDismissed,
    ReversalProposed,
)
from domain.grant.ordering import order_in_hand, order_of
from domain.messages import Change, Decision, World
from domain.rulebook.eu import end_of_day, period_end
from domain.rulebook.ours.people import a_reason_is_given, certifier_is_independent
from domain.rulebook.ours.resources import (
    amount_is_positive,
    delivery_is_within_order,
    delivery_was_acknowledged,
    evidence_is_named,
)
from domain.values import ProtectedText


def record_delivery(command: RecordDelivery, world: World) -> Decision:
    """Record what was delivered, for the first time or anew, with evidence; less than ordered is a fact (D12)."""
    _, order, call_id = order_in_hand(world, command.grant_id, command.order)
    if order.delivered_cents is not None:
        raise WrongStage(f"Order {command.order} is delivered already.")
    amount_is_positive(command.cents)
    evidence_is_named(command.evidence)
    delivery_is_within_order(command.cents, order.kept_cents)
    rules = rules_of(world, call_id)
    today = command.at.astimezone(rules.time_zone).date()
    event = ResourceDelivered(
        **command.stamp(),
        order=command.order,
        cents=command.cents,
        evidence=command.evidence,
        acknowledge_by=end_of_day(
            period_end(today, rules.ordering.acknowledgement_days, rules.holidays), rules.time_zone
        ),
    )
    return [Change(command.grant_id, event)]


def record_invoice(command: RecordInvoice, world: World) -> Decision:
    """Record an invoice: the fund bears it up to the order and what is left, and the rest is borne outside (D12)."""
    grant, order, _ = order_in_hand(world, command.grant_id, command.order)
    if order.delivered_cents is None or order.disbursed_cents is not None or order.borne_cents is not None:
        raise WrongStage(f"Order {command.order} is not delivered yet, or has its invoice, or is certified already.")
    amount_is_positive(command.cents)
    evidence_is_named(command.evidence)
    borne = min(command.cents, order.counts + grant.left_cents)
    event = InvoiceRecorded(
        **command.stamp(),
        order=command.order,
        cents=command.cents,
        evidence=command.evidence,
        borne_cents=borne,
        borne_outside_cents=command.cents - borne,
    )
    return [Change(command.grant_id, event)]


def acknowledge_delivery(command: AcknowledgeDelivery, world: World) -> Decision:
    """Take the receiving city's acknowledgement (D12)."""
    _, order, _ = order_in_hand(world, command.grant_id, command.order)
    _is_unanswered(order, command.order)
    return [Change(command.grant_id, DeliveryAcknowledged(**command.stamp(), order=command.order))]


def refuse_delivery(command: RefuseDelivery, world: World) -> Decision:
    """Take the receiving city's refusal: the order is delivered anew, or cancelled (D12)."""
    _, order, _ = order_in_hand(world, command.grant_id, command.order)
    cents = _is_unanswered(order, command.order)
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    event = DeliveryRefused(**command.stamp(), order=command.order, cents=cents, reason=reason)
    return [Change(command.grant_id, event)]


def _is_unanswered(order: Order, number: int) -> int:
    """Return the value of a delivery that the city has said nothing about. Raises WrongStage."""
    if order.delivered_cents is None or order.acknowledged:
        raise WrongStage(f"Order {number} is not delivered yet, or its delivery is acknowledged already.")
    return order.delivered_cents


def certify_delivery(command: CertifyDelivery, world: World) -> Decision:
    """Certify an acknowledged delivery by somebody who neither handled its order nor approved the award (D05, D12).

    What is certified is what the fund bears of the invoice, or the delivery's own value where there is no invoice.
    """
    grant, order, call_id = order_in_hand(world, command.grant_id, command.order)
    if order.disbursed_cents is not None or (order.delivered_cents is None and not order.refused):
        raise WrongStage(f"Order {command.order} is not delivered yet, or its delivery is certified already.")
    ties = []
    if order.ordered_by == command.by:
        ties.append("ordered this resource")
    if command.by in order.handled_by:
        ties.append("recorded something about it")
    if command.by in world.get(CALL, call_id).list_of(grant.line).approvals:
        ties.append("approved this award")
    certifier_is_independent(ties)
    delivery_was_acknowledged(order.acknowledged)
    borne = order.borne_cents if order.borne_cents is not None else order.delivered_cents or 0
    event = ResourceDisbursed(**command.stamp(), order=command.order, cents=borne, released_cents=order.counts - borne)
    return [Change(command.grant_id, event)]


def propose_reversal(command: ProposeReversal, world: World) -> Decision:
    """Propose to take a delivery back, certified or not, because something in it is wrong (D18)."""
    _, order, _ = order_in_hand(world, command.grant_id, command.order)
    if order.delivered_cents is None:
        raise WrongStage(f"Order {command.order} is not delivered; there is nothing to reverse.")
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(command.grant_id, ReversalProposed(**command.stamp(), order=command.order, reason=reason))]


def confirm_reversal(command: ConfirmReversal, world: World) -> Decision:
    """Take a delivery back by opposite entries, as the second person; nothing that was entered is edited (D18).

    The order stands again as before its delivery, with its own value or with what is left of that.
    """
    grant, _ = at_stage(world, command.grant_id, Stage.ACCEPTED)
    order = order_of(grant, command.order)
    proposed_by = order.reversal_by
    if proposed_by is None:
        raise WrongStage(f"Nobody proposed to reverse the delivery of order {command.order}.", "Propose it first.")
    two_persons_decide(proposed_by, command, world)
    event = DeliveryReversed(
        **command.stamp(),
        order=command.order,
        proposed_by=proposed_by,
        delivered_cents=order.delivered_cents or 0,
        disbursed_cents=order.disbursed_cents or 0,
        kept_cents=min(order.kept_cents, order.counts + grant.left_cents),
    )
    return [Change(command.grant_id, event)]


def dismiss_reversal(command: DismissReversal, world: World) -> Decision:
    """Leave a delivery as it is, as the second person, with the reason (D18)."""
    grant, _ = at_stage(world, command.grant_id, Stage.ACCEPTED)
    proposed_by = order_of(grant, command.order).reversal_by
    if proposed_by is None:
        raise WrongStage(f"Nobody proposed to reverse the delivery of order {command.order}.", "Propose it first.")
    two_persons_decide(proposed_by, command, world)
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    named = command.stamp(order=command.order, proposed_by=proposed_by)
    return [Change(command.grant_id, ReversalDismissed(**named, reason=reason))]
