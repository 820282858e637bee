"""What both kinds of database share: tables made once, inserts over what is there, the engine for read models."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.schema import CreateTable


def make_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are not there yet; two processes may do so at once."""
    there = set(inspect(engine).get_table_names())
    for table in (table for table in metadata.sorted_tables if table.name not in there):
        try:
            with engine.begin() as connection:
                connection.execute(CreateTable(table, if_not_exists=True))
        except (IntegrityError, ProgrammingError):  # so the slower of two is told on PostgreSQL
            if not inspect(engine).has_table(table.name):
                raise


def overwrite_free_space(engine: Engine, tables: Sequence[Table]) -> None:
    """Leave nothing in the database's own files of the rows that these tables held before; it is written anew."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            return
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that knows what to do about a row that is there already, on either store."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def views_engine(url: str) -> Engine:
    """Return the engine for read models: SQLite in WAL mode without waiting for the disk, or PostgreSQL."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def close_engine(engine: Engine) -> None:
    """Close every connection: one that a thread still uses, or takes hereafter, as soon as it is given back."""
    event.listen(engine, "checkin", lambda _, record: record.invalidate())
    engine.dispose()


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection whose queries all see the same moment: SQLite's do by themselves."""
    postgresql = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ") if postgresql else connection


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: `_begin` does
    for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
