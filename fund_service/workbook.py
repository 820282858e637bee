"""Workbooks (XLSX): a sheet for each list, written row by row in bounded memory, the same bytes for the same rows.

A text stays a text: nothing that is written becomes a formula or a link. A sum in integer cents is told in euro with
two decimals, in a column named `…_euro`; an instant is a date of the spreadsheet in UTC, to the millisecond, in a
column named `…_utc`. What a cell cannot hold is cut, and says so; CSV holds all of it.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from fund_service.columns import Column, Holds
from fund_service.listing import Data, said

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS: Final = 1_048_575
"""So many rows a sheet holds below its headings; those that are left go on the next one."""
_LETTERS: Final = 32_767
_CUT: Final = "… (cut: a cell holds no more; the CSV holds all of it)"
_DIGITS: Final = 10**15
"""A spreadsheet tells whole numbers apart below this; from here on they are written as texts."""
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones; the same bytes need the same date
_NAME: Final = 31
_INSTANT: Final = "yyyy-mm-dd hh:mm:ss.000"
_EURO: Final = "#,##0.00"


def as_xlsx(rows: Iterable[Data], columns: Sequence[Column], name: str) -> bytes:
    """Return a workbook with one list on a sheet of this name."""
    written = io.BytesIO()
    with writing_workbook(written) as book:
        book.add(name, columns, rows)
    return written.getvalue()


class Book:
    """A workbook that is written sheet by sheet."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._formats = {
            Holds.CENTS: workbook.add_format({"num_format": _EURO}),
            Holds.INSTANT: workbook.add_format({"num_format": _INSTANT}),
        }
        self._heading = workbook.add_format({"bold": True})

    def add(self, name: str, columns: Sequence[Column], rows: Iterable[Data]) -> int:
        """Write a list on a sheet of this name, and on as many more as it needs; return how many rows it has."""
        left = iter(rows)
        count = number = 0
        while (first := next(left, None)) is not None or not number:
            number += 1
            sheet = self._workbook.add_worksheet(_sheet_name(name, number))
            some = chain([first], islice(left, ROWS - 1)) if first is not None else iter(())
            count += self._fill(sheet, columns, some)
        return count

    def _fill(self, sheet: Worksheet, columns: Sequence[Column], rows: Iterator[Data]) -> int:
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 24, self._formats.get(column.holds))
            sheet.write_string(0, place, heading(column), self._heading)
        count = 0
        for count, data in enumerate(rows, 1):
            for place, column in enumerate(columns):
                _write(sheet, count, place, data[column.name], column.holds, self._formats.get(column.holds))
        sheet.autofilter(0, 0, count, max(0, len(columns) - 1))
        return count


@contextmanager
def writing_workbook(target: BinaryIO) -> Iterator[Book]:
    """Write a workbook into a file that is open and empty; it is whole when the block ends."""
    with TemporaryDirectory() as place:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        workbook = Workbook(target, {"constant_memory": True, "tmpdir": place, **plain})
        workbook.set_properties({"created": _MADE})
        yield Book(workbook)
        workbook.close()


def heading(column: Column) -> str:
    """Return the heading of a column: that of a sum names the euro, that of an instant UTC."""
    if column.holds is Holds.CENTS:
        return f"{column.name.removesuffix('cents')}euro"
    return f"{column.name}_utc" if column.holds is Holds.INSTANT else column.name


def _write(sheet: Worksheet, row: int, place: int, value: Any, holds: Holds, shown: Format | None) -> None:
    if value is None:
        return
    if holds is Holds.CENTS:
        sheet.write_number(row, place, Decimal(value).scaleb(-2), shown)
    elif holds is Holds.INSTANT and (at := _instant(value)) is not None:
        sheet.write_datetime(row, place, at, shown)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int) and abs(value) < _DIGITS:
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, _fitting(said(value)))


def _instant(value: Any) -> datetime | None:
    """Return an instant as a spreadsheet knows it, in UTC; None for one that it does not: before 1900, after 9998."""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC).replace(tzinfo=None)
    return at if 1900 <= at.year <= 9998 else None


def _fitting(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - len(_CUT)] + _CUT


def _sheet_name(name: str, number: int) -> str:
    suffix = f" ({number})" if number > 1 else ""
    return name[: _NAME - len(suffix)] + suffix
