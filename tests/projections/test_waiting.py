"""The waiting clock: a party is waited for from its first open deed to its last."""

from datetime import UTC, datetime, timedelta

from projections.waiting import NOTHING, Deed, Party, asked, days, done, over
from tests.projections.whole_desk import open_deeds

START = datetime(2026, 1, 12, 8, tzinfo=UTC)
DAY = timedelta(days=1)
DRAFT, SIGN = Deed(Party.APPLICANT, "write"), Deed(Party.APPLICANT, "sign")
CONFIRM = Deed(Party.PARTNER, "confirm")


def words(state: object) -> list[str]:
    """Return what is waited for."""
    return [opened["words"] for opened in open_deeds(state)]


def test_days_run_while_a_deed_is_open_and_stand_still_when_it_is_done() -> None:
    waiting = asked(NOTHING, DRAFT, START)
    assert days(waiting, START + 2 * DAY)["applicant"] == 2.0
    ended = done(waiting, DRAFT, START + 3 * DAY)
    assert days(ended, START + 9 * DAY)["applicant"] == 3.0
    assert words(ended) == []


def test_two_deeds_of_one_party_at_once_count_its_days_once() -> None:
    waiting = asked(asked(NOTHING, DRAFT, START), SIGN, START + DAY)
    half = done(waiting, DRAFT, START + 2 * DAY)
    assert words(half) == ["sign"]
    assert days(done(half, SIGN, START + 4 * DAY), START + 9 * DAY)["applicant"] == 4.0


def test_two_parties_at_once_are_counted_each() -> None:
    waiting = asked(asked(NOTHING, DRAFT, START), CONFIRM, START + DAY, "Seoul")
    assert days(waiting, START + 2 * DAY) == {
        "applicant": 2.0,
        "partner": 1.0,
        "coach": 0.0,
        "evaluator": 0.0,
        "authority": 0.0,
    }


def test_the_same_deed_of_two_partners_is_waited_for_twice_and_asked_once_each() -> None:
    waiting = asked(asked(NOTHING, CONFIRM, START, "Seoul"), CONFIRM, START, "Lima")
    again = asked(waiting, CONFIRM, START + DAY, "Seoul")
    assert again == waiting
    assert words(done(again, CONFIRM, START + DAY, "Seoul")) == ["confirm"]


def test_what_is_over_waits_for_nothing_and_keeps_its_days() -> None:
    ended = over(asked(asked(NOTHING, DRAFT, START), CONFIRM, START), START + DAY)
    assert words(ended) == []
    assert days(ended, START + 5 * DAY) == {**dict.fromkeys(Party, 0.0), "applicant": 1.0, "partner": 1.0}


def test_a_deed_that_nobody_waited_for_changes_nothing() -> None:
    assert done(NOTHING, DRAFT, START) == NOTHING


def test_what_was_recorded_late_never_counts_below_nothing() -> None:
    assert days(done(asked(NOTHING, DRAFT, START), DRAFT, START - DAY), START)["applicant"] == 0.0
