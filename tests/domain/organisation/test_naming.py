"""A partner that is named in several applications is told so before it confirms (D09)."""

from domain.messages import Change
from domain.organisation.events import NamedInApplication, ToldOfSeveralApplications
from domain.pilot_action.commands import PutForwardVersion
from tests.given import CALL_ID, HAMBURG, Story, ask, fact, named, until

DRAFTED = until("drafted")


def told(story: Story) -> list[Change]:
    """What is recorded about organisations when the version is put forward."""
    streams = (HAMBURG.home, HAMBURG.partner)
    return [change for change in story.when(ask(PutForwardVersion)).changes if change.stream in streams]


def elsewhere(call_id: str) -> Story:
    """The draft, had Seoul been named in another application of this call."""
    other = {"call_id": named(call_id), "pilot_action_id": named("another pilot action")}
    return DRAFTED.after(fact(NamedInApplication, on=HAMBURG.partner, **other))


def test_a_partner_is_named_with_the_first_version_and_the_coordinator_is_not() -> None:
    (change,) = told(DRAFTED)
    assert change.stream == HAMBURG.partner
    assert isinstance(change.event, NamedInApplication)
    assert (change.event.call_id, change.event.pilot_action_id) == (CALL_ID, HAMBURG.pilot_action)
    assert told(DRAFTED.after(ask(PutForwardVersion))) == []


def test_a_partner_named_in_another_application_of_the_call_is_told_so() -> None:
    _, change = told(elsewhere("the call"))
    assert isinstance(change.event, ToldOfSeveralApplications)
    assert change.event.applications == 2


def test_an_application_in_another_call_does_not_count() -> None:
    assert len(told(elsewhere("another call"))) == 1
