"""Invitations: a link that lets the holder of an account choose a login, with a code that comes another way.

Opening the link consumes nothing. It works once, with its code, within a week; both are kept as digests.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, insert, select, update

from domain.values import Instant, Value
from fund_service.auth.directory import INVITATIONS
from fund_service.auth.refusals import SignInFailed
from fund_service.auth.shown_once import digest_of

LIFETIME: Final = timedelta(days=7)
TRIES: Final = 5
"""With so many wrong codes an invitation is void."""


class Invited(Value):
    """An invitation as it is shown once: the token of its link, the code that is sent another way; it ends (UTC)."""

    token: str
    code: str
    expires_at: Instant


class Chosen(NamedTuple):
    """An invitation whose code was right. `renews`: it gives a holder who has a login another one."""

    id: UUID
    subject: UUID
    renews: bool


class Invitations:
    """The invitations of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def make(self, subject: UUID, now: datetime, *, renews: bool = False) -> Invited:
        """Invite the holder of an account. Those that are over are forgotten."""
        token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**8):08}"
        row = {"id": uuid4(), "digest": digest_of(token), "code_digest": _code_digest(token, code), "attempts": 0}
        whose = {"subject": subject, "renews": renews, "made_at": now, "expires_at": now + LIFETIME}
        with self._directory.begin() as connection:
            connection.execute(delete(INVITATIONS).where(INVITATIONS.c.expires_at <= now))
            connection.execute(insert(INVITATIONS).values(**row, **whose))
        return Invited(token=token, code=f"{code[:4]} {code[4:]}", expires_at=now + LIFETIME)

    def holds_until(self, token: str, now: datetime) -> datetime | None:
        """Return until when an invitation holds, None when it does not. Nothing is consumed."""
        with self._directory.connect() as connection:
            return connection.execute(select(INVITATIONS.c.expires_at).where(_holds(token, now))).scalar_one_or_none()

    def open(self, token: str, code: str, now: datetime) -> Chosen:
        """Return the invitation of this link and code; each try counts. Raises SignInFailed."""
        trying = update(INVITATIONS).where(_holds(token, now)).values(attempts=INVITATIONS.c.attempts + 1)
        with self._directory.begin() as connection:
            row = connection.execute(trying.returning(INVITATIONS)).first()
        if row is None or not _is_its_code(row, token, code):
            raise _refused()
        return Chosen(row.id, row.subject, row.renews)

    def still(self, id: UUID, now: datetime) -> Chosen:
        """Return an invitation whose code was right before, if it holds still. Raises SignInFailed."""
        sought = select(INVITATIONS).where(INVITATIONS.c.id == id, INVITATIONS.c.expires_at > now)
        with self._directory.connect() as connection:
            row = connection.execute(sought).first()
        if row is None:
            raise _refused()
        return Chosen(row.id, row.subject, row.renews)

    def use(self, connection: Connection, chosen: Chosen) -> None:
        """Use an invitation up, and every other one of the same account. Raises SignInFailed when it was used."""
        if not connection.execute(delete(INVITATIONS).where(INVITATIONS.c.id == chosen.id)).rowcount:
            raise _refused()
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.subject == chosen.subject))

    def forgive(self, chosen: Chosen) -> None:
        """Forget the tries of somebody who knows the code, but chose a login that is refused."""
        with self._directory.begin() as connection:
            connection.execute(update(INVITATIONS).where(INVITATIONS.c.id == chosen.id).values(attempts=0))


def _holds(token: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        INVITATIONS.c.digest == digest_of(token), INVITATIONS.c.expires_at > now, INVITATIONS.c.attempts < TRIES
    )


def _is_its_code(row: Row[Any], token: str, code: str) -> bool:
    typed = "".join(sign for sign in code if sign.isdecimal())
    return hmac.compare_digest(row.code_digest, _code_digest(token, typed))


def _refused() -> SignInFailed:
    return SignInFailed(
        "This invitation does not hold any more, or this is not its code.", "Check the code, or ask for another one."
    )


def _code_digest(token: str, code: str) -> str:
    """Return the digest of a code under its token: who reads the directory has no token, and tries no codes."""
    return hmac.new(token.encode("utf-8", "surrogatepass"), code.encode(), hashlib.sha256).hexdigest()
