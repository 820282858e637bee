"""What every process does alike: hear each event once, act under its own keys, follow the clock of a rehearsal."""

import asyncio

import pytest
import pytest_asyncio
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError

from domain.call.events import AwardListAdopted
from domain.call.rules import Calendar
from domain.errors import NotPermitted, RuleViolated, Unavailable, WrongStage
from domain.grant.commands import CloseGrant, RemindAcceptance
from domain.grant.events import FinalReportFiled, GrantAccepted, GrantOffered, ResourceDisbursed
from domain.partnership.commands import EndCoaching, OfferCoaching, RemindCoaching
from domain.partnership.events import CoachingCompleted
from domain.pilot_action.commands import CheckEligibility
from domain.pilot_action.events import ApplicationSubmitted, ApplicationWithdrawn
from tests.workflows.play import DAY, MINUTE, PATIENCE, Begin, Play, starting
from workflows.application import ApplicationWorkflow
from workflows.call import CallWorkflow
from workflows.coaching import CoachingWorkflow
from workflows.grant import GrantWorkflow
from workflows.options import REFUSED
from workflows.ports import Pulse

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def coaching(begin: Begin, dates: Calendar) -> Play:
    """Return a rehearsed coaching, on the day of the call's publication."""
    return await begin(CoachingWorkflow, start=starting(dates.published, rehearsed_at=dates.published))


@pytest_asyncio.fixture(loop_scope="session")
async def grant(begin: Begin, dates: Calendar) -> Play:
    """Return a rehearsed grant, on the day of the release."""
    return await begin(GrantWorkflow, start=starting(dates.outcomes_released, rehearsed_at=dates.outcomes_released))


async def test_a_rehearsed_process_waits_for_the_clock_that_it_is_told(coaching: Play, dates: Calendar) -> None:
    assert await coaching.pulse() == Pulse(waiting=True, seen=0, due=dates.coaching_opens)
    await coaching.move(dates.coaching_opens - MINUTE)
    assert coaching.deeds == []
    await coaching.move(dates.coaching_opens)
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)]
    assert await coaching.pulse() == Pulse(waiting=True, seen=0, due=dates.coaching_reminder)
    await coaching.move(dates.coaching_reminder)
    await coaching.tell(CoachingCompleted)
    assert await coaching.end() == CoachingCompleted.TOPIC
    assert await coaching.timers() == 0


async def test_a_clock_that_jumps_leaves_no_step_out(coaching: Play, dates: Calendar) -> None:
    await coaching.move(dates.settled)
    assert await coaching.end() == "ended"
    assert coaching.deeds == [
        (OfferCoaching, dates.coaching_opens),
        (RemindCoaching, dates.coaching_reminder),
        (EndCoaching, dates.coaching_closes),
    ]


async def test_a_process_that_begins_late_in_a_rehearsal_knows_the_time(begin: Begin, dates: Calendar) -> None:
    rehearsed_at = dates.coaching_reminder + DAY
    coaching = await begin(CoachingWorkflow, start=starting(dates.published, rehearsed_at=rehearsed_at))
    assert [at for _, at in coaching.deeds] == [dates.coaching_opens, dates.coaching_reminder]


async def test_the_clock_of_a_rehearsal_never_goes_back(grant: Play) -> None:
    offered_at = grant.start.at
    await grant.move(offered_at + 12 * DAY)
    await grant.move(offered_at + 1 * DAY)
    await grant.tell(GrantOffered, remind_at=offered_at + 10 * DAY, accept_by=offered_at + 15 * DAY)
    assert grant.deeds[-1] == (RemindAcceptance, offered_at + 10 * DAY)


async def test_a_rehearsed_call_does_what_a_live_one_does(begin: Begin, dates: Calendar) -> None:
    live = await begin(CallWorkflow)
    await live.reach(dates.scores_due + MINUTE)
    await live.tell(AwardListAdopted)
    await live.end()
    rehearsed = await begin(CallWorkflow, start=starting(dates.published, rehearsed_at=dates.published))
    while not await rehearsed.over():
        due = (await rehearsed.pulse()).due
        if due is None:
            await rehearsed.tell(AwardListAdopted, at=dates.approval_due)
        else:
            await rehearsed.move(due)
    assert await rehearsed.end() == "settled"
    assert rehearsed.deeds == live.deeds


