"""The triggers that keep a log in PostgreSQL append-only, for replicas and sessions that pose as one too.

They are compared by what the catalogue says of them and by the words of their functions, which any version of
PostgreSQL gives back as they were written. In these every operator is named whole, or a session's search path could
put another in its place.
"""

from typing import Any, Final, NamedTuple

from eventsourcing.postgres import PostgresDatastore
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier, Literal

from fund_service.protection import ADDED_LAST, KEPT, differing

_REFUSES: Final = SQL("BEGIN RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = {sentence}; END")
_KEEPS: Final = _REFUSES.format(sentence=Literal(KEPT))
_GROWS: Final = SQL(
    "BEGIN IF NEW.notification_id OPERATOR(pg_catalog.=) pg_catalog.pg_sequence_last_value({sequence}) "
    "THEN RETURN NEW; END IF; "
    "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = {sentence}; END"
)
"""The position that was drawn last is above all that were drawn before, so that no look at the table is needed; and
nobody can name one so high that none can follow.
"""
_FOUND: Final = """
SELECT t.tgname AS name, t.tgtype AS bits, p.prosrc AS body,
  t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr::text = '' AND NOT t.tgisinternal
  AND l.lanname = 'plpgsql' AND p.proconfig IS NULL AS plain
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
WHERE t.tgrelid = to_regclass(%s)
"""
_STANDING: Final = """
SELECT current_user::text AS user,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
  pg_has_role(c.relowner, 'MEMBER') OR pg_has_role(n.nspowner, 'MEMBER') OR EXISTS (
    SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = c.oid AND pg_has_role(p.proowner, 'MEMBER')
  ) AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(%s)
"""
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = (1 << bit for bit in range(6))


_MAKING: Final = SQL(
    "DROP TRIGGER IF EXISTS {name} ON {schema}.{table}; "
    "CREATE OR REPLACE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql AS {body}; "
    "CREATE TRIGGER {name} {when} ON {schema}.{table} FOR EACH {each} EXECUTE FUNCTION {schema}.{name}(); "
    "ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}"
)


class _Trigger(NamedTuple):
    """One trigger: when it fires, in words and in the catalogue's bits, and the words of its function."""

    when: SQL
    each: SQL
    bits: int
    body: str


class PostgresProtection:
    """The triggers on one table, each with a function of its name."""

    def __init__(self, datastore: PostgresDatastore, table: str) -> None:
        """Name the table; nothing is made yet."""
        self._datastore = datastore
        self._names = {"schema": Identifier(datastore.schema), "table": Identifier(table)}
        self._place = SQL("{schema}.{table}").format(**self._names).as_string()
        sequence = SQL("{}.{}").format(Identifier(datastore.schema), Identifier(f"{table}_notification_id_seq"))
        drawn = Literal(sequence.as_string())
        kept, grown = _KEEPS.as_string(), _GROWS.format(sequence=drawn, sentence=Literal(ADDED_LAST)).as_string()
        row, whole = SQL("ROW"), SQL("STATEMENT")
        self._made = {
            "no_change": _Trigger(SQL("BEFORE UPDATE OR DELETE"), row, _BEFORE | _UPDATE | _DELETE | _ROW, kept),
            "no_truncate": _Trigger(SQL("BEFORE TRUNCATE"), whole, _BEFORE | _TRUNCATE, kept),
            "grows": _Trigger(SQL("BEFORE INSERT"), row, _BEFORE | _INSERT | _ROW, grown),
        }
        self._made = {f"{table}_{name}": one for name, one in self._made.items()}

    def make(self) -> None:
        """Make all of them anew, in one transaction, after whoever does so now; nobody reads or writes meanwhile."""
        with self._datastore.transaction(commit=True) as cursor:
            cursor.execute(SQL("LOCK TABLE {schema}.{table} IN ACCESS EXCLUSIVE MODE").format(**self._names))
            self.make_within(cursor)

    def make_within(self, cursor: Cursor[DictRow]) -> None:
        """Make all of them anew in a transaction that was begun."""
        for name, one in self._made.items():
            words = {"name": Identifier(name), "when": one.when, "each": one.each, "body": Literal(one.body)}
            cursor.execute(_MAKING.format(**self._names, **words))

    def missing(self) -> list[str]:
        """Return the names of those that are not there, or not as they were made."""
        with self._datastore.transaction() as cursor:
            rows = cursor.execute(_FOUND, (self._place,)).fetchall()
        made = {name: (one.bits, one.body) for name, one in self._made.items()}
        return differing(made, {row["name"]: (row["bits"], row["body"]) for row in rows if row["plain"]})

    def standing(self) -> str:
        """Say whether we could take them away."""
        with self._datastore.transaction() as cursor:
            row: dict[str, Any] | None = cursor.execute(_STANDING, (self._place,)).fetchone()
        assert row is not None
        if not row["owner"]:
            return f"the service is {row['user']}, who does not own the log and cannot drop that"
        what = "a superuser" if row["superuser"] else "who owns the log"
        return f"the service is {row['user']}, {what}, and can drop its own protection (see deploy/roles.sql)"
