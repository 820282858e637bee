"""What the fund decides when a committee changes: an evaluator leaves or is replaced, or fewer must do."""

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import rules_of
from domain.call.calendar import reached
from domain.errors import WrongStage
from domain.evaluation.aggregate import evolve, under_way
from domain.evaluation.commands import (
    ConfirmFewerEvaluators,
    ProposeFewerEvaluators,
    ReplaceEvaluator,
    WithdrawEvaluator,
)
from domain.evaluation.completion import conclusion, needs_consensus
from domain.evaluation.decisions import committee_is_mixed, new_seat
from domain.evaluation.events import (
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    FewerEvaluatorsProposed,
)
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.rulebook.ours.evaluating import override_keeps_two_evaluators
from domain.values import ProtectedText


def withdraw_evaluator(command: WithdrawEvaluator, world: World) -> Decision:
    """Let an evaluator leave before the evaluation is complete; the seat is free, the scores no longer count."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    evaluation.seat_of(command.by)
    if evaluation.completed:
        raise WrongStage("The evaluation is complete; nobody leaves it any more.")
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(stream, EvaluatorWithdrew(**command.stamp(), evaluator=command.by, reason=reason))]


def replace_evaluator(command: ReplaceEvaluator, world: World) -> Decision:
    """Replace an evaluator whose word is missing when it is due, by one who is independent (D02, D05, E07, D25).

    Missing are scores, or the agreement to a consensus; whoever comes in scores, and the divergence is looked for anew.
    """
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    calendar = rules_of(world, evaluation.call_id).calendar
    if evaluation.seat_of(command.evaluator).points is None:
        due = calendar.scores_due
    elif needs_consensus(evaluation) and command.evaluator not in evaluation.agreed():
        due = calendar.consensus_due
    else:
        raise WrongStage("This evaluator owes neither scores nor a word on a consensus.", "Replace only who is late.")
    reached(command.at, due, "The moment at which a late evaluator can be replaced")
    reason = ProtectedText(subject=command.evaluator, text=command.reason)
    replaced = EvaluatorReplaced(**command.stamp(), evaluator=command.evaluator, reason=reason)
    seat = new_seat(command.successor, command.pilot_action_id, evolve(evaluation, replaced), command.at, world)
    assigned = EvaluatorAssigned(**command.stamp(), evaluator=command.successor, unit=seat.unit, outside=seat.outside)
    return [Change(stream, replaced), Change(stream, assigned)]


def propose_fewer_evaluators(command: ProposeFewerEvaluators, world: World) -> Decision:
    """Propose to go on with those who are left, at least two, where nobody else without a conflict is found (D18)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    required = evaluation.required(rules_of(world, evaluation.call_id).evaluation.evaluators)
    override_keeps_two_evaluators(command.evaluators, required)
    seats = len(evaluation.seats)
    if seats != command.evaluators:
        raise WrongStage(
            f"The committee has {seats} evaluators, not {command.evaluators}.",
            "Name the number of those who are left; a late evaluator is replaced first.",
        )
    committee_is_mixed(list(evaluation.seats.values()))
    reason = ProtectedText(subject=command.by, text=command.reason)
    event = FewerEvaluatorsProposed(**command.stamp(), evaluators=command.evaluators, reason=reason)
    return [Change(stream, event)]


def confirm_fewer_evaluators(command: ConfirmFewerEvaluators, world: World) -> Decision:
    """Confirm as the second person to go on with fewer; with the scores given the evaluation may be complete (D18)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    if evaluation.fewer is None:
        raise WrongStage("Nobody proposed to go on with fewer evaluators.", "Propose it first, with reasons.")
    two_persons_decide(evaluation.fewer.proposed_by, command, world)
    confirmed = FewerEvaluatorsConfirmed(
        **command.stamp(), evaluators=evaluation.fewer.evaluators, proposed_by=evaluation.fewer.proposed_by
    )
    rules = rules_of(world, evaluation.call_id)
    return [Change(stream, confirmed), *conclusion(command, evolve(evaluation, confirmed), rules)]
