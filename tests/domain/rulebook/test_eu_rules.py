"""The rules taken from EU grant rules at their boundaries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rulebook import eu as rules
from domain.values import BRUSSELS

ACCEPTED = date(2026, 5, 4)
EASTER = {date(2026, 4, 3), date(2026, 4, 6)}
CRITERIA = ["relevance", "quality"]


@pytest.mark.parametrize(("days", "code"), [(-1, "E03"), (0, None), (1, None)])
def test_a_commitment_starts_on_the_day_of_acceptance_or_later(refused_by, days, code) -> None:
    assert refused_by(rules.commitment_follows_the_award, ACCEPTED + timedelta(days=days), ACCEPTED) == code


def test_a_commitment_before_the_award_is_told_both_days(answer) -> None:
    refusal = answer(rules.commitment_follows_the_award, date(2026, 5, 3), ACCEPTED)
    assert refusal.detail == "The period starts on Sun 3 May 2026; the grant was accepted on Mon 4 May 2026."


def test_the_announced_criteria_are_scored_in_any_order(refused_by) -> None:
    assert refused_by(rules.only_announced_criteria_are_scored, ["quality", "relevance"], CRITERIA) is None


@pytest.mark.parametrize(
    "scored", [[], ["quality"], [*CRITERIA, "price"], [*CRITERIA, "quality"], ["quality", "price"]]
)
def test_a_criterion_left_out_added_or_scored_twice_is_refused(refused_by, scored) -> None:
    assert refused_by(rules.only_announced_criteria_are_scored, scored, CRITERIA) == "E06"


@pytest.mark.parametrize("units", [["FPI", "DG REGIO"], ["FPI", "FPI", "DG REGIO"]])
def test_a_committee_of_two_units_may_sit(refused_by, units) -> None:
    assert refused_by(rules.committee_comes_from_two_units, units) is None


@pytest.mark.parametrize("units", [[], ["FPI"], ["FPI", "FPI", "FPI"], ["FPI", " FPI "], ["FPI", ""]])
def test_a_committee_of_one_unit_is_refused(refused_by, units) -> None:
    assert refused_by(rules.committee_comes_from_two_units, units) == "E07"


def test_every_required_declaration_is_given(answer, refused_by) -> None:
    assert (
        answer(rules.declarations_are_given, {"honour", "other funding", "more"}, ["honour", "other funding"]) is None
    )
    assert refused_by(rules.declarations_are_given, [], []) is None
    refusal = answer(rules.declarations_are_given, {"honour"}, ["other funding", "honour", "no early start"])
    assert (refusal.code, refusal.cure) == ("E12", "Read and give: no early start, other funding.")


def test_the_day_of_the_event_is_not_counted() -> None:
    assert rules.period_end(date(2026, 3, 2), 1, ()) == date(2026, 3, 3)
    assert rules.period_end(date(2026, 3, 2), 15, ()) == date(2026, 3, 17)


@pytest.mark.parametrize("days", [5, 6, 7])
def test_a_period_that_ends_on_a_weekend_ends_on_monday(days) -> None:
    assert rules.period_end(date(2026, 3, 2), days, ()) == date(2026, 3, 9)


def test_a_period_that_ends_on_a_friday_stays() -> None:
    assert rules.period_end(date(2026, 3, 2), 4, ()) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("unmoved", "end"),
    [
        (date(2026, 4, 2), date(2026, 4, 2)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 4, 4), date(2026, 4, 7)),
        (date(2026, 4, 5), date(2026, 4, 7)),
        (date(2026, 4, 6), date(2026, 4, 7)),
        (date(2026, 4, 7), date(2026, 4, 7)),
    ],
    ids=["Thursday before", "Good Friday", "Saturday", "Easter Sunday", "Easter Monday", "Tuesday after"],
)
def test_a_period_that_ends_in_the_easter_days_ends_on_the_tuesday_after(unmoved, end) -> None:
    assert rules.period_end(unmoved - timedelta(days=15), 15, EASTER) == end


def test_easter_inside_a_period_changes_nothing() -> None:
    assert (
        rules.period_end(date(2026, 4, 1), 15, EASTER)
        == rules.period_end(date(2026, 4, 1), 15, ())
        == date(2026, 4, 16)
    )


def test_a_holiday_is_one_of_the_calls_own_calendar() -> None:
    assert rules.period_end(date(2026, 3, 19), 15, ()) == date(2026, 4, 3)


@given(
    event_day=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    days=st.integers(0, 400),
    holidays=st.sets(st.dates(date(2025, 1, 1), date(2029, 6, 1)), max_size=30),
)
def test_a_period_is_never_shorter_and_moves_over_days_off_alone(event_day, days, holidays) -> None:
    def is_day_off(day: date) -> bool:
        return day.weekday() in (5, 6) or day in holidays

    counted = event_day + timedelta(days=days)
    end = rules.period_end(event_day, days, holidays)
    assert end >= counted
    assert not is_day_off(end)
    assert all(is_day_off(counted + timedelta(days=passed)) for passed in range((end - counted).days))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_the_next_local_midnight_in_utc(day, end) -> None:
    assert rules.end_of_day(day, BRUSSELS) == end
    assert rules.end_of_day(day, BRUSSELS).tzinfo is UTC


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)])
def test_the_day_of_a_clock_change_has_one_hour_less_or_more(day, hours) -> None:
    length = rules.end_of_day(day, BRUSSELS) - rules.end_of_day(day - timedelta(days=1), BRUSSELS)
    assert length == timedelta(hours=hours)


@pytest.mark.parametrize(("answered", "code"), [(True, None), (False, "E09")])
def test_a_question_about_a_clerical_error_is_answered(refused_by, answered, code) -> None:
    assert refused_by(rules.question_was_answered, answered, datetime(2026, 3, 25, 16, tzinfo=UTC)) == code


@pytest.mark.parametrize(
    ("event_day", "last_day", "count"),
    [
        (date(2026, 3, 23), date(2026, 3, 25), 2),  # from a Monday to a Wednesday
        (date(2026, 3, 20), date(2026, 3, 23), 1),  # over a weekend
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # over Easter: only the Tuesday counts
        (date(2026, 3, 25), date(2026, 3, 25), 0),
        (date(2026, 3, 26), date(2026, 3, 25), 0),
    ],
)
def test_working_days_are_counted_without_the_day_of_the_event_and_the_days_off(event_day, last_day, count) -> None:
    assert rules.working_days(event_day, last_day, EASTER) == count


@pytest.mark.parametrize(("unanswered", "code"), [(0, None), (1, "E10")])
def test_every_allegation_is_answered(refused_by, unanswered, code) -> None:
    assert refused_by(rules.allegations_are_answered, unanswered) == code


@pytest.mark.parametrize(("reason", "code"), [("", "E14"), (" \n", "E14"), ("x", None)])
def test_a_departure_from_rank_has_reasons(refused_by, reason, code) -> None:
    assert refused_by(rules.departure_has_reasons, reason) == code


@pytest.mark.parametrize(
    ("rank", "place", "passed", "code"),
    [(3, 1, 3, None), (1, 3, 3, None), (4, 1, 3, "E14"), (1, 4, 3, "E14"), (1, 1, 0, "E14")],
)
def test_a_departure_stays_above_the_thresholds(refused_by, rank, place, passed, code) -> None:
    assert refused_by(rules.departure_stays_above_the_thresholds, rank, place, passed) == code
