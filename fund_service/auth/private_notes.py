"""Notes that somebody keeps about a thing for themselves alone, sealed with their key: no part of the history."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, delete, select

from domain.errors import Malformed
from fund_service.auth.directory import PRIVATE_NOTES
from fund_service.keys import KeyVault
from projections.database import insert_into

LONGEST: Final = 10_000
"""So many characters a note may have."""


class PrivateNote(NamedTuple):
    """What somebody noted about a thing, and when it was saved (UTC)."""

    about: UUID
    text: str
    saved_at: datetime


class PrivateNotes:
    """The private notes of everybody. Thread-safe."""

    def __init__(self, directory: Engine, vault: KeyVault) -> None:
        """Keep them in this directory, sealed by these keys."""
        self._directory = directory
        self._vault = vault

    def keep(self, subject: UUID, about: UUID, text: str, now: datetime) -> None:
        """Keep a note in place of the one before; an empty one is thrown away. Raises Malformed for a longer one."""
        if len(text) > LONGEST:
            raise Malformed(f"A note has at most {LONGEST:,} characters.", "Shorten it, and save it again.")
        own = (PRIVATE_NOTES.c.subject == subject, PRIVATE_NOTES.c.about == about)
        row = {**self._vault.seal(subject, text), "saved_at": now}
        with self._directory.begin() as connection:
            if not text.strip():
                connection.execute(delete(PRIVATE_NOTES).where(*own))
                return
            insert = insert_into(connection, PRIVATE_NOTES).values(subject=subject, about=about, **row)
            rest = {name: insert.excluded[name] for name in row}
            connection.execute(insert.on_conflict_do_update(index_elements=["subject", "about"], set_=rest))

    def of(self, subject: UUID) -> list[PrivateNote]:
        """Return every note that somebody keeps, the newest first."""
        return self._of(subject)

    def find(self, subject: UUID, about: UUID) -> PrivateNote | None:
        """Return what somebody noted about a thing, None where they noted nothing."""
        return next(iter(self._of(subject, PRIVATE_NOTES.c.about == about)), None)

    def _of(self, subject: UUID, *which: ColumnElement[bool]) -> list[PrivateNote]:
        sought = select(PRIVATE_NOTES).where(PRIVATE_NOTES.c.subject == subject, *which)
        with self._directory.connect() as connection:
            rows = connection.execute(sought.order_by(PRIVATE_NOTES.c.saved_at.desc(), PRIVATE_NOTES.c.about)).all()
        opened = [(row, self._vault.unseal(subject, row._asdict())) for row in rows]
        return [PrivateNote(row.about, text, row.saved_at) for row, text in opened if text is not None]
