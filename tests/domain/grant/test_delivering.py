"""Deliveries are recorded, invoiced, answered for by the city, certified by others, and reversed by two persons."""

from datetime import datetime
from typing import Any

import pytest

from domain.grant.aggregate import GRANT
from domain.grant.commands import (
    AcknowledgeDelivery,
    CancelOrder,
    CertifyDelivery,
    CloseGrant,
    ConfirmReversal,
    DismissReversal,
    FileFinalReport,
    OrderResource,
    ProposeReversal,
    RecordDelivery,
    RecordInvoice,
    RefuseDelivery,
    RemindOrder,
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
from domain.messages import Command
from domain.values import BRUSSELS, ProtectedText
from tests.domain.grant.ledger import certified
from tests.given import ALAN, ANNA, CAP, CORA, HAMBURG, RITA, SUE, Story, ask, fact, until

ACCEPTED, ORDERED, DELIVERED = until("accepted"), until("ordered"), until("delivered")
ACKNOWLEDGED, CERTIFIED = until("acknowledged"), until("certified")
ANSWER_DUE = datetime(2026, 6, 2, tzinfo=BRUSSELS)


@pytest.mark.parametrize("cents", [CAP, 1], ids=["as ordered", "less than ordered"])
def test_a_delivery_is_recorded_with_its_evidence(cents: int) -> None:
    ORDERED.when(ask(RecordDelivery, cents=cents, evidence="Note 7")).then(
        fact(ResourceDelivered, order=1, cents=cents, evidence="Note 7", acknowledge_by=ANSWER_DUE)
    )


@pytest.mark.parametrize("changes", [{"cents": CAP + 1}, {"cents": 0}, {"evidence": " "}])
def test_a_delivery_above_its_order_of_nothing_or_without_evidence_is_not_recorded(changes: dict[str, Any]) -> None:
    ORDERED.when(ask(RecordDelivery, **changes)).refused("D12")


def test_a_delivery_is_acknowledged_and_certified_for_its_own_value() -> None:
    story = ORDERED.after(ask(RecordDelivery, cents=700_000))
    story.when(ask(AcknowledgeDelivery)).then(fact(DeliveryAcknowledged, order=1))
    story.after(ask(AcknowledgeDelivery)).when(ask(CertifyDelivery)).then(
        fact(ResourceDisbursed, order=1, cents=700_000, released_cents=CAP - 700_000)
    )


def test_nothing_is_disbursed_before_the_city_has_acknowledged_it() -> None:
    DELIVERED.when(ask(CertifyDelivery)).refused("D12", "has not acknowledged")


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        (DELIVERED, RecordDelivery),
        (ORDERED, AcknowledgeDelivery),
        (ACKNOWLEDGED, AcknowledgeDelivery),
        (ORDERED, CertifyDelivery),
        (CERTIFIED, CertifyDelivery),
    ],
    ids=["delivered twice", "acknowledged too early", "acknowledged twice", "certified too early", "certified twice"],
)
def test_an_order_is_delivered_acknowledged_and_certified_once_and_in_this_order(
    story: Story, kind: type[Command]
) -> None:
    story.when(ask(kind)).refused("stage", "Order 1 is")


@pytest.mark.parametrize(
    ("by", "tie"),
    [
        (RITA, "ordered this resource and recorded something about it"),
        (SUE, "recorded something about it"),
        (ANNA, "approved this award"),
        (ALAN, "approved this award"),
    ],
    ids=["ordered it", "recorded its invoice", "approved first", "approved last"],
)
def test_who_handled_the_order_or_approved_does_not_certify(by: Any, tie: str) -> None:
    story = ACKNOWLEDGED.after(ask(RecordInvoice, by=SUE))
    story.when(ask(CertifyDelivery, by=by)).refused("D05", f"delivery: you {tie}.")


def test_who_ordered_something_else_may_certify() -> None:
    story = ACCEPTED.after(
        ask(OrderResource, by=CORA, cents=1),
        ask(OrderResource, cents=1),
        ask(RecordDelivery, order=2, cents=1),
        ask(AcknowledgeDelivery, order=2),
    )
    assert story.when(ask(CertifyDelivery, order=2)).code is None


# --- invoices


def delivered(ordered: int, other: int) -> Story:
    """The story in which one order is delivered in full and another takes its part of the commitment."""
    return ACCEPTED.after(
        ask(OrderResource, cents=ordered),
        ask(OrderResource, cents=other),
        ask(RecordDelivery, cents=ordered),
        ask(AcknowledgeDelivery),
    )


