"""When an evaluation is complete: every score is in, none lies too far from the others, no allegation is open."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL
from domain.call.ranking import TOP_POINTS
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.evaluation.aggregate import Evaluation
from domain.evaluation.commands import GivenScore
from domain.evaluation.events import DivergenceFound, EvaluationCompleted, EvaluationReopened, Score
from domain.ids import evaluation_id
from domain.messages import Change, World
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.rulebook.eu import allegations_are_answered
from domain.rulebook.ours.evaluating import (
    consensus_was_found,
    enough_evaluators_scored,
    justification_is_given,
    score_is_on_the_scale,
    scores_force_consensus,
    totals_force_consensus,
)
from domain.values import ProtectedText


class Divergence(NamedTuple):
    """The criteria on which a consensus is needed, and how far the weighted totals lie apart, of 100."""

    criteria: tuple[str, ...]
    totals_apart: Fraction


def divergence(sheets: Sequence[Mapping[str, int]], rules: CallRules) -> Divergence:
    """Return where the evaluators' scores lie too far apart (D02), without criteria when nowhere.

    A criterion needs a consensus whose own scores lie too far apart; where the weighted totals do, so does every
    criterion that was not scored alike.
    """
    columns = {criterion.id: [sheet.get(criterion.id, 0) for sheet in sheets] for criterion in rules.criteria}
    totals = [weighted_total(sheet, rules) for sheet in sheets]
    limits = rules.evaluation
    apart = totals_force_consensus(totals, limits.consensus_above_total)
    above = 0 if apart else limits.consensus_above_points
    criteria = tuple(name for name, points in columns.items() if scores_force_consensus(points, above))
    return Divergence(criteria, max(totals) - min(totals))


def weighted_total(sheet: Mapping[str, int], rules: CallRules) -> Fraction:
    """Return the weighted total of one evaluator's points by criterion, of 100; what is not scored counts nothing."""
    return Fraction(sum(sheet.get(one.id, 0) * one.weight for one in rules.criteria), TOP_POINTS)


def needs_consensus(evaluation: Evaluation) -> bool:
    """Tell whether the evaluators still owe a consensus."""
    return bool(evaluation.divergent) and not evaluation.consensus


def conclusion(command: Any, evaluation: Evaluation, rules: CallRules) -> list[Change]:
    """Return what follows for an evaluation as it stands now: nothing yet, a divergence, or that it is complete (D02).

    The command names the pilot action.
    """
    sheets = evaluation.sheets()
    seats = max(len(evaluation.seats), evaluation.required(rules.evaluation.evaluators))
    if len(sheets) < seats or evaluation.allegations or needs_consensus(evaluation):
        return []
    stream = evaluation_id(command.pilot_action_id)
    found = divergence(sheets, rules)
    if found.criteria and not evaluation.consensus:
        apart = f"{found.totals_apart.numerator}/{found.totals_apart.denominator}"
        event = DivergenceFound(**command.stamp(), criteria=found.criteria, totals_apart=apart)
        return [Change(stream, event)]
    completed = EvaluationCompleted(**command.stamp(**_named(command, evaluation)))
    return [Change(stream, completed)]


def reopening(command: Any, evaluation: Evaluation, world: World) -> list[Change]:
    """Return what opens a complete evaluation again; nothing where it is open. Raises WrongStage after the ranking.

    The command names the pilot action.
    """
    if not evaluation.completed:
        return []
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    if pilot.call_id and world.get(CALL, pilot.call_id).list_of(pilot.line).ranked:
        raise WrongStage("The evaluation is complete and the application is ranked.", "Write to the secretariat.")
    event = EvaluationReopened(**command.stamp(**_named(command, evaluation)))
    return [Change(evaluation_id(command.pilot_action_id), event)]


def _named(command: Any, evaluation: Evaluation) -> dict[str, Any]:
    pilot_action_id: UUID = command.pilot_action_id
    return {
        "pilot_action_id": pilot_action_id,
        "call_id": evaluation.call_id or pilot_action_id,
        "line": evaluation.line,
    }


def required_complete(evaluation: Evaluation | None, rules: CallRules) -> Evaluation:
    """Return the evaluation with what a ranking needs: scores, a forced consensus, answered allegations (D02, E10)."""
    known = evaluation or Evaluation()
    enough_evaluators_scored(len(known.sheets()), known.required(rules.evaluation.evaluators))
    allegations_are_answered(len(known.allegations))
    consensus_was_found(known.divergent if needs_consensus(known) else ())
    return known


def justified(given: Mapping[str, GivenScore], rules: CallRules, by: UUID) -> dict[str, Score]:
    """Return scores with their justifications protected, each on the scale and justified (D01)."""
    for name, score in given.items():
        score_is_on_the_scale(score.points, name)
        justification_is_given(score.justification, rules.evaluation.justification_length, name)
    return {
        name: Score(points=score.points, justification=ProtectedText(subject=by, text=score.justification))
        for name, score in given.items()
    }
