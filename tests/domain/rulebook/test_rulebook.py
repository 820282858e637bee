"""The rulebook as a whole: complete, in order, with its sources."""

import pytest

from domain.errors import NotFound, RuleViolated
from domain.rulebook import RULES, rule


def test_every_rule_stands_once_and_in_order() -> None:
    expected = [
        f"{part}{number:02}" for part, last in (("S", 46), ("E", 23), ("D", 38)) for number in range(1, last + 1)
    ]
    assert [clause.id for clause in RULES] == expected


def test_a_rule_is_a_sentence_of_its_own() -> None:
    assert [clause.id for clause in RULES if not clause.sentence.endswith(".") or len(clause.sentence) > 110] == []
    assert len({clause.sentence for clause in RULES}) == len(RULES)


def test_a_certain_rule_has_a_quote_and_its_source() -> None:
    certain = [clause for clause in RULES if clause.status == "C"]
    assert len(certain) == 45
    assert [clause.id for clause in certain if not clause.quote or not clause.source.startswith(("000", "001"))] == []


def test_the_letter_of_a_rule_is_its_status_unless_its_note_says_more() -> None:
    letters = {"S": "C", "E": "E", "D": "D"}
    others = [clause for clause in RULES if clause.status != letters[clause.id[0]]]
    assert [(clause.id, clause.status) for clause in others] == [("S41", "D"), ("E16", "D"), ("E21", "D")]
    assert all(clause.note for clause in others)


def test_a_default_is_labelled_as_ours() -> None:
    assert {(clause.status, clause.source) for clause in RULES if clause.id.startswith("D")} == {("D", "our default")}


def test_no_rule_lacks_a_source() -> None:
    assert [clause.id for clause in RULES if not clause.source] == []


def test_a_rule_is_found_by_its_id() -> None:
    assert rule("S01").sentence == "Support for one pilot action stays within the cap of the call."
    assert all(rule(clause.id) is clause for clause in RULES)


@pytest.mark.parametrize("unknown", ["S00", "S47", "E24", "D39", "s01", ""])
def test_an_unknown_rule_is_not_found_and_the_cure_names_the_list(unknown: str) -> None:
    with pytest.raises(NotFound) as refusal:
        rule(unknown)
    assert refusal.value.cure == "Look it up in the list of rules."


def test_a_broken_rule_carries_itself_and_its_words() -> None:
    rule("S01").require(True, "Not said.", "Not said.")
    with pytest.raises(RuleViolated) as refusal:
        rule("S01").require(False, "Too much.", "Lower it.")
    assert (refusal.value.code, str(refusal.value)) == ("S01", "Too much. Lower it.")
