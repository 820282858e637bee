"""Our defaults on records at their boundaries."""

from datetime import datetime, timedelta

import pytest

from domain.rulebook import eu
from domain.rulebook.ours import afterwards as rules
from domain.values import BRUSSELS

TICK = timedelta(microseconds=1)


def midnight(*day: int) -> datetime:
    """Return the first instant of a day in Brussels."""
    return datetime(*day, tzinfo=BRUSSELS)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("ended", "granted", "first_day"),
    [
        (midnight(2027, 9, 30), True, midnight(2032, 10, 1)),
        (midnight(2027, 10, 1) - TICK, True, midnight(2032, 10, 1)),
        (midnight(2027, 9, 30), False, midnight(2028, 10, 1)),
        (midnight(2028, 2, 29), True, midnight(2033, 3, 1)),
        (midnight(2027, 12, 31), False, midnight(2029, 1, 1)),
    ],
    ids=["a grant", "at the day's end", "no grant", "a leap day", "the last day of a year"],
)
def test_records_are_kept_to_the_end_of_the_last_day(refused_by, ended, granted, first_day) -> None:
    assert refused_by(rules.records_are_needed_no_longer, first_day - TICK, ended, granted) == "D16"
    assert refused_by(rules.records_are_needed_no_longer, first_day, ended, granted) is None


@pytest.mark.parametrize("granted", [True, False])
def test_a_call_that_has_not_ended_needs_its_records(refused_by, granted) -> None:
    assert refused_by(rules.records_are_needed_no_longer, midnight(2099, 1, 1), None, granted) == "D16"


def test_our_years_are_no_fewer_than_those_of_the_financial_regulation() -> None:
    assert rules.RETENTION_YEARS >= eu.E17_YEARS


def test_what_is_held_is_needed(refused_by) -> None:
    assert refused_by(eu.nothing_holds_records, True) == "E17"
    assert refused_by(eu.nothing_holds_records, False) is None
