"""Logins: the name by which somebody signs in, with the hash of a password."""

import re
import unicodedata
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import Malformed, NotFound
from fund_service.auth.directory import LOGINS
from fund_service.auth.passwords import check_password, hashed, matches

_NAME: Final = re.compile(r"[\w.@+-]{3,100}")


def login_name(text: str) -> str:
    """Return a login name in its one form: without case. Raises Malformed."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    if not _NAME.fullmatch(name):
        raise Malformed(
            "This is no login name.", "Use 3 to 100 letters, digits, or . @ _ + - together; an e-mail is one."
        )
    return name


class Login(NamedTuple):
    """A login name in its one form, and the hash of a password."""

    name: str
    hash: str


class Logins:
    """The logins of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def subject_of(self, text: str, password: str) -> UUID | None:
        """Return who signs in so, or None; the same work is done for a name that nobody has. Raises TooMany."""
        try:
            name: str | None = login_name(text)
        except Malformed:
            name = None
        with self._directory.connect() as connection:
            row = connection.execute(select(LOGINS).where(LOGINS.c.name == name)).first()
        fits, better = matches(password, row.hash if row is not None else None)
        if row is None or not fits:
            return None
        if better is not None:
            self._keep(row.subject, better, row.changed_at)
        subject: UUID = row.subject
        return subject

    def fits(self, subject: UUID, password: str) -> bool:
        """Tell whether this is the password of a subject. Raises TooMany."""
        row = self._of(subject)
        return matches(password, row[1] if row is not None else None)[0]

    def has(self, subject: UUID) -> bool:
        """Tell whether a subject has a login."""
        return self._of(subject) is not None

    def checked(self, text: str, password: str) -> Login:
        """Return a login that is good enough. Raises Malformed, TooMany."""
        name = login_name(text)
        check_password(password, name)
        return Login(name, hashed(password))

    def give(self, connection: Connection, subject: UUID, login: Login, now: datetime) -> None:
        """Give a subject a login, in place of any it has. Raises Malformed when the name is taken."""
        kept = {**login._asdict(), "changed_at": now}
        try:
            with connection.begin_nested():
                if not connection.execute(update(LOGINS).where(LOGINS.c.subject == subject).values(kept)).rowcount:
                    connection.execute(insert(LOGINS).values(subject=subject, **kept))
        except IntegrityError as taken:
            raise Malformed("Somebody else has this login name.", "Choose another one.") from taken

    def take_away(self, connection: Connection, subject: UUID) -> None:
        """Take a subject's login away."""
        connection.execute(delete(LOGINS).where(LOGINS.c.subject == subject))

    def change(self, subject: UUID, password: str, now: datetime) -> None:
        """Give a subject another password. Raises Malformed, NotFound when it has no login."""
        row = self._of(subject)
        if row is None:
            raise NotFound("You have no password here.", "You sign in elsewhere; change it there.")
        check_password(password, row[0])
        self._keep(subject, hashed(password), now)

    def _of(self, subject: UUID) -> tuple[str, str] | None:
        with self._directory.connect() as connection:
            row = connection.execute(select(LOGINS.c.name, LOGINS.c.hash).where(LOGINS.c.subject == subject)).first()
        return (row.name, row.hash) if row is not None else None

    def _keep(self, subject: UUID, hash: str, now: datetime) -> None:
        with self._directory.begin() as connection:
            connection.execute(update(LOGINS).where(LOGINS.c.subject == subject).values(hash=hash, changed_at=now))
