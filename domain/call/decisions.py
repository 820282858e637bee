"""What the fund decides about a call: its publication, its windows, its settlement."""

from domain.call.aggregate import CALL, SumState, Window, published
from domain.call.calendar import reached, window_is
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
from domain.errors import WrongStage
from domain.messages import Change, Decision, World


def publish_call(command: PublishCall, world: World) -> Decision:
    """Publish a call with all its rules; they stay in force for it."""
    if world.find(CALL, command.call_id):
        raise WrongStage("This call is published already.", "A published call changes only by a correction (D21).")
    return [Change(command.call_id, CallPublished(**command.stamp(), rules=command.rules))]


def open_coaching_window(command: OpenCoachingWindow, world: World) -> Decision:
    """Open the months of coaching at their calendar point (S13)."""
    call = world.get(CALL, command.call_id)
    window_is(call.coaching, Window.AHEAD, "coaching")
    reached(command.at, published(call).calendar.coaching_opens, "Coaching")
    return [Change(command.call_id, CoachingWindowOpened(**command.stamp()))]


def close_coaching_window(command: CloseCoachingWindow, world: World) -> Decision:
    """Close the months of coaching at their calendar point (S13)."""
    call = world.get(CALL, command.call_id)
    window_is(call.coaching, Window.OPEN, "coaching")
    reached(command.at, published(call).calendar.coaching_closes, "The end of coaching")
    return [Change(command.call_id, CoachingWindowClosed(**command.stamp()))]


def open_application_window(command: OpenApplicationWindow, world: World) -> Decision:
    """Open the door for applications at its calendar point (S14)."""
    call = world.get(CALL, command.call_id)
    window_is(call.applications, Window.AHEAD, "applications")
    reached(command.at, published(call).calendar.applications_open, "The opening for applications")
    return [Change(command.call_id, ApplicationWindowOpened(**command.stamp()))]


def close_application_window(command: CloseApplicationWindow, world: World) -> Decision:
    """Record that the closing instant passed; the door itself is closed by each request's arrival (D07)."""
    call = world.get(CALL, command.call_id)
    window_is(call.applications, Window.OPEN, "applications")
    reached(command.at, published(call).calendar.applications_close, "The closing instant")
    return [Change(command.call_id, ApplicationWindowClosed(**command.stamp()))]


def settle_call(command: SettleCall, world: World) -> Decision:
    """Settle the call when every grant is closed (D25)."""
    call = world.get(CALL, command.call_id)
    rules = published(call)
    if call.settled:
        raise WrongStage("The call is settled already.")
    reached(command.at, rules.calendar.settled, "The settlement")
    running = [e for e in call.ledger.values() if e.state not in (SumState.FREED, SumState.RETURNED)]
    if running:
        raise WrongStage(f"{len(running)} grants are not closed yet.", "Close them first.")
    event = CallSettled(
        **command.stamp(),
        envelope_cents=sum(line.envelope_cents for line in rules.lines),
        spent_cents=sum(entry.spent_cents for entry in call.ledger.values()),
    )
    return [Change(command.call_id, event)]
