"""From a CSV file to its rows: UTF-8 with or without a mark, divided by commas, semicolons or tabs, a header first."""

import csv
import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from domain.errors import Malformed
from fund_service.text_file import text_of

_DIVIDERS: Final = ",;\t"


class Row(NamedTuple):
    """One row with its line in the file; a column that the file does not have, or a cell left empty, is “”."""

    line: int
    cells: dict[str, str]


def rows_of(path: Path, needed: Collection[str], optional: Collection[str]) -> list[Row]:
    """Return the rows of a file with these columns. Raises Malformed: what is wrong, where, and the cure."""
    lines = text_of(path, save_as="“CSV UTF-8”").splitlines(keepends=True)
    header = next((line for line in lines if line.strip()), "")
    if not header:
        raise Malformed(f"{path} is empty.", f"Begin with the columns {', '.join(needed)}.")
    divider = max(_DIVIDERS, key=header.count)
    try:
        read = list(_numbered(csv.reader(lines, delimiter=divider, strict=True)))
    except csv.Error as broken:
        raise Malformed(f"{path} is not CSV: {broken}.", "Check the quotation marks; save it as CSV again.") from broken
    (_, first), *rest = read
    columns = _columns(path, first, needed, optional)
    if not rest:
        raise Malformed(f"{path} has a header and no rows.", "Add one row for each thing to import.")
    uneven = [f"{path}, line {line}: {len(cells)} cells under {len(columns)} columns." for line, cells in rest]
    wrong = [told for told, (_, cells) in zip(uneven, rest, strict=True) if len(cells) != len(columns)]
    if wrong:
        raise Malformed("\n".join(wrong[:10]), "Put a text that holds the dividing sign into quotation marks.")
    empty = dict.fromkeys((*needed, *optional), "")
    return [Row(line, {**empty, **dict(zip(columns, cells, strict=True))}) for line, cells in rest]


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank, without spaces around its cells, with the line on which it ends."""
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield reader.line_num, stripped  # type: ignore[attr-defined]


def _columns(path: Path, header: Sequence[str], needed: Collection[str], optional: Collection[str]) -> list[str]:
    columns, known = [name.lower() for name in header], [*needed, *optional]
    for name in columns:
        if columns.count(name) > 1:
            raise Malformed(f"{path}: the column “{name}” stands there twice.", "Remove one of them.")
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            perhaps = f" Did you mean “{close[0]}”?" if close else ""
            raise Malformed(f"{path}: there is no column “{name}”.{perhaps}", f"The columns are {', '.join(known)}.")
    missing = [name for name in needed if name not in columns]
    if missing:
        raise Malformed(f"{path}: the column {', '.join(missing)} is missing.", "Add it to the first line.")
    return columns
