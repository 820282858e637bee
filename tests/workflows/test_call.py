"""A call follows its calendar: windows, ranking, release, reserve, settlement (S13, S14, D04, D07, D17, D25)."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import pytest_asyncio

from domain.call.commands import (
    CloseApplicationWindow,
    CloseCoachingWindow,
    EstablishRanking,
    ExpireReserve,
    OpenApplicationWindow,
    OpenCoachingWindow,
    ReleaseOutcomes,
    ReviewReserve,
    SettleCall,
)
from domain.call.events import AwardListAdopted
from domain.call.rules import Calendar, CallRules
from domain.errors import RuleViolated, WrongStage
from domain.evaluation.events import EvaluationCompleted
from domain.grant.events import GrantClosed, GrantDeclined, GrantLapsed
from domain.messages import Event
from domain.people import ENGINE
from tests.workflows.play import DAY, HOUR, MINUTE, Begin, Play
from workflows.call import CallWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")

Local = Callable[..., datetime]
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)


@pytest_asyncio.fixture(loop_scope="session")
async def ranked(begin: Begin, dates: Calendar) -> Play:
    """Return a call whose applications were ranked in time."""
    call = await begin(CallWorkflow)
    await call.reach(dates.scores_due + MINUTE)
    return call


@pytest_asyncio.fixture(loop_scope="session")
async def released(ranked: Play, dates: Calendar) -> Play:
    """Return a call whose outcomes were released as published."""
    await ranked.tell(AwardListAdopted)
    await ranked.reach(dates.outcomes_released + MINUTE)
    return ranked


@pytest.fixture
def local(dates: Calendar, rules: CallRules) -> Local:
    """Return what gives the instant so many days after the release at a full hour of the call's zone."""
    first = dates.outcomes_released.astimezone(rules.time_zone).date()
    return lambda day, hour=0: datetime.combine(first + day * DAY, time(hour), rules.time_zone).astimezone(UTC)


async def test_a_call_without_any_trouble_follows_its_calendar(
    released: Play, dates: Calendar, rules: CallRules
) -> None:
    assert await released.end() == "settled"
    named = {"by": ENGINE, "call_id": released.start.call_id}
    line = {"line": rules.lines[0].id, **named}
    reserve_ends = rules.reserve_expires(rules.lines[0])
    assert released.commands() == [
        OpenCoachingWindow(key=f"{released.id}/coaching/open", at=dates.coaching_opens, **named),
        CloseCoachingWindow(key=f"{released.id}/coaching/close", at=dates.coaching_closes, **named),
        OpenApplicationWindow(key=f"{released.id}/applications/open", at=dates.applications_open, **named),
        CloseApplicationWindow(key=f"{released.id}/applications/close", at=dates.applications_close, **named),
        EstablishRanking(key=f"{released.id}/pilot_action/rank/1", at=dates.scores_due, **line),
        ReleaseOutcomes(key=f"{released.id}/pilot_action/release", at=dates.outcomes_released, **line),
        ExpireReserve(key=f"{released.id}/pilot_action/reserve/end", at=reserve_ends, **line),
        SettleCall(key=f"{released.id}/settle/1", at=dates.settled, **named),
    ]


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


async def test_a_ranking_is_tried_again_after_each_late_evaluation(begin: Begin, dates: Calendar) -> None:
    call = await begin(CallWorkflow)
    missing = RuleViolated("D02", "One of three evaluators is missing.")
    call.refuse("pilot_action/rank/1", missing)
    call.refuse("pilot_action/rank/2", missing)
    await call.reach(dates.scores_due - HOUR)
    await call.tell(EvaluationCompleted)
    attempts = [dates.scores_due]
    for _ in range(2):
        await call.reach(attempts[-1] + DAY)
        attempts.append(await call.tell(EvaluationCompleted))
    await call.tell(EvaluationCompleted)
    ranking = call.commands(EstablishRanking)
    assert [command.at for command in ranking] == attempts
    assert [command.key for command in ranking] == [f"{call.id}/pilot_action/rank/{number}" for number in (1, 2, 3)]


async def test_outcomes_wait_for_the_published_instant(ranked: Play, dates: Calendar) -> None:
    await ranked.tell(AwardListAdopted)
    await ranked.reach(dates.outcomes_released - MINUTE)
    assert ranked.commands(ReleaseOutcomes) == []
    await ranked.reach(dates.outcomes_released + MINUTE)
    assert ranked.deeds[-1] == (ReleaseOutcomes, dates.outcomes_released)


