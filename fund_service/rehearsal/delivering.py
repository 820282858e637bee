"""Scenes of resources in kind: ordered, delivered, acknowledged, certified, reported on (D12, S02)."""

from collections.abc import Iterator
from datetime import timedelta

from domain.grant.aggregate import Grant, Order
from domain.grant.aggregate import Stage as GrantStage
from domain.grant.commands import (
    AcknowledgeDelivery,
    CertifyDelivery,
    FileFinalReport,
    OrderResource,
    RecordDelivery,
)
from domain.grant.events import GrantClosed, ReportOverdue, ReportReminded, ResourceDisbursed
from domain.people import Role
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.cast import Person
from fund_service.rehearsal.comparing import compared
from fund_service.rehearsal.plans import CAP_PLAYER, Fate, Plan
from fund_service.rehearsal.stage import Stage

SHARES = {1: (0.30, 0.25), 2: (0.20, 0.15)}
PERIOD = timedelta(days=180)
SHORT_PERIOD = timedelta(days=30)

CASES: tuple[Case, ...] = (
    refused(
        "one-cent-more",
        Area.RESOURCES,
        "With orders up to the last cent of the commitment, one cent more is refused.",
        "D12",
        OrderResource,
    ),
    Case(
        "smaller-delivery",
        Area.RESOURCES,
        "Of a delivery smaller than its order the rest is released.",
        ResourceDisbursed,
        lambda recorded: getattr(recorded.event, "released_cents", 0) > 0,
    ),
    happened("report-reminded", Area.RESOURCES, "A final report that is missing is reminded of.", ReportReminded),
    happened("report-overdue", Area.RESOURCES, "A final report that comes too late is recorded so.", ReportOverdue),
    Case(
        "unspent-rest",
        Area.RESOURCES,
        "A grant is closed with a rest unspent, which goes back to the envelope.",
        GrantClosed,
        lambda recorded: getattr(recorded.event, "returned_cents", 0) > 0,
    ),
)


def running(stage: Stage) -> Iterator[tuple[int, Plan, Grant]]:
    """Yield the grants that were accepted and are not closed, with the number and plan of each."""
    for number, plan in enumerate(stage.plans):
        grant = stage.grant(plan)
        if grant is not None and grant.stage is GrantStage.ACCEPTED:
            yield number, plan, grant


def buyer(stage: Stage, plan: Plan) -> Person:
    """Return the resource manager who orders for a partnership."""
    return stage.cast.of(Role.RESOURCE_MANAGER, plan.pairing.geography.strand)[0]


def spends_all(plan: Plan) -> bool:
    """Tell whether its grant is ordered to the last cent."""
    return plan.pairing.number == CAP_PLAYER and not plan.player


def _numbers(round_number: int) -> range:
    """Return the order numbers of a round: 1 and 2, then 3 and 4."""
    return range(2 * round_number - 1, 2 * round_number + 1)


def _value(plan: Plan, grant: Grant, number: int) -> int:
    """Return the value of an order in cents; one grant is ordered to the last cent."""
    shares = [share for shares in SHARES.values() for share in shares]
    if spends_all(plan) and number == len(shares):
        return grant.cents - sum(int(grant.cents * share) for share in shares[:-1])
    return int(grant.cents * shares[number - 1])


def order(stage: Stage, round_number: int) -> None:
    """Order the round's resources; with everything ordered, one cent more is refused (D12)."""
    kinds = [kind.id for kind in stage.rules.resource_kinds]
    start = (stage.fund.clock.now() + timedelta(days=7)).date()
    for place, (index, plan, grant) in enumerate(running(stage)):
        by = buyer(stage, plan).subject
        named = {"grant_id": stage.grant_id(plan), "period_from": start}
        for number in _numbers(round_number):
            late = plan.fate is Fate.REPORTS_LATE and number == 1
            supplier, cents = f"Supplier {(index + number) % 7 + 1}, fictitious", _value(plan, grant, number)
            what = {
                "kind": kinds[(index + number) % len(kinds)],
                "supplier": supplier,
                "cents": cents,
                "period_to": start + (SHORT_PERIOD if late else PERIOD),
                **compared(number, place, supplier, cents),
            }
            if "choice_reason" in what:
                without = {**what, "choice_reason": ""}
                stage.refused("D38", OrderResource, by, f"{plan.key}/order/without-reason", **named, **without)
            stage.act(OrderResource, by, f"{plan.key}/order/{number}", **named, **what)
        if spends_all(plan) and round_number == max(SHARES):
            more = {"kind": kinds[0], "supplier": "Supplier 1, fictitious", "cents": 1, "period_to": start + PERIOD}
            stage.refused("D12", OrderResource, by, f"{plan.key}/order/one-cent-more", **named, **more)


