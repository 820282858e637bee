"""The rulebook as rows: for people, and for programs."""

from dataclasses import asdict
from datetime import date

from domain.rulebook import RULES, Rule, rule
from domain.values import Value
from fund_service.cli.output import Column, Wanted, as_data, print_json, print_list, print_outline


class RuleRow(Value):
    """A rule as it stands in the rulebook."""

    id: str
    sentence: str
    status: str
    source: str
    quote: str
    note: str
    version: int
    effective_from: date


_COLUMNS: list[Column[RuleRow]] = [
    Column("Status", lambda one: one.status),
    Column("The rule", lambda one: one.sentence),
]


def show_rules(wanted: Wanted) -> None:
    """Print every rule that is wanted."""
    print_list([_row(one) for one in RULES], RuleRow, _COLUMNS, wanted, "rule")


def show_rule(rule_id: str, wanted: Wanted) -> None:
    """Print one rule with its source. Raises NotFound."""
    row = _row(rule(rule_id.upper()))
    if wanted.as_csv:
        print_list([row], RuleRow, _COLUMNS, wanted, "rule")
    elif wanted.as_json:
        print_json(as_data(row))
    else:
        print_outline({name: value for name, value in as_data(row).items() if value != ""})


def _row(one: Rule) -> RuleRow:
    return RuleRow(**asdict(one))
