"""Tokens for scripts: shown once, kept as digests, for one subject and, if wanted, for one of its roles only.

They live in real time, also in a rehearsal whose own clock stands still.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, insert, select, update

from domain.errors import NotFound
from domain.people import Role
from domain.values import Instant, Value
from fund_service.auth.directory import TOKENS
from fund_service.auth.shown_once import digest_of
from fund_service.permissions.actors import Actor
from projections.read_model import fetch

PREFIX: Final = "fund_"
"""So that scanners recognise a token that was published by mistake."""
LONGEST: Final = timedelta(days=366)

_HOLDING: Final = select(TOKENS.c.subject, TOKENS.c.role).where(
    TOKENS.c.digest == bindparam("digest"), TOKENS.c.expires_at > bindparam("now"), TOKENS.c.ended_at.is_(None)
)
"""Asked with every request, so that it is put together once."""


class TokenRow(Value):
    """A token without its secret: whose it is, for which role (None: all), and until when it holds (UTC)."""

    id: UUID
    label: str
    subject: UUID
    role: Role | None
    created_at: Instant
    expires_at: Instant


class Tokens:
    """The tokens of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def create(self, actor: Actor, label: str, now: datetime, lifetime: timedelta) -> tuple[TokenRow, str]:
        """Return a new token and its secret, which is never shown again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        row = TokenRow(
            id=uuid4(), label=label, subject=actor.subject, role=actor.role, created_at=now, expires_at=now + lifetime
        )
        with self._directory.begin() as connection:
            connection.execute(insert(TOKENS).values(**dict(row), digest=digest_of(secret)))
        return row, secret

    def actor(self, secret: str, now: datetime) -> Actor | None:
        """Return who shows this secret, or None when it is unknown, ended or expired."""
        with self._directory.connect() as connection:
            row = connection.execute(_HOLDING, {"digest": digest_of(secret), "now": now}).one_or_none()
        return None if row is None else Actor(row.subject, Role(row.role) if row.role is not None else None)

    def of(self, subject: UUID | None, now: datetime) -> list[TokenRow]:
        """Return the tokens that hold, of one subject or of all, oldest first."""
        query = select(TOKENS).where(TOKENS.c.expires_at > now, TOKENS.c.ended_at.is_(None))
        if subject is not None:
            query = query.where(TOKENS.c.subject == subject)
        with self._directory.connect() as connection:
            rows = fetch(connection, query.order_by(TOKENS.c.created_at, TOKENS.c.id))
        return [TokenRow(**{name: row[name] for name in TokenRow.model_fields}) for row in rows]

    def end(self, id: UUID, now: datetime, subject: UUID | None = None) -> None:
        """End a token at once, one of this subject where it is named. Raises NotFound when none with this id holds."""
        ending = update(TOKENS).where(TOKENS.c.id == id, TOKENS.c.ended_at.is_(None)).values(ended_at=now)
        if subject is not None:
            ending = ending.where(TOKENS.c.subject == subject)
        with self._directory.begin() as connection:
            if not connection.execute(ending).rowcount:
                raise NotFound(f"There is no token {id}.", "List the tokens that hold, and name one of them.")