def deliver(stage: Stage) -> None:
    """Record the deliveries of what is ordered; some are worth a little less than ordered."""
    for _, plan, grant in running(stage):
        for number, ordered in _open(grant):
            if ordered.delivered_cents is not None or ordered.refused:
                continue
            dice = stage.cast.chance(f"{plan.key}/delivery/{number}")
            less = 0 if spends_all(plan) else dice.choice((0, 1250))
            if plan.fate is Fate.REPORTS_LATE:
                less = 1250
            evidence = f"delivery note {number}, fictitious"
            what = {"cents": ordered.kept_cents - less, "evidence": evidence}
            named = {"grant_id": stage.grant_id(plan), "order": number}
            by = buyer(stage, plan).subject
            stage.act(RecordDelivery, by, f"{plan.key}/delivery/{number}", **named, **what)


def _open(grant: Grant) -> Iterator[tuple[int, Order]]:
    for number, ordered in grant.orders.items():
        if ordered.is_open:
            yield number, ordered


def acknowledge(stage: Stage, late: bool = False) -> None:
    """Let the cities acknowledge what they received; one is silent until it is reminded."""
    for _, plan, grant in running(stage):
        if (plan.fate is Fate.REPORTS_LATE) is not late:
            continue
        for number, ordered in _open(grant):
            if ordered.delivered_cents is not None and not ordered.acknowledged:
                named = {"grant_id": stage.grant_id(plan), "order": number}
                times = f"{plan.key}/acknowledge/{number}/{stage.fund.clock.now().date()}"
                stage.act(AcknowledgeDelivery, stage.officer(plan), times, **named)


def certify(stage: Stage) -> None:
    """Let another officer certify what the cities acknowledged (D05, D12)."""
    certifiers = stage.cast.of(Role.CERTIFIER)
    for index, plan, grant in running(stage):
        for number, ordered in _open(grant):
            if ordered.acknowledged:
                named = {"grant_id": stage.grant_id(plan), "order": number}
                certifier = certifiers[index % len(certifiers)].subject
                times = f"{plan.key}/certify/{number}/{stage.fund.clock.now().date()}"
                stage.act(CertifyDelivery, certifier, times, **named)


def _report(stage: Stage, plan: Plan) -> None:
    report = {
        "report": f"Fictitious final report of {plan.pairing.name}.",
        "lessons": "Fictitious: start with a small test, and name one person on each side.",
    }
    named = {"grant_id": stage.grant_id(plan)}
    stage.act(FileFinalReport, stage.officer(plan), f"{plan.key}/report", **named, **report)


def report_early(stage: Stage) -> None:
    """Let two thirds of the grants file their final report in time."""
    for index, plan, grant in running(stage):
        if not grant.report_filed and index % 3 and plan.fate is not Fate.REPORTS_LATE:
            _report(stage, plan)


def report_late(stage: Stage) -> None:
    """Let the others file theirs after the reminder."""
    for _, plan, grant in running(stage):
        if not grant.report_filed and plan.fate is not Fate.REPORTS_LATE:
            _report(stage, plan)


def report_overdue(stage: Stage) -> None:
    """Let the last one come when the report is overdue; its grant closes late."""
    for _, plan, grant in running(stage):
        if not grant.report_filed:
            _report(stage, plan)
