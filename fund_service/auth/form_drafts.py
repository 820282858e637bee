"""Forms that somebody has begun and not sent: kept for that one alone, sealed with their key, gone when they are sent.

What stands in them was never said to the fund: it is no part of the history.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, Select, bindparam, delete, func, select

from domain.errors import WrongStage
from fund_service.auth.directory import FORM_DRAFTS
from fund_service.keys import KeyVault
from projections.database import insert_into

LASTS: Final = timedelta(days=180)
"""So long after it was saved last a form is kept."""
MOST: Final = 200
"""So many forms one person may have begun."""


class FormDraft(NamedTuple):
    """A form as somebody left it: the address of its page, what stands in its boxes, and when it was saved (UTC)."""

    page: str
    fields: tuple[tuple[str, str], ...]
    saved_at: datetime

    @property
    def until(self) -> datetime:
        """Until when (UTC) it is kept."""
        return self.saved_at + LASTS


_ALL: Final = (
    select(FORM_DRAFTS)
    .where(FORM_DRAFTS.c.subject == bindparam("subject"))
    .order_by(FORM_DRAFTS.c.saved_at.desc(), FORM_DRAFTS.c.page)
)
_THIS: Final = _ALL.where(FORM_DRAFTS.c.page == bindparam("page"))
"""Asked with every form, so that they are put together once."""


class FormDrafts:
    """The begun forms of everybody. Thread-safe."""

    def __init__(self, directory: Engine, vault: KeyVault) -> None:
        """Keep them in this directory, sealed by these keys."""
        self._directory = directory
        self._vault = vault

    def keep(self, subject: UUID, page: str, fields: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keep a form, in place of what was kept of it; what is too old goes. Raises WrongStage for too many."""
        row = {**self._vault.seal(subject, json.dumps(list(fields))), "saved_at": now}
        others = select(func.count()).where(FORM_DRAFTS.c.subject == subject, FORM_DRAFTS.c.page != page)
        with self._directory.begin() as connection:
            connection.execute(delete(FORM_DRAFTS).where(FORM_DRAFTS.c.saved_at <= now - LASTS))
            if connection.execute(others).scalar_one() >= MOST:
                raise WrongStage(f"You have begun {MOST} forms already.", "Send one, or throw one away.")
            insert = insert_into(connection, FORM_DRAFTS).values(subject=subject, page=page, **row)
            rest = {name: insert.excluded[name] for name in row}
            connection.execute(insert.on_conflict_do_update(index_elements=["subject", "page"], set_=rest))

    def find(self, subject: UUID, page: str) -> FormDraft | None:
        """Return a form as somebody left it; None where they began none."""
        return next(iter(self._of(_THIS, subject, page=page)), None)

    def of(self, subject: UUID) -> list[FormDraft]:
        """Return every form that somebody began, the newest first."""
        return self._of(_ALL, subject)

    def forget(self, subject: UUID, page: str) -> None:
        """Throw a form away, where there is one."""
        with self._directory.begin() as connection:
            connection.execute(delete(FORM_DRAFTS).where(FORM_DRAFTS.c.subject == subject, FORM_DRAFTS.c.page == page))

    def _of(self, asked: Select[Any], subject: UUID, **named: str) -> list[FormDraft]:
        with self._directory.connect() as connection:
            rows = connection.execute(asked, {"subject": subject, **named}).all()
        opened = [(row, self._vault.unseal(subject, row._asdict())) for row in rows]
        return [
            FormDraft(row.page, tuple((name, value) for name, value in json.loads(text)), row.saved_at)
            for row, text in opened
            if text is not None
        ]