async def test_outcomes_of_a_list_adopted_later_are_released_at_its_adoption(ranked: Play, dates: Calendar) -> None:
    await ranked.reach(dates.outcomes_released + 2 * DAY)
    assert ranked.commands(ReleaseOutcomes) == []
    adopted_at = await ranked.tell(AwardListAdopted)
    assert ranked.deeds[-1] == (ReleaseOutcomes, adopted_at)


async def test_the_lapses_and_refusals_of_one_day_are_reviewed_together_on_the_morning_after(
    released: Play, local: Local, rules: CallRules
) -> None:
    await released.reach(local(15, 14))
    await released.tell(GrantDeclined)
    await released.reach(local(16) + 2 * MINUTE)
    await released.tell(GrantLapsed, at=local(16))
    await released.tell(GrantLapsed, at=local(16))
    await released.reach(local(16, 9) - MINUTE)
    assert released.commands(ReviewReserve) == []
    await released.reach(local(21))
    day = local(15, 14).date()
    key = f"{released.id}/pilot_action/reserve/{day}"
    named = {"by": ENGINE, "call_id": released.start.call_id, "line": rules.lines[0].id}
    assert released.commands(ReviewReserve) == [ReviewReserve(key=key, at=local(16, 9), day=day, **named)]


@pytest.mark.parametrize(
    ("after_midnight", "day"),
    [(0 * INSTANT, 16), (INSTANT, 17), (10 * HOUR, 17)],
    ids=["midnight itself", "an instant later", "ten in the morning"],
)
async def test_midnight_belongs_to_the_day_that_it_ends(
    released: Play, local: Local, after_midnight: timedelta, day: int
) -> None:
    await released.reach(local(16) + after_midnight + MINUTE)
    await released.tell(GrantLapsed, at=local(16) + after_midnight)
    await released.reach(local(21))
    assert released.deeds[-1] == (ReviewReserve, local(day, 9))


@pytest.mark.parametrize("event", [GrantLapsed, GrantDeclined])
async def test_every_day_with_a_lapse_or_a_refusal_has_its_review(
    released: Play, local: Local, event: type[Event]
) -> None:
    for day in (15, 16, 20):
        await released.reach(local(day, 10))
        await released.tell(event)
    await released.reach(local(25))
    reviews = released.commands(ReviewReserve)
    assert [review.at for review in reviews] == [local(16, 9), local(17, 9), local(21, 9)]
    assert [review.day for review in reviews] == [local(day, 10).date() for day in (15, 16, 20)]


async def test_a_review_that_is_refused_does_not_end_the_call(released: Play, local: Local) -> None:
    key = f"pilot_action/reserve/{local(15, 10).date()}"
    released.refuse(key, WrongStage("There is no reserve list in force."))
    await released.reach(local(15, 10))
    await released.tell(GrantLapsed)
    assert await released.end() == "settled"
    assert len(released.commands(ReviewReserve)) == 1


async def test_a_lapse_whose_morning_comes_after_the_reserves_end_is_not_reviewed(
    released: Play, rules: CallRules
) -> None:
    ends = rules.reserve_expires(rules.lines[0])
    await released.reach(ends - MINUTE)
    assert released.commands(ExpireReserve) == []
    await released.tell(GrantLapsed)
    await released.reach(ends + MINUTE)
    await released.tell(GrantLapsed)
    assert await released.end() == "settled"
    assert released.commands(ReviewReserve) == []
    assert [command.at for command in released.commands(ExpireReserve)] == [ends]


async def test_settling_is_tried_again_after_each_grant_that_closes_late(released: Play, dates: Calendar) -> None:
    not_closed = WrongStage("1 grants are not closed yet.", "Close them first.")
    released.refuse("settle/1", not_closed)
    released.refuse("settle/2", not_closed)
    await released.reach(dates.settled - DAY)
    await released.tell(GrantClosed)
    attempts = [dates.settled]
    for _ in range(2):
        await released.reach(attempts[-1] + 2 * DAY)
        attempts.append(await released.tell(GrantClosed))
    assert await released.end() == "settled"
    settling = released.commands(SettleCall)
    assert [command.at for command in settling] == attempts
    assert [command.key for command in settling] == [f"{released.id}/settle/{number}" for number in (1, 2, 3)]
