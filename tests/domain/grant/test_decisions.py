"""What the fund decides about a grant: the offer and its answer, orders and deliveries, closing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.call.events import OfferMade, SumCommitted, SumFreed, SumReturned
from domain.errors import NotFound
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
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Command
from domain.pilot_action.events import SubmissionReminded, SupportOffered
from domain.values import BRUSSELS, ProtectedText
from tests.given import (
    ALAN,
    ANNA,
    CALENDAR,
    CALL_ID,
    CAP,
    CORA,
    DAY,
    HAMBURG,
    LAST_DAY,
    LINE,
    RELEASE,
    RITA,
    TICK,
    Pair,
    Story,
    ask,
    fact,
    given,
    until,
)

OFFERED, ACCEPTED, ORDERED, DELIVERED = until("offered"), until("accepted"), until("ordered"), until("delivered")
ACKNOWLEDGED, CERTIFIED, REPORTED = until("acknowledged"), until("certified"), until("reported")
SUM = {"grant_id": HAMBURG.grant, "cents": CAP}
ACCEPT_BY = datetime(2026, 4, 16, tzinfo=BRUSSELS)


def protected(text: str) -> ProtectedText:
    """What Hamburg's officer wrote."""
    return ProtectedText(subject=HAMBURG.officer, text=text)


# --- the offer and its answer


def test_the_reserved_sum_is_offered_and_the_answer_is_due_in_fifteen_days() -> None:
    until("released").when(ask(OfferGrant)).then(
        fact(
            GrantOffered,
            call_id=CALL_ID,
            line=LINE,
            pilot_action_id=HAMBURG.pilot_action,
            partnership_id=HAMBURG.partnership,
            coordinator_id=HAMBURG.home,
            cents=CAP,
            accept_by=ACCEPT_BY,
            remind_at=datetime(2026, 4, 10, 9, tzinfo=BRUSSELS),
        ),
        fact(SupportOffered, on=HAMBURG.pilot_action, **SUM),
        fact(OfferMade, on=CALL_ID, **SUM),
    )


@pytest.mark.parametrize(
    ("offered", "accept_by", "remind_at"),
    [
        ("2026-03-31T00:00:00+02:00", "2026-04-16T00:00:00+02:00", "2026-04-10T09:00:00+02:00"),
        ("2026-03-31T23:59:59.999999+02:00", "2026-04-16T00:00:00+02:00", "2026-04-10T09:00:00+02:00"),
        ("2026-04-01T00:00:00+02:00", "2026-04-17T00:00:00+02:00", "2026-04-11T09:00:00+02:00"),
        ("2026-03-19T12:00:00+01:00", "2026-04-08T00:00:00+02:00", "2026-04-02T09:00:00+02:00"),
        ("2026-03-20T12:00:00+01:00", "2026-04-08T00:00:00+02:00", "2026-04-02T09:00:00+02:00"),
        ("2026-03-23T12:00:00+01:00", "2026-04-08T00:00:00+02:00", "2026-04-02T09:00:00+02:00"),
        ("2026-10-09T12:00:00+02:00", "2026-10-27T00:00:00+01:00", "2026-10-21T09:00:00+02:00"),
    ],
    ids=[
        "Easter inside changes nothing",
        "the day ends at midnight in Brussels",
        "the next day begins at midnight in Brussels",
        "would end on Good Friday",
        "would end on Easter Saturday",
        "ends on the Tuesday after Easter",
        "over the end of summer time",
    ],
)
def test_the_period_of_an_offer_does_not_count_its_day_and_ends_with_a_working_day(
    offered: str, accept_by: str, remind_at: str
) -> None:
    at = datetime.fromisoformat(offered).astimezone(UTC)
    event = until("released").when(ask(OfferGrant, at=at)).changes[0].event
    assert event.accept_by == datetime.fromisoformat(accept_by)
    assert event.remind_at == datetime.fromisoformat(remind_at)


def test_only_a_reserved_sum_is_offered_and_only_once() -> None:
    until("proposed").when(ask(OfferGrant)).refused("stage", "No sum is reserved")
    OFFERED.when(ask(OfferGrant)).refused("stage", "No sum is reserved")
    OFFERED.after(ask(DeclineGrant)).when(ask(OfferGrant)).refused("stage", "No sum is reserved")


def test_who_stands_on_the_reserve_list_is_offered_nothing_before_it_moves_up() -> None:
    lisbon = Pair("Lisbon", "Lima", place=2)
    until("released", HAMBURG, lisbon, envelope=CAP).when(ask(OfferGrant, lisbon)).refused("stage", "No sum")


def test_nothing_is_offered_before_all_outcomes_are_released() -> None:
    until("adopted").when(ask(OfferGrant)).refused("stage")


