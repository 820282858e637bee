"""A small fund in the middle of its evaluation.

Turin has three evaluators: the first has not declared yet, the second has, the third has scored. Hamburg's three lie
apart on quality; nothing is proposed yet. Málaga's and Dublin's are free.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict, GiveScores
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility
from fund_service.composition import Parts
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, EVALUATORS, OFFICE, RULES, SmallFund, action_of, id_of

TURIN, HAMBURG = action_of(APPLICANTS[0]), action_of(APPLICANTS[2])
WHY: Final = "finds this in the application and says so in enough words."


def sheet(who: str, **points: int) -> dict[str, dict[str, Any]]:
    """Return somebody's scores: 4 for every criterion that is not named."""
    return {one.id: {"points": points.get(one.id, 4), "justification": f"{who} {WHY}"} for one in RULES.criteria}


def boxes(scores: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return scores as a form sends them."""
    return {f"scores.{name}.{field}": str(value) for name, one in scores.items() for field, value in one.items()}


def begin_judging(parts: Parts) -> SmallFund:
    """Let the evaluation of a fund whose call is closed begin."""
    story = SmallFund(parts.fund)
    story.number = 10_000
    story.at = CALENDAR.eligibility_checked
    for action in (TURIN, HAMBURG):
        story.act(CheckEligibility, ENGINE, pilot_action_id=action)
        for name in EVALUATORS:
            story.act(AssignEvaluator, OFFICE, pilot_action_id=action, evaluator=id_of(name))
    for name, quality in zip(EVALUATORS, (1, 5, 4), strict=True):
        declare(story, name, HAMBURG)
        story.act(GiveScores, id_of(name), pilot_action_id=HAMBURG, scores=sheet(name, quality=quality))
    for name in EVALUATORS[1:]:
        declare(story, name, TURIN)
    story.act(GiveScores, id_of(EVALUATORS[2]), pilot_action_id=TURIN, scores=sheet(EVALUATORS[2], relevance=2))
    parts.facts.put("clock", story.at.isoformat())
    parts.projector.catch_up()
    return story


def declare(story: SmallFund, who: str, action: UUID) -> None:
    """Let somebody declare to have no conflict of interest."""
    story.act(DeclareNoConflict, id_of(who), pilot_action_id=action)
