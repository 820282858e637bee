"""A call follows its calendar: its windows and its settlement (S13, S14, D07, D25)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowFailureError

from domain.call.commands import (
    CloseApplicationWindow,
    CloseCoachingWindow,
    OpenApplicationWindow,
    OpenCoachingWindow,
    SettleCall,
)
from domain.call.events import CallCancelled
from domain.call.rules import Calendar, CallRules
from domain.errors import WrongStage
from domain.grant.events import GrantClosed
from domain.people import ENGINE
from tests.workflows.play import DAY, HOUR, MINUTE, Begin
from workflows.call import CallWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")

Local = Callable[..., datetime]
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)


async def test_a_call_without_any_trouble_follows_its_calendar(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    assert await call.end() == "settled"
    named = {"by": ENGINE, "call_id": call.start.call_id}
    assert call.commands() == [
        OpenCoachingWindow(key=f"{call.id}/coaching/open", at=dates.coaching_opens, **named),
        CloseCoachingWindow(key=f"{call.id}/coaching/close", at=dates.coaching_closes, **named),
        OpenApplicationWindow(key=f"{call.id}/applications/open", at=dates.applications_open, **named),
        CloseApplicationWindow(key=f"{call.id}/applications/close", at=dates.applications_close, **named),
        SettleCall(key=f"{call.id}/settle", at=dates.settled, **named),
    ]


async def test_a_cancelled_call_ends_where_it_is(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    await call.reach(dates.coaching_opens + MINUTE)
    await call.tell(CallCancelled)
    assert await call.end() == "cancelled"
    assert [kind for kind, _ in call.deeds] == [OpenCoachingWindow]


async def test_a_refusal_may_come_before_the_word_of_the_cancellation(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    call.refuse("coaching/open", WrongStage("The call was cancelled; nothing goes on in it."))
    await call.reach(dates.coaching_opens, and_rest=False)
    await call.tell(CallCancelled)
    assert await call.end() == "cancelled"


async def test_a_refusal_without_a_cancellation_fails_the_process_for_all_to_see(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    call.refuse("coaching/open", WrongStage("The window for coaching is open."))
    await call.reach(dates.coaching_opens + MINUTE, and_rest=False)
    with pytest.raises(WorkflowFailureError):
        await call.end()


async def test_nothing_happens_before_its_instant(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    steps = (dates.coaching_opens, dates.coaching_closes, dates.applications_open)
    for number, point in enumerate(steps):
        await call.reach(point - MINUTE)
        assert len(call.deeds) == number
        await call.reach(point + MINUTE)
        assert len(call.deeds) == number + 1


async def test_the_window_closes_only_when_the_last_request_in_time_is_answered(
    begin: Begin, dates: Calendar, rules: CallRules
) -> None:
    answered = dates.applications_close + timedelta(seconds=rules.request_seconds)
    call = await begin(CallWorkflow)
    await call.reach(answered - 10 * SECOND)
    assert call.commands(CloseApplicationWindow) == []
    await call.reach(answered + 10 * SECOND)
    assert call.deeds[-1] == (CloseApplicationWindow, dates.applications_close)


async def test_the_window_closes_at_the_extended_deadline(begin: Begin, dates: Calendar, rules: CallRules) -> None:
    call = await begin(CallWorkflow)
    await call.reach(dates.applications_close - HOUR)
    extended = dates.applications_close + 2 * HOUR
    call.correct(rules, applications_close=extended)
    await call.reach(extended - MINUTE)
    assert call.commands(CloseApplicationWindow) == []
    await call.reach(extended + timedelta(seconds=rules.request_seconds) + MINUTE)
    assert call.deeds[-1] == (CloseApplicationWindow, extended)


async def test_a_step_that_moves_while_it_is_waited_for_again_is_waited_for_once_more(
    begin: Begin, dates: Calendar, rules: CallRules
) -> None:
    call = await begin(CallWorkflow)
    for hours in (1, 2):
        call.correct(rules, coaching_opens=dates.coaching_opens + hours * HOUR)
        await call.reach(dates.coaching_opens + hours * HOUR - MINUTE)
        assert call.deeds == []
    await call.reach(dates.coaching_opens + 2 * HOUR + MINUTE)
    assert call.deeds == [(OpenCoachingWindow, dates.coaching_opens + 2 * HOUR)]


async def test_settling_is_tried_again_after_each_grant_that_closes_late(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    not_closed = WrongStage("1 grants are not closed yet.", "Close them first.")
    call.refuse("settle", not_closed)
    call.refuse("settle/2", not_closed)
    await call.reach(dates.settled - DAY)
    await call.tell(GrantClosed)
    attempts = [dates.settled]
    for _ in range(2):
        await call.reach(attempts[-1] + 2 * DAY)
        attempts.append(await call.tell(GrantClosed))
    assert await call.end() == "settled"
    settling = call.commands(SettleCall)
    assert [command.at for command in settling] == attempts
    assert [command.key for command in settling] == [f"{call.id}/{key}" for key in ("settle", "settle/2", "settle/3")]
