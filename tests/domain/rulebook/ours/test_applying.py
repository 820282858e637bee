"""Our defaults on applying at their boundaries."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rulebook.ours import applying as rules

CLOSES = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
def test_a_request_at_the_closing_instant_is_too_late(refused_by, at, code) -> None:
    assert refused_by(rules.request_arrived_in_time, at, CLOSES) == code


@pytest.mark.parametrize(
    ("late", "closed", "arrived"),
    [
        (timedelta(0), "17:00:00", "17:00:00"),
        (TICK, "17:00:00.000000", "17:00:00.000001"),
        (SECOND - TICK, "17:00:00.000000", "17:00:00.999999"),
        (SECOND, "17:00:00", "17:00:01"),
        (2 * SECOND + TICK, "17:00:00", "17:00:02"),
    ],
)
def test_a_late_request_is_told_both_instants_as_exactly_as_needed(answer, late, closed, arrived) -> None:
    assert answer(rules.request_arrived_in_time, CLOSES + late, CLOSES).detail == (
        f"The call closed on Fri 20 March 2026, {closed} Brussels; "
        f"your request arrived on Fri 20 March 2026, {arrived} Brussels."
    )


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D08"), (CLOSES + TICK, "D08")])
def test_a_withdrawal_comes_before_the_closing_instant(refused_by, at, code) -> None:
    assert refused_by(rules.withdrawal_arrived_in_time, at, CLOSES) == code


def test_an_entity_coordinates_one_application_in_a_line(answer, refused_by) -> None:
    assert refused_by(rules.entity_has_no_other_application, "Hamburg", False) is None
    refusal = answer(rules.entity_has_no_other_application, "Hamburg", True)
    assert (refusal.code, refusal.detail.startswith("Hamburg already")) == ("D09", True)


def test_an_agreement_names_the_current_version(refused_by) -> None:
    old, current = "a" * 64, "b" * 64
    assert refused_by(rules.agreement_names_the_current_version, current, current) is None
    assert refused_by(rules.agreement_names_the_current_version, old, current) == "D10"
    assert refused_by(rules.agreement_names_the_current_version, current[:12], current) == "D10"


@pytest.mark.parametrize(("check", "clause"), [(rules.partners_have_confirmed, "D10"), (rules.form_is_complete, "D19")])
def test_nothing_is_missing_or_it_is_named(answer, refused_by, check, clause) -> None:
    assert refused_by(check, []) is None
    refusal = answer(check, ["Seoul", "Busan"])
    assert (refusal.code, refusal.detail.endswith("missing: Seoul, Busan.")) == (clause, True)


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
def test_a_deadline_is_extended_before_it(refused_by, at, code) -> None:
    assert refused_by(rules.deadline_is_extended_before_it, at, CLOSES) == code


@pytest.mark.parametrize(("holders", "code"), [([], None), (["Hamburg"], None), (["Hamburg", "Holstein"], "D09")])
def test_an_entity_holds_one_place(refused_by, holders, code) -> None:
    assert refused_by(rules.entity_holds_one_place, holders) == code


@pytest.mark.parametrize(("other", "code"), [(False, None), (True, "D09")])
def test_an_application_is_the_one_that_its_city_chose(refused_by, other, code) -> None:
    assert refused_by(rules.application_is_the_chosen_one, "Hamburg", "Hamburg and Seoul", other) == code


def test_the_roadmap_was_agreed_first(refused_by) -> None:
    assert refused_by(rules.roadmap_is_agreed, True) is None
    assert refused_by(rules.roadmap_is_agreed, False) == "D26"
