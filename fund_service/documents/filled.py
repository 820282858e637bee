"""What stands in an application form, and which rules its words name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from domain.call.rules import CallRules
from domain.rulebook import RULES, Rule


class Line(Protocol):
    """One resource in kind that is asked for."""

    @property
    def kind(self) -> str:
        """The id of its kind."""

    @property
    def quantity(self) -> int:
        """How many units."""

    @property
    def unit_cents(self) -> int:
        """The value of one unit, in euro cents."""

    @property
    def why(self) -> str:
        """Why it is needed."""


class Filled(NamedTuple):
    """A form as far as it is filled in: answers by question, and resources. `marks` say what the document is.

    `title` is the pilot action's, empty for a blank form.
    """

    title: str = ""
    marks: tuple[str, ...] = ()
    answers: Mapping[str, str] = {}
    resources: tuple[Line, ...] = ()
    is_draft: bool = False


def rules_named(rules: CallRules) -> tuple[Rule, ...]:
    """Return the rules that the questions of a form name, and those of its resources, in their order."""
    named = set(re.findall(r"\b[SED]\d\d\b", " ".join(_words(rules)))) | {"S01", "S02", "D07", "D10", "D26"}
    return tuple(one for one in RULES if one.id in named)


def _words(rules: CallRules) -> Iterator[str]:
    for _, question in rules.questions():
        yield question.help


def kind_name(rules: CallRules, id: str) -> str:
    """Return what a kind of resource is called."""
    return next((kind.name for kind in rules.resource_kinds if kind.id == id), id)


def total(lines: Iterable[Line]) -> int:
    """Return what lines add up to, in euro cents."""
    return sum(line.quantity * line.unit_cents for line in lines)
