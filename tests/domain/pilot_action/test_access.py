"""A draft is seen by way of exception for a reason, with a second person, and for some hours (D18)."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.errors import NotFound
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import AllowAccess, RequestAccess
from domain.pilot_action.events import AccessAllowed, AccessRequested
from domain.values import ProtectedText
from tests.given import HAMBURG, SAM, SUE, ask, fact, until

DRAFTED = until("drafted")
ASKED = DRAFTED.after(ask(RequestAccess))
REASON = ProtectedText(subject=SUE, text="A member complained of a fault.")


def test_an_officer_asks_and_another_allows_it_from_then_on_for_as_long_as_was_asked() -> None:
    DRAFTED.when(ask(RequestAccess)).then(fact(AccessRequested, reason=REASON, hours=24))
    ends = ask(AllowAccess).at + timedelta(hours=24)
    ASKED.when(ask(AllowAccess)).then(fact(AccessAllowed, officer=SUE, reason=REASON, until=ends))
    state = ASKED.after(ask(AllowAccess)).get(PILOT_ACTION, HAMBURG.pilot_action)
    assert state.accesses == {SUE: ends}
    assert state.access is None


def test_nobody_allows_it_to_oneself() -> None:
    ASKED.when(ask(AllowAccess, by=SUE)).refused("D18", "a second person must confirm it")


def test_it_needs_a_reason_that_others_understand() -> None:
    DRAFTED.when(ask(RequestAccess, reason=" ")).refused("D18", "No reason is given")


@pytest.mark.parametrize("hours", [0, 25])
def test_it_lasts_a_day_at_most(hours: int) -> None:
    with pytest.raises(ValidationError):
        ask(RequestAccess, hours=hours)
    assert ask(RequestAccess, hours=1)


def test_what_nobody_asked_for_or_was_decided_already_is_not_allowed() -> None:
    DRAFTED.when(ask(AllowAccess)).refused("stage", "Nobody waits")
    ASKED.after(ask(AllowAccess)).when(ask(AllowAccess, by=SAM, key="again")).refused("stage", "Nobody waits")


def test_it_is_about_a_pilot_action_that_exists() -> None:
    until("agreed").when(ask(RequestAccess)).raises(NotFound)
    until("agreed").when(ask(AllowAccess)).raises(NotFound)
