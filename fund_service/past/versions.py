"""The tables of a screen with every version of each of their rows: from which position on it stood, and until which.

Read as of a position, they are the screen as it was there; what a later event changes leaves that as it is.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from projections.read_model import Row, Rows, Tables

SINCE: Final = "kept_since"
UNTIL: Final = "kept_until"
FOR_EVER: Final = 2**62
"""Until when a version stands that no later one replaced yet."""
_ENDS: Final = "kept_ends"


def versions_of(tables: MetaData) -> MetaData:
    """Return tables that hold the versions of the rows of these, under the same names, found by the same indexes."""
    metadata = MetaData()
    for table in tables.sorted_tables:
        kept = Table(table.name, metadata, *map(_column, table.columns))
        kept.append_column(Column(SINCE, BigInteger, primary_key=True, autoincrement=False))
        kept.append_column(Column(UNTIL, BigInteger, nullable=False))
        for index in table.indexes:
            Index(index.name, *(kept.c[column.name] for column in index.columns), kept.c[SINCE])
    return metadata


def _column(one: Column[Any]) -> Column[Any]:
    key = one.primary_key
    return Column(one.name, one.type, primary_key=key, autoincrement=False, nullable=not key)


def view_of(kept: Table, position: int) -> str:
    """Return the statement that lets a connection see a table as it stood at a position, under its own name."""
    columns = ", ".join(f'"{one.name}"' for one in kept.columns if one.name not in (SINCE, UNTIL))
    stood = f"{SINCE} <= {position} AND {UNTIL} > {position}"
    return f'CREATE TEMP VIEW "{kept.name}" AS SELECT {columns} FROM main."{kept.name}" WHERE {stood}'


class VersionRows(Rows):
    """One table with the versions of its rows, for one batch: what is read is the last version, what is put is one more
    from the event's position on. What says the same as before is none.
    """

    def __init__(self, connection: Connection, table: Table, kept: Table) -> None:
        super().__init__(connection, table)
        self._kept = kept
        stands = kept.c[UNTIL] == FOR_EVER
        self._select = select(kept).where(*(kept.c[name] == bindparam(name) for name in self._key), stands)
        mine = [kept.c[name] == bindparam(_of(name)) for name in self._key]
        self._end = update(kept).where(*mine, stands).values({UNTIL: bindparam(_ENDS)})
        self._new: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        self._ended: dict[tuple[Any, ...], int] = {}
        self.position = 0

    def get(self, *key: Any) -> Row | None:
        """Return the last version of the row with this key, or None."""
        found = super().get(*key)
        if found is not None and SINCE in found:
            found = {name: value for name, value in found.items() if name not in (SINCE, UNTIL)}
            self._known[key] = found
        return found

    def put(self, row: Row) -> None:
        """Write a whole row, as it stands from the position of the event on; columns left out get their defaults."""
        key = tuple(row[name] for name in self._key)
        whole = row if row.keys() == self._blank.keys() else {**self._blank, **row}
        if self._known.get(key) == whole:
            return
        self._known[key] = whole
        self._versions(key).append({**whole, SINCE: self.position, UNTIL: FOR_EVER})

    def drop(self, *key: Any) -> None:
        """Let the row stand no longer than up to the position of the event, if it is there."""
        if self.get(*key) is not None:
            self._known[key] = None
            self._versions(key)

    def _versions(self, key: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Return the new versions of a row, the last of which ends at the position of the event."""
        self._ended.setdefault(key, self.position)
        versions = self._new.setdefault(key, [])
        if versions and versions[-1][SINCE] == self.position:
            versions.pop()  # the same event put it twice: nobody ever saw the first
        elif versions and versions[-1][UNTIL] == FOR_EVER:
            versions[-1][UNTIL] = self.position
        return versions

    def flush(self) -> None:
        """Write until when the versions stood that ended, and every new one."""
        if not self._ended:
            return
        ends = [
            {**dict(zip((_of(name) for name in self._key), key, strict=True)), _ENDS: position}
            for key, position in self._ended.items()
        ]
        self._connection.execute(self._end, ends)
        if new := [one for versions in self._new.values() for one in versions]:
            self._connection.execute(insert(self._kept), new)
        self._new.clear()
        self._ended.clear()


def _of(name: str) -> str:
    """Return what a column of a key is called where it is given to a statement that changes columns, too."""
    return f"of_{name}"


class Versions(Tables):
    """A screen's tables with the versions of their rows, for one batch: what is put stands from `at` on."""

    def __init__(self, connection: Connection, kept: Mapping[str, Table]) -> None:
        super().__init__(connection)
        self._kept = kept
        self._versions: dict[Table, VersionRows] = {}
        self._position = 0

    def at(self, position: int) -> None:
        """Say at which position the event stands that is taken in next."""
        self._position = position
        for rows in self._versions.values():
            rows.position = position

    def __getitem__(self, table: Table) -> Rows:
        """Return the versions of the rows of a table."""
        if table not in self._versions:
            self._versions[table] = rows = VersionRows(self._connection, table, self._kept[table.name])
            rows.position = self._position
        return self._versions[table]

    def flush(self) -> None:
        """Write what changed in every table."""
        for rows in self._versions.values():
            rows.flush()
