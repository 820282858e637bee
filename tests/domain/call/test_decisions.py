"""What the fund decides about a call: its publication, its windows, its settlement."""

from datetime import datetime

import pytest

from domain.call.aggregate import CALL
from domain.call.commands import (
    CloseApplicationWindow,
    CloseCoachingWindow,
    OpenApplicationWindow,
    OpenCoachingWindow,
    PublishCall,
    SettleCall,
)
from domain.call.events import (
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
)
from domain.errors import NotFound
from domain.grant.commands import DeclineGrant, OfferGrant
from domain.messages import Command, Event
from tests.given import (
    CALENDAR,
    CALL_ID,
    CAP,
    RULES,
    TICK,
    Story,
    ask,
    fact,
    given,
    named,
    rules_with,
    until,
)

PUBLISHED = given(ask(PublishCall))


# --- publication and windows


def test_a_call_is_published_once_with_all_its_rules() -> None:
    given().when(ask(PublishCall)).then(fact(CallPublished, rules=RULES))
    PUBLISHED.when(ask(PublishCall, rules=rules_with(1))).refused("stage", "published already")


COACHING = PUBLISHED.after(ask(OpenCoachingWindow))
APPLICATIONS = PUBLISHED.after(ask(OpenApplicationWindow))
WINDOWS = [
    (PUBLISHED, OpenCoachingWindow, CALENDAR.coaching_opens, CoachingWindowOpened),
    (COACHING, CloseCoachingWindow, CALENDAR.coaching_closes, CoachingWindowClosed),
    (PUBLISHED, OpenApplicationWindow, CALENDAR.applications_open, ApplicationWindowOpened),
    (APPLICATIONS, CloseApplicationWindow, CALENDAR.applications_close, ApplicationWindowClosed),
]


@pytest.mark.parametrize(("story", "kind", "point", "event"), WINDOWS)
def test_a_window_opens_and_closes_at_its_point_of_the_calendar_and_not_before(
    story: Story, kind: type[Command], point: datetime, event: type[Event]
) -> None:
    story.when(ask(kind, at=point)).then(fact(event))
    story.when(ask(kind, at=point - TICK)).refused("stage", "comes on")


@pytest.mark.parametrize(
    ("opens", "closes"), [(OpenCoachingWindow, CloseCoachingWindow), (OpenApplicationWindow, CloseApplicationWindow)]
)
def test_a_window_opens_once_and_then_closes_once(opens: type[Command], closes: type[Command]) -> None:
    PUBLISHED.when(ask(closes)).refused("stage", "is ahead")
    PUBLISHED.after(ask(opens)).when(ask(opens)).refused("stage", "is open")
    closed = PUBLISHED.after(ask(opens), ask(closes))
    closed.when(ask(opens)).refused("stage", "is closed")
    closed.when(ask(closes)).refused("stage", "is closed")


# --- the settlement


DECLINED = until("released", envelope=CAP).after(ask(OfferGrant), ask(DeclineGrant))


@pytest.mark.parametrize(
    ("story", "spent"),
    [(until("ended"), CAP), (DECLINED, 0), (PUBLISHED, 0)],
    ids=["spent", "declined", "nobody applied"],
)
def test_a_call_is_settled_with_what_was_spent_of_its_envelope(story: Story, spent: int) -> None:
    envelope = story.get(CALL, CALL_ID).rules.lines[0].envelope_cents
    story.when(ask(SettleCall)).then(fact(CallSettled, envelope_cents=envelope, spent_cents=spent))
    story.after(ask(SettleCall)).when(ask(SettleCall)).refused("stage", "settled already")
    story.when(ask(SettleCall, at=CALENDAR.settled - TICK)).refused("stage", "The settlement comes on")


@pytest.mark.parametrize("chapter", ["adopted", "offered", "accepted", "reported"])
def test_a_call_with_a_grant_that_is_not_closed_is_not_settled(chapter: str) -> None:
    until(chapter).when(ask(SettleCall)).refused("stage", "1 grants are not closed yet")


# --- what is not there

OF_THE_CALL = [OpenCoachingWindow, CloseCoachingWindow, OpenApplicationWindow, CloseApplicationWindow, SettleCall]


@pytest.mark.parametrize("kind", OF_THE_CALL)
def test_a_call_that_does_not_exist_is_not_found(kind: type[Command]) -> None:
    PUBLISHED.when(ask(kind, call_id=named("no call"))).raises(NotFound)


def test_a_call_without_rules_is_not_found() -> None:
    given(fact(CoachingWindowOpened, on=CALL_ID)).when(ask(SettleCall)).raises(NotFound, "not published")
