"""The follower: batches of events folded in memory; rows and position written in one transaction, exactly once.

ReadModel     its tables, and what each event changes in them
Rows          one table as a dictionary by primary key, for one batch
Copy          its tables in the database, those that people read or those of a build beside them, with their position
Follower      reads the log in batches and writes what they change
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
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
    delete,
    inspect,
    select,
    update,
)

from domain.errors import Unavailable
from domain.messages import Recorded
from projections.database import insert_into, make_tables

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
        self._dropped: set[tuple[Any, ...]] = set()

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
        self._dropped.discard(key)

    def change(self, *key: Any, **columns: Any) -> None:
        """Set some columns of a row, which is there or begins now."""
        self.put({**self.row(*key), **columns})

    def drop(self, *key: Any) -> None:
        """Take a row out, if it is there."""
        self._known[key] = None
        self._changed.pop(key, None)
        self._dropped.add(key)

    def flush(self) -> None:
        """Take out the dropped rows and write the changed ones, with one statement for each."""
        if self._dropped:
            mine = (column == bindparam(f"of_{column.name}") for column in self._table.primary_key)
            keys = [{f"of_{name}": part for name, part in zip(self._key, key, strict=True)} for key in self._dropped]
            self._connection.execute(delete(self._table).where(*mine), keys)
            self._dropped.clear()
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
    """A read model's tables for one batch: `tables[table]` gives its rows, or those of what stands in for it."""

    def __init__(self, connection: Connection, stand_ins: Mapping[Table, Table] = MappingProxyType({})) -> None:
        self._connection = connection
        self._stand_ins = stand_ins
        self._rows: dict[Table, Rows] = {}

    def __getitem__(self, table: Table) -> Rows:
        """Return the rows of a table."""
        if table not in self._rows:
            self._rows[table] = Rows(self._connection, self._stand_ins.get(table, table))
        return self._rows[table]

    def flush(self) -> None:
        """Write what changed in every table."""
        for rows in self._rows.values():
            rows.flush()


class ReadModel(ABC):
    """What one screen knows: tables that follow from the log alone.

    A new `version` (from 1) says that the tables or their meaning changed: they are built anew.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    metadata: ClassVar[MetaData]

    @abstractmethod
    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the tables. Accepts every recorded event, whatever came before it: facts never fail."""


_KEPT = MetaData()

POSITIONS = Table(
    "read_models",
    _KEPT,
    Column("name", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)

BUILDS = Table(
    "read_model_builds",
    _KEPT,
    Column("name", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("goal", BigInteger, nullable=False),
    Column("differences", JSON(none_as_null=True)),
)
"""The builds beside the tables that people read. `goal` is the log's end when one was asked for; `differences` from
what people read before is null while it is under way.
"""


class BeingBuilt(Unavailable):
    """What people read is of another version; the tables of this one are not complete yet."""


class Copy:
    """A read model's tables in the database with the row that says how far they have come."""

    def __init__(
        self, model: ReadModel, positions: Table = POSITIONS, stand_ins: Mapping[Table, Table] = MappingProxyType({})
    ) -> None:
        self._model = model
        self._positions = positions
        self._stand_ins = stand_ins
        self.mine = positions.c.name == model.name

    def take_in(self, connection: Connection, after: int, batch: Sequence[Recorded]) -> int:
        """Move the position from `after` and take a batch in; return how many events that were, 0 when another of
        two that run at once has moved it.
        """
        here = update(self._positions).where(
            self.mine, self._positions.c.position == after, self._positions.c.version == self._model.version
        )
        if not connection.execute(here.values(position=batch[-1].position)).rowcount:
            return 0
        tables = Tables(connection, self._stand_ins)
        for recorded in batch:
            self._model.project(tables, recorded)
        tables.flush()
        return len(batch)


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
        self._copy = Copy(model)
        self.name = model.name
        self._prepare()

    def position(self) -> int:
        """Return the position of the last event in the tables, 0 before the first.

        Raises BeingBuilt or Unavailable when they are of another version of the read model.
        """
        return self.at(*self._stored())

    def at(self, version: int, position: int) -> int:
        """Return the position that stands with a version of the tables. Raises BeingBuilt or Unavailable when that is
        of another version of the read model.
        """
        if version != self._model.version:
            raise self._of_another(version)
        return position

    def take_in(self, connection: Connection, after: int, batch: Sequence[Recorded]) -> int:
        """Take in a batch that begins after a position; return how many events that were, 0 when another was faster."""
        return self._copy.take_in(connection, after, batch)

    def is_current(self) -> bool:
        """Tell whether the tables are of this version of the read model."""
        return self._stored()[0] == self._model.version

    def catch_up(self) -> int:
        """Follow the log to its end, batch by batch; return how many events this follower took in."""
        done = 0
        while True:
            after = self.position()
            batch = self._read(after, self._batch)
            if not batch:
                return done
            with self._engine.begin() as connection:
                done += self.take_in(connection, after, batch)

    def _stored(self) -> tuple[int, int]:
        with self._engine.connect() as connection:
            found = connection.execute(select(POSITIONS.c.version, POSITIONS.c.position).where(self._copy.mine)).one()
        return found.version, found.position

    def _of_another(self, version: int) -> Unavailable:
        name = self._model.name.replace("_", " ")
        under_way = BUILDS.c.name == self._model.name, BUILDS.c.version == self._model.version
        query = select(BUILDS.c.position, BUILDS.c.goal).where(*under_way, BUILDS.c.differences.is_(None))
        with self._engine.connect() as connection:
            build = connection.execute(query).one_or_none()
        if build is not None:
            done = min(99, 100 * build.position // max(1, build.goal))
            return BeingBuilt(f"The screen {name} is being built anew: {done} % is done.", "Try again in a moment.")
        return Unavailable(
            f"The screen {name} is kept in version {version} by another version of the fund; this one knows version "
            f"{self._model.version}.",
            "Whoever runs the service runs one version of it, and starts its projector anew.",
        )

    def _prepare(self) -> None:
        make_tables(self._engine, _KEPT)
        with self._engine.begin() as connection:
            first = {"name": self._model.name, "version": self._model.version, "position": 0}
            connection.execute(insert_into(connection, POSITIONS).on_conflict_do_nothing(), first)
            lock = update(POSITIONS).where(self._copy.mine).values(position=POSITIONS.c.position)
            version = connection.execute(lock.returning(POSITIONS.c.version)).scalar_one()
            there = inspect(connection).get_table_names()
            if version == self._model.version and not set(self._model.metadata.tables) <= set(there):
                connection.execute(update(POSITIONS).where(self._copy.mine).values(position=0))
                self._model.metadata.drop_all(connection)
                self._model.metadata.create_all(connection)


def fetch(connection: Connection, query: Select[Any], **given: Any) -> list[Row]:
    """Return what a query finds with what is given for its parameters, as rows by column."""
    found = connection.execute(query, given)
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


_STANDING = (
    select(POSITIONS.c.version, POSITIONS.c.position, BUILDS.c.goal, BUILDS.c.position)
    .outerjoin(BUILDS, BUILDS.c.name == POSITIONS.c.name)
    .where(POSITIONS.c.name == bindparam("name"))
)


def standing(connection: Connection, name: str) -> tuple[Any, ...]:
    """Return what tells whether the tables of a read model may have changed: while it is the same, they are.

    They change with its position, or when a build that ends replaces them.
    """
    return tuple(connection.execute(_STANDING, {"name": name}).one())
