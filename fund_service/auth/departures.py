"""Departures: who is on the way to the identity provider and is awaited back, in the same browser, once.

A short-lived cookie carries a secret of which a digest is kept. What the protocol sends along is made of the secret, so
nothing of it can be read in the directory, and nothing of it is known to a browser that did not begin.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, delete, insert

from fund_service.auth.directory import DEPARTURES
from fund_service.auth.shown_once import digest_of

LIFETIME: Final = timedelta(minutes=10)
"""After so long nobody is awaited back any more."""


class Errand(StrEnum):
    """What somebody goes to the provider for."""

    SIGN_IN = "sign in"
    PROOF = "prove again who one is"
    INVITATION = "take up an invitation"


class Departure(NamedTuple):
    """Who went: for what, of which session or invitation and account, to which page afterwards, when (UTC)."""

    errand: Errand
    of_id: UUID | None
    subject: UUID | None
    page: str
    began_at: datetime
    expires_at: datetime


class Secrets(NamedTuple):
    """What the protocol sends along: `state` there and back, `nonce` in the identity, `verifier` at the end (PKCE)."""

    state: str
    nonce: str
    verifier: str


def secrets_of(secret: str) -> Secrets:
    """Return what is made of a departure's secret; each tells nothing of the others, or of the secret."""
    return Secrets(*(_made_of(secret, what) for what in Secrets._fields))


class Departures:
    """Everybody who is on the way. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def begin(
        self, errand: Errand, page: str, now: datetime, of_id: UUID | None = None, subject: UUID | None = None
    ) -> tuple[Departure, str]:
        """Let somebody go, and return the departure with its secret. Those that are over are forgotten."""
        secret = secrets.token_urlsafe(32)
        departure = Departure(errand, of_id, subject, page, now, now + LIFETIME)
        with self._directory.begin() as connection:
            connection.execute(delete(DEPARTURES).where(DEPARTURES.c.expires_at <= now))
            connection.execute(insert(DEPARTURES).values(**departure._asdict(), digest=digest_of(secret)))
        return departure, secret

    def end(self, secret: str, now: datetime) -> Departure | None:
        """Return who comes back with this secret, and await nobody with it again; None where nobody is awaited."""
        back = delete(DEPARTURES).where(DEPARTURES.c.digest == digest_of(secret)).returning(DEPARTURES)
        with self._directory.begin() as connection:
            row = connection.execute(back).first()
        if row is None or row.expires_at <= now:
            return None
        found = {name: getattr(row, name) for name in Departure._fields}
        return Departure(**{**found, "errand": Errand(row.errand)})


def _made_of(secret: str, what: str) -> str:
    return hmac.new(secret.encode("utf-8", "surrogatepass"), what.encode(), hashlib.sha256).hexdigest()
