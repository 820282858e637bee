"""Scenes of resources in kind: ordered, delivered, acknowledged, certified, reported on (D12, S02)."""

from collections.abc import Iterator
from datetime import timedelta

from domain.grant.aggregate import Grant
from domain.grant.aggregate import Stage as GrantStage
from domain.grant.commands import (
    AcknowledgeDelivery,
    CertifyDelivery,
    FileFinalReport,
    OrderResource,
    RecordDelivery,
)
from domain.people import Role
from fund_service.rehearsal.plans import CAP_PLAYER, Plan
from fund_service.rehearsal.stage import Stage

SHARES = {1: (0.30, 0.25), 2: (0.20, 0.15)}


def _running(stage: Stage) -> Iterator[tuple[int, Plan, Grant]]:
    for number, plan in enumerate(stage.plans):
        grant = stage.grant(plan)
        if grant is not None and grant.stage is GrantStage.ACCEPTED:
            yield number, plan, grant


def _spends_all(plan: Plan) -> bool:
    return plan.pairing.number == CAP_PLAYER and not plan.player


def _numbers(round_number: int) -> range:
    """Return the order numbers of a round: 1 and 2, then 3 and 4."""
    return range(2 * round_number - 1, 2 * round_number + 1)


def _value(plan: Plan, grant: Grant, number: int) -> int:
    """Return the value of an order in cents; one grant is ordered to the last cent."""
    shares = [share for shares in SHARES.values() for share in shares]
    if _spends_all(plan) and number == len(shares):
        return grant.cents - sum(int(grant.cents * share) for share in shares[:-1])
    return int(grant.cents * shares[number - 1])


def order(stage: Stage, round_number: int) -> None:
    """Order the round's resources; with everything ordered, one cent more is refused (D12)."""
    kinds = [kind.id for kind in stage.rules.resource_kinds]
    start = (stage.fund.clock.now() + timedelta(days=7)).date()
    for index, plan, grant in _running(stage):
        buyer = stage.cast.of(Role.RESOURCE_MANAGER, plan.pairing.geography.strand)[0].subject
        named = {
            "grant_id": stage.grant_id(plan),
            "period_from": start,
            "period_to": start + timedelta(days=60),
        }
        for number in _numbers(round_number):
            what = {
                "kind": kinds[(index + number) % len(kinds)],
                "supplier": f"Supplier {(index + number) % 7 + 1}, fictitious",
                "cents": _value(plan, grant, number),
            }
            stage.act(OrderResource, buyer, f"{plan.key}/order/{number}", **named, **what)
        if _spends_all(plan) and round_number == max(SHARES):
            more = {"kind": kinds[0], "supplier": "Supplier 1, fictitious", "cents": 1}
            stage.refused("D12", OrderResource, buyer, f"{plan.key}/order/one-cent-more", **named, **more)


def deliver(stage: Stage, round_number: int) -> None:
    """Record the deliveries; some are worth a little less than ordered."""
    for _, plan, grant in _running(stage):
        buyer = stage.cast.of(Role.RESOURCE_MANAGER, plan.pairing.geography.strand)[0].subject
        for number in _numbers(round_number):
            ordered = grant.orders[number].cents
            less = 0 if _spends_all(plan) else stage.cast.chance(f"{plan.key}/delivery/{number}").choice((0, 0, 1250))
            evidence = f"delivery note {number}, fictitious"
            named = {"grant_id": stage.grant_id(plan), "order": number, "cents": ordered - less, "evidence": evidence}
            stage.act(RecordDelivery, buyer, f"{plan.key}/delivery/{number}", **named)


def acknowledge(stage: Stage, round_number: int) -> None:
    """Let the cities acknowledge what they received."""
    for _, plan, _ in _running(stage):
        for number in _numbers(round_number):
            named = {"grant_id": stage.grant_id(plan), "order": number}
            stage.act(AcknowledgeDelivery, stage.officer(plan), f"{plan.key}/acknowledge/{number}", **named)


def certify(stage: Stage, round_number: int) -> None:
    """Let another officer certify the deliveries (D05, D12)."""
    certifiers = stage.cast.of(Role.CERTIFIER)
    for index, plan, _ in _running(stage):
        for number in _numbers(round_number):
            named = {"grant_id": stage.grant_id(plan), "order": number}
            certifier = certifiers[index % len(certifiers)].subject
            stage.act(CertifyDelivery, certifier, f"{plan.key}/certify/{number}", **named)


def _report(stage: Stage, late: bool) -> None:
    for index, plan, grant in _running(stage):
        if not grant.report_filed and (index % 3 == 0) is late:
            report = {
                "report": f"Fictitious final report of {plan.pairing.name}.",
                "lessons": "Fictitious: start with a small test, and name one person on each side.",
            }
            named = {"grant_id": stage.grant_id(plan)}
            stage.act(FileFinalReport, stage.officer(plan), f"{plan.key}/report", **named, **report)


def report_early(stage: Stage) -> None:
    """Let two thirds of the grants file their final report in time."""
    _report(stage, late=False)


def report_late(stage: Stage) -> None:
    """Let the others file theirs after the reminder."""
    _report(stage, late=True)
