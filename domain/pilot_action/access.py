"""What the fund decides about seeing a draft by way of exception: a reason, a second person, some hours (D18)."""

from datetime import timedelta

from domain.account.deputies import two_persons_decide
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import AllowAccess, RequestAccess
from domain.pilot_action.events import AccessAllowed, AccessRequested
from domain.rulebook.ours.people import a_reason_is_given
from domain.values import ProtectedText


def request_access(command: RequestAccess, world: World) -> Decision:
    """Ask to see the draft of one pilot action; what was asked before and not decided is void."""
    world.get(PILOT_ACTION, command.pilot_action_id)
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(command.pilot_action_id, AccessRequested(**command.stamp(), reason=reason, hours=command.hours))]


def allow_access(command: AllowAccess, world: World) -> Decision:
    """Let the officer who asked see the draft, from this instant for as long as was asked (D18)."""
    asked = world.get(PILOT_ACTION, command.pilot_action_id).access
    if asked is None:
        raise WrongStage("Nobody waits for being allowed to see this draft.", "Ask for it with a reason.")
    two_persons_decide(asked.by, command, world)
    until = command.at + timedelta(hours=asked.hours)
    allowed = AccessAllowed(**command.stamp(), officer=asked.by, reason=asked.reason, until=until)
    return [Change(command.pilot_action_id, allowed)]
