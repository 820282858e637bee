"""Coaching is offered when its months begin, reminded of, and ended with them (S13, D24)."""

import pytest

from domain.call.rules import Calendar
from domain.errors import WrongStage
from domain.messages import Event
from domain.partnership.commands import EndCoaching, OfferCoaching, RemindCoaching
from domain.partnership.events import CoachingCompleted, CoachingDeclined, PartnershipEnded, PartnershipMerged
from domain.people import ENGINE
from tests.workflows.play import DAY, HOUR, MINUTE, Begin
from workflows.coaching import CoachingWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_coaching_that_nobody_finishes_is_offered_reminded_of_and_ended(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow)
    assert await coaching.end() == "ended"
    named = {"by": ENGINE, "partnership_id": coaching.start.subject}
    assert coaching.commands() == [
        OfferCoaching(key=f"{coaching.id}/offer", at=dates.coaching_opens, **named),
        RemindCoaching(key=f"{coaching.id}/remind", at=dates.coaching_reminder, **named),
        EndCoaching(key=f"{coaching.id}/end", at=dates.coaching_closes, **named),
    ]


async def test_nothing_happens_before_its_instant(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow)
    steps = (dates.coaching_opens, dates.coaching_reminder, dates.coaching_closes)
    for number, point in enumerate(steps):
        await coaching.reach(point - MINUTE)
        assert len(coaching.deeds) == number
        await coaching.reach(point + MINUTE)
        assert len(coaching.deeds) == number + 1


async def test_coaching_completed_before_the_reminder_is_only_offered(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow)
    await coaching.reach(dates.coaching_reminder - HOUR)
    await coaching.tell(CoachingCompleted)
    assert await coaching.end() == CoachingCompleted.TOPIC
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)]


async def test_coaching_completed_after_the_reminder_is_not_ended(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow)
    await coaching.reach(dates.coaching_closes - HOUR)
    await coaching.tell(CoachingCompleted)
    assert await coaching.end() == CoachingCompleted.TOPIC
    assert coaching.deeds == [
        (OfferCoaching, dates.coaching_opens),
        (RemindCoaching, dates.coaching_reminder),
    ]


async def test_a_partnership_formed_within_the_months_is_offered_coaching_from_then(
    begin: Begin, dates: Calendar
) -> None:
    formed = dates.coaching_opens + 3 * DAY
    coaching = await begin(CoachingWorkflow, at=formed)
    await coaching.reach(formed + HOUR)
    assert coaching.deeds == [(OfferCoaching, formed)]


async def test_a_partnership_formed_when_coaching_closes_is_offered_none(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow, at=dates.coaching_closes)
    assert await coaching.end() == "formed after coaching"
    assert coaching.deeds == []


async def test_a_partnership_formed_after_the_reminder_is_not_reminded(begin: Begin, dates: Calendar) -> None:
    formed = dates.coaching_reminder + HOUR
    coaching = await begin(CoachingWorkflow, at=formed)
    assert await coaching.end() == "ended"
    assert coaching.deeds == [(OfferCoaching, formed), (EndCoaching, dates.coaching_closes)]


async def test_coaching_that_was_declined_is_neither_reminded_of_nor_ended(begin: Begin, dates: Calendar) -> None:
    coaching = await begin(CoachingWorkflow)
    await coaching.reach(dates.coaching_reminder - HOUR)
    await coaching.tell(CoachingDeclined)
    assert await coaching.end() == CoachingDeclined.TOPIC
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)]


async def test_a_partnership_that_went_into_another_before_the_offer_is_offered_none(
    begin: Begin, dates: Calendar
) -> None:
    coaching = await begin(CoachingWorkflow)
    coaching.refuse("offer", WrongStage("This partnership went into another."))
    assert await coaching.end() == "not offered"
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)]


@pytest.mark.parametrize("gone", [PartnershipEnded, PartnershipMerged])
async def test_a_partnership_that_is_gone_before_coaching_opens_waits_for_nothing(
    begin: Begin, dates: Calendar, gone: type[Event]
) -> None:
    coaching = await begin(CoachingWorkflow)
    await coaching.reach(dates.coaching_opens - HOUR)
    await coaching.tell(gone)
    assert await coaching.end() == "not offered"
    assert coaching.deeds == []


@pytest.mark.parametrize("gone", [PartnershipEnded, PartnershipMerged])
async def test_a_partnership_that_is_gone_after_the_offer_is_neither_reminded_nor_ended(
    begin: Begin, dates: Calendar, gone: type[Event]
) -> None:
    coaching = await begin(CoachingWorkflow)
    await coaching.reach(dates.coaching_reminder - HOUR)
    await coaching.tell(gone)
    assert await coaching.end() == gone.TOPIC
    assert coaching.deeds == [(OfferCoaching, dates.coaching_opens)]
