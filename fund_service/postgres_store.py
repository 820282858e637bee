"""A fund in one PostgreSQL database, by a URL as libpq reads it: every parameter of the URL counts for every part."""

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import (
    PostgresAggregateRecorder,
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
)
from eventsourcing.utils import Environment, EnvType, retry
from psycopg import ClientCursor, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine

from domain.errors import Malformed, Unavailable
from fund_service.locks import KINDS, Kind, taken
from fund_service.postgres_protection import PostgresProtection
from projections.database import close_engine

CONNINFO: Final = "POSTGRES_CONNINFO"
_POOL_SECONDS: Final = "1"
"""How long one waits for a connection, whole seconds; the library tries ten times, so that a no comes within twelve.

With 128 threads on the 16 connections, and the log held by another for two seconds again and again, nobody was turned
away; of those who waited for 0.3 seconds only, some were.
"""
_LOCKS: Final = 0x1C  # the first of the two numbers of our advisory locks
_LOG_THERE: Final = "SELECT to_regclass('public.fund_events') IS NOT NULL"
_HOLDER: Final = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %s AND l.objid = %s
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_CURES: Final = (
    ("password", "Correct user and password in --store or FUND_STORE; PGPASSWORD and ~/.pgpass are read too."),
    ("role ", "Correct the user in --store or FUND_STORE, or create it."),
    ("database system is", "Wait until it is up, then start again."),
    ("database ", "Create it with createdb, or name another one with --store or FUND_STORE."),
    ("must be owner", "Do it once as the role that owns the log's table, or as an administrator."),
    ("permission denied", "Let this user create tables in the schema public of that database."),
    ("", "Start PostgreSQL, or correct the address in --store or FUND_STORE."),
)


class MadeAlone(PostgresAggregateRecorder):
    """A recorder that makes its table while no other process does: two at once would trip over each other's functions
    and types, and a part that starts beside another would not come up.
    """

    def create_table(self) -> None:
        """Make the table with what belongs to it, after whoever does so now. One that is there is left as it is: a role
        that does not own it could not do more.
        """
        with self.datastore.transaction(commit=True) as alone:
            alone.execute("SELECT pg_advisory_xact_lock(%s, hashtext('tables of the log'))", (_LOCKS,))
            table = SQL("{}.{}").format(Identifier(self.datastore.schema), Identifier(self.events_table_name))
            alone.execute("SELECT to_regclass(%s) IS NOT NULL AS there", (table.as_string(),))
            if alone.fetchone() != {"there": True}:
                super().create_table()
        self.datastore.register_type_adapters()


class SnapshotRecorder(MadeAlone, PostgresAggregateRecorder):
    """The library's recorder of snapshots."""


class LogRecorder(MadeAlone, PostgresApplicationRecorder):
    """The library's recorder, saving in one round trip instead of seven: the statements travel together, and the
    server runs them in one transaction. The lock keeps positions in the order of commits. The table only grows.
    """

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        """Name the table; nothing is made yet."""
        super().__init__(datastore, events_table_name=events_table_name)
        self.protection = PostgresProtection(datastore, events_table_name)

    def _create_table(self, curs: Cursor[DictRow]) -> None:
        super()._create_table(curs)
        self.protection.make_within(curs)

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Save events in one transaction and return their positions. Raises IntegrityError when one is there."""
        if not stored_events:
            return []
        names = {"schema": Identifier(self.datastore.schema), "table": Identifier(self.events_table_name)}
        insert = SQL("INSERT INTO {schema}.{table} VALUES {rows} RETURNING notification_id").format(
            **names, rows=SQL(", ").join([SQL("(%s, %s, %s, %s)")] * len(stored_events))
        )
        notify = SQL("NOTIFY {}").format(Identifier(self.channel_name))
        statements = SQL("; ").join([*self.lock_table_statements, notify, insert])
        values = [
            value
            for one in stored_events
            for value in (one.originator_id, one.originator_version, one.topic, one.state)
        ]
        with self.datastore.get_connection() as connection, ClientCursor(connection, row_factory=dict_row) as cursor:
            cursor.execute(statements, values)
            while cursor.nextset():
                pass
            return [row["notification_id"] for row in cursor]


class LogFactory(PostgresFactory):
    """The library's factory, connecting by the whole URL instead of the five parameters it has variables for."""

    application_recorder_class = LogRecorder
    aggregate_recorder_class = SnapshotRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        """Construct the datastore; nothing is connected yet."""
        super().__init__(env)
        self.datastore.pool.kwargs = {**conninfo_to_dict(self.env[CONNINFO]), "row_factory": dict_row}


