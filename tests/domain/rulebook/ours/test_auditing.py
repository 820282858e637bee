"""Our defaults on what an auditor finds at their boundaries."""

from datetime import date, timedelta

import pytest

from domain.rulebook.ours import auditing as rules

TODAY = date(2027, 10, 1)


@pytest.mark.parametrize(("missing", "code"), [([], None), (["cause"], "D34"), (["cause", "effect"], "D34")])
def test_a_finding_is_whole(refused_by, missing, code) -> None:
    assert refused_by(rules.finding_is_whole, missing) == code


@pytest.mark.parametrize(("days", "code"), [(13, "D35"), (14, None)])
def test_an_answer_is_given_time(refused_by, days, code) -> None:
    assert refused_by(rules.answer_is_given_time, TODAY, TODAY + timedelta(days)) == code


@pytest.mark.parametrize(
    ("heard", "days", "code"), [(False, 0, "D35"), (False, -1, None), (True, 0, None), (True, 7, None)]
)
def test_an_answer_is_waited_for_until_the_end_of_its_day(refused_by, heard, days, code) -> None:
    assert refused_by(rules.answer_is_waited_for, heard, TODAY + timedelta(days), TODAY) == code


@pytest.mark.parametrize(
    ("needed", "days", "code"),
    [(True, None, "D36"), (True, -1, "D36"), (True, 0, None), (False, None, None), (False, 0, "D36")],
)
def test_a_day_is_named_where_something_is_to_be_put_right_and_nowhere_else(refused_by, needed, days, code) -> None:
    by_when = None if days is None else TODAY + timedelta(days)
    assert refused_by(rules.day_is_named, needed, by_when, TODAY) == code


@pytest.mark.parametrize(("open", "code"), [([], None), ([2], "D37"), ([1, 2], "D37")])
def test_every_finding_is_settled(refused_by, open, code) -> None:
    assert refused_by(rules.every_finding_is_settled, open) == code
