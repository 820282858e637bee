"""Our defaults on what is published at their boundaries."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rulebook.ours import publishing as rules

CLOSES = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("reason", "code"), [("", "D21"), (" \n", "D21"), ("x", None)])
def test_a_correction_gives_its_reason(refused_by, reason, code) -> None:
    assert refused_by(rules.correction_gives_its_reason, reason) == code


@pytest.mark.parametrize(("points", "code"), [(0, "D21"), (1, None)])
def test_a_correction_changes_something(refused_by, points, code) -> None:
    assert refused_by(rules.correction_changes_something, points) == code


@pytest.mark.parametrize(("points", "code"), [([], None), (["zone"], "D21")])
def test_what_is_fixed_stays(refused_by, points, code) -> None:
    assert refused_by(rules.what_is_fixed_stays, points) == code


@pytest.mark.parametrize(
    ("new", "at", "code"),
    [
        (CLOSES - TICK, CLOSES - SECOND, "D21"),
        (CLOSES, CLOSES + SECOND, None),  # it does not change
        (CLOSES + TICK, CLOSES - TICK, None),
        (CLOSES + TICK, CLOSES, "D21"),
    ],
)
def test_a_corrected_date_lies_ahead_and_moves_later(refused_by, new, at, code) -> None:
    assert refused_by(rules.corrected_dates_move_later, "approval_due", CLOSES, new, at) == code


@pytest.mark.parametrize(("extended", "code"), [(CLOSES - TICK, "D21"), (CLOSES, "D21"), (CLOSES + TICK, None)])
def test_a_material_correction_extends_the_deadline(refused_by, extended, code) -> None:
    assert refused_by(rules.material_correction_extends_the_deadline, CLOSES, extended) == code


@pytest.mark.parametrize(("confirmed", "code"), [(1, "D21"), (2, None), (3, None)])
def test_a_submission_follows_the_last_material_correction(refused_by, confirmed, code) -> None:
    assert refused_by(rules.submission_follows_the_correction, confirmed, 2) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D29"), (CLOSES + TICK, "D29")])
def test_a_question_and_an_answer_for_all_come_in_time(refused_by, at, code) -> None:
    assert refused_by(rules.question_arrived_in_time, at, CLOSES) == code
    assert refused_by(rules.answer_reaches_all_in_time, at, CLOSES) == code
