"""Signing in by name and password, proving again who one is, changing the password."""

from uuid import UUID

from pydantic import Field

from domain.errors import Malformed
from domain.values import Instant, Value
from fund_service.api.acting import Asked
from fund_service.auth.logins import login_name
from fund_service.auth.passwords import LONGEST
from fund_service.auth.sessions import How, Session, csrf_of

Password = Field(min_length=1, max_length=LONGEST, repr=False)
Code = Field(default=None, min_length=1, max_length=40, repr=False)


class Credentials(Value):
    """Who signs in, and how; the code is for who has a second factor."""

    login: str = Field(max_length=100, repr=False)
    password: str = Password
    code: str | None = Code


class Proof(Value):
    """What proves again who you are: the password, or a code of your second factor."""

    password: str | None = Field(default=None, max_length=LONGEST, repr=False)
    code: str | None = Code


class NewPassword(Value):
    """The password that you have, and the one that you want: 12 to 128 characters, any that you like."""

    old: str = Password
    new: str = Password


class SignedIn(Value):
    """Who is signed in, how, until when at most (UTC); `csrf` is what a request that changes something bears."""

    id: UUID
    subject: UUID
    how: How
    expires_at: Instant
    csrf: str


def sign_in(asked: Asked, body: Credentials) -> SignedIn:
    """Sign in by name and password: a session begins, in place of any that the browser carried.

    The answer to a name that nobody has is that to a wrong password.
    """
    with asked.context.throttle.attempt(_same(body.login), asked.address):
        begun = asked.parts.local.sign_in(body.login, body.password, asked.now, body.code, asked.bearing.cookie)
    return signed(asked, *begun)


def step_up(asked: Asked, body: Proof) -> SignedIn:
    """Prove again who you are, for what approves, certifies or changes roles within the next ten minutes.

    The session goes on under a new secret, and with a new Fund-CSRF.
    """
    with asked.context.throttle.attempt(str(asked.subject), asked.address):
        begun = asked.parts.local.prove(asked.own, asked.now, password=body.password, code=body.code)
    return signed(asked, *begun)


def change_password(asked: Asked, body: NewPassword) -> SignedIn:
    """Change your password: your other sessions end."""
    with asked.context.throttle.attempt(str(asked.subject), asked.address):
        begun = asked.parts.local.change_password(asked.own, body.old, body.new, asked.now)
    return signed(asked, *begun)


def signed(asked: Asked, session: Session, secret: str) -> SignedIn:
    """Return the answer to who is signed in from now on, and have the browser carry the session."""
    asked.secret = secret
    return SignedIn(
        id=session.id,
        subject=session.subject,
        how=session.how,
        expires_at=session.expires_at,
        csrf=csrf_of(secret),
    )


def _same(login: str) -> str:
    """Return a login name in its one form; what is none stays as it is, and is counted all the same."""
    try:
        return login_name(login)
    except Malformed:
        return login
