"""A grant is offered, reminded of, accepted or lapsed; reported on and closed (D11, D12)."""

from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from domain.call.rules import Calendar, CallRules
from domain.errors import WrongStage
from domain.grant.commands import (
    CloseGrant,
    LapseGrant,
    OfferGrant,
    RecordReportOverdue,
    RemindAcceptance,
    RemindOrder,
    RemindReport,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    FinalReportFiled,
    GrantAccepted,
    GrantDeclined,
    GrantOffered,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
)
from domain.ids import grant_id
from domain.messages import Event
from domain.people import ENGINE
from tests.workflows.play import DAY, HOUR, MINUTE, Begin, Play, server_time
from workflows.grant import GrantWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def offered_at() -> datetime:
    """Return the instant of the offer: now."""
    return server_time()


@pytest.fixture
def remind_at(offered_at: datetime) -> datetime:
    """Return the instant at which an answer is reminded of."""
    return offered_at + 10 * DAY


@pytest.fixture
def accept_by(offered_at: datetime) -> datetime:
    """Return the end of the period for an answer."""
    return offered_at + 15 * DAY


@pytest_asyncio.fixture(loop_scope="session")
async def offered(begin: Begin, offered_at: datetime, remind_at: datetime, accept_by: datetime) -> Play:
    """Return a grant that was just offered."""
    grant = await begin(GrantWorkflow, at=offered_at)
    await grant.tell(GrantOffered, at=offered_at, remind_at=remind_at, accept_by=accept_by)
    return grant


@pytest_asyncio.fixture(loop_scope="session")
async def accepted(offered: Play) -> Play:
    """Return a grant that was accepted at once."""
    await offered.tell(GrantAccepted)
    return offered


async def test_a_grant_that_is_late_everywhere_is_offered_reminded_of_twice_and_closed(
    offered: Play, offered_at: datetime, remind_at: datetime, accept_by: datetime, dates: Calendar
) -> None:
    await offered.reach(accept_by - HOUR)
    await offered.tell(GrantAccepted)
    await offered.reach(dates.implementation_ends + DAY)
    filed_at = await offered.tell(FinalReportFiled)
    assert await offered.end() == "closed"
    pilot_action = offered.start.subject
    named = {"by": ENGINE, "grant_id": grant_id(pilot_action)}
    assert offered.commands() == [
        OfferGrant(key=f"{offered.id}/offer", at=offered_at, pilot_action_id=pilot_action, **named),
        RemindAcceptance(key=f"{offered.id}/remind", at=remind_at, **named),
        RemindReport(key=f"{offered.id}/remind-report", at=dates.implementation_ends, **named),
        CloseGrant(key=f"{offered.id}/close/3", at=filed_at, **named),
    ]


async def test_reminders_wait_for_their_instants(offered: Play, remind_at: datetime, dates: Calendar) -> None:
    await offered.reach(remind_at - MINUTE)
    assert offered.commands(RemindAcceptance) == []
    await offered.reach(remind_at + MINUTE)
    assert len(offered.commands(RemindAcceptance)) == 1
    await offered.tell(GrantAccepted)
    await offered.reach(dates.implementation_ends - MINUTE)
    assert offered.commands(RemindReport) == []
    await offered.reach(dates.implementation_ends + MINUTE)
    assert len(offered.commands(RemindReport)) == 1


async def test_a_grant_answered_and_reported_on_in_time_is_not_reminded_of(accepted: Play, dates: Calendar) -> None:
    await accepted.reach(dates.implementation_ends - DAY)
    filed_at = await accepted.tell(FinalReportFiled)
    assert await accepted.end() == "closed"
    assert accepted.deeds == [(OfferGrant, accepted.start.at), (CloseGrant, filed_at)]


async def test_a_declined_offer_ends_the_grant(offered: Play) -> None:
    await offered.tell(GrantDeclined)
    assert await offered.end() == GrantDeclined.TOPIC
    assert offered.deeds == [(OfferGrant, offered.start.at)]


async def test_an_unanswered_offer_lapses_as_of_the_end_of_its_period_once_the_last_request_is_answered(
    offered: Play, remind_at: datetime, accept_by: datetime, rules: CallRules
) -> None:
    last_request = accept_by + timedelta(seconds=rules.request_seconds)
    await offered.reach(last_request - timedelta(seconds=10))
    assert offered.commands(LapseGrant) == []
    await offered.reach(last_request + timedelta(seconds=10))
    assert await offered.end() == "lapsed"
    assert offered.deeds == [
        (OfferGrant, offered.start.at),
        (RemindAcceptance, remind_at),
        (LapseGrant, accept_by),
    ]


async def test_an_acceptance_that_came_in_the_last_instant_is_waited_for(offered: Play, accept_by: datetime) -> None:
    await offered.reach(accept_by + timedelta(seconds=20))
    await offered.tell(GrantAccepted, at=accept_by - timedelta(microseconds=1))
    await offered.reach(accept_by + DAY)
    assert offered.commands(LapseGrant) == []


async def test_an_offer_answered_before_it_could_lapse_goes_on(offered: Play, accept_by: datetime) -> None:
    offered.refuse("lapse", WrongStage("The grant is accepted; this needs a grant that is offered."))
    await offered.reach(accept_by + DAY)
    await offered.tell(GrantAccepted, at=accept_by - timedelta(microseconds=1))
    filed_at = await offered.tell(FinalReportFiled)
    assert await offered.end() == "closed"
    assert [type(command) for command in offered.commands()] == [OfferGrant, RemindAcceptance, LapseGrant, CloseGrant]
    assert offered.deeds[-1] == (CloseGrant, filed_at)


