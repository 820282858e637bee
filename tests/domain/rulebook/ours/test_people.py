"""Our defaults on who may act at their boundaries."""

from datetime import date
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


@pytest.mark.parametrize(
    ("names", "says"),
    [([], None), (["H-1"], "H-1 still acts for"), (["H-1", "H-3"], "H-1 and H-3 still act for")],
)
def test_nobody_who_acts_is_passed_over(answer, names, says) -> None:
    refusal = answer(rules.nobody_else_acts, names)
    assert (refusal.code, says in refusal.detail) == ("D31", True) if says else refusal is None


@pytest.mark.parametrize(("reference", "code"), [("Letter 7", None), (" ", "D31"), ("", "D31")])
def test_authority_is_proved(refused_by, reference, code) -> None:
    assert refused_by(rules.authority_is_proved, reference) == code


@pytest.mark.parametrize(("holds_not", "code"), [(False, None), (True, "D31")])
def test_nobody_decides_alone_or_for_oneself_who_follows(refused_by, holds_not, code) -> None:
    assert refused_by(rules.nobody_decides_for_oneself, holds_not) == code
    assert refused_by(rules.successor_is_decided_by_two, holds_not) == code


@pytest.mark.parametrize(("shared", "code"), [(False, None), (True, "D32")])
def test_a_shared_mailbox_does_not_act(refused_by, shared, code) -> None:
    assert refused_by(rules.somebody_acts_in_person, shared) == code


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 5, 14), date(2026, 5, 14), None),
        (date(2026, 5, 14), date(2026, 5, 13), "D33"),
        (date(2026, 5, 1), date(2026, 5, 10), None),  # the last day is today
        (date(2026, 5, 1), date(2026, 5, 9), "D33"),
        (date(2026, 5, 10), date(2026, 11, 9), None),  # 184 days
        (date(2026, 5, 10), date(2026, 11, 10), "D33"),
    ],
)
def test_a_deputy_is_named_for_days_in_order_that_are_not_over_and_are_six_months_at_most(
    refused_by, first, last, code
) -> None:
    assert refused_by(rules.deputy_is_named_for_some_months, first, last, date(2026, 5, 10)) == code


def test_a_deputy_is_somebody_else_of_an_office_whom_the_role_does_not_check(refused_by, answer) -> None:
    assert refused_by(rules.only_offices_have_deputies, "approver", True) is None
    assert refused_by(rules.only_offices_have_deputies, "evaluator", False) == "D33"
    for check in (
        rules.deputy_is_somebody_else,
        rules.deputy_works_for_no_applicant,
        rules.deputy_is_confirmed_by_others,
        rules.deputy_is_no_second_person,
    ):
        assert (refused_by(check, False), refused_by(check, True)) == (None, "D33")
    assert refused_by(rules.deputy_checks_nobody, "certifier", []) is None
    assert "is approver and resource manager: the role certifier checks" in str(
        answer(rules.deputy_checks_nobody, "certifier", ["approver", "resource_manager"])
    )
