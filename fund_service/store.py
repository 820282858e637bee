"""Where a fund keeps what must last: log, keys, a few facts, directory and screens, each in tables of its own.

SQLite      files: those of the data directory, or one that `sqlite:///…` names with others beside it
PostgreSQL  one database, named as libpq reads it: `postgresql://…`

Both keep one contract; nothing but this file, the two stores and the log knows which it is.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Malformed, Unavailable
from fund_service.locks import Kind
from fund_service.postgres_store import PostgresStore
from fund_service.settings import Settings
from fund_service.sqlite_store import SQLiteStore

Tables = Literal["keys", "facts", "views", "directory", "witness"]


class Store(Protocol):
    """A place for everything that must last. `shown` is how messages name it: never with a password."""

    shown: str

    def begun(self) -> bool:
        """Say whether a log was made here. Makes nothing. Raises Unavailable when the store is away or broken."""

    def log(self) -> dict[str, str]:
        """Return the library's variables for the log."""

    def engine(self, tables: Tables) -> Engine:
        """Return the engine for some of the tables."""

    def exclusive(self, kind: Kind) -> AbstractContextManager[None]:
        """Hold the lock that excludes a second one of this kind. Raises Unavailable, naming who holds it."""

    def holder(self, kind: Kind) -> str | None:
        """Return who holds the lock of this kind, or None."""

    def trouble(self, error: Exception) -> Unavailable:
        """Return what an error of the store or its driver means, in one sentence with the cure."""

    def close(self) -> None:
        """Close every file and connection."""


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """Open the store that the settings name. Raises Malformed when its URL cannot be read, Unavailable when it is away
    or broken.
    """
    store = _store_of(settings)
    try:
        yield store
    except (PersistenceError, SQLAlchemyError, sqlite3.Error) as broken:
        raise store.trouble(broken) from broken
    finally:
        store.close()


def _store_of(settings: Settings) -> Store:
    url = settings.store
    if url is None:
        return SQLiteStore(settings.data / "events.db")
    if re.search("[\0\ud800-\udfff]", url):
        raise _unreadable()
    kind, _, rest = url.partition("://")
    match kind:
        case "postgresql" | "postgres":
            return PostgresStore(url)
        case "sqlite" if rest.startswith("/") and rest.strip("/"):
            return SQLiteStore.of_file(rest[1:])
        case _:
            raise _unreadable()


def _unreadable() -> Malformed:
    return Malformed(
        "The store (--store, FUND_STORE) cannot be read.",
        "Write sqlite:///FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE; ?host=DIR names a socket.",
    )
