"""The award of a line: ranked, released, its reserve reviewed and ended; no line waits for another (D04, D17)."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import pytest_asyncio

from domain.call.commands import (
    EstablishRanking,
    ExpireReserve,
    ReleaseOutcomes,
    ReviewReserve,
)
from domain.call.events import AwardListAdopted, CallCancelled
from domain.call.rules import Calendar, CallRules
from domain.errors import RuleViolated, WrongStage
from domain.evaluation.events import EvaluationCompleted, EvaluationStopped
from domain.grant.events import GrantDeclined, GrantLapsed
from domain.messages import Event
from domain.people import ENGINE
from tests.workflows.play import DAY, HOUR, MINUTE, Begin, Play
from workflows.award import AwardWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")

Local = Callable[..., datetime]
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)


@pytest_asyncio.fixture(loop_scope="session")
async def ranked(begin: Begin, dates: Calendar) -> Play:
    """Return a line whose applications were ranked in time."""
    line = await begin(AwardWorkflow)
    await line.reach(dates.scores_due + MINUTE)
    return line


@pytest_asyncio.fixture(loop_scope="session")
async def released(ranked: Play, dates: Calendar) -> Play:
    """Return a line whose outcomes were released as published."""
    await ranked.tell(AwardListAdopted)
    await ranked.reach(dates.outcomes_released + MINUTE)
    return ranked


@pytest.fixture
def local(dates: Calendar, rules: CallRules) -> Local:
    """Return what gives the instant so many days after the release at a full hour of the call's zone."""
    first = dates.outcomes_released.astimezone(rules.time_zone).date()
    return lambda day, hour=0: datetime.combine(first + day * DAY, time(hour), rules.time_zone).astimezone(UTC)


async def test_a_line_without_any_trouble_is_ranked_released_and_ended(
    released: Play, dates: Calendar, rules: CallRules
) -> None:
    assert await released.end() == "awarded"
    line = {"by": ENGINE, "call_id": released.start.call_id, "line": rules.lines[0].id}
    reserve_ends = rules.reserve_expires(rules.lines[0])
    assert released.commands() == [
        EstablishRanking(key=f"{released.id}/rank", at=dates.scores_due, **line),
        ReleaseOutcomes(key=f"{released.id}/release/1", at=dates.outcomes_released, **line),
        ExpireReserve(key=f"{released.id}/reserve/end", at=reserve_ends, **line),
    ]


async def test_a_line_of_a_cancelled_call_ends_wherever_it_waits(begin: Begin, ranked: Play) -> None:
    waiting = await begin(AwardWorkflow)
    for line, deeds in ((waiting, []), (ranked, [EstablishRanking])):
        await line.tell(CallCancelled)
        assert await line.end() == "cancelled"
        assert [kind for kind, _ in line.deeds] == deeds


async def test_a_ranking_is_tried_again_after_each_late_evaluation(begin: Begin, dates: Calendar) -> None:
    line = await begin(AwardWorkflow)
    missing = RuleViolated("D02", "One of three evaluators is missing.")
    line.refuse("rank", missing)
    line.refuse("rank/2", missing)
    await line.reach(dates.scores_due - HOUR)
    await line.tell(EvaluationCompleted)
    attempts = [dates.scores_due]
    for _ in range(2):
        await line.reach(attempts[-1] + DAY)
        attempts.append(await line.tell(EvaluationCompleted))
    await line.tell(EvaluationCompleted)
    ranking = line.commands(EstablishRanking)
    assert [command.at for command in ranking] == attempts
    assert [command.key for command in ranking] == [f"{line.id}/{key}" for key in ("rank", "rank/2", "rank/3")]


async def test_a_ranking_is_tried_again_when_the_application_that_it_waited_for_drops_out(
    begin: Begin, dates: Calendar
) -> None:
    line = await begin(AwardWorkflow)
    line.refuse("rank", RuleViolated("D02", "Two of three evaluators are missing."))
    await line.reach(dates.scores_due + DAY)
    dropped_at = await line.tell(EvaluationStopped)
    assert line.deeds[-1] == (EstablishRanking, dropped_at)


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


async def test_of_two_lists_adopted_before_the_release_the_latest_counts(ranked: Play, dates: Calendar) -> None:
    await ranked.tell(AwardListAdopted)
    await ranked.tell(AwardListAdopted)
    await ranked.reach(dates.outcomes_released + MINUTE)
    assert [command.key for command in ranked.commands(ReleaseOutcomes)] == [f"{ranked.id}/release/2"]


async def test_where_the_adopted_list_was_voided_before_the_release_the_next_one_is_waited_for(
    ranked: Play, dates: Calendar
) -> None:
    ranked.refuse("release/1", WrongStage("The award list is not adopted, or its outcomes are released already."))
    await ranked.tell(AwardListAdopted)
    await ranked.reach(dates.outcomes_released + DAY)
    adopted_at = await ranked.tell(AwardListAdopted)
    assert ranked.deeds[-2:] == [(ReleaseOutcomes, dates.outcomes_released), (ReleaseOutcomes, adopted_at)]


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
    key = f"{released.id}/reserve/{day}"
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
    key = f"reserve/{local(15, 10).date()}"
    released.refuse(key, WrongStage("There is no reserve list in force."))
    await released.reach(local(15, 10))
    await released.tell(GrantLapsed)
    assert await released.end() == "awarded"
    assert len(released.commands(ReviewReserve)) == 1


async def test_a_lapse_whose_morning_comes_after_the_reserves_end_is_not_reviewed(
    released: Play, rules: CallRules
) -> None:
    ends = rules.reserve_expires(rules.lines[0])
    await released.reach(ends - MINUTE)
    assert released.commands(ExpireReserve) == []
    await released.tell(GrantLapsed)
    await released.reach(ends + MINUTE)
    assert await released.end() == "awarded"
    assert released.commands(ReviewReserve) == []
    assert [command.at for command in released.commands(ExpireReserve)] == [ends]
