"""Every rule of the fund, each with its clause, its source and, where the service decides by it, its check.

    rule.py         what a rule is: `Rule`, whose `require` raises RuleViolated
    programme.py    S01–S46, stated in the programme's own documents, with the words quoted
    eu.py           E01–E23, taken from EU or comparable public grant rules
    ours/           D01–D38, our defaults, configurable and labelled so, one file for each theme
    applied.py      where each rule is applied, or with which part it comes

A check stands beside its rule, is pure, returns None when all is well and raises RuleViolated otherwise. Limits, dates
and lists are arguments, taken from the rules that the call was published with. The figures in notes are those of the
shipped 2026 edition.

A quote stands without its quotation marks; two passages are divided by "; ". "001 §2.3" is an answer in seed 001, the
programme's FAQ; two answers there are numbered 1.6 and two 1.7, and "(2nd)" is the second.
"""

from types import ModuleType
from typing import Final

from domain.errors import NotFound
from domain.rulebook import eu, programme
from domain.rulebook.ours import (
    afterwards,
    applying,
    attaching,
    auditing,
    awarding,
    coaching,
    evaluating,
    people,
    publishing,
    resources,
)
from domain.rulebook.rule import Rule, Status

__all__ = ["PARTS", "RULES", "Rule", "Status", "rule"]

_OURS: Final = (
    publishing,
    coaching,
    applying,
    attaching,
    evaluating,
    awarding,
    resources,
    afterwards,
    people,
    auditing,
)

PARTS: Final[tuple[ModuleType, ...]] = (programme, eu, *_OURS)
"""The files in which the rules stand."""

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (clause for part in PARTS for clause in vars(part).values() if isinstance(clause, Rule)),
        key=lambda clause: ("SED".index(clause.id[0]), clause.id),
    )
)
"""All rules in order: S01–S46, E01–E23, D01–D38."""

_BY_ID: Final = {clause.id: clause for clause in RULES}


def rule(id: str) -> Rule:
    """Return the rule with this id, such as "S01". Raises NotFound."""
    if id not in _BY_ID:
        raise NotFound(f"There is no rule “{id}”.", "Look it up in the list of rules.")
    return _BY_ID[id]
