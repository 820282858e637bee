"""Sessions of people: a random secret in a cookie, kept as a digest. What has ended is not kept at all.

They live in real time, also in a rehearsal whose own clock stands still.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Engine, Row, and_, bindparam, delete, insert, or_, select, update

from domain.errors import NotFound
from domain.values import Instant, Value
from fund_service.auth.directory import SESSIONS
from fund_service.auth.shown_once import digest_of

IDLE: Final = timedelta(minutes=30)
"""A session ends after so long without a request."""
LONGEST: Final = timedelta(hours=12)
"""A session ends so long after it began, whatever happens in it."""
FRESH: Final = timedelta(minutes=10)
"""So long somebody who has proved who they are may do what needs a fresh proof."""
NOTICED: Final = timedelta(minutes=1)
"""A request is noticed when the one before was noticed so long ago: most requests write nothing."""


class How(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"
    TWO_FACTORS = "password and code"
    PROVIDER = "identity provider"
    DEMONSTRATION = "demonstration"
    """By one click, in a fund where everything is invented and which says so."""


class Session(Value):
    """A session without its secret: whose it is, how and when it began, and until when it holds at most (UTC).

    `seen_at` is when it was used last, to the minute; `proved_at` when its holder last proved who they are.
    """

    id: UUID
    subject: UUID
    how: How
    began_at: Instant
    seen_at: Instant
    proved_at: Instant | None
    expires_at: Instant

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether its holder proved just now who they are."""
        return self.proved_at is not None and now < self.proved_at + FRESH


class Sessions:
    """The sessions of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def begin(
        self, subject: UUID, how: How, now: datetime, *, proved: bool = True, instead_of: str | None = None
    ) -> tuple[Session, str]:
        """Begin a session, and return it with its secret, which a cookie carries and nobody is told again.

        `proved`: who signs in has proved this moment who they are, which a provider that remembers them has not asked
        for. `instead_of` is the secret that the browser carried before: its session ends.
        """
        secret = secrets.token_urlsafe(32)
        session = Session(
            id=uuid4(),
            subject=subject,
            how=how,
            began_at=now,
            seen_at=now,
            proved_at=now if proved else None,
            expires_at=now + LONGEST,
        )
        over = or_(SESSIONS.c.expires_at <= now, SESSIONS.c.seen_at <= now - IDLE)
        if instead_of is not None:
            over = or_(over, SESSIONS.c.digest == digest_of(instead_of))
        with self._directory.begin() as connection:
            connection.execute(delete(SESSIONS).where(over))
            connection.execute(insert(SESSIONS).values(**dict(session), digest=digest_of(secret)))
        return session, secret

    def find(self, secret: str, now: datetime, *, used: bool = True) -> Session | None:
        """Return the session with this secret, or None when it is unknown or over.

        It is noticed that it is used; not so where nobody does anything: an open stream asks by itself.
        """
        with self._directory.connect() as connection:
            asked = {"digest": digest_of(secret), "now": now, "idle_since": now - IDLE}
            row = connection.execute(_WITH_DIGEST, asked).first()
        if row is None:
            return None
        if used and row.seen_at <= now - NOTICED:
            with self._directory.begin() as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.id == row.id).values(seen_at=now))
        return _session(row)

    def prove(self, id: UUID, now: datetime) -> tuple[Session, str]:
        """Note a fresh proof of who the holder is, and return the session with a new secret: the old one is void.

        Raises NotFound when it has ended meanwhile.
        """
        secret = secrets.token_urlsafe(32)
        with self._directory.begin() as connection:
            changed = {"digest": digest_of(secret), "proved_at": now, "seen_at": now}
            row = connection.execute(
                update(SESSIONS).where(SESSIONS.c.id == id, _holds(now)).values(changed).returning(SESSIONS)
            ).first()
        if row is None:
            raise _none(id)
        return _session(row), secret

    def of(self, subject: UUID, now: datetime) -> list[Session]:
        """Return the sessions of a subject that hold, oldest first."""
        query = select(SESSIONS).where(SESSIONS.c.subject == subject, _holds(now))
        with self._directory.connect() as connection:
            return [_session(row) for row in connection.execute(query.order_by(SESSIONS.c.began_at, SESSIONS.c.id))]

    def end(self, id: UUID, subject: UUID) -> None:
        """End a session of this subject at once. Raises NotFound when it has none with this id."""
        with self._directory.begin() as connection:
            ended = connection.execute(delete(SESSIONS).where(SESSIONS.c.id == id, SESSIONS.c.subject == subject))
        if not ended.rowcount:
            raise _none(id)

    def end_all(self, subject: UUID, but: UUID | None = None) -> None:
        """End every session of a subject at once, but the one that is named."""
        ending = delete(SESSIONS).where(SESSIONS.c.subject == subject)
        if but is not None:
            ending = ending.where(SESSIONS.c.id != but)
        with self._directory.begin() as connection:
            connection.execute(ending)


def csrf_of(secret: str) -> str:
    """Return the token by which pages of the fund show that a request comes from them, not from another site's page."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"Fund-CSRF", hashlib.sha256).hexdigest()


_WITH_DIGEST: Final = select(SESSIONS).where(
    SESSIONS.c.digest == bindparam("digest"),
    SESSIONS.c.expires_at > bindparam("now"),
    SESSIONS.c.seen_at > bindparam("idle_since"),
)
"""Asked with every page, so that it is put together once."""


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(SESSIONS.c.expires_at > now, SESSIONS.c.seen_at > now - IDLE)


def _session(row: Row[Any]) -> Session:
    return Session(**{name: getattr(row, name) for name in Session.model_fields})


def _none(id: UUID) -> NotFound:
    return NotFound(f"You have no session {id}.", "List those that hold.")
