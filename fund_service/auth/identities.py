"""Identities: which account somebody opens whom an identity provider knows.

An identity is what the provider (`issuer`) calls a person for ever (`identifier`, the `sub` of OpenID Connect): never
an address of mail, which changes hands. It opens one account; what one may do there is said by roles, which are ours.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from domain.errors import Malformed, WrongStage
from domain.values import Instant, Value
from fund_service.auth.directory import IDENTITIES
from projections.read_model import fetch

LONGEST: Final = 255
"""No provider calls anybody by more characters (OpenID Connect Core, 2)."""


class Identity(Value):
    """An identity that opens an account: whose, as which provider calls them, since when (UTC)."""

    issuer: str
    identifier: str
    subject: UUID
    bound_at: Instant


def is_identifier(text: str) -> bool:
    """Tell whether a provider may call somebody so: printable ASCII, of a length that it keeps to."""
    return text.isascii() and text.isprintable() and 1 <= len(text) <= LONGEST


class Identities:
    """The identities of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def subject_of(self, issuer: str, identifier: str) -> UUID | None:
        """Return whose account an identity opens, None where it opens none."""
        sought = select(IDENTITIES.c.subject).where(
            IDENTITIES.c.issuer == issuer, IDENTITIES.c.identifier == identifier
        )
        with self._directory.connect() as connection:
            return connection.execute(sought).scalar_one_or_none()

    def has(self, subject: UUID) -> bool:
        """Tell whether any identity opens the account of a subject."""
        sought = select(IDENTITIES.c.subject).where(IDENTITIES.c.subject == subject).limit(1)
        with self._directory.connect() as connection:
            return connection.execute(sought).first() is not None

    def bind(self, subject: UUID, issuer: str, identifier: str, now: datetime) -> None:
        """Let an identity open the account of a subject. Raises Malformed, WrongStage when it opens another one."""
        if not is_identifier(identifier):
            raise Malformed("No provider calls anybody so.", f"Write its `sub`: up to {LONGEST} signs of ASCII.")
        with self._directory.begin() as connection:
            self.give(connection, subject, issuer, identifier, now)

    def give(self, connection: Connection, subject: UUID, issuer: str, identifier: str, now: datetime) -> None:
        """Let an identity open the account of a subject, in this transaction. Raises WrongStage."""
        row = Identity(issuer=issuer, identifier=identifier, subject=subject, bound_at=now)
        try:
            with connection.begin_nested():
                connection.execute(insert(IDENTITIES).values(dict(row)))
        except IntegrityError as taken:
            raise WrongStage(
                "This identity opens an account already.",
                "Use that account, or another identity.",
            ) from taken

    def take_away(self, connection: Connection, subject: UUID) -> None:
        """Let no identity open the account of a subject any more, in this transaction."""
        connection.execute(delete(IDENTITIES).where(IDENTITIES.c.subject == subject))

    def end(self, subject: UUID) -> None:
        """Let no identity open the account of a subject any more."""
        with self._directory.begin() as connection:
            self.take_away(connection, subject)

    def all(self) -> list[Identity]:
        """Return every identity, oldest first."""
        with self._directory.connect() as connection:
            rows = fetch(connection, select(IDENTITIES).order_by(IDENTITIES.c.bound_at, IDENTITIES.c.identifier))
        return [Identity(**row) for row in rows]
