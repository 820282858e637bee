"""Our defaults on evaluating: scores, the committee, declarations, and the dates between closing and award."""

from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction

from domain.rulebook.rule import Rule
from domain.values import in_brussels, told_apart

D01 = Rule(
    id="D01",
    sentence="Each criterion has a score on the scale and a justification, and thresholds apply to the exact total.",
    status="D",
    source="our default",
    note="Relevance to roadmap 25, quality and feasibility 25, transferability and replication 20, partnership and "
    "stakeholder mix 15, sustainability and co-funding 15; 0 to 5 each. The final score of a criterion is the exact "
    "mean of the valid scores, replaced by the consensus where one was forced; the total is the weighted sum as an "
    "exact fraction, rounded only on display. Thresholds: total 70 %, each criterion 3 of 5. UKRI's quality line is "
    '"typically 70 %".',
)


def score_is_on_the_scale(points: int, criterion: str) -> None:
    """Require a score from 0 to 5 (D01)."""
    D01.require(
        0 <= points <= 5,
        f"The score for “{criterion}” is {points}; the scale goes from 0 to 5.",
        "Choose 0, 1, 2, 3, 4 or 5.",
    )


def justification_is_given(text: str, minimum: int, criterion: str) -> None:
    """Require a justification of at least `minimum` characters, spaces around it not counted (D01)."""
    length = len(text.strip())
    D01.require(
        length >= minimum,
        f"The justification for “{criterion}” has {length} of at least {minimum} characters.",
        "Say what in the application leads to this score.",
    )


D02 = Rule(
    id="D02",
    sentence="Enough evaluators score, one of them from outside, and a wide spread forces a consensus.",
    status="D",
    source="our default",
    note="Three evaluators (UKRI at least 3), at least one outside the applicant's cluster and geography team. A "
    "spread of more than 2 points on any criterion, or highest minus lowest weighted total of more than 25 of 100, "
    "forces consensus.",
)


def enough_evaluators_scored(count: int, required: int) -> None:
    """Require the number of evaluators that the call requires (D02)."""
    D02.require(
        count >= required,
        f"Valid scores have come from {count} of at least {required} evaluators.",
        "Wait for the missing scores, or assign other evaluators.",
    )


def one_evaluator_is_from_outside(outside: Sequence[bool]) -> None:
    """Require one evaluator from outside the applicant's cluster and geography team (D02)."""
    D02.require(
        any(outside),
        f"0 of {len(outside)} evaluators come from outside the applicant's cluster and geography team; 1 is needed.",
        "Assign an evaluator from another cluster and geography team.",
    )


def override_keeps_two_evaluators(number: int, required: int) -> None:
    """Require an override that leaves at least two evaluators, and fewer than the call requires (D02)."""
    D02.require(
        2 <= number < required,
        f"The call requires {required} evaluators; an override allows fewer, but at least 2, and not {number}.",
        "Name a number from 2 on below what the call requires, or assign other evaluators.",
    )


def scores_force_consensus(points: Sequence[int], above_points: int) -> bool:
    """Return whether the scores for one criterion lie more than `above_points` apart (D02)."""
    return max(points) - min(points) > above_points


def totals_force_consensus(totals: Sequence[Fraction], above_total: int) -> bool:
    """Return whether the evaluators' weighted totals, of 100, lie more than `above_total` apart (D02)."""
    return max(totals) - min(totals) > above_total


def consensus_covers_what_diverges(proposed: Collection[str], divergent: Collection[str]) -> None:
    """Require a consensus score for each criterion on which the scores lie too far apart, and for no other (D02)."""
    D02.require(
        sorted(proposed) == sorted(divergent),
        f"A consensus is needed on {', '.join(sorted(divergent)) or 'nothing'}; "
        f"you proposed {', '.join(sorted(proposed)) or 'nothing'}.",
        "Propose one score for each criterion on which the scores lie too far apart.",
    )


def consensus_was_found(open_criteria: Sequence[str]) -> None:
    """Require that no criterion still needs a consensus (D02)."""
    D02.require(
        not open_criteria,
        f"The scores lie too far apart, and there is no consensus yet on {', '.join(open_criteria)}.",
        "Wait until every evaluator has agreed to a consensus.",
    )


D06 = Rule(
    id="D06",
    sentence="An evaluator states conflicts of interest before the content opens.",
    status="D",
    source="our default",
    note="The statement expires with the call; a conflict found later voids the score and leads to a new assignment.",
)


def declaration_comes_first(declared: bool) -> None:
    """Require the evaluator's declaration before any content (D06)."""
    D06.require(
        declared,
        "You have not said yet whether you have a conflict of interest.",
        "Make your declaration; after it the application opens.",
    )


D25 = Rule(
    id="D25",
    sentence="The edition dates each step between closing and award.",
    status="D",
    source="our default",
    note="Eligibility, replies to clarification (at least 2 working days), scores, consensus, approval; dates that "
    "cannot fit are a warning at publication. Ours: published 15 December 2025; final report by 31 July 2027; settled "
    "30 September 2027.",
)

CLARIFICATION_DAYS = 2
"""So many working days at least are left for the reply to a clarification (D25)."""


def clarification_leaves_time(working_days: int, due: datetime) -> None:
    """Require at least two working days between the question and its due instant (D25)."""
    D25.require(
        working_days >= CLARIFICATION_DAYS,
        f"Only {working_days} of at least {CLARIFICATION_DAYS} working days are left until {in_brussels(due)}.",
        "Ask earlier; a question that leaves too little time is not fair.",
    )


def clarification_came_in_time(at: datetime, due: datetime) -> None:
    """Require an answer before its due instant, which itself is too late (D25)."""
    ended, arrived = told_apart(due, at)
    D25.require(
        at < due,
        f"Your answer was due before {ended}; it arrived on {arrived}.",
        "The application is judged without it.",
    )
