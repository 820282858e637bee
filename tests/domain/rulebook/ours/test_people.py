"""Our defaults on who may act at their boundaries."""

from uuid import UUID

import pytest

from domain.rulebook.ours import people as rules

ADA, BEN = UUID(int=1), UUID(int=2)


JUDGES = [rules.evaluator_is_independent, rules.approver_is_independent, rules.certifier_is_independent]


@pytest.mark.parametrize("check", JUDGES)
def test_who_has_no_tie_may_judge(refused_by, check) -> None:
    assert refused_by(check, []) is None


@pytest.mark.parametrize("check", JUDGES)
def test_who_has_a_tie_may_not_judge_and_is_told_every_tie(answer, check) -> None:
    refusal = answer(check, ["coached this partnership", "managed its cluster"])
    assert refusal.code == "D05"
    assert refusal.detail.endswith(": you coached this partnership and managed its cluster.")


def test_a_coach_may_not_evaluate_the_partnership_coached(answer) -> None:
    refusal = answer(rules.evaluator_is_independent, ["coached this partnership"])
    assert refusal.detail == "You may not evaluate this application: you coached this partnership."


def test_a_second_person_confirms(refused_by) -> None:
    assert refused_by(rules.a_second_person_confirms, ADA, BEN) is None
    assert refused_by(rules.a_second_person_confirms, ADA, UUID(int=1)) == "D18"


@pytest.mark.parametrize(("serves", "code"), [("AA", None), (None, None), ("LAC", "D22")])
def test_a_coach_serves_the_strand(refused_by, serves, code) -> None:
    assert refused_by(rules.coach_serves_the_strand, serves, "AA") == code


@pytest.mark.parametrize(("reason", "code"), [("Illness.", None), ("", "D18"), (" \n", "D18")])
def test_a_reason_is_more_than_spaces(refused_by, reason, code) -> None:
    assert refused_by(rules.a_reason_is_given, reason) == code