class PostgresStore:
    """One database. Connections are made when they are needed."""

    def __init__(self, url: str) -> None:
        """Use the database of this URL. Raises Malformed when it cannot be read; its text may hold a password."""
        try:
            given = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            raise Malformed(
                "The PostgreSQL store (--store, FUND_STORE) cannot be read.",
                "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE as for psql; ?host=DIR names a socket's folder.",
            ) from None
        self.shown = _shown(given)
        self._conninfo = make_conninfo("", **{"connect_timeout": 1, "application_name": "fund", **given})
        self._engine = create_engine(
            "postgresql+psycopg://", creator=self._connect, pool_pre_ping=True, hide_parameters=True
        )

    def _connect(self, **more: Any) -> "psycopg.Connection[Any]":
        return psycopg.connect(self._conninfo, **more)

    def begun(self) -> bool:
        """Say whether a log was made here. Raises Unavailable when the database is away or refuses us."""
        try:
            with self._connect() as connection:
                return bool(_only(connection.execute(_LOG_THERE)))
        except psycopg.Error as away:
            raise self.trouble(away) from away

    def log(self) -> dict[str, str]:
        """Return the library's variables for the log. Its database functions would drop the lock that orders events:
        a tailing reader then misses some.
        """
        return {
            "PERSISTENCE_MODULE": "fund_service.postgres_store:LogFactory",
            CONNINFO: self._conninfo,
            **dict.fromkeys(("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD"), ""),
            "POSTGRES_CONNECT_TIMEOUT": _POOL_SECONDS,
            "POSTGRES_POOL_SIZE": "1",
            "POSTGRES_MAX_OVERFLOW": "15",
        }

    def engine(self, tables: str) -> Engine:
        """Return the one engine: all tables lie in one database."""
        return self._engine

    @contextmanager
    def exclusive(self, kind: Kind) -> Iterator[None]:
        """Hold an advisory lock, which ends with its connection. Raises Unavailable, naming who holds it.

        A restart of the database lets go of it too: two relays or projectors at once are slower, and do no harm.
        """
        name = f"process {os.getpid()} on {platform.node()}"
        try:
            connection = self._connect(autocommit=True, application_name=name)
        except psycopg.Error as away:
            raise self.trouble(away) from away
        try:
            if not _only(connection.execute("SELECT pg_try_advisory_lock(%s, %s)", _place(kind))):
                raise taken(kind, self.shown, self.holder(kind) or "just ending")
            yield
        finally:
            connection.close()

    def holder(self, kind: Kind) -> str | None:
        """Return who holds the lock of this kind, or None. Raises Unavailable."""
        try:
            with self._connect() as connection:
                name = _only(connection.execute(_HOLDER, _place(kind)))
        except psycopg.Error as away:
            raise self.trouble(away) from away
        return None if name is None else str(name)

    def trouble(self, error: Exception) -> Unavailable:
        """Return what an error of the database means; what libpq and the server say holds no password."""
        reason = _reason(error)
        cure = next(cure for part, cure in _CURES if part in reason)
        return Unavailable(f"The store {self.shown} cannot be used: {reason}.", cure)

    def close(self) -> None:
        """Close every connection but those of the log, which closes itself."""
        close_engine(self._engine)


def _place(kind: Kind) -> tuple[int, int]:
    return _LOCKS, KINDS.index(kind)


def _only(cursor: "psycopg.Cursor[Any]") -> object:
    row = cursor.fetchone()
    return row[0] if row else None


def _shown(given: dict[str, Any]) -> str:
    user, host, name = (str(given.get(part, "")) for part in ("user", "host", "dbname"))
    at = f"{user}@" if user else ""
    port = f":{given['port']}" if "port" in given else ""
    if host.startswith("/"):
        return f"postgresql://{at}{port}/{name}?host={host}"
    return f"postgresql://{at}{host}{port}/{name}"


def _reason(error: Exception) -> str:
    lines = str(error.__cause__ or error).splitlines()
    several = len(lines) > 1 and lines[0].startswith("Multiple connection attempts failed")
    return lines[several].rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")
