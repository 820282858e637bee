"""The directory's tables. They are no part of the history: rows change and go, and the log stays as it is.

A directory is made, or brought to today's form, when a fund is opened (`migrations/`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    inspect,
    select,
    text,
)

from projections.read_model import Moment, Words

METADATA: Final = MetaData()
VERSIONS: Final = "directory_version"
"""The table in which Alembic keeps which form the directory has."""

TOKENS: Final = Table(
    "directory_tokens",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("role", String(40)),
    Column("label", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
SESSIONS: Final = Table(
    "directory_sessions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("how", String(40), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("proved_at", Moment),
    Column("expires_at", Moment, nullable=False),
)
LOGINS: Final = Table(
    "directory_logins",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
INVITATIONS: Final = Table(
    "directory_invitations",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("code_digest", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("subject", Uuid, nullable=False, index=True),
    Column("renews", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
SECOND_FACTORS: Final = Table(
    "directory_second_factors",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("ciphertext", Text, nullable=False),
    Column("confirmed_at", Moment),
    Column("last_step", BigInteger, nullable=False),
)
RECOVERY_CODES: Final = Table(
    "directory_recovery_codes",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("subject", Uuid, nullable=False, index=True),
)
IDENTITIES: Final = Table(
    "directory_identities",
    METADATA,
    Column("issuer", String(200), primary_key=True),
    Column("identifier", String(255), primary_key=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("bound_at", Moment, nullable=False),
)
DEPARTURES: Final = Table(
    "directory_departures",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("errand", String(40), nullable=False),
    Column("of_id", Uuid),
    Column("subject", Uuid, index=True),
    Column("page", String(500), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

PEOPLE: Final = Table(
    "directory_people",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("full_name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("language", String(10), nullable=False),
    Column("telephone", Words),
    Column("unit", Words),
    Column("changed_at", Moment, nullable=False),
)
FORM_DRAFTS: Final = Table(
    "directory_form_drafts",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("page", String(500), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("ciphertext", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
SAVED_VIEWS: Final = Table(
    "directory_saved_views",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("key_id", String(32), nullable=False),
    Column("ciphertext", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
PRIVATE_NOTES: Final = Table(
    "directory_private_notes",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("about", Uuid, primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("ciphertext", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)


def prepared(engine: Engine) -> Engine:
    """Return the engine of a directory that has today's form: one that has not is made or taken on first."""
    from fund_service.auth.migrations import NEWEST

    with engine.connect() as connection:
        current = _version(connection)
    if current != NEWEST:
        from fund_service.auth.migrations.taking_on import take_on

        with _alone(engine) as connection:
            take_on(connection)
    return engine


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSIONS):
        return None
    return connection.execute(select(text("version_num")).select_from(text(VERSIONS))).scalar_one_or_none()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Change the tables in one transaction, while nobody else does."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('directory'))")
        yield connection
        connection.commit()
