"""Every rule of the rulebook is looked for, or it is said why a log cannot show it."""

from collections import Counter

from domain.prefixes.rules import COMPARED, LAWS, NOT_SHOWN, every_rule, shown
from domain.rulebook import RULES
from domain.rulebook.applied import LATER, commands_by_rule


def test_each_rule_is_looked_for_in_one_way_or_its_reason_is_given() -> None:
    ways = [*commands_by_rule(), *COMPARED, *NOT_SHOWN, *LATER]
    several = {rule: number for rule, number in Counter(ways).items() if number > 1}
    assert several == {}
    assert set(ways) == {rule.id for rule in RULES} == {one.rule for one in every_rule()}


def test_a_rule_says_in_which_requests_its_check_is_made_again() -> None:
    assert shown("D11").requests == ("AcceptGrant", "DeclineGrant")
    assert all("of every state" in shown(rule).why for rule in LAWS)
    assert (shown("D03").how, shown("D27").how, shown("S16").how) == ("compared", "not shown", "not shown")
