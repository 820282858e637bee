"""Which tables of the directory hold something of a person, and which of their columns may be shown to that person.

A table that is new must be entered here; a test says so.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Engine, Table, delete, select

from fund_service.auth.directory import (
    DEPARTURES,
    FORM_DRAFTS,
    IDENTITIES,
    INVITATIONS,
    LOGINS,
    PEOPLE,
    PRIVATE_NOTES,
    RECOVERY_CODES,
    SAVED_VIEWS,
    SECOND_FACTORS,
    SESSIONS,
    TOKENS,
)
from projections.database import overwrite_free_space
from projections.read_model import fetch

_SECRET: Final = frozenset({"digest", "code_digest", "hash", "key_id", "ciphertext", "last_step"})
_TABLES: Final = (
    *(PEOPLE, TOKENS, SESSIONS, LOGINS, IDENTITIES, DEPARTURES),
    *(INVITATIONS, SECOND_FACTORS, RECOVERY_CODES, FORM_DRAFTS, SAVED_VIEWS, PRIVATE_NOTES),
)
SHOWN: Final[Mapping[Table, tuple[Column[Any], ...]]] = {
    table: tuple(column for column in table.columns if column.name not in _SECRET) for table in _TABLES
}
"""By table what a person is shown of the rows with their `subject`: all but secrets, also as digests."""

NOT_PERSONAL: Final[frozenset[Table]] = frozenset()
"""Tables that hold nothing of anybody."""


def rows_of(directory: Engine, subject: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return what the directory holds of a person, by table, without secrets."""
    with directory.connect() as connection:
        return {
            table.name.removeprefix("directory_"): [
                dict(row) for row in fetch(connection, select(*shown).where(table.c.subject == subject))
            ]
            for table, shown in SHOWN.items()
        }


def empty(directory: Engine, subject: UUID) -> None:
    """Erase what the directory holds of a person, in one transaction, and leave nothing of it in its files."""
    with directory.begin() as connection:
        for table in SHOWN:
            connection.execute(delete(table).where(table.c.subject == subject))
    overwrite_free_space(directory, list(SHOWN))
