"""What the fund decides about an evaluation: who may judge, what must be declared, what a score needs."""

from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.evaluation.aggregate import EVALUATION, Evaluation, Seat
from domain.evaluation.commands import (
    AssignEvaluator,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    RemindEvaluators,
)
from domain.evaluation.events import (
    ConflictDeclared,
    EvaluationCompleted,
    EvaluatorAssigned,
    EvaluatorsReminded,
    NoConflictDeclared,
    Score,
    ScoresGiven,
)
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import entity_of
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.people import Role
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.rulebook.eu import committee_comes_from_two_units, only_announced_criteria_are_scored
from domain.rulebook.ours import (
    declaration_comes_first,
    evaluator_is_independent,
    justification_is_given,
    one_evaluator_is_from_outside,
    score_is_on_the_scale,
)
from domain.slot import SLOT, slot_id
from domain.values import ProtectedText


def assign_evaluator(command: AssignEvaluator, world: World) -> Decision:
    """Assign an independent evaluator; a full committee has two units and one from outside (D02, D05, E07)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = world.get(EVALUATION, stream)
    required = rules_of(world, evaluation.call_id).evaluation.evaluators
    if command.evaluator in evaluation.seats or len(evaluation.seats) == required:
        raise WrongStage(f"This evaluator sits on it already, or all {required} seats are taken.")
    account = world.get(ACCOUNT, command.evaluator)
    if Role.EVALUATOR not in account.roles:
        raise WrongStage("This subject is not an evaluator.", "Choose a subject with the role evaluator.")
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    partnership = world.get(PARTNERSHIP, pilot.partnership_id or command.pilot_action_id)
    evaluator_is_independent(_ties(command.evaluator, account, pilot, partnership, evaluation, world))
    seat = Seat(account.unit, _is_outside(account, partnership))
    committee = [*evaluation.seats.values(), seat]
    if len(committee) == required:
        committee_comes_from_two_units([member.unit for member in committee])
        one_evaluator_is_from_outside([member.outside for member in committee])
    event = EvaluatorAssigned(**command.stamp(), evaluator=command.evaluator, unit=seat.unit, outside=seat.outside)
    return [Change(stream, event)]


def _is_outside(account: Account, partnership: Partnership) -> bool:
    in_cluster = bool(partnership.cluster) and partnership.cluster in account.clusters
    return not in_cluster and account.roles.get(Role.EVALUATOR) is not partnership.geography.strand


def _ties(
    evaluator: UUID,
    account: Account,
    pilot: PilotAction,
    partnership: Partnership,
    evaluation: Evaluation,
    world: World,
) -> list[str]:
    """Return what binds the evaluator to this application, in words (D05, D06)."""
    ties = []
    if evaluator in evaluation.conflicted:
        ties.append("declared a conflict of interest")
    if evaluator in partnership.coaches:
        ties.append("coached this partnership")
    if evaluator in pilot.writers:
        ties.append("proposed this pilot action or wrote its application")
    if Role.APPROVER in account.roles:
        ties.append("approve the awards")
    if account.organisation_id in partnership.involved:
        ties.append("work for a member of this partnership")
    elif account.organisation_id and pilot.call_id:
        entity = entity_of(world, pilot.call_id, account.organisation_id)
        slot = world.find(SLOT, slot_id(pilot.call_id, pilot.line, entity))
        if slot and slot.held_by:
            own = slot.held_by == evaluation.pilot_action_id
            ties.append("work for an entity with the applicant" if own else "work for a rival applicant")
    return ties


def _seat(evaluation: Evaluation, evaluator: UUID) -> Seat:
    if evaluator not in evaluation.seats:
        raise WrongStage("You are not an evaluator of this application.", "Ask the secretariat.")
    return evaluation.seats[evaluator]


def declare_no_conflict(command: DeclareNoConflict, world: World) -> Decision:
    """Take the declaration before anything is shown (D06, E08)."""
    stream = evaluation_id(command.pilot_action_id)
    if _seat(world.get(EVALUATION, stream), command.by).declared:
        raise WrongStage("You have declared already.")
    return [Change(stream, NoConflictDeclared(**command.stamp(), evaluator=command.by))]


def declare_conflict(command: DeclareConflict, world: World) -> Decision:
    """Let an evaluator with a conflict leave, before or after scoring; the scores no longer count (D06, E08)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = world.get(EVALUATION, stream)
    _seat(evaluation, command.by)
    if evaluation.completed:
        raise WrongStage("The evaluation is complete.", "Write to the secretariat.")
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(stream, ConflictDeclared(**command.stamp(), evaluator=command.by, reason=reason))]


def give_scores(command: GiveScores, world: World) -> Decision:
    """Take an evaluator's scores: declared first, every announced criterion, each justified (D01, D06, E06)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = world.get(EVALUATION, stream)
    seat = _seat(evaluation, command.by)
    if seat.points is not None:
        raise WrongStage("Your scores are in; they cannot be changed.")
    declaration_comes_first(seat.declared)
    rules = rules_of(world, evaluation.call_id)
    only_announced_criteria_are_scored(command.scores, [criterion.id for criterion in rules.criteria])
    for name, given in command.scores.items():
        score_is_on_the_scale(given.points, name)
        justification_is_given(given.justification, rules.evaluation.justification_length, name)
    scores = {
        name: Score(points=given.points, justification=ProtectedText(subject=command.by, text=given.justification))
        for name, given in command.scores.items()
    }
    changes = [Change(stream, ScoresGiven(**command.stamp(), evaluator=command.by, scores=scores))]
    others = [other.points for who, other in evaluation.seats.items() if who != command.by]
    if len(others) + 1 == rules.evaluation.evaluators and all(points is not None for points in others):
        completed = EvaluationCompleted(
            **command.stamp(),
            pilot_action_id=command.pilot_action_id,
            call_id=evaluation.call_id or command.pilot_action_id,
        )
        changes.append(Change(stream, completed))
    return changes


def remind_evaluators(command: RemindEvaluators, world: World) -> Decision:
    """Remind the evaluators whose scores are missing."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = world.get(EVALUATION, stream)
    late = tuple(who for who, seat in evaluation.seats.items() if seat.points is None)
    if not late:
        raise WrongStage("Every evaluator sent the scores; no reminder is due.")
    due = rules_of(world, evaluation.call_id).calendar.scores_due
    return [Change(stream, EvaluatorsReminded(**command.stamp(), evaluators=late, due=due))]
