"""What the fund decides about cancelling a call: with a reason, by two persons, before outcomes are released (D18)."""

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import CALL, Call, published
from domain.call.commands import CancelCall, ProposeCancellation
from domain.call.events import CallCancelled, CancellationProposed
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.rulebook.ours.people import a_reason_is_given


def propose_cancellation(command: ProposeCancellation, world: World) -> Decision:
    """Propose to cancel the call; a later proposal takes the place of an earlier one."""
    _rules_before_the_release(world.get(CALL, command.call_id))
    a_reason_is_given(command.reason)
    proposed = CancellationProposed(**command.stamp(), reason=command.reason.strip())
    return [Change(command.call_id, proposed)]


def cancel_call(command: CancelCall, world: World) -> Decision:
    """Cancel the call as the second person, for the reason that the first one gave (D18, D21)."""
    call = world.get(CALL, command.call_id)
    rules = _rules_before_the_release(call)
    if call.cancellation is None:
        raise WrongStage("Nobody proposed to cancel this call.", "Propose it with a reason.")
    two_persons_decide(call.cancellation.by, command, world)
    event = CallCancelled(
        **command.stamp(),
        proposed_by=call.cancellation.by,
        reason=call.cancellation.reason,
        pilot_action_ids=tuple(call.register),
        lines=tuple(line.id for line in rules.lines),
    )
    return [Change(command.call_id, event)]


def _rules_before_the_release(call: Call) -> CallRules:
    rules = published(call)
    if any(listed.released for listed in call.lists.values()):
        raise WrongStage("Outcomes are released, so that grants depend on this call.", "End the grants one by one.")
    return rules
