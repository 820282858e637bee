"""The triggers that keep a log in an SQLite file append-only.

REPLACE deletes a row without firing the triggers of a deletion, so that a row is refused before it is written over.
Only afterwards does a row that named no position have one.
"""

from typing import Final

from eventsourcing.sqlite import SQLiteCursor, SQLiteDatastore

from fund_service.protection import ADDED_LAST, KEPT, differing

_WRITES_OVER: Final = (
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE originator_id = NEW.originator_id "
    "AND originator_version = NEW.originator_version) OR EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid) "
)
_IS_NOT_NEXT: Final = "WHEN NEW.rowid <> 1 + coalesce((SELECT max(rowid) FROM {table} WHERE rowid <> NEW.rowid), 0) "
"""Nor may a position be named so high that none can follow."""
_MADE: Final = (
    ("no_update", "BEFORE UPDATE", "", KEPT),
    ("no_delete", "BEFORE DELETE", "", KEPT),
    ("no_replace", "BEFORE INSERT", _WRITES_OVER, KEPT),
    ("grows", "AFTER INSERT", _IS_NOT_NEXT, ADDED_LAST),
)
"""The end of each name, when it fires, on which condition, and what it says."""


class SQLiteProtection:
    """The triggers on one table. SQLite keeps the words that made them, on one line each."""

    def __init__(self, datastore: SQLiteDatastore, table: str) -> None:
        """Name the table; nothing is made yet."""
        self._datastore = datastore
        self._made = {
            f"{table}_{name}": f"CREATE TRIGGER {table}_{name} {when} ON {table} {condition.format(table=table)}"
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            for name, when, condition, sentence in _MADE
        }
        self._table = table

    def make(self) -> None:
        """Make all of them anew, in one transaction; nobody writes meanwhile."""
        with self._datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                self.make_within(cursor)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def make_within(self, cursor: SQLiteCursor) -> None:
        """Make all of them anew in a transaction that was begun."""
        for name, statement in self._made.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)

    def missing(self) -> list[str]:
        """Return the names of those that are not there as they were made."""
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (self._table,)
            )
            return differing(self._made, {row["name"]: row["sql"] for row in cursor.fetchall()})

    def standing(self) -> str:
        """Say who could take them away."""
        return "the service, as whoever writes the file, can drop its own protection: PostgreSQL alone parts the roles"
