"""Scenes of judging: evaluators are assigned, declare their interests and send their scores (D01, D02, D05, D06).

What does not go smoothly, an evaluator who leaves or is late, scores that lie apart, stands in `disputes`.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict, GiveScores
from domain.people import Role
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage


def evaluated(stage: Stage, *fates: Fate) -> Iterator[Plan]:
    """Yield the plans whose applications are evaluated; only those with these fates, when any is named."""
    for plan in stage.plans:
        if stage.evaluation(plan) is not None and (not fates or plan.fate in fates):
            yield plan


def about(stage: Stage, plan: Plan, **named: object) -> dict[str, Any]:
    """Return what a command about a plan's evaluation names."""
    return {"pilot_action_id": stage.pilot_action_id(plan), **named}


def committee(stage: Stage, plan: Plan) -> tuple[UUID, UUID, UUID]:
    """Return the three who are assigned first: from two units, the first one from outside (D02, E07)."""
    outside, inside = _outside(stage, plan), _inside(stage, plan)
    number = plan.pairing.number
    first, second = (inside[(number + step) % len(inside)] for step in (0, 1))
    return outside[number % len(outside)], first, second


def spare(stage: Stage, plan: Plan) -> UUID:
    """Return who takes the seat of one of the two from inside."""
    inside = _inside(stage, plan)
    return inside[(plan.pairing.number + 2) % len(inside)]


def external(stage: Stage, plan: Plan) -> UUID:
    """Return another one from outside."""
    outside = _outside(stage, plan)
    return outside[(plan.pairing.number + 1) % len(outside)]


def _outside(stage: Stage, plan: Plan) -> Sequence[UUID]:
    everybody = stage.cast.of(Role.EVALUATOR)
    return [p.subject for p in everybody if p.strand is None and plan.pairing.cluster not in (*p.clusters, *p.manages)]


def _inside(stage: Stage, plan: Plan) -> Sequence[UUID]:
    strand = plan.pairing.geography.strand
    everybody = stage.cast.of(Role.EVALUATOR)
    return [p.subject for p in everybody if p.strand is strand and plan.pairing.cluster not in p.manages]


def assign(stage: Stage) -> None:
    """Assign three evaluators to each eligible application: from two units, one from outside (D02, E07)."""
    for plan in evaluated(stage):
        for place, evaluator in enumerate(committee(stage, plan)):
            named = about(stage, plan, evaluator=evaluator)
            stage.act(AssignEvaluator, stage.cast.secretariat[1], f"{plan.key}/evaluator/{place}", **named)


def declare(stage: Stage) -> None:
    """Let every evaluator declare; one sends scores before declaring, and is refused (D06)."""
    for number, plan in enumerate(evaluated(stage)):
        for place, evaluator in enumerate(committee(stage, plan)):
            if number == 0 and place == 0:
                early = about(stage, plan, scores=scores(stage, plan, place))
                stage.refused("D06", GiveScores, evaluator, f"{plan.key}/scores/too-early", **early)
            if plan.fate is not Fate.EVALUATORS_IN_CONFLICT or place != 1:
                stage.act(DeclareNoConflict, evaluator, f"{plan.key}/declaration", **about(stage, plan))


def scores(stage: Stage, plan: Plan, place: int) -> dict[str, Any]:
    """Return one evaluator's scores around the plan's quality; the three stay within two points of each other.

    Only where they are to lie apart, the first two differ by three points on the first criterion.
    """
    given = {}
    for criterion in stage.rules.criteria:
        base = plan.quality + stage.cast.chance(f"{plan.key}/{criterion.id}").uniform(-0.4, 0.4)
        own = base + stage.cast.chance(f"{plan.key}/{criterion.id}/{place}").uniform(-0.6, 0.6)
        given[criterion.id] = min(5, max(0, round(own)))
    if plan.fate is Fate.SCORED_APART and place < 2:
        given[stage.rules.criteria[0].id] = (5, 2)[place]
    return {name: score(stage, name, points) for name, points in given.items()}


def score(stage: Stage, criterion: str, points: int) -> dict[str, Any]:
    """Return points for a criterion with a justification that is long enough."""
    name = next(one.name for one in stage.rules.criteria if one.id == criterion)
    text = f"Fictitious justification for {points} points under the criterion: {name}."
    return {"points": points, "justification": text.ljust(stage.rules.evaluation.justification_length, ".")}


def give(stage: Stage, plan: Plan, evaluator: UUID, place: int) -> None:
    """Let one evaluator send the scores of a place in the committee."""
    named = about(stage, plan, scores=scores(stage, plan, place))
    stage.act(GiveScores, evaluator, f"{plan.key}/scores", **named)


def score_first(stage: Stage) -> None:
    """Let the first two evaluators of each application send their scores."""
    for plan in evaluated(stage):
        first, second, _ = committee(stage, plan)
        give(stage, plan, first, 0)
        give(stage, plan, spare(stage, plan) if plan.fate is Fate.EVALUATORS_IN_CONFLICT else second, 1)


def score_last(stage: Stage) -> None:
    """Let the last one send them, after the reminder; one stays late."""
    for plan in evaluated(stage):
        if plan.fate is not Fate.EVALUATOR_LATE:
            give(stage, plan, committee(stage, plan)[2], 2)
