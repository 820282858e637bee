"""The rulebook says truly where each rule is applied."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from domain.rulebook import RULES, Rule
from domain.rulebook.applied import ELSEWHERE, LATER, checks, commands_by_rule
from fund_service.editions.loader import edition

IDS = {clause.id for clause in RULES}
BUILT = commands_by_rule().keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("clause", RULES, ids=[clause.id for clause in RULES])
def test_a_rule_is_applied_somewhere_or_comes_with_a_later_part(clause: Rule) -> None:
    built, later = clause.id in BUILT, clause.id in LATER
    assert built or later, f"{clause.id}: no decision makes its check; add a line to ELSEWHERE or LATER in applied.py"
    assert not (built and later), f"{clause.id} is built now; take it out of LATER in domain/rulebook/applied.py"


def test_every_check_is_made_by_a_decision() -> None:
    made = commands_by_rule()
    never = sorted(name for name, rules in checks().items() if not rules & made.keys())
    assert never == [], "no decision in domain.catalogue reaches these checks"


def test_only_rules_of_the_rulebook_are_named() -> None:
    assert (ELSEWHERE.keys() | LATER.keys()) - IDS == set()


def named_in(data: object) -> Iterator[str]:
    """Yield the names of the fields and the entries of an edition."""
    if isinstance(data, dict):
        yield from (data["id"],) if "id" in data else ()
        for name, value in data.items():
            yield name
            yield from named_in(value)
    elif isinstance(data, tuple):
        for one in data:
            yield from named_in(one)


NAMED = set(named_in(edition("iurc-2026").model_dump()))


@pytest.mark.parametrize("id", ELSEWHERE)
def test_the_place_that_a_rule_names_exists(id: str) -> None:
    room, _, name = ELSEWHERE[id].at.partition(":")
    there = name in NAMED if room == "edition" else hasattr(import_module(room), name)
    assert there, f"{id}: {ELSEWHERE[id].at} is no longer there; mend domain/rulebook/applied.py"


def test_a_check_that_a_decision_makes_is_seen_through_the_functions_between_them() -> None:
    made = commands_by_rule()
    assert "SubmitApplication" in made["S01"]
    assert made["S31"] == ("FileFinalReport",)
    assert made["S05"] == ("CheckEligibility",)
