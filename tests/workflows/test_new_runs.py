"""A process goes on in a new run when its history grew long: as if it were one, and hearing all that it is told.

Beside these tests, every test of a process is run both ways.
"""

import pytest
from temporalio.client import WorkflowHistory

from domain.call.commands import ReviewReserve
from domain.call.events import CallCancelled
from domain.call.rules import Calendar
from domain.evaluation.events import EvaluationCompleted
from domain.grant.commands import RemindOrder
from domain.grant.events import GrantAccepted, GrantDeclined, GrantOffered, ResourceOrdered
from tests.workflows.conftest import LONG
from tests.workflows.play import DAY, HOUR, Begin, starting
from workflows.award import AwardWorkflow
from workflows.call import CallWorkflow
from workflows.coaching import CoachingWorkflow
from workflows.grant import GrantWorkflow
from workflows.ports import Memory, Start

pytestmark = pytest.mark.asyncio(loop_scope="session")

SMALL_BYTES = 4096
MANY = 12


def begun_with(history: WorkflowHistory) -> bytes:
    """Return what a run was started with, as it stands in its history."""
    (payload,) = history.events[0].workflow_execution_started_event_attributes.input.payloads
    return payload.data


async def test_a_call_begins_a_run_at_every_step_of_its_calendar(begin: Begin, longest: int) -> None:
    call = await begin(CallWorkflow)
    assert await call.end() == "settled"
    runs = [Start.model_validate_json(begun_with(run)).memory for run in await call.runs()]
    if longest == LONG:
        assert runs == [None]
    else:
        chapters = ["coaching", "coached", "applications", "settlement"]
        assert runs == [None, *(Memory(chapter=chapter) for chapter in chapters)]


async def test_what_a_run_leaves_to_the_next_one_stays_small(begin: Begin) -> None:
    line = await begin(AwardWorkflow)
    for _ in range(MANY):
        await line.tell(EvaluationCompleted, and_rest=False)
    await line.rest()
    assert all(len(begun_with(run)) < SMALL_BYTES for run in await line.runs())


async def test_what_a_process_is_told_while_it_begins_anew_is_heard_once(begin: Begin) -> None:
    grant = await begin(GrantWorkflow)
    at = grant.start.at
    await grant.tell(GrantOffered, remind_at=at + 200 * DAY, accept_by=at + 300 * DAY)
    await grant.tell(GrantAccepted)
    late = {order: at + order * HOUR + 30 * DAY for order in range(1, MANY + 1)}
    for order, point in late.items():
        await grant.tell(ResourceOrdered, part=order, and_rest=False, deliver_by=point)
    await grant.rest()
    assert (await grant.pulse()).seen == MANY + 2
    await grant.reach(at + 40 * DAY)
    assert {command.order: command.at for command in grant.commands(RemindOrder)} == late
    assert len(grant.commands(RemindOrder)) == MANY


async def test_a_cancellation_that_comes_with_other_news_ends_the_process(begin: Begin) -> None:
    line = await begin(AwardWorkflow)
    for _ in range(MANY):
        await line.tell(EvaluationCompleted, and_rest=False)
    await line.tell(CallCancelled)
    assert await line.end() == "cancelled"
    assert line.deeds == []


async def test_the_clock_of_a_rehearsal_moves_while_a_process_begins_anew(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow, start=starting(dates.published, rehearsed_at=dates.published))
    for day in range(0, (dates.coaching_closes - dates.published).days, 5):
        await coaching.move(dates.published + day * DAY, and_rest=False)
    await coaching.rest()
    assert [at for _, at in coaching.deeds] == [dates.coaching_opens, dates.coaching_reminder]
    assert (await coaching.pulse()).due == dates.coaching_closes


async def test_a_review_that_is_due_is_held_though_another_refusal_comes_before_it(
    begin: Begin, dates: Calendar
) -> None:
    released = dates.outcomes_released
    left = Memory(chapter="reserve", seen=7, clock=released)
    start = starting(dates.published, rehearsed_at=dates.published).model_copy(update={"memory": left})
    line = await begin(AwardWorkflow, start=start)
    await line.tell(GrantDeclined, position=8, at=released + DAY)
    due = (await line.pulse()).due
    assert due is not None
    await line.tell(GrantDeclined, position=9, at=due - HOUR)
    assert (await line.pulse()).due == due
    await line.move(due)
    assert [command.at for command in line.commands(ReviewReserve)] == [due]
