"""The programme's rules at their boundaries."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rulebook import programme as rules
from domain.rulebook.programme import CAP_CENTS

OPENS = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 2, 27, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("cents", [1, CAP_CENTS - 1, CAP_CENTS])
def test_support_up_to_the_cap_is_granted(refused_by, cents) -> None:
    assert refused_by(rules.support_is_within_cap, cents, CAP_CENTS) is None


def test_support_one_cent_above_the_cap_is_refused(answer) -> None:
    refusal = answer(rules.support_is_within_cap, CAP_CENTS + 1, CAP_CENTS)
    assert refusal.code == "S01"
    assert refusal.detail == "You ask for €10,000.01; one pilot action gets at most €10,000.00."
    assert refusal.cure == "Lower the resources by €0.01."


def test_the_cap_is_the_one_of_the_call(refused_by) -> None:
    assert refused_by(rules.support_is_within_cap, 500_000, 500_000) is None
    assert refused_by(rules.support_is_within_cap, 500_001, 500_000) == "S01"


def test_a_supplier_is_paid(refused_by) -> None:
    assert refused_by(rules.payee_is_a_supplier, "Hamburg Print GmbH", ["Hamburg", "Seoul"]) is None


@pytest.mark.parametrize("supplier", ["Hamburg", "  hamburg ", "SEOUL", "GIESSEN"])
def test_a_member_is_never_paid_however_its_name_is_written(refused_by, supplier) -> None:
    assert refused_by(rules.payee_is_a_supplier, supplier, ["Hamburg", " Seoul", "Gießen"]) == "S02"


def test_only_an_admitted_city_or_region_proposes(answer, refused_by) -> None:
    assert refused_by(rules.proposer_is_admitted, "Hamburg", True) is None
    refusal = answer(rules.proposer_is_admitted, "Atlantis", False)
    assert (refusal.code, "Atlantis" in refusal.detail) == ("S05", True)


@pytest.mark.parametrize(("count", "code"), [(0, "S07"), (1, "S07"), (2, None), (6, None)])
def test_a_partnership_has_two_members_or_more(refused_by, count, code) -> None:
    assert refused_by(rules.partnership_has_two_members, count) == code


@pytest.mark.parametrize(("side", "code"), [("EU", None), ("non-EU", "S08")])
def test_an_eu_member_coordinates(refused_by, side, code) -> None:
    assert refused_by(rules.an_eu_member_coordinates, side) == code


@pytest.mark.parametrize(
    ("sides", "code"), [(["EU", "non-EU"], None), (["non-EU"], None), (["EU", "EU"], "S09"), ([], "S09")]
)
def test_a_member_comes_from_outside_the_eu(refused_by, sides, code) -> None:
    assert refused_by(rules.a_member_comes_from_abroad, sides) == code


@pytest.mark.parametrize("extra", [(), ("objectives", "co_funding")])
def test_a_roadmap_needs_stakeholders_methods_and_deliverables_only(refused_by, extra) -> None:
    assert refused_by(rules.roadmap_is_complete, {"stakeholders", "methods", "deliverables", *extra}, False) is None


@pytest.mark.parametrize("left_out", ["stakeholders", "methods", "deliverables"])
def test_a_roadmap_without_one_of_them_is_not_complete(answer, left_out) -> None:
    refusal = answer(rules.roadmap_is_complete, {"stakeholders", "methods", "deliverables"} - {left_out}, False)
    assert (refusal.code, refusal.cure) == ("S12", f"Fill in: {left_out}.")


def test_a_roadmap_justifies_study_visits_where_they_are_sought(answer, refused_by) -> None:
    given = {"stakeholders", "methods", "deliverables"}
    assert refused_by(rules.roadmap_is_complete, given | {"study_visits"}, True) is None
    assert (
        answer(rules.roadmap_is_complete, given, True).detail == "The roadmap is not complete; missing: study visits."
    )


@pytest.mark.parametrize(
    ("at", "code"),
    [(OPENS - TICK, "S13"), (OPENS, None), (CLOSES - TICK, None), (CLOSES, "S13"), (CLOSES + TICK, "S13")],
)
def test_coaching_falls_into_its_window(refused_by, at, code) -> None:
    assert refused_by(rules.coaching_falls_into_its_window, at, OPENS, CLOSES) == code


@pytest.mark.parametrize(("lessons", "code"), [("Ask the port first.", None), ("", "S31"), (" \n\t", "S31")])
def test_lessons_are_shared(refused_by, lessons, code) -> None:
    assert refused_by(rules.lessons_are_shared, lessons) == code


@pytest.mark.parametrize(("population", "code"), [(1, "S23"), (100_000, "S23"), (100_001, None)])
def test_a_city_that_joins_is_large_enough(refused_by, population, code) -> None:
    assert refused_by(rules.joining_city_is_large_enough, population) == code
