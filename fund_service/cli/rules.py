"""The rulebook as rows: for people, and for programs."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from domain.rulebook import RULES, Rule, rule
from domain.rulebook.applied import ELSEWHERE, LATER, commands_by_rule
from domain.values import Value
from fund_service.cli.output import Column, Wanted, print_json, print_list, print_outline
from fund_service.listing import as_data


class RuleRow(Value):
    """A rule as it stands in the rulebook. `applied` says where in words; `checked_by` names the requests that it may
    refuse.
    """

    id: str
    sentence: str
    status: str
    source: str
    quote: str
    note: str
    version: int
    effective_from: date
    applied: str
    checked_by: tuple[str, ...]


_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_COLUMNS: list[Column[RuleRow]] = [
    Column("Status", lambda one: one.status),
    Column("The rule", lambda one: one.sentence),
    Column("Applied", lambda one: one.applied),
]


def show_rules(wanted: Wanted) -> None:
    """Print every rule that is wanted."""
    print_list([_row(one) for one in RULES], RuleRow, _COLUMNS, wanted, "rule")


def show_rule(rule_id: str, wanted: Wanted) -> None:
    """Print one rule with its source. Raises NotFound."""
    row = _row(rule(rule_id.upper()))
    if wanted.as_table:
        print_list([row], RuleRow, _COLUMNS, wanted, "rule")
    elif wanted.as_json:
        print_json(as_data(row))
    else:
        print_outline({name: value for name, value in as_data(row).items() if value != ""})


def _row(one: Rule) -> RuleRow:
    checked_by = commands_by_rule().get(one.id, ())
    return RuleRow(**asdict(one), applied=_applied(one.id, checked_by), checked_by=checked_by)


def _applied(id: str, checked_by: Sequence[str]) -> str:
    """Return in words where a rule is applied: Checked at submit application; in the edition: …"""
    checked = [f"checked at {', '.join(_WORD.sub(' ', name).lower() for name in checked_by)}"] if checked_by else []
    elsewhere = [ELSEWHERE[id].words] if id in ELSEWHERE else []
    later = [LATER[id]] if id in LATER else []
    return "; ".join([*checked, *elsewhere, *later])
