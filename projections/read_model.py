"""The follower: batches of events folded in memory; rows and position written in one transaction, exactly once.

ReadModel     its tables, and what each event changes in them
Rows          one table as a dictionary by primary key, for one batch
Follower      reads the log in batches and writes what they change
views_engine  the engine for read models; they can be rebuilt, so SQLite need not wait for the disk
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    create_engine,
    delete,
    event,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.schema import CreateTable

from domain.messages import Recorded

Row = Mapping[str, Any]
"""A row by column; never changed in place. JSON columns hold lists, dictionaries with text keys, texts and numbers."""

Read = Callable[[int, int], Sequence[Recorded]]
"""`read(after_position, limit)`: the next events of the log in its order, at most `limit`; none at its end."""


class Moment(TypeDecorator[datetime]):
    """An instant in UTC, the same on both stores (SQLite knows no time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text of any length. PostgreSQL refuses the character NUL, and a fact must never fail: it becomes � there."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text without NUL."""
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if value is not None else None


class Rows:
    """One table as a dictionary by primary key, for one batch: read on first touch, written at the batch's end."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._key = tuple(column.name for column in table.primary_key)
        self._blank = {column.name: getattr(column.default, "arg", None) for column in table.columns}
        self._select = select(table).where(*(column == bindparam(column.name) for column in table.primary_key))
        self._known: dict[tuple[Any, ...], Row | None] = {}
        self._changed: dict[tuple[Any, ...], Row] = {}

    def get(self, *key: Any) -> Row | None:
        """Return the row with this key, or None."""
        if key not in self._known:
            found = self._connection.execute(self._select, dict(zip(self._key, key, strict=True))).one_or_none()
            self._known[key] = None if found is None else found._asdict()
        return self._known[key]

    def row(self, *key: Any) -> Row:
        """Return the row with this key; one that is not there yet holds its columns' defaults."""
        return self.get(*key) or {**self._blank, **dict(zip(self._key, key, strict=True))}

    def put(self, row: Row) -> None:
        """Write a whole row; columns left out get their defaults."""
        key = tuple(row[name] for name in self._key)
        whole = row if row.keys() == self._blank.keys() else {**self._blank, **row}
        self._known[key] = self._changed[key] = whole

    def change(self, *key: Any, **columns: Any) -> None:
        """Set some columns of a row, which is there or begins now."""
        self.put({**self.row(*key), **columns})

    def flush(self) -> None:
        """Write every changed row with one statement."""
        if not self._changed:
            return
        insert = insert_into(self._connection, self._table)
        values = {column.name: insert.excluded[column.name] for column in self._table.columns if not column.primary_key}
        if values:
            statement = insert.on_conflict_do_update(index_elements=self._key, set_=values)
        else:
            statement = insert.on_conflict_do_nothing()
        self._connection.execute(statement, list(self._changed.values()))
        self._changed.clear()


class Tables:
    """A read model's tables for one batch: `tables[table]` gives its rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Table, Rows] = {}

    def __getitem__(self, table: Table) -> Rows:
        """Return the rows of a table."""
        if table not in self._rows:
            self._rows[table] = Rows(self._connection, table)
        return self._rows[table]

    def flush(self) -> None:
        """Write what changed in every table."""
        for rows in self._rows.values():
            rows.flush()


class ReadModel(ABC):
    """What one screen knows: tables that follow from the log alone.

    A new `version` (from 1) says that the tables or their meaning changed: the follower rebuilds them.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    metadata: ClassVar[MetaData]

    @abstractmethod
    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the tables. Accepts every recorded event, whatever came before it: facts never fail."""


POSITIONS = Table(
    "read_models",
    MetaData(),
    Column("name", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)


class Follower:
    """Keeps one read model at the log's end.

    Rows and position are written in one transaction that begins by moving the position from where the batch starts: of
    two followers that run at once, one moves it and the other reads again.
    """

    def __init__(self, engine: Engine, model: ReadModel, read: Read, batch: int = 1000) -> None:
        self._engine = engine
        self._model = model
        self._read = read
        self._batch = batch
        self._mine = POSITIONS.c.name == model.name
        self._prepare()

    def position(self) -> int:
        """Return the position of the last event in the tables, 0 before the first.

        Raises RuntimeError when a process with another version of the read model has taken it over.
        """
        with self._engine.connect() as connection:
            version, position = connection.execute(
                select(POSITIONS.c.version, POSITIONS.c.position).where(self._mine)
            ).one()
        if version != self._model.version:
            raise RuntimeError(
                f"The read model {self._model.name} is kept in version {version} by another process; this one knows "
                f"version {self._model.version}. Stop one of them."
            )
        return int(position)

    def catch_up(self) -> int:
        """Follow the log to its end, batch by batch; return how many events this follower took in."""
        done = 0
        while True:
            after = self.position()
            batch = self._read(after, self._batch)
            if not batch:
                return done
            done += self._follow(after, batch)

    def rebuild(self) -> int:
        """Empty the tables and follow the log from its start; return how many events were taken in."""
        with self._engine.begin() as connection:
            self._start_over(connection)
            for table in self._model.metadata.sorted_tables:
                connection.execute(delete(table))
        return self.catch_up()

    def _follow(self, after: int, batch: Sequence[Recorded]) -> int:
        with self._engine.begin() as connection:
            here = update(POSITIONS).where(
                self._mine, POSITIONS.c.position == after, POSITIONS.c.version == self._model.version
            )
            if not connection.execute(here.values(position=batch[-1].position)).rowcount:
                return 0
            tables = Tables(connection)
            for recorded in batch:
                self._model.project(tables, recorded)
            tables.flush()
        return len(batch)

    def _prepare(self) -> None:
        make_tables(self._engine, POSITIONS.metadata)
        with self._engine.begin() as connection:
            first = {"name": self._model.name, "version": 0, "position": 0}
            connection.execute(insert_into(connection, POSITIONS).on_conflict_do_nothing(), first)
            lock = update(POSITIONS).where(self._mine).values(position=POSITIONS.c.position)
            version = connection.execute(lock.returning(POSITIONS.c.version)).scalar_one()
            there = inspect(connection).get_table_names()
            if version != self._model.version or not set(self._model.metadata.tables) <= set(there):
                self._start_over(connection)
                self._model.metadata.drop_all(connection)
                self._model.metadata.create_all(connection)

    def _start_over(self, connection: Connection) -> None:
        connection.execute(update(POSITIONS).where(self._mine).values(version=self._model.version, position=0))


def make_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are not there yet; two processes may do so at once."""
    for table in metadata.sorted_tables:
        try:
            with engine.begin() as connection:
                connection.execute(CreateTable(table, if_not_exists=True))
        except (IntegrityError, ProgrammingError):  # so the slower of two is told on PostgreSQL
            if not inspect(engine).has_table(table.name):
                raise


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that knows what to do about a row that is there already, on either store."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def fetch(connection: Connection, query: Select[Any]) -> list[Row]:
    """Return what a query finds, as rows by column."""
    return [found._asdict() for found in connection.execute(query)]


def views_engine(url: str) -> Engine:
    """Return the engine for read models: SQLite in WAL mode without waiting for the disk, or PostgreSQL."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: `_begin` does
    for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
