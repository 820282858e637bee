"""The self-check says what the fund will say, by the same checks, and leaves open what nobody told."""

from datetime import timedelta
from itertools import combinations_with_replacement
from uuid import UUID

import pytest

from domain.errors import RuleViolated
from domain.organisation.countries import MEMBER_STATES, side_of
from domain.partnership.events import Member
from domain.partnership.standing import members_make_a_partnership
from domain.pilot_action.self_check import SHOWN_LATER, Case, Verdict, foretold
from domain.rulebook.applied import commands_by_rule
from tests.given import CAP, CLOSES, OPENS, RULES

LINE = RULES.lines[0]
WHOLE = Case(
    is_place=True,
    country="IT",
    admitted=True,
    partners=("JP",),
    roadmap_agreed=True,
    has_another=False,
    all_confirm=True,
    declares=True,
    requested_cents=CAP,
)


def stands(case: Case, at=OPENS) -> dict[str, Verdict]:
    """Return how each rule stands to a case."""
    return {one.rule: one.verdict for one in foretold(case, RULES, LINE, at)}


def against(case: Case, at=OPENS) -> set[str]:
    """Return the rules that are not met."""
    return {rule for rule, verdict in stands(case, at).items() if verdict is Verdict.NOT_MET}


def test_of_a_case_of_which_nothing_is_told_the_time_alone_is_known() -> None:
    assert stands(Case()).pop("D07") is Verdict.MET
    assert {verdict for rule, verdict in stands(Case()).items() if rule != "D07"} == {Verdict.OPEN}
    assert all(one.cure.endswith(".") for one in foretold(Case(), RULES, LINE, OPENS) if one.rule != "D07")


def test_of_a_case_that_is_told_and_in_order_every_rule_is_met() -> None:
    assert set(stands(WHOLE).values()) == {Verdict.MET}
    assert all(one.detail.endswith(".") for one in foretold(WHOLE, RULES, LINE, OPENS))


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"admitted": False}, {"S05"}),
        ({"is_place": False}, {"S05"}),
        ({"country": "KR"}, {"S08"}),
        ({"partners": ()}, {"S07", "S09"}),
        ({"partners": ("FR", "DE")}, {"S09"}),
        ({"roadmap_agreed": False}, {"D26"}),
        ({"has_another": True}, {"D09"}),
        ({"all_confirm": False}, {"D10"}),
        ({"declares": False}, {"E12"}),
        ({"requested_cents": CAP + 1}, {"S01"}),
    ],
)
def test_each_fact_speaks_against_its_own_rule(changed: dict[str, object], rules: set[str]) -> None:
    case = WHOLE.model_copy(update=changed)
    assert against(case) == rules
    assert all(one.cure.endswith(".") for one in foretold(case, RULES, LINE, OPENS) if one.rule in rules)


def test_another_body_than_a_place_is_not_admitted_whatever_it_says_and_a_place_says_it_itself() -> None:
    assert stands(Case(is_place=False, admitted=True))["S05"] is Verdict.NOT_MET
    assert stands(Case(is_place=True))["S05"] is Verdict.OPEN


def test_the_closing_instant_itself_is_too_late() -> None:
    assert against(WHOLE, CLOSES) == {"D07"}
    assert against(WHOLE, CLOSES - timedelta(microseconds=1)) == set()


def test_every_rule_by_which_an_application_is_let_through_or_found_eligible_is_foretold_or_said_to_come_later() -> (
    None
):
    deciding = {"SubmitApplication", "CheckEligibility", "PutForwardVersion"}
    decided = {rule for rule, commands in commands_by_rule().items() if deciding & set(commands)}
    not_of_eligibility = {"D04"}  # the smallest part that an applicant may name
    assert stands(WHOLE).keys() | SHOWN_LATER.keys() | not_of_eligibility == decided
    assert not stands(WHOLE).keys() & SHOWN_LATER.keys()


@pytest.mark.parametrize("country", ["IT", "KR"])
@pytest.mark.parametrize("partners", [two for n in range(3) for two in combinations_with_replacement(("FR", "JP"), n)])
def test_what_is_said_of_the_members_is_what_the_fund_decides_about_a_partnership(
    country: str, partners: tuple[str, ...]
) -> None:
    members = [
        Member(organisation_id=UUID(int=n), name=f"Place {n}", side=side_of(one))
        for n, one in enumerate((country, *partners))
    ]
    try:
        members_make_a_partnership(members, UUID(int=0))
        first = None
    except RuleViolated as broken:
        first = broken.code
    said = against(WHOLE.model_copy(update={"country": country, "partners": partners}))
    assert (first in said) if first else not said


def test_a_member_state_is_in_the_eu_and_no_other_country_is() -> None:
    assert len(MEMBER_STATES) == 27
    assert side_of("HR") == "EU"
    assert {side_of(other) for other in ("GB", "NO", "CH", "JP", "ZZ")} == {"non-EU"}
