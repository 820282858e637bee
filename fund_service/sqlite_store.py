"""A fund in SQLite files: for their owner alone, the log and its like flushed at every commit, shared by processes."""

import sqlite3
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from eventsourcing.persistence import InterfaceError
from eventsourcing.sqlite import (
    SQLITE3_DEFAULT_LOCK_TIMEOUT,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import Engine, create_engine, event

from domain.errors import Unavailable
from fund_service.locks import Kind, file_holder, file_lock
from fund_service.sqlite_protection import SQLiteProtection
from projections.database import close_engine, views_engine

_CURES = (
    ("readonly", "Let this user write its files, or name another directory with --data."),
    ("full", "Free some space on its disk."),
    ("unable to open", "Check the path and the rights, or name another directory with --data."),
    ("", "Restore it from a backup. A broken views.db can be deleted: screens are built anew from the log."),
)
"""What to do about an error of SQLite that says these words."""

_FILES = {
    "keys": "keys.db",
    "facts": "service.db",
    "views": "views.db",
    "directory": "directory.db",
    "witness": "witness.db",
}


_stream_id = lru_cache(maxsize=4096)(UUID)


class LogRecorder(SQLiteApplicationRecorder):
    """The library's recorder, making one id of a stream instead of one for each of its events. The table only grows."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        """Name the table; nothing is made yet."""
        super().__init__(datastore, events_table_name)
        self.protection = SQLiteProtection(datastore, events_table_name)

    def create_table(self) -> None:
        """Make the table with its protection. One that is there is left as it is."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (self.events_table_name,))
            if cursor.fetchone() is not None:
                return
        super().create_table()

    def _create_table(self, c: SQLiteCursor) -> None:
        super()._create_table(c)
        self.protection.make_within(c)

    def convert_originator_id(self, originator_id: str) -> UUID:
        """Return the id of a stream."""
        return _stream_id(originator_id)


class LogPool(SQLiteConnectionPool):
    """The library's pool, whose connections keep the statements that they prepared: the library's keep a single one, so
    that the triggers were put together anew with every command.
    """

    def _create_connection(self) -> SQLiteConnection:
        wait = self.lock_timeout or SQLITE3_DEFAULT_LOCK_TIMEOUT
        try:
            made = sqlite3.connect(self.db_name, wait, isolation_level=None, check_same_thread=False, uri=True)
            made.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as closed:
            raise InterfaceError(closed) from closed
        made.row_factory = sqlite3.Row
        return SQLiteConnection(made, self.max_age)


class LogFactory(SQLiteFactory):
    """The library's factory, with our recorder and our pool."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        """Construct the datastore; nothing is opened yet."""
        super().__init__(env)
        given = self.datastore.pool
        self.datastore.pool = LogPool(db_name=given.db_name, lock_timeout=given.lock_timeout)


class SQLiteStore:
    """The log in a file, and beside it keys.db, service.db and views.db; of a file NAME.db they are NAME.keys.db, …"""

    def __init__(self, log: Path, prefix: str = "") -> None:
        """Use this file for the log; nothing is made yet."""
        self._log = log.absolute()
        self._prefix = prefix
        self._engines: dict[str, Engine] = {}
        self.shown = str(log if prefix else log.parent)

    @classmethod
    def of_file(cls, path: str) -> Self:
        """Return the store of a file named by itself."""
        log = Path(path)
        return cls(log, f"{log.stem}.")

    def begun(self) -> bool:
        """Say whether a log was made here. Raises Unavailable when the place cannot be read or its keys are missing."""
        folder, keys = self._log.parent, self._beside("keys.db")
        try:
            if folder.exists() and not folder.is_dir():
                raise Unavailable(f"{folder} is not a directory.", "Name another one with --data or FUND_DATA.")
            if not self._log.is_file():
                return False
            if not keys.is_file():
                raise Unavailable(
                    f"The keys of the fund in {self.shown} are missing ({keys.name}).",
                    f"Restore them from the backup of the same day as {self._log.name}.",
                )
        except OSError as closed:
            raise self._closed(closed) from closed
        return True

    def log(self) -> dict[str, str]:
        """Return the library's variables for the log, which is made for its owner alone. Raises Unavailable."""
        try:
            _own(self._log)
        except OSError as closed:
            raise self._closed(closed) from closed
        return sqlite_env(self._log)

    def engine(self, tables: str) -> Engine:
        """Return the engine for some of the tables. Screens can be rebuilt, so theirs need not wait for the disk."""
        if tables not in self._engines:
            path = self._beside(_FILES[tables])
            try:
                self._engines[tables] = _screens_file(path) if tables == "views" else sqlite_file(path)
            except OSError as closed:
                raise self._closed(closed) from closed
        return self._engines[tables]

    def exclusive(self, kind: Kind) -> AbstractContextManager[None]:
        """Hold the lock that excludes a second one of this kind. Raises Unavailable, naming who holds it."""
        return file_lock(self._beside(f"{kind}.lock"), kind)

    def holder(self, kind: Kind) -> str | None:
        """Return who holds the lock of this kind, or None."""
        return file_holder(self._beside(f"{kind}.lock"))

    def trouble(self, error: Exception) -> Unavailable:
        """Return what an error of the files means."""
        reason = str(error.__cause__ or error).splitlines()[0]
        cure = next(cure for words, cure in _CURES if words in reason)
        return Unavailable(f"The store in {self.shown} cannot be used: {reason}.", cure)

    def close(self) -> None:
        """Close every file but the log, which closes itself."""
        for engine in self._engines.values():
            close_engine(engine)

    def _closed(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"The place of the store {self.shown} cannot be opened: {(error.strerror or 'unknown reason').lower()}.",
            "Check the path and the rights, or name another one with --data or --store.",
        )

    def _beside(self, name: str) -> Path:
        return self._log.with_name(f"{self._prefix}{name}")


def sqlite_env(path: Path) -> dict[str, str]:
    """Return the library's variables for a log in an SQLite file."""
    return {
        "PERSISTENCE_MODULE": "fund_service.sqlite_store:LogFactory",
        "SQLITE_DBNAME": str(path),
        "SQLITE_LOCK_TIMEOUT": "10",
    }


def sqlite_file(path: Path) -> Engine:
    """Open a file, or make it, for its owner alone."""
    _own(path)
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def _screens_file(path: Path) -> Engine:
    _own(path)
    return views_engine(f"sqlite:///{path}")


def _own(path: Path) -> None:
    """Let a file belong to its owner alone, also where it was there already. Raises OSError."""
    path.touch(mode=0o600)
    path.chmod(0o600)


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