def test_a_sum_is_offered_only_to_the_pilot_action_that_it_is_reserved_for() -> None:
    lisbon = Pair("Lisbon", "Lima", place=2)
    story = until("released", HAMBURG, lisbon)
    story.when(ask(OfferGrant, pilot_action_id=lisbon.pilot_action)).refused("stage")


def test_a_reminder_says_when_the_answer_is_due() -> None:
    OFFERED.when(ask(RemindAcceptance)).then(fact(AcceptanceReminded, accept_by=ACCEPT_BY))


def test_an_accepted_offer_is_committed() -> None:
    OFFERED.when(ask(AcceptGrant)).then(
        fact(GrantAccepted, cents=CAP, call_id=CALL_ID), fact(SumCommitted, on=CALL_ID, **SUM)
    )


def test_a_declined_offer_frees_its_sum() -> None:
    OFFERED.when(ask(DeclineGrant, reason="Another programme pays.")).then(
        fact(GrantDeclined, call_id=CALL_ID, line=LINE, reason=protected("Another programme pays.")),
        fact(SumFreed, on=CALL_ID, **SUM),
    )


def test_an_unanswered_offer_lapses_and_frees_its_sum() -> None:
    OFFERED.when(ask(LapseGrant, at=ACCEPT_BY)).then(
        fact(GrantLapsed, call_id=CALL_ID, line=LINE), fact(SumFreed, on=CALL_ID, **SUM)
    )


@pytest.mark.parametrize(
    ("kind", "just_before", "at_the_end"),
    [(AcceptGrant, None, "D11"), (DeclineGrant, None, "D11"), (LapseGrant, "stage", None)],
)
def test_an_offer_is_answered_before_the_end_of_its_period_and_lapses_from_then_on(
    kind: type[Command], just_before: str | None, at_the_end: str | None
) -> None:
    assert OFFERED.when(ask(kind, at=ACCEPT_BY - TICK)).code == just_before
    assert OFFERED.when(ask(kind, at=ACCEPT_BY)).code == at_the_end


# --- orders


def test_a_resource_is_ordered_from_a_supplier_and_orders_are_numbered() -> None:
    told = {
        "kind": "travel", "supplier": "Rail Tours", "cents": 250_000, "period_from": date(2026, 6, 1),
        "period_to": date(2026, 6, 5),
    }  # fmt: skip
    ACCEPTED.when(ask(OrderResource, **told)).then(fact(ResourceOrdered, order=1, **told))
    first = ACCEPTED.after(ask(OrderResource, **told))
    first.when(ask(OrderResource, **told)).then(fact(ResourceOrdered, order=2, **told))


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


def certified(*pairs: tuple[int, int]) -> Story:
    """The story after orders, each with what was ordered and what was delivered, in cents."""
    story = ACCEPTED
    for number, (ordered, delivered) in enumerate(pairs, start=1):
        story = story.after(
            ask(OrderResource, cents=ordered),
            ask(RecordDelivery, order=number, cents=delivered),
            ask(AcknowledgeDelivery, order=number),
            ask(CertifyDelivery, order=number),
        )
    return story


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


# --- deliveries


@pytest.mark.parametrize("cents", [CAP, 1], ids=["as ordered", "less than ordered"])
def test_a_delivery_is_recorded_with_its_evidence(cents: int) -> None:
    ORDERED.when(ask(RecordDelivery, cents=cents, evidence="Note 7")).then(
        fact(ResourceDelivered, order=1, cents=cents, evidence="Note 7")
    )


@pytest.mark.parametrize("changes", [{"cents": CAP + 1}, {"cents": 0}, {"evidence": " "}])
def test_a_delivery_above_its_order_of_nothing_or_without_evidence_is_not_recorded(changes: dict[str, Any]) -> None:
    ORDERED.when(ask(RecordDelivery, **changes)).refused("D12")


def test_a_delivery_is_acknowledged_and_certified_for_its_own_value() -> None:
    story = ORDERED.after(ask(RecordDelivery, cents=700_000))
    story.when(ask(AcknowledgeDelivery)).then(fact(DeliveryAcknowledged, order=1))
    story.after(ask(AcknowledgeDelivery)).when(ask(CertifyDelivery)).then(
        fact(ResourceDisbursed, order=1, cents=700_000)
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
    [(RITA, "ordered this resource"), (ANNA, "approved this award"), (ALAN, "approved this award")],
    ids=["ordered it", "approved first", "approved last"],
)
def test_who_ordered_or_approved_does_not_certify(by: Any, tie: str) -> None:
    ACKNOWLEDGED.when(ask(CertifyDelivery, by=by)).refused("D05", f"delivery: you {tie}.")