async def test_a_process_that_acts_does_not_say_that_it_waits(coaching: Play, dates: Calendar) -> None:
    with coaching.hold("offer") as came:
        await coaching.move(dates.coaching_opens, and_rest=False)
        assert await asyncio.to_thread(came.wait, PATIENCE)
        assert await coaching.pulse() == Pulse(waiting=False, seen=0, due=None)
    await coaching.rest()
    assert (await coaching.pulse()).waiting


@pytest.mark.parametrize("position", [5, 4], ids=["the same position", "an older position"])
async def test_what_was_heard_already_is_dropped(begin: Begin, dates: Calendar, position: int) -> None:
    start = starting(dates.applications_open, rehearsed_at=dates.applications_open)
    application = await begin(ApplicationWorkflow, start=start)
    await application.tell(ApplicationSubmitted, position=5)
    await application.tell(ApplicationWithdrawn, position=position)
    assert (await application.pulse()).seen == 5
    await application.move(dates.eligibility_checked)
    assert application.deeds == [(CheckEligibility, dates.eligibility_checked)]


async def test_an_event_that_comes_twice_is_acted_on_once(grant: Play) -> None:
    later = grant.start.at + 10 * DAY
    grant.refuse("close/3", WrongStage("These orders are not certified yet: 1, 2."))
    grant.refuse("close/4", WrongStage("These orders are not certified yet: 2."))
    await grant.tell(GrantOffered, position=1, remind_at=later, accept_by=later + 5 * DAY)
    await grant.tell(GrantAccepted, position=2)
    await grant.tell(FinalReportFiled, position=3)
    for _ in range(3):
        await grant.tell(ResourceDisbursed, position=4)
    assert [command.key for command in grant.commands(CloseGrant)] == [f"{grant.id}/close/{n}" for n in (3, 4)]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (WrongStage("The time for coaching is open already."), "stage"),
        (RuleViolated("S13", "This lies outside the months of coaching."), "S13"),
    ],
    ids=["stage", "rule"],
)
async def test_a_refused_deed_that_must_succeed_fails_the_process(
    begin: Begin, dates: Calendar, refusal: WrongStage | RuleViolated, code: str
) -> None:
    call = await begin(CallWorkflow, start=starting(dates.published, rehearsed_at=dates.published))
    call.refuse("coaching/open", refusal)
    await call.move(dates.coaching_opens)
    with pytest.raises(WorkflowFailureError) as failed:
        await call.end()
    activity = failed.value.cause
    assert isinstance(activity, ActivityError)
    assert isinstance(activity.cause, ApplicationError)
    assert (activity.cause.type, activity.cause.message) == (REFUSED, code)
    assert len(call.commands()) == 1


async def test_a_coaching_that_cannot_be_offered_ends(coaching: Play, dates: Calendar) -> None:
    coaching.refuse("offer", WrongStage("The call was cancelled; nothing goes on in it."))
    await coaching.move(dates.coaching_opens)
    assert await coaching.end() == "not offered"


async def test_a_refused_attempt_is_passed_over(coaching: Play, dates: Calendar) -> None:
    refusal = WrongStage("The coaching is at another stage.")
    coaching.refuse("remind", refusal)
    coaching.refuse("end", refusal)
    await coaching.move(dates.coaching_closes)
    assert await coaching.end() == "ended"
    assert len(coaching.commands()) == 3


async def test_an_attempt_that_fails_for_another_reason_than_a_rule_fails_the_process(
    coaching: Play, dates: Calendar
) -> None:
    coaching.refuse("remind", NotPermitted("You may not do this."))
    await coaching.move(dates.coaching_reminder)
    with pytest.raises(WorkflowFailureError) as failed:
        await coaching.end()
    assert isinstance(failed.value.cause, ActivityError)
    assert isinstance(failed.value.cause.cause, ApplicationError)
    assert failed.value.cause.cause.type != REFUSED


async def test_a_fund_that_is_away_is_asked_again_until_it_answers(coaching: Play, dates: Calendar) -> None:
    coaching.refuse("offer", *(Unavailable("The store is away."),) * 2)
    await coaching.move(dates.coaching_opens)
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)] * 3
    assert not await coaching.over()