@pytest.mark.parametrize(
    ("invoiced", "borne"),
    [(299_999, 299_999), (300_000, 300_000), (400_000, 400_000), (400_001, 400_000), (CAP, 400_000)],
    ids=["below its order", "as ordered", "up to what remains", "one cent more", "far above"],
)
def test_the_fund_bears_an_invoice_up_to_what_remains_and_the_rest_is_borne_outside(invoiced: int, borne: int) -> None:
    story = delivered(300_000, other=600_000)
    invoice = {"order": 1, "cents": invoiced, "evidence": "Invoice 7"}
    story.when(ask(RecordInvoice, **invoice)).then(
        fact(InvoiceRecorded, **invoice, borne_cents=borne, borne_outside_cents=invoiced - borne)
    )
    after = story.after(ask(RecordInvoice, **invoice))
    left = 1_000_000 - 600_000 - max(300_000, borne)
    assert after.get(GRANT, HAMBURG.grant).left_cents == left
    after.when(ask(CertifyDelivery)).then(
        fact(ResourceDisbursed, order=1, cents=borne, released_cents=max(0, 300_000 - borne))
    )


def test_with_everything_ordered_all_above_the_order_is_borne_outside() -> None:
    invoice = {"order": 1, "cents": CAP + 1, "evidence": "Invoice 7"}
    DELIVERED.when(ask(RecordInvoice, **invoice)).then(
        fact(InvoiceRecorded, **invoice, borne_cents=CAP, borne_outside_cents=1)
    )


@pytest.mark.parametrize(
    "story",
    [ORDERED, DELIVERED.after(ask(RefuseDelivery)), DELIVERED.after(ask(RecordInvoice)), CERTIFIED],
    ids=["not delivered", "refused", "invoiced", "certified"],
)
def test_a_delivery_has_one_invoice_before_it_is_certified(story: Story) -> None:
    story.when(ask(RecordInvoice)).refused("stage", "Order 1 is")


@pytest.mark.parametrize("changes", [{"cents": 0}, {"evidence": " "}])
def test_an_invoice_of_nothing_or_without_evidence_is_not_recorded(changes: dict[str, Any]) -> None:
    DELIVERED.when(ask(RecordInvoice, **changes)).refused("D12")


# --- refusals of the city


def written(by: Any, text: str) -> ProtectedText:
    """What somebody wrote."""
    return ProtectedText(subject=by, text=text)


def test_a_city_refuses_a_delivery_with_its_reason() -> None:
    told = {"order": 1, "cents": CAP, "reason": written(HAMBURG.officer, "Half of it is missing.")}
    DELIVERED.after(ask(RecordInvoice)).when(ask(RefuseDelivery)).then(fact(DeliveryRefused, **told))
    DELIVERED.when(ask(RefuseDelivery, reason="")).refused("D18")


@pytest.mark.parametrize(
    "story", [ORDERED, ACKNOWLEDGED, CERTIFIED, DELIVERED.after(ask(RefuseDelivery))],
    ids=["not delivered", "acknowledged", "certified", "refused already"],
)  # fmt: skip
def test_only_a_delivery_that_waits_for_the_city_is_refused(story: Story) -> None:
    story.when(ask(RefuseDelivery)).refused("stage", "Order 1 is")


def test_a_refused_delivery_is_not_certified() -> None:
    refused = DELIVERED.after(ask(RefuseDelivery))
    refused.when(ask(CertifyDelivery)).refused("D12", "has not acknowledged")
    refused.when(ask(AcknowledgeDelivery)).refused("stage", "not delivered yet")


def test_a_refused_delivery_is_delivered_anew_or_its_order_cancelled_before_the_grant_closes() -> None:
    refused = DELIVERED.after(ask(RefuseDelivery), ask(FileFinalReport))
    refused.when(ask(CloseGrant)).refused("stage", "open: 1.")
    anew = refused.after(ask(RecordDelivery, cents=400_000), ask(AcknowledgeDelivery), ask(CertifyDelivery))
    assert anew.get(GRANT, HAMBURG.grant).disbursed_cents == 400_000
    assert anew.when(ask(CloseGrant)).code is None
    assert refused.after(ask(CancelOrder)).when(ask(CloseGrant)).code is None


# --- reversals

PROPOSED = CERTIFIED.after(ask(ProposeReversal))


