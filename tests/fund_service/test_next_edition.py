"""The edition that visitors of a demonstration meet: invented, and says so; the same rules later."""

from datetime import date, timedelta

from domain.values import BRUSSELS
from fund_service.editions.fitting import misfits
from fund_service.editions.loader import edition
from fund_service.rehearsal.needs import checked
from fund_service.rehearsal.next_edition import next_edition

BEFORE = edition("iurc-2026")
RULES = next_edition(BEFORE)


def test_it_begins_after_the_edition_before_it_is_settled_and_its_dates_fit() -> None:
    assert RULES.calendar.published > BEFORE.calendar.settled
    assert misfits(RULES, RULES.calendar.published - timedelta(days=1)) == misfits(
        BEFORE, BEFORE.calendar.published - timedelta(days=1)
    )
    checked(RULES)


def test_each_instant_keeps_its_day_of_the_week_and_a_midnight_its_date() -> None:
    for (name, before), (_, after) in zip(BEFORE.calendar.points(), RULES.calendar.points(), strict=True):
        was, now = before.astimezone(BRUSSELS), after.astimezone(BRUSSELS)
        assert was.time() == now.time(), name
        if was.time().hour:
            assert was.weekday() == now.weekday(), name
        else:
            assert (was.month, was.day) == (now.month, now.day), name


def test_it_says_that_it_is_invented_and_names_no_year_of_the_edition_before() -> None:
    assert "invented" in RULES.title
    assert "invented" in RULES.notes[0]
    said = RULES.model_dump_json(exclude={"holidays"})
    for year in ("2025", "2026"):
        assert year not in said
    assert "“Tested signal plan for two crossings, November 2028”" in said


def test_its_days_off_are_those_of_its_years() -> None:
    assert {date(2028, 4, 14), date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5), date(2029, 4, 2)} < set(
        RULES.holidays
    )
    assert {one.year for one in RULES.holidays} == {2028, 2029}
