"""The offer of a grant and its answer, and which deed belongs to which stage of a grant."""

from datetime import UTC, datetime

import pytest

from domain.call.events import OfferMade, SumCommitted, SumFreed
from domain.errors import NotFound
from domain.grant.commands import (
    AcceptGrant,
    AcknowledgeDelivery,
    CancelOrder,
    CertifyDelivery,
    CloseGrant,
    ConfirmReversal,
    DeclineGrant,
    DismissReversal,
    FileFinalReport,
    LapseGrant,
    OfferGrant,
    OrderResource,
    ProposeReversal,
    RecordDelivery,
    RecordInvoice,
    RecordReportOverdue,
    RefuseDelivery,
    RemindAcceptance,
    RemindOrder,
    RemindReport,
)
from domain.grant.events import (
    AcceptanceReminded,
    GrantAccepted,
    GrantDeclined,
    GrantLapsed,
    GrantOffered,
    ReportReminded,
)
from domain.messages import Command
from domain.pilot_action.events import SubmissionReminded, SupportOffered
from domain.values import BRUSSELS, ProtectedText
from tests.given import CALL_ID, CAP, HAMBURG, LINE, RELEASE, TICK, Pair, ask, fact, given, until

OFFERED, ACCEPTED = until("offered"), until("accepted")
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
            correction=0,
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


# --- stages, and what is not there

STAGES = {
    "offered": OFFERED,
    "accepted": ACCEPTED,
    "declined": OFFERED.after(ask(DeclineGrant)),
    "lapsed": OFFERED.after(ask(LapseGrant)),
    "closed": until("ended"),
}
WHEN_OFFERED = [RemindAcceptance, AcceptGrant, DeclineGrant, LapseGrant]
ABOUT_AN_ORDER = [
    RemindOrder,
    CancelOrder,
    RecordDelivery,
    RecordInvoice,
    AcknowledgeDelivery,
    RefuseDelivery,
    CertifyDelivery,
    ProposeReversal,
    ConfirmReversal,
    DismissReversal,
]
WHEN_ACCEPTED = [
    OrderResource,
    *ABOUT_AN_ORDER,
    RemindReport,
    RecordReportOverdue,
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


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("kind", ABOUT_AN_ORDER)
def test_an_order_that_was_not_made_is_not_found(kind: type[Command], number: int) -> None:
    until("ordered").when(ask(kind, order=number)).raises(NotFound, f"no order {number}")


@pytest.mark.parametrize("kind", [OfferGrant, *WHEN_OFFERED, *WHEN_ACCEPTED])
def test_what_was_never_offered_is_not_found(kind: type[Command]) -> None:
    given().when(ask(kind)).raises(NotFound)


@pytest.mark.parametrize("kind", [*WHEN_OFFERED, *WHEN_ACCEPTED])
def test_a_grant_without_an_offer_is_not_found(kind: type[Command]) -> None:
    given(fact(ReportReminded, on=HAMBURG.grant, due=RELEASE)).when(ask(kind)).raises(NotFound, "never offered")


def test_a_pilot_action_that_was_never_proposed_is_offered_nothing() -> None:
    unproposed = given(fact(SubmissionReminded, on=HAMBURG.pilot_action, closes=RELEASE))
    unproposed.when(ask(OfferGrant)).refused("stage", "never proposed")
