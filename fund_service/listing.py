"""One way to filter, sort and write any list, for the command line and the API alike."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from domain.errors import Malformed
from domain.values import Value

R = TypeVar("R", bound=Value)
Data = dict[str, Any]
"""A row as programs get it."""

Condition = Callable[[Data], bool]
"""Whether a row is wanted."""

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
    kind: type[R],
    conditions: Sequence[Condition],
    sort: str | None,
    told: Callable[[R], Data] = as_data,
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
    known = [pair for pair in found if pair[0][name] is not None]
    known.sort(key=lambda pair: _order(pair[0][name]), reverse=sort.startswith("-"))
    return known + [pair for pair in found if pair[0][name] is None]


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


def _order(value: Any) -> tuple[float, str]:
    return (value, "") if isinstance(value, int | float) else (0, folded(said(value)))


def csv_cell(value: Any) -> str:
    """Return what stands in a cell of CSV, with a ' before a text that a spreadsheet would take for a formula."""
    text = said(value)
    return f"'{text}" if isinstance(value, str | list) and text.startswith(_FORMULA) else text
