"""Lists as somebody looks at them, saved under a name: that one's own, sealed with their key."""

import json
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, delete, func, select

from domain.errors import Malformed, WrongStage
from fund_service.auth.directory import SAVED_VIEWS
from fund_service.keys import KeyVault

MOST: Final = 50
"""So many views one person may save."""
LONGEST_NAME: Final = 80
LONGEST_ADDRESS: Final = 1000


class SavedView(NamedTuple):
    """A list under a name: its address with all that is filtered and sorted there, and when it was saved (UTC)."""

    id: UUID
    name: str
    address: str
    saved_at: datetime

    @property
    def path(self) -> str:
        """The list itself."""
        return self.address.partition("?")[0]


_OF: Final = select(SAVED_VIEWS).where(SAVED_VIEWS.c.subject == bindparam("subject"))
"""Asked with every list, so that it is put together once."""


class SavedViews:
    """The saved views of everybody. Thread-safe."""

    def __init__(self, directory: Engine, vault: KeyVault) -> None:
        """Keep them in this directory, sealed by these keys: what somebody looks for may name others."""
        self._directory = directory
        self._vault = vault

    def keep(self, subject: UUID, name: str, address: str, now: datetime) -> SavedView:
        """Save a view. Raises Malformed for a name or an address that cannot be, WrongStage for too many."""
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise Malformed("A view needs a name.", f"Write one of at most {LONGEST_NAME} characters.")
        if len(address) > LONGEST_ADDRESS:
            raise Malformed("This address is too long to be saved.", "Look for fewer words, and save again.")
        saved = SavedView(uuid4(), name, address, now)
        sealed = self._vault.seal(subject, json.dumps([name, address]))
        own = select(func.count()).where(SAVED_VIEWS.c.subject == subject)
        with self._directory.begin() as connection:
            if connection.execute(own).scalar_one() >= MOST:
                raise WrongStage(f"You have saved {MOST} views already.", "Forget one, and save again.")
            row = {"id": saved.id, "subject": subject, "saved_at": now, **sealed}
            connection.execute(SAVED_VIEWS.insert().values(**row))
        return saved

    def of(self, subject: UUID) -> list[SavedView]:
        """Return the views that somebody saved, by name."""
        with self._directory.connect() as connection:
            rows = connection.execute(_OF, {"subject": subject}).all()
        opened = [(row, self._vault.unseal(subject, row._asdict())) for row in rows]
        told = [(row, *json.loads(text)) for row, text in opened if text is not None]
        found = [SavedView(row.id, name, address, row.saved_at) for row, name, address in told]
        return sorted(found, key=lambda one: (one.name.casefold(), one.saved_at))

    def forget(self, subject: UUID, id: UUID) -> None:
        """Throw one's own view away, where there is one."""
        with self._directory.begin() as connection:
            connection.execute(delete(SAVED_VIEWS).where(SAVED_VIEWS.c.subject == subject, SAVED_VIEWS.c.id == id))
