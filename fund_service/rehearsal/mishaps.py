"""Scenes of what goes wrong with resources: cancelled, failed, refused, invoiced too high, wrong (D12, D18)."""

from datetime import timedelta

from domain.account.commands import ConfirmRole, GrantRole, RevokeRole
from domain.currencies import in_euro_cents
from domain.grant.aggregate import Grant
from domain.grant.commands import (
    CancelOrder,
    CertifyDelivery,
    ConfirmReversal,
    OrderResource,
    ProposeReversal,
    RecordDelivery,
    RecordInvoice,
    RefuseDelivery,
)
from domain.grant.events import (
    AcknowledgementReminded,
    CancellationCause,
    DeliveryRefused,
    DeliveryReminded,
    DeliveryReversed,
    InvoiceRecorded,
    OrderCancelled,
    ResourceOrdered,
)
from domain.people import Role
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.delivering import PERIOD, buyer, running, spends_all
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    Case(
        "foreign-currency",
        Area.RESOURCES,
        "An order in another currency keeps its sum, its rate, and the rate's source and date.",
        ResourceOrdered,
        lambda recorded: getattr(recorded.event, "original", None) is not None,
    ),
    refused(
        "wrong-conversion",
        Area.RESOURCES,
        "A value that does not follow from the rate is refused.",
        "D20",
        OrderResource,
    ),
    happened("late-delivery", Area.RESOURCES, "An order whose period ended is reminded of.", DeliveryReminded),
    happened(
        "cancelled-order",
        Area.RESOURCES,
        "An order is cancelled, and its value is free again.",
        OrderCancelled,
        cause=CancellationCause.NOT_NEEDED,
    ),
    Case(
        "failed-supplier",
        Area.RESOURCES,
        "A supplier that fails is replaced by another within what remains.",
        ResourceOrdered,
        lambda recorded: getattr(recorded.event, "replaces", None) is not None,
    ),
    happened(
        "refused-delivery", Area.RESOURCES, "A city refuses a delivery, which is delivered anew.", DeliveryRefused
    ),
    refused(
        "unacknowledged-delivery",
        Area.RESOURCES,
        "A delivery that the city does not acknowledge is not certified.",
        "D12",
        CertifyDelivery,
    ),
    happened(
        "silent-city", Area.RESOURCES, "A city that says nothing about a delivery is reminded.", AcknowledgementReminded
    ),
    Case(
        "invoice-above-order",
        Area.RESOURCES,
        "Of an invoice above its order the fund bears what remains; the rest is borne outside.",
        InvoiceRecorded,
        lambda recorded: getattr(recorded.event, "borne_outside_cents", 0) > 0,
    ),
    refused("certifier-who-ordered", Area.RESOURCES, "Who ordered does not certify.", "D05", CertifyDelivery),
    refused(
        "reversed-alone", Area.RESOURCES, "Nobody reverses a delivery without a second person.", "D18", ConfirmReversal
    ),
    happened(
        "opposite-entry",
        Area.RESOURCES,
        "A wrong entry is corrected by an opposite one with a reason.",
        DeliveryReversed,
    ),
)

_PARTS = ("foreign", "cancelled", "failed", "refused", "wrong", "invoiced")
_SPARE, _FAILING, _REPLACING = (
    "Spare Supplier, fictitious",
    "Failing Supplier, fictitious",
    "Other Supplier, fictitious",
)
_YEN_PER_EURO = "162.35"


def _playing(stage: Stage, part: str) -> tuple[Plan, Grant]:
    """Return the grant that plays a part; where there are few, one plays several."""
    everybody = [(plan, grant) for _, plan, grant in running(stage)]
    some = [(plan, grant) for plan, grant in everybody if not spends_all(plan) and plan.fate is not Fate.REPORTS_LATE]
    return (some or everybody)[_PARTS.index(part) % len(some or everybody)]


