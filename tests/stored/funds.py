"""A small fund's data directory as SQL text: `fund-v<format>/{events,keys,service}.sql`."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fund_service.composition import FORMAT, open_parts
from fund_service.settings import read_settings
from tests.fund_service.cli.small_fund import APPLICANTS, SmallFund

FOLDER = Path(__file__).parent
FILES = ("events", "keys", "service")


def recorded_funds() -> list[Path]:
    """Return the folder of every recorded fund."""
    return sorted(FOLDER.glob("fund-v*"))


def restore(fund: Path, data: Path) -> None:
    """Make the data directory of a recorded fund."""
    data.mkdir(exist_ok=True)
    for name in FILES:
        connection = sqlite3.connect(data / f"{name}.db")
        connection.executescript((fund / f"{name}.sql").read_text())
        connection.close()


def record_fund() -> int:
    """Record a fund in the format of today, unless one was recorded; return how many that were."""
    folder = FOLDER / f"fund-v{FORMAT}"
    if folder.exists():
        return 0
    with TemporaryDirectory() as place:
        with open_parts(read_settings(data=Path(place))) as parts:
            told = SmallFund(parts.fund)
            told.found()
            told.pair(APPLICANTS[0])
        folder.mkdir()
        for name in FILES:
            (folder / f"{name}.sql").write_text("\n".join(dump(Path(place) / f"{name}.db")) + "\n")
    return 1


def dump(database: Path) -> Iterator[str]:
    """Yield statements that make a database anew, its JSON as text that can be read."""
    connection = sqlite3.connect(database)
    yield from schema(database)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall():
            yield f"INSERT INTO {table} VALUES ({', '.join(map(_literal, row))});"
    connection.close()


def schema(database: Path) -> list[str]:
    """Return the statements that made the tables of a database."""
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return [f"{' '.join(sql.split())};" for (sql,) in rows]


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        try:
            return f"CAST({_literal(value.decode())} AS BLOB)"
        except UnicodeDecodeError:
            return f"X'{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)
