"""Empty stores of both kinds, for one comparison each: SQLite that flushes every commit, and a real PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from tests import postgres

Place = Callable[[], AbstractContextManager[Parts]]
"""Opens an empty fund of one kind of store."""

_OURS: Final = ("POSTGRES_POOL_SIZE", "POSTGRES_MAX_OVERFLOW", "POSTGRES_PRE_PING")


@contextmanager
def places() -> Iterator[dict[str, Place]]:
    """Return for each kind of store how to open an empty one."""
    with TemporaryDirectory() as folder, postgres.server() as socket:
        here = Path(folder)

        @contextmanager
        def sqlite() -> Iterator[Parts]:
            with open_parts(Settings(data=here / uuid4().hex)) as parts:
                yield parts

        @contextmanager
        def postgresql() -> Iterator[Parts]:
            with open_parts(Settings(data=here / uuid4().hex, store=postgres.new_database(socket))) as parts:
                yield parts

        yield {"SQLite, every commit flushed": sqlite, "PostgreSQL": postgresql}


def stock_env(parts: Parts) -> dict[str, str]:
    """Return the library's variables for the same kind of store, with nothing of ours but how to connect; in a table
    that no trigger protects.
    """
    env = {name: value for name, value in parts.store.log().items() if name not in _OURS}
    if "POSTGRES_CONNINFO" in env:
        return {**env, "APPLICATION_RECORDER_TOPIC": "eventsourcing.postgres:PostgresApplicationRecorder"}
    return {**env, "PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(parts.directory.path("stock.db"))}
