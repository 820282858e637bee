"""What the fund decides about a grant: the offer and its answer, orders and deliveries, closing."""

from datetime import datetime, time, timedelta
from uuid import UUID

from domain.call.aggregate import CALL, SumState, published, rules_of
from domain.call.events import OfferMade, SumCommitted, SumFreed, SumReturned
from domain.call.rules import CallRules
from domain.errors import NotFound, WrongStage
from domain.grant.aggregate import GRANT, Grant, Order, Stage
from domain.grant.commands import (
    AcceptGrant,
    AcknowledgeDelivery,
    CertifyDelivery,
    CloseGrant,
    DeclineGrant,
    FileFinalReport,
    LapseGrant,
    OfferGrant,
    OrderResource,
    RecordDelivery,
    RemindAcceptance,
    RemindReport,
)
from domain.grant.events import (
    AcceptanceReminded,
    DeliveryAcknowledged,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantLapsed,
    GrantOffered,
    PartOffered,
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import SupportOffered
from domain.rulebook.eu import commitment_follows_the_award, end_of_day, period_end
from domain.rulebook.ours import (
    acceptance_is_in_time,
    amount_is_positive,
    certifier_is_independent,
    delivery_is_within_order,
    delivery_was_acknowledged,
    evidence_is_named,
    kind_is_listed,
    order_falls_into_implementation,
    order_is_within_commitment,
)
from domain.rulebook.programme import lessons_are_shared, payee_is_a_supplier
from domain.values import ProtectedText, in_brussels


def offer_grant(command: OfferGrant, world: World) -> Decision:
    """Offer the reserved sum; the answer is due within the published period, counted by E23 (D11)."""
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    if pilot.call_id is None or pilot.partnership_id is None or pilot.coordinator_id is None:
        raise WrongStage("This pilot action was never proposed.")
    call = world.get(CALL, pilot.call_id)
    entry = call.ledger.get(command.grant_id)
    reserved = entry is not None and entry.state is SumState.RESERVED
    if entry is None or not reserved or entry.pilot_action_id != command.pilot_action_id:
        raise WrongStage("No sum is reserved for this grant.", "An offer follows from a released award list.")
    if not call.list_of(entry.line).released:
        raise WrongStage("The outcomes are not released yet.", "Wait for the release to all applicants at once.")
    accept_by, remind_at = _answer_due(command.at, published(call))
    offered = GrantOffered(
        **command.stamp(),
        call_id=pilot.call_id,
        line=entry.line,
        pilot_action_id=command.pilot_action_id,
        partnership_id=pilot.partnership_id,
        coordinator_id=pilot.coordinator_id,
        cents=entry.cents,
        accept_by=accept_by,
        remind_at=remind_at,
    )
    named = command.stamp(grant_id=command.grant_id, cents=entry.cents)
    changes = [
        Change(command.grant_id, offered),
        Change(command.pilot_action_id, SupportOffered(**named)),
        Change(pilot.call_id, OfferMade(**named)),
    ]
    version = pilot.version(pilot.submitted)
    if version and entry.cents < version.requested_cents:
        part = PartOffered(**command.stamp(), cents=entry.cents, requested_cents=version.requested_cents)
        changes.insert(1, Change(command.grant_id, part))
    return changes


def _answer_due(offered_at: datetime, rules: CallRules) -> tuple[datetime, datetime]:
    """Return the end of the period, itself too late, and the reminder at 09:00 some days before its last day."""
    zone = rules.time_zone
    last_day = period_end(offered_at.astimezone(zone).date(), rules.acceptance.days, rules.holidays)
    remind_on = last_day - timedelta(days=rules.acceptance.reminder_days_before)
    return end_of_day(last_day, zone), datetime.combine(remind_on, time(9), zone)


def _at_stage(world: World, grant_id: UUID, stage: Stage) -> tuple[Grant, UUID]:
    grant = world.get(GRANT, grant_id)
    if grant.call_id is None:
        raise NotFound("This grant was never offered.")
    if grant.stage is not stage:
        raise WrongStage(f"The grant is {grant.stage}; this needs a grant that is {stage}.")
    return grant, grant.call_id


def remind_acceptance(command: RemindAcceptance, world: World) -> Decision:
    """Remind the applicant to answer (D11)."""
    grant, _ = _at_stage(world, command.grant_id, Stage.OFFERED)
    return [Change(command.grant_id, AcceptanceReminded(**command.stamp(), accept_by=grant.accept_by))]


def accept_grant(command: AcceptGrant, world: World) -> Decision:
    """Accept in time; the reserved sum is committed (D11, D12)."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.OFFERED)
    acceptance_is_in_time(command.at, grant.accept_by)
    committed = SumCommitted(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [
        Change(command.grant_id, GrantAccepted(**command.stamp(), cents=grant.cents, call_id=call_id)),
        Change(call_id, committed),
    ]


def decline_grant(command: DeclineGrant, world: World) -> Decision:
    """Decline in time; the reserved sum is free again."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.OFFERED)
    acceptance_is_in_time(command.at, grant.accept_by)
    reason = ProtectedText(subject=command.by, text=command.reason)
    declined = GrantDeclined(**command.stamp(), call_id=call_id, line=grant.line, reason=reason)
    freed = SumFreed(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [Change(command.grant_id, declined), Change(call_id, freed)]


def lapse_grant(command: LapseGrant, world: World) -> Decision:
    """Let an unanswered offer lapse when its period is over (D11)."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.OFFERED)
    if command.at < grant.accept_by:
        raise WrongStage(f"The answer is due before {in_brussels(grant.accept_by)}.", "Wait until then.")
    lapsed = GrantLapsed(**command.stamp(), call_id=call_id, line=grant.line)
    freed = SumFreed(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [Change(command.grant_id, lapsed), Change(call_id, freed)]


def order_resource(command: OrderResource, world: World) -> Decision:
    """Order from a supplier within the commitment and the period; pending orders count (D12, D13, E03, S02)."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    rules = rules_of(world, call_id)
    partnership = world.get(PARTNERSHIP, grant.partnership_id or command.grant_id)
    amount_is_positive(command.cents)
    kind_is_listed(command.kind, [kind.id for kind in rules.resource_kinds])
    payee_is_a_supplier(command.supplier, [member.name for member in partnership.members])
    commitment_follows_the_award(command.period_from, grant.accepted_at.astimezone(rules.time_zone).date())
    last_moment = rules.calendar.implementation_ends - timedelta(microseconds=1)
    last_day = last_moment.astimezone(rules.time_zone).date()
    order_falls_into_implementation(command.period_from, command.period_to, last_day)
    order_is_within_commitment(command.cents, grant.cents - grant.ordered_cents)
    event = ResourceOrdered(
        **command.stamp(),
        order=len(grant.orders) + 1,
        kind=command.kind,
        supplier=command.supplier,
        cents=command.cents,
        period_from=command.period_from,
        period_to=command.period_to,
    )
    return [Change(command.grant_id, event)]


def _order(grant: Grant, number: int) -> Order:
    if number not in grant.orders:
        raise NotFound(f"The grant has no order {number}.", f"It has {len(grant.orders)} orders, numbered from 1.")
    return grant.orders[number]


def record_delivery(command: RecordDelivery, world: World) -> Decision:
    """Record what was delivered, with evidence; a smaller value than ordered is a fact (D12)."""
    grant, _ = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    order = _order(grant, command.order)
    if order.delivered_cents is not None:
        raise WrongStage(f"Order {command.order} is delivered already.")
    amount_is_positive(command.cents)
    evidence_is_named(command.evidence)
    delivery_is_within_order(command.cents, order.cents)
    event = ResourceDelivered(**command.stamp(), order=command.order, cents=command.cents, evidence=command.evidence)
    return [Change(command.grant_id, event)]


def acknowledge_delivery(command: AcknowledgeDelivery, world: World) -> Decision:
    """Take the receiving city's acknowledgement (D12)."""
    grant, _ = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    order = _order(grant, command.order)
    if order.delivered_cents is None or order.acknowledged:
        raise WrongStage(f"Order {command.order} is not delivered yet, or its delivery is acknowledged already.")
    return [Change(command.grant_id, DeliveryAcknowledged(**command.stamp(), order=command.order))]


def certify_delivery(command: CertifyDelivery, world: World) -> Decision:
    """Certify an acknowledged delivery by somebody who neither ordered it nor approved the award (D05, D12)."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    order = _order(grant, command.order)
    if order.delivered_cents is None or order.disbursed_cents is not None:
        raise WrongStage(f"Order {command.order} is not delivered yet, or its delivery is certified already.")
    ties = []
    if order.ordered_by == command.by:
        ties.append("ordered this resource")
    if command.by in world.get(CALL, call_id).list_of(grant.line).approvals:
        ties.append("approved this award")
    certifier_is_independent(ties)
    delivery_was_acknowledged(order.acknowledged)
    event = ResourceDisbursed(**command.stamp(), order=command.order, cents=order.delivered_cents)
    return [Change(command.grant_id, event)]


def remind_report(command: RemindReport, world: World) -> Decision:
    """Remind the applicant of the final report while it is missing."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    if grant.report_filed:
        raise WrongStage("The final report is filed; no reminder is due.")
    due = rules_of(world, call_id).calendar.final_report_due
    return [Change(command.grant_id, ReportReminded(**command.stamp(), due=due))]


def file_final_report(command: FileFinalReport, world: World) -> Decision:
    """Take the final report with the lessons for the Knowledge Library (S31)."""
    grant, _ = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    if grant.report_filed:
        raise WrongStage("The final report is filed already.")
    lessons_are_shared(command.lessons)
    event = FinalReportFiled(
        **command.stamp(),
        report=ProtectedText(subject=command.by, text=command.report),
        lessons=ProtectedText(subject=command.by, text=command.lessons),
    )
    return [Change(command.grant_id, event)]


def close_grant(command: CloseGrant, world: World) -> Decision:
    """Close the grant when its report is filed and every order certified; the rest returns to the envelope (D12)."""
    grant, call_id = _at_stage(world, command.grant_id, Stage.ACCEPTED)
    if not grant.report_filed:
        raise WrongStage("The final report is missing.", "File it first.")
    open_orders = [str(number) for number, order in grant.orders.items() if order.disbursed_cents is None]
    if open_orders:
        raise WrongStage(f"These orders are not certified yet: {', '.join(open_orders)}.", "Certify them first.")
    spent = grant.disbursed_cents
    sums = command.stamp(spent_cents=spent, returned_cents=grant.cents - spent)
    return [
        Change(command.grant_id, GrantClosed(**sums, call_id=call_id)),
        Change(call_id, SumReturned(**sums, grant_id=command.grant_id)),
    ]