def test_a_wrong_entry_is_reversed_with_a_reason() -> None:
    reason = written(RITA, "Two digits were swapped.")
    CERTIFIED.when(ask(ProposeReversal)).then(fact(ReversalProposed, order=1, reason=reason))
    CERTIFIED.when(ask(ProposeReversal, reason="\n")).refused("D18")
    ORDERED.when(ask(ProposeReversal)).refused("stage", "nothing to reverse")


@pytest.mark.parametrize("kind", [ConfirmReversal, DismissReversal])
def test_a_second_person_decides_about_a_reversal(kind: type[Command]) -> None:
    PROPOSED.when(ask(kind, by=RITA)).refused("D18")
    assert PROPOSED.when(ask(kind, by=CORA)).code is None
    CERTIFIED.when(ask(kind)).refused("stage", "Nobody proposed")
    PROPOSED.after(ask(kind)).when(ask(kind)).refused("stage", "Nobody proposed")


@pytest.mark.parametrize(
    ("story", "disbursed"),
    [(DELIVERED, 0), (ACKNOWLEDGED, 0), (CERTIFIED, CAP)],
    ids=["delivered", "acknowledged", "certified"],
)
def test_opposite_entries_take_a_delivery_back_and_its_order_waits_again(story: Story, disbursed: int) -> None:
    entry = {"delivered_cents": CAP, "disbursed_cents": disbursed, "kept_cents": CAP}
    proposed = story.after(ask(ProposeReversal))
    proposed.when(ask(ConfirmReversal)).then(fact(DeliveryReversed, order=1, proposed_by=RITA, **entry))
    reversed_ = proposed.after(ask(ConfirmReversal))
    grant = reversed_.get(GRANT, HAMBURG.grant)
    assert (grant.ordered_cents, grant.disbursed_cents) == (CAP, 0)
    right = reversed_.after(ask(RecordDelivery, cents=1), ask(AcknowledgeDelivery), ask(CertifyDelivery))
    assert right.get(GRANT, HAMBURG.grant).disbursed_cents == 1


@pytest.mark.parametrize(("others", "kept"), [(0, 600_000), (400_000, 600_000), (400_001, 599_999), (500_000, 500_000)])
def test_a_reversed_order_keeps_its_value_or_what_others_left_of_it(others: int, kept: int) -> None:
    story = certified((600_000, 500_000))
    if others:
        story = story.after(ask(OrderResource, cents=others))
    story = story.after(ask(ProposeReversal), ask(ConfirmReversal))
    grant = story.get(GRANT, HAMBURG.grant)
    assert (grant.orders[1].counts, grant.left_cents) == (kept, CAP - others - kept)
    story.when(ask(RecordDelivery, cents=kept + 1)).refused("D12")
    assert story.when(ask(RecordDelivery, cents=kept)).code is None


def test_a_reversed_order_no_longer_takes_what_its_invoice_took() -> None:
    story = delivered(300_000, other=600_000).after(ask(RecordInvoice, cents=400_000), ask(CertifyDelivery))
    story = story.after(ask(ProposeReversal), ask(ConfirmReversal))
    assert story.get(GRANT, HAMBURG.grant).left_cents == 100_000


def test_a_dismissed_reversal_changes_nothing() -> None:
    reason = written(CORA, "The note says the same.")
    PROPOSED.when(ask(DismissReversal)).then(fact(ReversalDismissed, order=1, proposed_by=RITA, reason=reason))
    PROPOSED.when(ask(DismissReversal, reason=" ")).refused("D18")
    dismissed = PROPOSED.after(ask(DismissReversal)).get(GRANT, HAMBURG.grant)
    assert dismissed.disbursed_cents == CAP


@pytest.mark.parametrize(
    "kind",
    [
        RemindOrder,
        CancelOrder,
        RecordDelivery,
        RecordInvoice,
        AcknowledgeDelivery,
        RefuseDelivery,
        CertifyDelivery,
        ProposeReversal,
    ],
)
def test_an_order_waits_while_a_second_person_decides_about_it(kind: type[Command]) -> None:
    ACKNOWLEDGED.after(ask(ProposeReversal)).when(ask(kind)).refused("stage", "waits for a second person")


def test_a_grant_is_not_closed_while_a_reversal_waits_for_its_second_person() -> None:
    reported = PROPOSED.after(ask(FileFinalReport))
    reported.when(ask(CloseGrant)).refused("stage", "open: 1.")
    assert reported.after(ask(DismissReversal)).when(ask(CloseGrant)).code is None
