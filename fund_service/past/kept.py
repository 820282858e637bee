"""A file in which screens stand as they were at every position: one for all that was known, others for what held at an
instant.

Each screen is followed from its own position on by whoever needs it further, one at a time. What was written is never
changed but for until when it stood, so that whoever reads as of a position reads the same before and after.
"""

import sqlite3
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    create_engine,
    delete,
    event,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from fund_service.event_store import EventLog
from fund_service.past.versions import Versions, versions_of, view_of
from projections.read_model import BUILDS, POSITIONS, ReadModel

BATCH: Final = 1000
_WAITS: Final = 30.0
"""So many seconds one who writes waits for another."""
_KEPT: Final = MetaData()
_SCREENS: Final = Table(
    "kept_screens",
    _KEPT,
    Column("name", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)
_MARK: Final = Table(
    "kept_mark",
    _KEPT,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)
"""The last event that was taken in, and the digest of its record: what tells this log from any other."""


class KeptScreens:
    """The screens in a file, each as of every position up to its own. The folder is there."""

    def __init__(self, file: Path, screens: Collection[type[ReadModel]]) -> None:
        """Open the file, or make it."""
        self._address = f"file:{file}"
        self._screens = {screen.name: screen() for screen in screens}
        self._tables = {screen.name: versions_of(screen.metadata) for screen in screens}
        self._prepare(_writing(f"{self._address}?mode=rwc"))
        self._reading = _opening(f"{self._address}?mode=ro")
        self._writing = _writing(f"{self._address}?mode=rw")

    def _prepare(self, engine: Engine) -> None:
        with engine.begin() as connection:
            _KEPT.create_all(connection)
            known = {row.name: row.version for row in connection.execute(select(_SCREENS))}
            for name, screen in self._screens.items():
                if known.get(name) != screen.version:
                    self._tables[name].drop_all(connection)
                    self._tables[name].create_all(connection)
                    connection.execute(delete(_SCREENS).where(_SCREENS.c.name == name))
                    connection.execute(insert(_SCREENS).values(name=name, version=screen.version, position=0))

    def is_of(self, log: EventLog) -> bool:
        """Tell whether the file was made from this log."""
        with self._reading.connect() as connection:
            mark = connection.execute(select(_MARK)).one_or_none()
        return mark is None or mark.digest == _digest(log, mark.position)

    def behind(self, names: Collection[str], last: int) -> int:
        """Return how many positions the farthest behind of some screens is from one, 0 where none is."""
        with self._reading.connect() as connection:
            far = _positions(connection)
        return max(0, *(last - far[name] for name in names))

    def step(self, names: Collection[str], log: EventLog, last: int) -> bool:
        """Take those that are farthest behind of some screens a batch nearer to a position; tell whether any was."""
        with self._writing.begin() as connection:
            far = _positions(connection)
            behind = {name: far[name] for name in names if far[name] < last}
            if not behind:
                return False
            after = min(behind.values())
            found = log.read(after, BATCH)
            whole = len(found) == BATCH and found[-1].position < last
            reached = min([found[-1].position if whole else last, *(at for at in behind.values() if at > after)])
            batch = [one for one in found if one.position <= reached]
            following = [name for name, at in behind.items() if at == after]
            for name in following:
                tables = Versions(connection, self._tables[name].tables)
                for recorded in batch:
                    tables.at(recorded.position)
                    self._screens[name].project(tables, recorded)
                tables.flush()
            connection.execute(update(_SCREENS).where(_SCREENS.c.name.in_(following)).values(position=reached))
            if batch:
                _note(connection, log, batch[-1].position)
            return True

    def seen_at(self, position: int) -> "Seen":
        """Open a connection that sees the screens as of a position, and writes nothing."""
        address = f"{self._address}?mode=ro"
        seen = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=_WAITS, factory=Seen)
        seen.kept = self
        for tables in self._tables.values():
            for kept in tables.sorted_tables:
                seen.execute(view_of(kept, position))
        stood = f"SELECT name, version, {position} AS position FROM main.{_SCREENS.name}"
        seen.execute(f'CREATE TEMP VIEW "{POSITIONS.name}" AS {stood}')
        nothing = ", ".join(f'NULL AS "{column.name}"' for column in BUILDS.columns)
        seen.execute(f'CREATE TEMP VIEW "{BUILDS.name}" AS SELECT {nothing} WHERE 0')
        return seen


class Seen(sqlite3.Connection):
    """A connection to a file that sees its screens as of a position."""

    kept: KeptScreens

    def reached(self, position: int) -> set[str]:
        """Return the screens that it sees as far as a position."""
        return {name for (name,) in self.execute("SELECT name FROM kept_screens WHERE position >= ?", (position,))}


def _positions(connection: Connection) -> dict[str, int]:
    return {row.name: row.position for row in connection.execute(select(_SCREENS))}


def _note(connection: Connection, log: EventLog, position: int) -> None:
    """Note the last event that was taken in, when no later one was."""
    connection.execute(delete(_MARK).where(_MARK.c.position < position))
    if connection.execute(select(_MARK.c.position)).one_or_none() is None:
        connection.execute(insert(_MARK).values(position=position, digest=_digest(log, position)))


def _digest(log: EventLog, position: int) -> str:
    found = log.recorder.select_notifications(position, 1, position)
    return sha256(b"".join(bytes(one.state) for one in found)).hexdigest()


def _writing(address: str) -> Engine:
    """Return the engine that writes a file, whole batches by one at a time, without waiting for the disk."""
    engine = _opening(address, "journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _opening(address: str, *settings: str) -> Engine:
    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(address, _WAITS, isolation_level=None, check_same_thread=False, uri=True)
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        return connection

    return create_engine("sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True)
