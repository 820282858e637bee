"""Scenes of judging: evaluators are assigned, declare their interests and send their scores (D01, D02, D05, D06)."""

from collections.abc import Iterator
from typing import Any

from domain.evaluation.aggregate import Evaluation
from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict, GiveScores
from domain.people import Role
from fund_service.rehearsal.plans import Plan
from fund_service.rehearsal.stage import Stage


def _evaluated(stage: Stage) -> Iterator[tuple[int, Plan, Evaluation]]:
    for number, plan in enumerate(stage.plans):
        evaluation = stage.evaluation(plan)
        if evaluation is not None:
            yield number, plan, evaluation


def assign(stage: Stage) -> None:
    """Assign three evaluators to each eligible application: from two units, one from outside (D02, E07)."""
    everybody = stage.cast.of(Role.EVALUATOR)
    for number, plan, _ in _evaluated(stage):
        outside = [p for p in everybody if p.strand is None and plan.pairing.cluster not in p.clusters]
        inside = [p for p in everybody if p.strand is plan.pairing.geography.strand]
        chosen = [outside[number % len(outside)], *(inside[(number + step) % len(inside)] for step in (0, 1))]
        for place, person in enumerate(chosen):
            named = {"pilot_action_id": stage.pilot_action_id(plan), "evaluator": person.subject}
            stage.act(AssignEvaluator, stage.cast.secretariat[1], f"{plan.key}/evaluator/{place}", **named)


def declare(stage: Stage) -> None:
    """Let every evaluator declare; one sends scores before declaring, and is refused (D06)."""
    for number, plan, evaluation in _evaluated(stage):
        for place, evaluator in enumerate(evaluation.seats):
            named = {"pilot_action_id": stage.pilot_action_id(plan)}
            if number == 0 and place == 0:
                scores = _scores(stage, plan, place)
                stage.refused("D06", GiveScores, evaluator, f"{plan.key}/scores/too-early", **named, scores=scores)
            stage.act(DeclareNoConflict, evaluator, f"{plan.key}/declaration", **named)


def _scores(stage: Stage, plan: Plan, place: int) -> dict[str, Any]:
    """Return one evaluator's scores around the plan's quality; the three stay within two points of each other."""
    scores = {}
    for criterion in stage.rules.criteria:
        base = plan.quality + stage.cast.chance(f"{plan.key}/{criterion.id}").uniform(-0.4, 0.4)
        own = base + stage.cast.chance(f"{plan.key}/{criterion.id}/{place}").uniform(-0.6, 0.6)
        points = min(5, max(0, round(own)))
        text = f"Fictitious justification for {points} points under the criterion: {criterion.name}."
        text = text.ljust(stage.rules.evaluation.justification_length, ".")
        scores[criterion.id] = {"points": points, "justification": text}
    return scores


def _score(stage: Stage, places: range) -> None:
    for _, plan, evaluation in _evaluated(stage):
        for place, evaluator in enumerate(evaluation.seats):
            if place in places:
                named = {"pilot_action_id": stage.pilot_action_id(plan), "scores": _scores(stage, plan, place)}
                stage.act(GiveScores, evaluator, f"{plan.key}/scores", **named)


def score_first(stage: Stage) -> None:
    """Let the first two evaluators of each application send their scores."""
    _score(stage, range(2))


def score_last(stage: Stage) -> None:
    """Let the others send theirs, after their reminder."""
    _score(stage, range(2, 9))
