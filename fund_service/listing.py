"""One way to filter, sort and write any list, for the command line and the API alike."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, Final, TypeVar

from domain.errors import Malformed
from domain.values import Value

R = TypeVar("R")
Data = dict[str, Any]
"""A row as programs get it."""

Condition = Callable[[Data], bool]
"""Whether a row is wanted."""

Place = tuple[float, str]
"""Where a value stands among others: by its number, or by its text without case and accents."""

_REVEALED: Final = {"reveal": True}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def folded(text: str) -> str:
    """Return the text without case and accents, for comparing: Málaga → malaga."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def as_data(row: Value) -> Data:
    """Return a row as programs get it: its id first, protected text revealed."""
    data = row.model_dump(mode="json", context=_REVEALED)
    return {"id": data["id"], **data} if "id" in data else data


def known_field(name: str, kind: type[Value]) -> str:
    """Return the name of a field that rows of this kind have. Raises Malformed."""
    if name not in kind.model_fields:
        raise Malformed(f"There is no field “{name}”.", f"Use one of: {', '.join(kind.model_fields)}.")
    return name


def equals(name: str, value: str, kind: type[Value]) -> Condition:
    """Return whether a row's field is the value, or holds it; case and accents do not matter. Raises Malformed."""
    known_field(name, kind)
    sought = folded(value)
    return lambda data: any(folded(said(one)) == sought for one in _each(data[name]))


def contains(name: str, part: str, kind: type[Value]) -> Condition:
    """Return whether a row's field contains the part; case and accents do not matter. Raises Malformed."""
    known_field(name, kind)
    sought = folded(part)
    return lambda data: any(sought in folded(said(one)) for one in _each(data[name]))


def anywhere(part: str) -> Condition:
    """Return whether any field of a row contains the part; case and accents do not matter."""
    sought = folded(part)
    return lambda data: any(sought in folded(said(value)) for value in data.values())


def chosen(
    rows: Iterable[R],
    kind: type[Value],
    conditions: Sequence[Condition],
    sort: str | None,
    told: Callable[[R], Data],
) -> list[tuple[Data, R]]:
    """Return the rows that meet all conditions, also as programs get them, sorted by a field, downwards by -field.

    What has no such field stands last; what is not `told` of a row neither meets a condition nor sorts it. Raises
    Malformed.
    """
    pairs = ((told(row), row) for row in rows)
    found = [(data, row) for data, row in pairs if all(holds(data) for holds in conditions)]
    if sort is None:
        return found
    name = known_field(sort.removeprefix("-"), kind)
    return in_order(found, lambda pair: order(pair[0][name]), sort)


def in_order(rows: Iterable[R], place: Callable[[R], Place | None], sort: str) -> list[R]:
    """Return rows by their place, downwards by -field; those without one stand last."""
    placed = [(at, row) for row in rows for at in [place(row)]]
    known = [(at, row) for at, row in placed if at is not None]
    known.sort(key=itemgetter(0), reverse=sort.startswith("-"))
    return [row for _, row in known] + [row for at, row in placed if at is None]


def said(value: Any) -> str:
    """Return a value of JSON as one writes it on the command line and in a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return "; ".join(said(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_csv(rows: Iterable[Data], names: Sequence[str]) -> str:
    """Return comma-separated values (RFC 4180), with a ' before a text that a spreadsheet would take for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([csv_cell(data[name]) for name in names] for data in rows)
    return written.getvalue()


def field_names(kind: type[Value]) -> list[str]:
    """Return the names of a row's fields, its id first."""
    return sorted(kind.model_fields, key=lambda name: name != "id")


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def order(value: Any) -> Place | None:
    """Return the place of a value among others of its field; None for what is not there."""
    if value is None:
        return None
    return (value, "") if isinstance(value, int | float) else (0, folded(said(value)))


def csv_cell(value: Any) -> str:
    """Return what stands in a cell of CSV, with a ' before a text that a spreadsheet would take for a formula."""
    text = said(value)
    return f"'{text}" if isinstance(value, str | list) and text.startswith(_FORMULA) else text