def test_who_ordered_something_else_may_certify() -> None:
    story = ACCEPTED.after(
        ask(OrderResource, by=CORA, cents=1),
        ask(OrderResource, cents=1),
        ask(RecordDelivery, order=2, cents=1),
        ask(AcknowledgeDelivery, order=2),
    )
    assert story.when(ask(CertifyDelivery, order=2)).code is None


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("kind", [RecordDelivery, AcknowledgeDelivery, CertifyDelivery])
def test_an_order_that_was_not_made_is_not_found(kind: type[Command], number: int) -> None:
    ORDERED.when(ask(kind, order=number)).raises(NotFound, f"no order {number}")


# --- the end


def test_the_final_report_is_filed_once_with_its_lessons() -> None:
    ACCEPTED.when(ask(FileFinalReport, report="It went well.", lessons="Ask the port first.")).then(
        fact(FinalReportFiled, report=protected("It went well."), lessons=protected("Ask the port first."))
    )
    ACCEPTED.when(ask(FileFinalReport, lessons=" \n")).refused("S31")
    REPORTED.when(ask(FileFinalReport)).refused("stage", "filed already")


def test_a_reminder_says_when_the_report_is_due_while_it_is_missing() -> None:
    ACCEPTED.when(ask(RemindReport)).then(fact(ReportReminded, due=CALENDAR.final_report_due))
    REPORTED.when(ask(RemindReport)).refused("stage", "no reminder is due")


@pytest.mark.parametrize(
    ("story", "spent"),
    [(ACCEPTED, 0), (CERTIFIED, CAP), (certified((600_000, 500_000), (2, 1)), 500_001)],
    ids=["nothing", "everything", "a part"],
)
def test_a_closed_grant_returns_what_it_did_not_spend(story: Story, spent: int) -> None:
    sums = {"spent_cents": spent, "returned_cents": CAP - spent}
    story.after(ask(FileFinalReport)).when(ask(CloseGrant)).then(
        fact(GrantClosed, call_id=CALL_ID, **sums), fact(SumReturned, on=CALL_ID, grant_id=HAMBURG.grant, **sums)
    )


def test_a_grant_is_not_closed_without_its_report() -> None:
    CERTIFIED.when(ask(CloseGrant)).refused("stage", "final report is missing")


def test_a_grant_is_not_closed_while_an_order_is_open() -> None:
    story = certified((1, 1)).after(
        ask(OrderResource, cents=1),
        ask(OrderResource, cents=1),
        ask(RecordDelivery, order=3, cents=1),
        ask(AcknowledgeDelivery, order=3),
        ask(FileFinalReport),
    )
    story.when(ask(CloseGrant)).refused("stage", "not certified yet: 2, 3.")


# --- stages, and what is not there

STAGES = {
    "offered": OFFERED,
    "accepted": ACCEPTED,
    "declined": OFFERED.after(ask(DeclineGrant)),
    "lapsed": OFFERED.after(ask(LapseGrant)),
    "closed": until("ended"),
}
WHEN_OFFERED = [RemindAcceptance, AcceptGrant, DeclineGrant, LapseGrant]
WHEN_ACCEPTED = [
    OrderResource,
    RecordDelivery,
    AcknowledgeDelivery,
    CertifyDelivery,
    RemindReport,
    FileFinalReport,
    CloseGrant,
]


@pytest.mark.parametrize(
    ("stage", "needed", "kind"),
    [
        (stage, needed, kind)
        for needed, kinds in (("offered", WHEN_OFFERED), ("accepted", WHEN_ACCEPTED))
        for kind in kinds
        for stage in STAGES
        if stage != needed
    ],
)
def test_each_deed_belongs_to_its_stage(stage: str, needed: str, kind: type[Command]) -> None:
    STAGES[stage].when(ask(kind)).refused("stage", f"The grant is {stage}; this needs a grant that is {needed}.")


@pytest.mark.parametrize("kind", [OfferGrant, *WHEN_OFFERED, *WHEN_ACCEPTED])
def test_what_was_never_offered_is_not_found(kind: type[Command]) -> None:
    given().when(ask(kind)).raises(NotFound)


@pytest.mark.parametrize("kind", [*WHEN_OFFERED, *WHEN_ACCEPTED])
def test_a_grant_without_an_offer_is_not_found(kind: type[Command]) -> None:
    given(fact(ReportReminded, on=HAMBURG.grant, due=RELEASE)).when(ask(kind)).raises(NotFound, "never offered")


def test_a_pilot_action_that_was_never_proposed_is_offered_nothing() -> None:
    unproposed = given(fact(SubmissionReminded, on=HAMBURG.pilot_action, closes=RELEASE))
    unproposed.when(ask(OfferGrant)).refused("stage", "never proposed")
