"""Sessions: who I am, since when and until when; where else I am signed in."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from domain.errors import NotFound
from domain.people import Role, Strand
from domain.values import Instant, Value
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.auth.sessions import FRESH, IDLE, How, Session, csrf_of


class SessionState(Value):
    """Your session: who you are with your roles, how and since when you are signed in (UTC).

    It ends at `expires_at`, and at `idle_until` unless you do something before. Until `fresh_until` you may do what
    needs a fresh proof; null: prove again who you are. `csrf` is what a request that changes something bears as
    Fund-CSRF.
    """

    id: UUID
    subject: UUID
    label: str
    roles: dict[Role, Strand | None]
    how: How
    began_at: Instant
    idle_until: Instant
    expires_at: Instant
    fresh_until: Instant | None
    csrf: str


class SessionRow(Value):
    """One of your sessions; `current` is the one by which you ask."""

    id: UUID
    how: How
    began_at: Instant
    seen_at: Instant
    expires_at: Instant
    current: bool


def session_routes(routes: Routes) -> None:
    """Enter the questions."""

    @routes.one("/session", SessionState, Open.SIGNED_IN, name="readSession")
    def session(asking: Asking) -> Answered[SessionState]:
        """Read your session: who you are, until when, and what a page sends with what it changes."""
        own, secret = asking.session, asking.bearing.cookie if asking.bearing is not None else None
        if own is None or secret is None:
            raise NotFound("You are signed in by a token, not by a session.", "Read who you are at /me.")
        return _state(asking, own, secret), None

    @routes.listing("/sessions", SessionRow, Open.SIGNED_IN, name="listSessions")
    def sessions(asking: Asking) -> Iterable[SessionRow]:
        """List your sessions that hold, oldest first."""
        own = asking.session.id if asking.session is not None else None
        for one in asking.context.parts.sessions.of(asking.by, datetime.now(UTC)):
            shared = {name: getattr(one, name) for name in SessionRow.model_fields if name != "current"}
            yield SessionRow(**shared, current=one.id == own)


def _state(asking: Asking, own: Session, secret: str) -> SessionState:
    return SessionState(
        id=own.id,
        subject=own.subject,
        label=asking.account.label,
        roles=asking.account.roles,
        how=own.how,
        began_at=own.began_at,
        idle_until=min(own.seen_at + IDLE, own.expires_at),
        expires_at=own.expires_at,
        fresh_until=own.proved_at + FRESH if own.proved_at is not None else None,
        csrf=csrf_of(secret),
    )


def sign_out(asked: Asked) -> None:
    """Sign out: your session ends at once."""
    asked.parts.sessions.end(asked.own.id, asked.subject)
    asked.leaves = True


def end_session(asked: Asked, session_id: UUID) -> None:
    """End one of your sessions at once, as of a browser that you left elsewhere."""
    asked.parts.sessions.end(session_id, asked.subject)
    asked.leaves = session_id == asked.own.id