async def test_reminders_that_people_made_needless_do_no_harm(offered: Play, dates: Calendar) -> None:
    offered.refuse("remind", WrongStage("The grant is accepted."))
    offered.refuse("remind-report", WrongStage("The final report is filed."))
    await offered.reach(offered.start.at + 11 * DAY)
    await offered.tell(GrantAccepted)
    await offered.reach(dates.implementation_ends + HOUR)
    await offered.tell(FinalReportFiled)
    assert await offered.end() == "closed"


async def test_closing_is_tried_again_after_each_certificate(accepted: Play) -> None:
    open_orders = WrongStage("These orders are not certified yet: 1, 2.", "Certify them first.")
    accepted.refuse("close/3", open_orders)
    accepted.refuse("close/4", open_orders)
    attempts = [await accepted.tell(FinalReportFiled)]
    for _ in range(2):
        await accepted.reach(attempts[-1] + 5 * DAY)
        attempts.append(await accepted.tell(ResourceDisbursed))
    assert await accepted.end() == "closed"
    closing = accepted.commands(CloseGrant)
    assert [command.at for command in closing] == attempts
    assert [command.key for command in closing] == [f"{accepted.id}/close/{number}" for number in (3, 4, 5)]


@pytest.mark.parametrize("news", [ResourceDisbursed, OrderCancelled, ReversalDismissed])
async def test_whatever_may_let_a_grant_close_has_it_tried_again(accepted: Play, news: type[Event]) -> None:
    accepted.refuse("close/3", WrongStage("These orders are open: 1.", "Certify them, or cancel them, first."))
    await accepted.tell(FinalReportFiled)
    await accepted.reach(accepted.start.at + 20 * DAY)
    await accepted.tell(news, part=1)
    assert await accepted.end() == "closed"
    assert len(accepted.commands(CloseGrant)) == 2


async def test_each_order_that_is_late_is_reminded_of_at_its_instant(accepted: Play, offered_at: datetime) -> None:
    first, second = offered_at + 20 * DAY, offered_at + 30 * DAY
    await accepted.tell(ResourceOrdered, part=2, deliver_by=second)
    await accepted.tell(ResourceOrdered, part=1, deliver_by=first)
    await accepted.reach(first - MINUTE)
    assert accepted.commands(RemindOrder) == []
    await accepted.reach(second + DAY)
    assert [(command.order, command.at) for command in accepted.commands(RemindOrder)] == [(1, first), (2, second)]


async def test_a_city_that_says_nothing_is_reminded(accepted: Play, offered_at: datetime) -> None:
    answer_due = offered_at + 25 * DAY
    await accepted.tell(ResourceOrdered, part=1, deliver_by=offered_at + 20 * DAY)
    await accepted.tell(ResourceDelivered, part=1, acknowledge_by=answer_due)
    await accepted.reach(answer_due + DAY)
    assert [(command.order, command.at) for command in accepted.commands(RemindOrder)] == [(1, answer_due)]


@pytest.mark.parametrize("answer", [DeliveryAcknowledged, DeliveryRefused, OrderCancelled])
async def test_nobody_is_reminded_of_an_order_that_was_answered_for(
    accepted: Play, offered_at: datetime, answer: type[Event]
) -> None:
    await accepted.tell(ResourceDelivered, part=1, acknowledge_by=offered_at + 20 * DAY)
    await accepted.tell(answer, part=1)
    await accepted.reach(offered_at + 40 * DAY)
    assert accepted.commands(RemindOrder) == []


async def test_a_report_that_is_not_filed_when_due_is_recorded_as_overdue_once(accepted: Play, dates: Calendar) -> None:
    await accepted.reach(dates.final_report_due - MINUTE)
    assert accepted.commands(RecordReportOverdue) == []
    await accepted.reach(dates.final_report_due + 30 * DAY)
    assert [command.at for command in accepted.commands(RecordReportOverdue)] == [dates.final_report_due]
    await accepted.tell(FinalReportFiled)
    assert await accepted.end() == "closed"


async def test_a_report_is_asked_for_when_a_correction_moved_its_dates(
    accepted: Play, dates: Calendar, rules: CallRules
) -> None:
    ends, due = dates.implementation_ends + 5 * DAY, dates.final_report_due + 5 * DAY
    accepted.correct(rules, implementation_ends=ends, final_report_due=due)
    await accepted.reach(due + MINUTE)
    assert accepted.deeds[1:] == [(RemindReport, ends), (RecordReportOverdue, due)]


async def test_an_order_that_arrives_on_its_last_day_is_not_reminded_of_before_the_city_is_late(
    accepted: Play, offered_at: datetime
) -> None:
    first, second = offered_at + 20 * DAY, offered_at + 30 * DAY
    await accepted.tell(ResourceOrdered, part=1, deliver_by=second)
    await accepted.tell(ResourceOrdered, part=2, deliver_by=first)
    await accepted.reach(first - MINUTE)
    await accepted.tell(ResourceDelivered, part=2, acknowledge_by=second)
    await accepted.reach(second + DAY)
    assert {(command.order, command.at) for command in accepted.commands(RemindOrder)} == {(1, second), (2, second)}
    assert len(accepted.commands(RemindOrder)) == 2


async def test_a_certificate_before_the_report_does_not_close_the_grant(accepted: Play) -> None:
    await accepted.tell(ResourceDisbursed)
    assert accepted.commands(CloseGrant) == []
    filed_at = await accepted.tell(FinalReportFiled)
    assert await accepted.end() == "closed"
    assert [command.at for command in accepted.commands(CloseGrant)] == [filed_at]
