"""A small fund's data directory as SQL text, and what was asked of it: `fund-v<format>/`."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.catalogue import COMMANDS
from domain.messages import Command
from fund_service.application import Answer, Fund
from fund_service.clock import Clock
from fund_service.composition import FORMAT, open_parts
from fund_service.event_store import EventLog
from fund_service.keys import KeyVault
from fund_service.settings import read_settings
from tests.fund_service.small_fund import APPLICANTS, SmallFund
from tests.stored.samples import compact

FOLDER = Path(__file__).parent
FILES = ("events", "keys", "service")
REQUESTS = "requests.jsonl"


def recorded_funds() -> list[Path]:
    """Return the folder of every recorded fund."""
    return sorted(FOLDER.glob("fund-v*"))


def requests(fund: Path) -> Iterator[Command]:
    """Yield the commands that a recorded fund carried out, in their order."""
    for line in (fund / REQUESTS).read_text().splitlines():
        name, fields = json.loads(line)
        yield COMMANDS[name].model_validate(fields)


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
            door = _NotingDoor(parts.log, parts.vault, parts.clock)
            told = SmallFund(door)
            told.found()
            told.pair(APPLICANTS[0])
        folder.mkdir()
        (folder / REQUESTS).write_text("".join(f"{compact(request)}\n" for request in door.requests))
        for name in FILES:
            (folder / f"{name}.sql").write_text("\n".join(dump(Path(place) / f"{name}.db")) + "\n")
    return 1


class _NotingDoor(Fund):
    """The fund's door, noting who came."""

    def __init__(self, log: EventLog, vault: KeyVault, clock: Clock) -> None:
        super().__init__(log, vault, clock)
        self.requests: list[tuple[str, Any]] = []

    def handle(self, command: Command) -> Answer:
        """Carry out a command and note it."""
        self.requests.append((type(command).__name__, command.model_dump(mode="json")))
        return super().handle(command)


def dump(database: Path) -> Iterator[str]:
    """Yield statements that make a database anew, its JSON as text that can be read."""
    connection = sqlite3.connect(database)
    yield from schema(database)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        for row in connection.execute(f"SELECT * FROM {table}").fetchall():
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
