"""How commands print: tables for people, JSON, CSV and XLSX for programs, and one filter for every list."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from domain.errors import Malformed
from fund_service.cli.wording import clean, euros, moment, plural, shortener
from fund_service.listing import Condition, as_csv, as_data, chosen, contains, equals, field_names, said

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from domain.values import Value

R = TypeVar("R", bound="Value")
WIDTH_OF_NO_TERMINAL = 120
_NEVER = "9999-12-31T23:59:59.999999Z"
"""How a date that is not known yet stands in a state: the last moment that there is."""

_CONDITION = re.compile(r"(\w+)([=~])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column of a table for people; sums and counts stand at the right."""

    heading: str
    cell: Callable[[R], str]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a list is wanted: which rows, in which order, for whom."""

    as_json: bool = False
    as_csv: bool = False
    where: Sequence[str] | None = None
    sort: str | None = None
    as_xlsx: Path | None = None

    @property
    def to_people(self) -> bool:
        """Whether people read it."""
        return not (self.as_json or self.as_table)

    @property
    def as_table(self) -> bool:
        """Whether it is wanted as rows for a spreadsheet."""
        return self.as_csv or self.as_xlsx is not None


def console() -> "Console":
    """Return the console for people: what is printed stays as it is, and is 120 characters wide without a terminal."""
    from rich.console import Console

    at_terminal = sys.stdout.isatty()
    return Console(markup=False, emoji=False, highlight=False, width=None if at_terminal else WIDTH_OF_NO_TERMINAL)


def note(text: str, *, to_people: bool) -> None:
    """Print a remark: below what people read, and beside what programs read, on standard error."""
    print(clean(text), file=sys.stdout if to_people else sys.stderr, flush=True)


def print_json(data: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(data, ensure_ascii=False, indent=2), flush=True)


def print_list(rows: Sequence[R], kind: type[R], columns: Sequence[Column[R]], wanted: Wanted, noun: str) -> None:
    """Print the rows that are wanted, as they are wanted; `noun` says what one of them is. Raises Malformed."""
    wanted_rows = choose(rows, kind, wanted)
    if wanted.as_json:
        print_json([as_data(row) for row in wanted_rows])
    elif wanted.as_csv:
        print(as_csv([as_data(row) for row in wanted_rows], field_names(kind)), end="")
    elif wanted.as_xlsx is not None:
        _write_workbook(wanted_rows, kind, wanted.as_xlsx, noun)
    else:
        _print_table(wanted_rows, columns)
        left_out = f"{len(wanted_rows):,} of " if len(wanted_rows) < len(rows) else ""
        print(f"{left_out}{plural(len(rows), noun)}")


def choose(rows: Sequence[R], kind: type[R], wanted: Wanted) -> list[R]:
    """Return the rows that are wanted, in the order that is wanted. Raises Malformed for what cannot be read."""
    asked = {"JSON": wanted.as_json, "CSV": wanted.as_csv, "XLSX": wanted.as_xlsx is not None}
    first, *others = [name for name, is_asked in asked.items() if is_asked] or [""]
    if others:
        raise Malformed(
            f"You ask for {first} and for {others[0]}.", f"Choose --{first.lower()} or --{others[0].lower()}."
        )
    return [row for _, row in chosen(rows, kind, conditions(wanted, kind), wanted.sort, as_data)]


def conditions(wanted: Wanted, kind: "type[Value]") -> list[Condition]:
    """Return what the rows that are wanted meet. Raises Malformed."""
    return [_condition(text, kind) for text in wanted.where or ()]


def _condition(text: str, kind: "type[Value]") -> Condition:
    parts = _CONDITION.fullmatch(text)
    if parts is None:
        raise Malformed(f"“{text}” is no condition.", "Write field=value, or field~part, e.g. --where geography=Asia.")
    name, sign, value = parts.groups()
    return equals(name, value, kind) if sign == "=" else contains(name, value, kind)


def _write_workbook(rows: Sequence["Value"], kind: "type[Value]", file: Path, noun: str) -> None:
    """Write rows to a new file. Raises Malformed, Unavailable."""
    from fund_service.cli.new_file import writing_new
    from fund_service.columns import columns_of
    from fund_service.workbook import writing_workbook

    with writing_new(file) as target, writing_workbook(target) as book:
        book.add(noun, columns_of(kind), map(as_data, rows))
    note(f"{plural(len(rows), noun)}: written to {file}.", to_people=False)


def _print_table(rows: Sequence[R], columns: Sequence[Column[R]]) -> None:
    if not rows:
        return
    shown = table("Id", *(column.heading for column in columns), right=[c.heading for c in columns if c.right])
    ids = [getattr(row, "id", "") for row in rows]
    short = shortener([id for id in ids if isinstance(id, UUID)])
    for id, row in zip(ids, rows, strict=True):
        first = short(id) if isinstance(id, UUID) else str(id)
        shown.add_row(first, *(clean(column.cell(row)) for column in columns))
    console().print(shown)


def table(*headings: str, right: Sequence[str] = ()) -> "Table":
    """Return an empty table for people, whose first column is not wrapped."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        made.add_column(heading, justify="right" if heading in right else "left", no_wrap=not number, overflow="fold")
    return made


def print_outline(data: dict[str, Any]) -> None:
    """Print data with all that lies below it, one line a value, for people: sums in euro, instants in Brussels time."""
    for line in _outline(data, 0):
        print(line)


def _outline(data: dict[str, Any], depth: int) -> Iterator[str]:
    for name, value in data.items():
        label = f"{'  ' * depth}{clean(str(name)).replace('_', ' ')}"
        if isinstance(value, dict) and value:
            yield label
            yield from _outline(value, depth + 1)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield label
            yield from _outline({str(number): one for number, one in enumerate(value, 1)}, depth + 1)
        else:
            yield f"{label}: {_for_people(str(name), value)}"


def _for_people(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and (name == "cents" or name.endswith("_cents")):
        return euros(value)
    if value in (None, [], {}, _NEVER):
        return "–"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value):
        return f"{moment(datetime.fromisoformat(value))} Brussels"
    return clean(said(value))
