"""DuckDB, an optional extra: it writes Parquet and databases, and reads the latter for whoever asks.

It loads no extension, reaches no network and nothing of the disk but what it is given, and writes nothing at home.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from domain.errors import Unavailable
from fund_service.audit.tables.tables import Table
from fund_service.columns import Column, Holds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

QUESTIONS: Final = "ready_questions.sql"
_TYPES: Final = {
    Holds.TEXT: "VARCHAR",
    Holds.NUMBER: "BIGINT",
    Holds.CENTS: "BIGINT",
    Holds.INSTANT: "TIMESTAMPTZ",
    Holds.YES_NO: "BOOLEAN",
    Holds.SEVERAL: "JSON",
}
_MEMORY: Final = "512MB"
_BLOCK: Final = "16384"
"""The least there is, in bytes: of a database of many small tables the file is a tenth."""
_SHORT: Final = 2**20
"""A row up to so many bytes is short: DuckDB sets aside some times what the longest takes."""


def is_installed() -> bool:
    """Tell whether DuckDB is installed."""
    return find_spec("duckdb") is not None


def assert_installed() -> None:
    """Raise Unavailable where DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401
    except ImportError as missing:
        raise Unavailable(
            "Parquet and DuckDB need the extra `analysis`, which is not installed here.",
            "Run `pip install duckdb`, or install the fund as `iurc-fund[analysis]`; CSV and XLSX need neither.",
        ) from missing


@contextmanager
def opened(file: Path | None, reached: Path, *, for_reading: bool = False) -> Iterator["DuckDBPyConnection"]:
    """Open a database, or one in memory, that reaches nothing but a folder besides. Raises Unavailable."""
    assert_installed()
    import duckdb

    place = str(reached)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "default_block_size": _BLOCK,
        "home_directory": place,
        "memory_limit": _MEMORY,
        "secret_directory": place,
        "temp_directory": place,
    }
    connection = duckdb.connect(str(file) if file is not None else ":memory:", read_only=for_reading, config=settings)
    try:
        if not for_reading:
            connection.execute("SET allowed_directories = [?]", [place])
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def write_parquet(tables: Iterable[Table], folder: Path) -> list[Path]:
    """Write a Parquet file for each table into a folder, and return the files. Raises Unavailable."""
    written = []
    with opened(None, folder) as connection:
        for table in tables:
            _load(connection, table, folder)
            written.append(folder / f"{table.name}.parquet")
            target = str(written[-1]).replace("'", "''")
            connection.execute(f"COPY {_quoted(table.name)} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            connection.execute(f"DROP TABLE {_quoted(table.name)}")
    return written


def write_database(tables: Iterable[Table], file: Path) -> None:
    """Write a database with the tables and the ready questions as views, all with comments. Raises Unavailable."""
    with TemporaryDirectory() as folder, opened(file, Path(folder)) as connection:
        for table in tables:
            _load(connection, table, Path(folder))
            _comment(connection, f"TABLE {_quoted(table.name)}", table.about)
            for column in table.columns:
                _comment(connection, f"COLUMN {_quoted(table.name)}.{_quoted(column.name)}", column.holds)
        connection.execute(files(__package__).joinpath(QUESTIONS).read_text(encoding="utf-8"))


def _load(connection: "DuckDBPyConnection", table: Table, folder: Path) -> None:
    """Make a table in the database, and fill it, by way of a file of JSON lines: rows one by one take much longer."""
    columns = ", ".join(f"{_quoted(column.name)} {_TYPES[column.holds]}" for column in table.columns)
    connection.execute(f"CREATE TABLE {_quoted(table.name)} ({columns})")
    spilled = folder / "rows.json"
    try:
        longest = _spill(table, spilled)
        if table.size:
            kinds = {column.name: _read_as(column) for column in table.columns}
            read = "read_json(?, format = 'newline_delimited', columns = ?, maximum_object_size = ?)"
            told = ", ".join(f"{_quoted(column.name)}::{_TYPES[column.holds]}" for column in table.columns)
            given: list[Any] = [str(spilled), kinds, max(_SHORT, 2 * longest)]
            connection.execute(f"INSERT INTO {_quoted(table.name)} SELECT {told} FROM {read}", given)
    finally:
        spilled.unlink(missing_ok=True)


def _spill(table: Table, file: Path) -> int:
    """Write the rows of a table as JSON lines, and return how many bytes the longest has."""
    longest = 0
    with file.open("wb") as lines:
        for row in table.rows():
            line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
            longest = max(longest, len(line))
            lines.write(line)
    return longest


def _read_as(column: Column) -> str:
    return "VARCHAR" if column.holds is Holds.SEVERAL else _TYPES[column.holds]


def _comment(connection: "DuckDBPyConnection", on: str, text: str) -> None:
    said = text.replace("'", "''")
    connection.execute(f"COMMENT ON {on} IS '{said}'")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
