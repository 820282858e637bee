"""Our defaults on awarding at their boundaries."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rulebook.ours import awarding as rules

CLOSES = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D11"), (CLOSES + TICK, "D11")])
def test_an_acceptance_at_the_end_of_the_offer_is_too_late(refused_by, at, code) -> None:
    assert refused_by(rules.acceptance_is_in_time, at, CLOSES) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, "D17"), (CLOSES, None), (CLOSES + TICK, None)])
def test_outcomes_wait_for_the_release(refused_by, at, code) -> None:
    assert refused_by(rules.outcomes_wait_for_the_release, at, CLOSES) == code


@pytest.mark.parametrize(("smallest", "code"), [(0, "D04"), (1, None), (500, None), (501, "D04")])
def test_the_smallest_useful_part_is_more_than_nothing_and_at_most_the_request(refused_by, smallest, code) -> None:
    assert refused_by(rules.part_is_within_the_request, smallest, 500) == code


@pytest.mark.parametrize(("awarded", "code"), [(500, None), (501, "D04")])
def test_awards_use_the_envelope_to_the_cent_and_no_further(refused_by, awarded, code) -> None:
    assert refused_by(rules.awards_are_within_the_envelope, awarded, 500) == code
