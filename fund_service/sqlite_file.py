"""The small SQLite files beside the log: for their owner alone, flushed at every commit, shared by processes."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.schema import CreateTable


def sqlite_file(path: Path, metadata: MetaData) -> Engine:
    """Open a file, or make it with these tables; two processes may do so at once."""
    path.touch(mode=0o600)
    path.chmod(0o600)  # also where it was there already
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _prepare)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA synchronous=FULL")
