"""An application that drops out after the check: its partnership ended, or two officers take it out (S07–S09, D18)."""

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import CALL, Call, published
from domain.call.establishing import ranked_without
from domain.errors import RuleViolated, WrongStage
from domain.evaluation.events import EvaluationStopped
from domain.ids import evaluation_id
from domain.messages import Change, Command, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.standing import members_make_a_partnership
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage
from domain.pilot_action.commands import ConfirmRemoval, ProposeRemoval, TakeOutApplication
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationWithdrawn,
    Finding,
    PilotActionEvent,
    RemovalCause,
    RemovalConfirmed,
    RemovalProposed,
)
from domain.rulebook import rule
from domain.rulebook.ours.people import a_reason_is_given
from domain.values import ProtectedText


def take_out_application(command: TakeOutApplication, world: World) -> Decision:
    """Find an application ineligible whose partnership ended after it was found eligible (S07–S09, D23)."""
    pilot, call = _in_the_competition(command, world)
    partnership = world.get(PARTNERSHIP, pilot.partnership_id or command.pilot_action_id)
    try:
        members_make_a_partnership(partnership.members, pilot.coordinator_id)
    except RuleViolated as broken:
        finding = Finding(rule=broken.code, detail=broken.detail)
        found = ApplicationFoundIneligible(**command.stamp(correction=call.in_force), findings=(finding,))
        return _dropped_out(command, pilot, found, world)
    raise WrongStage("The partnership goes on; its application stays in.", "Record first that the partnership ended.")


def propose_removal(command: ProposeRemoval, world: World) -> Decision:
    """Propose to take an application out: withdrawn after closing, or found out late (D18, D23). Raises NotFound."""
    _in_the_competition(command, world)
    a_reason_is_given(command.reason)
    event = RemovalProposed(
        **command.stamp(),
        cause=command.cause,
        rule=rule(command.rule).id,
        reason=ProtectedText(subject=command.by, text=command.reason),
    )
    return [Change(command.pilot_action_id, event)]


def confirm_removal(command: ConfirmRemoval, world: World) -> Decision:
    """Take an application out as the second person, for the reason that the first one gave (D18)."""
    pilot, call = _in_the_competition(command, world)
    proposed = pilot.removal
    if proposed is None:
        raise WrongStage("Nobody proposed to take this application out.", "Propose it with a reason.")
    two_persons_decide(proposed.by, command, world)
    named = command.stamp(cause=proposed.cause, rule=proposed.rule, reason=proposed.reason)
    confirmed = RemovalConfirmed(**named, proposed_by=proposed.by)
    out = _outcome(command, proposed, call.in_force)
    return [Change(command.pilot_action_id, confirmed), *_dropped_out(command, pilot, out, world)]


def _in_the_competition(
    command: TakeOutApplication | ProposeRemoval | ConfirmRemoval, world: World
) -> tuple[PilotAction, Call]:
    """Return an eligible application whose outcome is not released, and its call. Raises WrongStage."""
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    if pilot.stage is not Stage.ELIGIBLE or pilot.call_id is None:
        raise WrongStage(f"The application is {pilot.stage}; only an eligible one is taken out.")
    call = world.get(CALL, pilot.call_id)
    published(call)
    if call.list_of(pilot.line).released:
        raise WrongStage("The outcomes are released.", "An offer is declined, or it lapses.")
    return pilot, call


def _outcome(command: Command, proposed: RemovalProposed, correction: int) -> PilotActionEvent:
    if proposed.cause is RemovalCause.WITHDRAWN:
        return ApplicationWithdrawn(**command.stamp(), reason=proposed.reason)
    detail = f"{rule(proposed.rule).sentence} Two officers found that this does not hold here."
    found = command.stamp(correction=correction, findings=(Finding(rule=proposed.rule, detail=detail),))
    if proposed.cause is RemovalCause.INADMISSIBLE:
        return ApplicationFoundInadmissible(**found)
    return ApplicationFoundIneligible(**found)


def _dropped_out(
    command: TakeOutApplication | ConfirmRemoval, pilot: PilotAction, outcome: PilotActionEvent, world: World
) -> Decision:
    """Return the outcome and what follows: nobody evaluates the application any more, and none is ranked with it."""
    assert pilot.call_id is not None
    named = command.stamp(pilot_action_id=command.pilot_action_id, call_id=pilot.call_id, line=pilot.line)
    return [
        Change(command.pilot_action_id, outcome),
        Change(evaluation_id(command.pilot_action_id), EvaluationStopped(**named)),
        *ranked_without(command, pilot, pilot.call_id, world),
    ]
