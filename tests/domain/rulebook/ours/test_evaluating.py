"""Our defaults on evaluating at their boundaries."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from domain.rulebook.ours import evaluating as rules

CLOSES = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(("points", "code"), [(-1, "D01"), (0, None), (5, None), (6, "D01")])
def test_a_score_is_on_the_scale(refused_by, points, code) -> None:
    assert refused_by(rules.score_is_on_the_scale, points, "relevance") == code


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 50, None), ("x" * 49, "D01"), ("  " + "x" * 49 + "\n", "D01"), (" " * 50, "D01")]
)
def test_a_justification_has_enough_characters_without_the_spaces_around_it(refused_by, text, code) -> None:
    assert refused_by(rules.justification_is_given, text, 50, "relevance") == code


def test_a_short_justification_is_told_its_length(answer) -> None:
    refusal = answer(rules.justification_is_given, " too short ", 50, "relevance")
    assert refusal.detail == "The justification for “relevance” has 9 of at least 50 characters."


@pytest.mark.parametrize(("count", "code"), [(0, "D02"), (2, "D02"), (3, None), (4, None)])
def test_enough_evaluators_scored(refused_by, count, code) -> None:
    assert refused_by(rules.enough_evaluators_scored, count, 3) == code


@pytest.mark.parametrize(("outside", "code"), [([], "D02"), ([False] * 3, "D02"), ([False, False, True], None)])
def test_one_evaluator_is_from_outside(refused_by, outside, code) -> None:
    assert refused_by(rules.one_evaluator_is_from_outside, outside) == code


@pytest.mark.parametrize(("number", "code"), [(1, "D02"), (2, None), (4, None), (5, "D02"), (6, "D02")])
def test_an_override_keeps_two_evaluators_and_fewer_than_required(refused_by, number, code) -> None:
    assert refused_by(rules.override_keeps_two_evaluators, number, 5) == code


@pytest.mark.parametrize(("points", "forced"), [((4, 4), False), ((5, 4, 3), False), ((5, 2, 3), True)])
def test_scores_more_than_two_points_apart_force_a_consensus(points, forced) -> None:
    assert rules.scores_force_consensus(points, 2) is forced


@pytest.mark.parametrize(
    ("lowest", "forced"), [(Fraction(60), False), (Fraction(55), False), (Fraction(5499, 100), True)]
)
def test_totals_more_than_25_apart_force_a_consensus(lowest, forced) -> None:
    assert rules.totals_force_consensus([Fraction(80), lowest, Fraction(70)], 25) is forced


@pytest.mark.parametrize(
    ("proposed", "code"), [(["b", "a"], None), (["a"], "D02"), (["a", "b", "c"], "D02"), ([], "D02")]
)
def test_a_consensus_covers_what_diverges(refused_by, proposed, code) -> None:
    assert refused_by(rules.consensus_covers_what_diverges, proposed, ["a", "b"]) == code


def test_a_consensus_was_found_or_the_open_criteria_are_named(answer, refused_by) -> None:
    assert refused_by(rules.consensus_was_found, []) is None
    refusal = answer(rules.consensus_was_found, ["relevance", "quality"])
    assert (refusal.code, "relevance, quality" in refusal.detail) == ("D02", True)


@pytest.mark.parametrize(("days", "code"), [(0, "D25"), (1, "D25"), (2, None), (3, None)])
def test_a_clarification_leaves_two_working_days(refused_by, days, code) -> None:
    assert refused_by(rules.clarification_leaves_time, days, CLOSES) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D25"), (CLOSES + TICK, "D25")])
def test_a_clarification_comes_before_it_is_due(refused_by, at, code) -> None:
    assert refused_by(rules.clarification_came_in_time, at, CLOSES) == code


def test_the_declaration_comes_first(refused_by) -> None:
    assert refused_by(rules.declaration_comes_first, True) is None
    assert refused_by(rules.declaration_comes_first, False) == "D06"
