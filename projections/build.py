"""A read model built anew beside the one that people read, which it replaces in one transaction when it has caught up.

Its tables are written over those that people read, where they differ: whoever reads sees all of the old or all of the
new, and waits for nobody. Renaming tables instead would make readers on PostgreSQL wait, and show an empty table to one
whose snapshot is older. A build that was interrupted is still under way: whoever keeps the screens goes on with it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    and_,
    cast,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import OperationalError

from domain.messages import Recorded
from domain.values import Value
from projections.database import insert_into
from projections.read_model import BUILDS, POSITIONS, Copy, Read, ReadModel

BESIDE = "new_"
_HELD_BY_READERS = "55P03"
_PATIENCE_WITH_READERS = "SET LOCAL lock_timeout = '300ms'"
"""To drop a table on PostgreSQL is to wait for its readers; less than the second after which it looks for deadlocks."""


class Difference(Value):
    """How many rows of a table were not what the log says: changed, missing, too many."""

    table: str
    changed: int
    missing: int
    extra: int


class UnderWay(NamedTuple):
    """How far a build has come towards the log's end when it was asked for."""

    version: int
    position: int
    goal: int


def builds_under_way(engine: Engine) -> dict[str, UnderWay]:
    """Return the builds that are asked for and not complete, by the names of their read models."""
    with engine.connect() as connection:
        found = connection.execute(select(BUILDS).where(BUILDS.c.differences.is_(None)))
        return {row.name: UnderWay(row.version, row.position, row.goal) for row in found}


class Build:
    """Builds one read model beside the one that people read, a batch at each step, and then replaces it.

    Of two that build at once, one takes each step and the other none.
    """

    def __init__(self, engine: Engine, model: ReadModel, read: Read, batch: int = 1000) -> None:
        self.name, self.version = model.name, model.version
        self._engine = engine
        self._model = model
        self._read = read
        self._batch = batch
        self._aside, self._stand_ins = _aside(model.metadata)
        self._live = Copy(model)
        self._beside = Copy(model, BUILDS, self._stand_ins)

    def ask(self, goal: int, *, anew: bool = False) -> None:
        """Ask for a build up to the log's end, which lies at `goal` now. One that is under way goes on, unless all is
        to begin anew.
        """
        row = {"version": self.version, "position": 0, "goal": goal, "differences": None}
        over = None if anew else BUILDS.c.differences.is_not(None) | (BUILDS.c.version != self.version)
        with self._engine.begin() as connection:
            ours = insert_into(connection, BUILDS).values(name=self.name, **row)
            wanted = ours.on_conflict_do_update(index_elements=["name"], set_=row, where=over)
            if connection.execute(wanted.returning(BUILDS.c.name)).first():
                self._aside.drop_all(connection)
                self._aside.create_all(connection)

    def step(self) -> bool:
        """Take in a batch, or at the log's end replace what people read; tell whether something is left to do."""
        under_way = builds_under_way(self._engine).get(self.name)
        if under_way is None or under_way.version != self.version:
            return False
        if batch := self._read(under_way.position, self._batch):
            with self._engine.begin() as connection:
                self._beside.take_in(connection, under_way.position, batch)
            return True
        try:
            with self._engine.begin() as connection:
                self._replace(connection)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _HELD_BY_READERS:
                raise
            return True
        return False

    def differences(self) -> tuple[Difference, ...]:
        """Return what the last build found wrong in what people had read; nothing where that was of another version."""
        with self._engine.connect() as connection:
            found = connection.execute(select(BUILDS.c.differences).where(self._beside.mine)).scalar_one()
        return tuple(Difference(**one) for one in found or ())

    def _replace(self, connection: Connection) -> None:
        """Bring both to one position, compare them, and write what differs over what people read."""
        old = _held(connection, POSITIONS, self._live.mine)
        new = _held(connection, BUILDS, self._beside.mine & BUILDS.c.differences.is_(None))
        if old is None or new is None or new.version != self.version:
            return
        known = old.version == self.version
        last = max(old.position, new.position) if known else new.position
        self._take_in(connection, self._beside, new.position, last)
        if known:
            self._take_in(connection, self._live, old.position, last)
        else:
            self._make_anew(connection)
        compared = {one: _difference(connection, *one) for one in self._stand_ins.items()}
        differing = {tables: found for tables, found in compared.items() if found is not None}
        for table, stand_in in differing:
            connection.execute(delete(table))
            connection.execute(insert(table).from_select(list(table.columns.keys()), select(stand_in)))
        self._aside.drop_all(connection)
        reached = select(BUILDS.c.position).where(self._beside.mine).scalar_subquery()
        here = update(POSITIONS).where(self._live.mine)
        connection.execute(here.values(version=self.version, position=reached))
        told = [one.model_dump() for one in differing.values()] if known else []
        connection.execute(update(BUILDS).where(self._beside.mine).values(differences=told))

    def _make_anew(self, connection: Connection) -> None:
        """Make the tables that people read with the columns of this version."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(_PATIENCE_WITH_READERS)
        self._model.metadata.drop_all(connection)
        self._model.metadata.create_all(connection)

    def _take_in(self, connection: Connection, copy: Copy, after: int, last: int) -> None:
        for batch in self._stretch(after, last):
            copy.take_in(connection, after, batch)
            after = batch[-1].position

    def _stretch(self, after: int, last: int) -> Iterator[list[Recorded]]:
        """Yield the events of a stretch of the log, batch by batch."""
        while after < last and (batch := [one for one in self._read(after, self._batch) if one.position <= last]):
            yield batch
            after = batch[-1].position


class _Held(NamedTuple):
    version: int
    position: int


def _held(connection: Connection, positions: Table, mine: ColumnElement[bool]) -> _Held | None:
    """Return the version and position of a copy, which nobody else moves before the transaction ends."""
    lock = update(positions).where(mine).values(position=positions.c.position)
    found = connection.execute(lock.returning(positions.c.version, positions.c.position)).one_or_none()
    return None if found is None else _Held(*found)


@cache
def _aside(live: MetaData) -> tuple[MetaData, Mapping[Table, Table]]:
    """Return tables of the same columns under other names, without indexes, and which stands in for which; made once
    in a process, for it takes longer than all else that opens a fund.
    """
    aside = MetaData()
    stand_ins = {table: table.to_metadata(aside, name=f"{BESIDE}{table.name}") for table in live.sorted_tables}
    for stand_in in stand_ins.values():
        stand_in.indexes.clear()
    return aside, stand_ins


def _difference(connection: Connection, table: Table, new: Table) -> Difference | None:
    """Return how the rows of a table differ from the new ones, or None when they are the same."""
    same_row = and_(*(table.c[key.name] == new.c[key.name] for key in table.primary_key))
    changed = or_(false(), *(_comparable(one).is_distinct_from(_comparable(new.c[one.name])) for one in table.columns))
    queries: Mapping[str, Any] = {
        "changed": select(func.count()).select_from(table.join(new, same_row)).where(changed),
        "missing": select(func.count()).select_from(new).where(~select(table).where(same_row).exists()),
        "extra": select(func.count()).select_from(table).where(~select(new).where(same_row).exists()),
    }
    counts = {what: connection.execute(query).scalar_one() for what, query in queries.items()}
    return Difference(table=table.name, **counts) if any(counts.values()) else None


def _comparable(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(column, Text) if isinstance(column.type, JSON) else column