def order_more(stage: Stage) -> None:
    """Order in another currency, from a supplier that will fail, and what will not be needed."""
    today = stage.fund.clock.now().date()
    what = {
        "kind": stage.rules.resource_kinds[0].id,
        "period_from": today + timedelta(days=7),
        "period_to": today + PERIOD,
    }
    plan, grant = _playing(stage, "foreign")
    yen = grant.cents * 3 // 100 * 162 // 100
    rate = {"units_per_euro": _YEN_PER_EURO, "source": "InforEuro, fictitious", "rate_on": today.replace(day=1)}
    cents = in_euro_cents(yen, "JPY", _YEN_PER_EURO)
    abroad = {
        **what,
        "supplier": "Supplier in Japan, fictitious",
        "original": {"amount": yen, "currency": "JPY", **rate},
    }
    named, by = {"grant_id": stage.grant_id(plan)}, buyer(stage, plan).subject
    stage.refused("D20", OrderResource, by, f"{plan.key}/order/yen/wrong", **named, **abroad, cents=cents + 1)
    stage.act(OrderResource, by, f"{plan.key}/order/yen", **named, **abroad, cents=cents)
    for part, supplier in (("cancelled", _SPARE), ("failed", _FAILING)):
        plan, grant = _playing(stage, part)
        named, by = {"grant_id": stage.grant_id(plan)}, buyer(stage, plan).subject
        more = {"supplier": supplier, "cents": grant.cents * 2 // 100}
        stage.act(OrderResource, by, f"{plan.key}/order/{part}", **named, **what, **more)


def _from(grant: Grant, supplier: str) -> int:
    return next(number for number, order in grant.orders.items() if order.supplier == supplier)


def cancel(stage: Stage) -> None:
    """Cancel what is not needed, and what a supplier failed to deliver, which another delivers instead."""
    plan, grant = _playing(stage, "cancelled")
    why = {"cause": CancellationCause.NOT_NEEDED, "reason": "Fictitious: the workshop takes place online."}
    named = {"grant_id": stage.grant_id(plan), "order": _from(grant, _SPARE)}
    stage.act(CancelOrder, buyer(stage, plan).subject, f"{plan.key}/cancel/spare", **named, **why)
    plan, grant = _playing(stage, "failed")
    failed, by = _from(grant, _FAILING), buyer(stage, plan).subject
    why = {"cause": CancellationCause.SUPPLIER_FAILED, "reason": "Fictitious: the supplier went out of business."}
    named = {"grant_id": stage.grant_id(plan), "order": failed}
    stage.act(CancelOrder, by, f"{plan.key}/cancel/failed", **named, **why)
    today = stage.fund.clock.now().date()
    instead = {
        "grant_id": stage.grant_id(plan),
        "kind": stage.rules.resource_kinds[0].id,
        "supplier": _REPLACING,
        "cents": grant.cents * 2 // 100,
        "period_from": today + timedelta(days=7),
        "period_to": today + PERIOD,
        "replaces": failed,
    }
    stage.act(OrderResource, by, f"{plan.key}/order/replacing", **instead)


def refuse(stage: Stage) -> None:
    """Let a city refuse a delivery; it cannot be certified."""
    plan, _ = _playing(stage, "refused")
    named = {"grant_id": stage.grant_id(plan), "order": 1}
    reason = "Fictitious: the report is in the wrong language."
    stage.act(RefuseDelivery, stage.officer(plan), f"{plan.key}/refuse/1", **named, reason=reason)
    certifier = stage.cast.of(Role.CERTIFIER)[0].subject
    stage.refused("D12", CertifyDelivery, certifier, f"{plan.key}/certify/1/refused", **named)


def deliver_anew(stage: Stage, part: str, order: int, less: int) -> None:
    """Record a delivery again, after it was refused or reversed."""
    plan, grant = _playing(stage, part)
    what = {"cents": grant.orders[order].kept_cents - less, "evidence": f"new delivery note {order}, fictitious"}
    named = {"grant_id": stage.grant_id(plan), "order": order}
    stage.act(RecordDelivery, buyer(stage, plan).subject, f"{plan.key}/delivery/{order}/{part}", **named, **what)


def certify_own(stage: Stage) -> None:
    """Let the resource manager stand in as certifier, and try to certify what the same person ordered (D05)."""
    plan, _ = _playing(stage, "wrong")
    person, role = buyer(stage, plan), {"role": Role.CERTIFIER}
    proposer, confirmer = stage.cast.secretariat
    stage.act(GrantRole, proposer, "stand-in/propose", subject=person.subject, **role)
    stage.act(ConfirmRole, confirmer, "stand-in/confirm", subject=person.subject, **role)
    named = {"grant_id": stage.grant_id(plan), "order": 2}
    stage.refused("D05", CertifyDelivery, person.subject, f"{plan.key}/certify/2/own", **named)


def reverse(stage: Stage) -> None:
    """Reverse a delivery that was entered wrongly: not alone (D18), but with a second person."""
    plan, _ = _playing(stage, "wrong")
    by, named = buyer(stage, plan).subject, {"grant_id": stage.grant_id(plan), "order": 2}
    reason = "Fictitious: two digits were swapped."
    stage.act(ProposeReversal, by, f"{plan.key}/reversal/2", **named, reason=reason)
    stage.refused("D18", ConfirmReversal, by, f"{plan.key}/reversal/2/alone", **named)
    certifier = stage.cast.of(Role.CERTIFIER)[0].subject
    stage.act(ConfirmReversal, certifier, f"{plan.key}/reversal/2/confirmed", **named)
    role = {"subject": by, "role": Role.CERTIFIER, "reason": "Fictitious: the certifier is back."}
    stage.act(RevokeRole, stage.cast.secretariat[0], "stand-in/revoke", **role)


def invoice(stage: Stage) -> None:
    """Let an invoice come that is higher than its order and all that is left of the commitment."""
    plan, grant = _playing(stage, "invoiced")
    number = max(grant.orders)
    free = grant.cents - sum(order.counts for n, order in grant.orders.items() if n != number)
    named = {"grant_id": stage.grant_id(plan), "order": number}
    what = {"cents": free + 1_500, "evidence": "invoice, fictitious"}
    stage.act(RecordInvoice, buyer(stage, plan).subject, f"{plan.key}/invoice/{number}", **named, **what)
