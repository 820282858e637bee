"""The tables as files of a folder: one for each (CSV, Parquet), or one for all (a workbook, a DuckDB database)."""

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fund_service.audit.replaying import Show
from fund_service.audit.tables import duck
from fund_service.audit.tables.tables import READ, Table
from fund_service.listing import csv_cell
from fund_service.workbook import writing_workbook

NAME: Final = "tables"
"""What the one file for all is called, before its ending."""


class TableForm(StrEnum):
    """As what the tables are written."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


_OF_DUCKDB: Final = frozenset({TableForm.PARQUET, TableForm.DUCKDB})
ONE_FILE: Final = frozenset({TableForm.XLSX, TableForm.DUCKDB})
"""The forms in which all tables are one file."""


def forms_here() -> list[TableForm]:
    """Return the forms that can be written here: those of DuckDB where it is installed."""
    return [form for form in TableForm if form not in _OF_DUCKDB or duck.is_installed()]


def assert_can_write(form: TableForm) -> None:
    """Raise Unavailable for a form that needs DuckDB where it is not installed: before anything is read."""
    if form in _OF_DUCKDB:
        duck.assert_installed()


def write_tables(tables: Sequence[Table], form: TableForm, folder: Path, show: Show) -> list[Path]:
    """Write the tables into an empty folder, and return the files. Raises Unavailable where DuckDB is not installed."""
    return _WRITERS[form](_shown(tables, show), folder)


def as_zip(tables: Sequence[Table], form: TableForm) -> bytes:
    """Return the files of the tables as a ZIP, without dates: the same tables give the same bytes where their files
    do. Raises Unavailable where DuckDB is not installed.
    """
    packed = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in write_tables(tables, form, Path(folder), lambda done, doing: None):
            with archive.open(_entry(file), "w") as target, file.open("rb") as source:
                shutil.copyfileobj(source, target)
    return packed.getvalue()


def _entry(file: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(file.name)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _shown(tables: Sequence[Table], show: Show) -> Iterator[Table]:
    """Yield the tables, and show how far their rows are."""
    total, done = max(1, sum(one.size for one in tables)), 0
    for one in tables:
        show(READ + (1 - READ) * done / total, f"writing {one.name}")
        yield one
        done += one.size
    show(1, "")


def _write_csv(tables: Iterator[Table], folder: Path) -> list[Path]:
    written = []
    for table in tables:
        written.append(folder / f"{table.name}.csv")
        with written[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.name for column in table.columns])
            writer.writerows([csv_cell(value) for value in row.values()] for row in table.rows())
    return written


def _write_workbook(tables: Iterator[Table], folder: Path) -> list[Path]:
    file = folder / f"{NAME}.xlsx"
    with file.open("wb") as target, writing_workbook(target) as book:
        for table in tables:
            book.add(table.name, table.columns, table.rows())
    return [file]


def _write_parquet(tables: Iterator[Table], folder: Path) -> list[Path]:
    return duck.write_parquet(tables, folder)


def _write_database(tables: Iterator[Table], folder: Path) -> list[Path]:
    file = folder / f"{NAME}.duckdb"
    duck.write_database(tables, file)
    return [file]


_WRITERS: Final[Mapping[TableForm, Callable[[Iterator[Table], Path], list[Path]]]] = {
    TableForm.CSV: _write_csv,
    TableForm.XLSX: _write_workbook,
    TableForm.PARQUET: _write_parquet,
    TableForm.DUCKDB: _write_database,
}
