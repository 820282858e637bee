"""Local accounts: whoever has no identity provider signs in here, by name and password."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine

from domain.errors import Malformed, WrongStage
from fund_service.auth.identities import Identities
from fund_service.auth.invitations import Chosen, Invitations, Invited
from fund_service.auth.logins import Logins
from fund_service.auth.refusals import CodeNeeded, SignInFailed
from fund_service.auth.second_factors import Recovery, SecondFactors
from fund_service.auth.sessions import How, Session, Sessions
from fund_service.keys import KeyVault

Begun = tuple[Session, str]
"""A session and its secret."""


class Accepting(NamedTuple):
    """What somebody gives who takes up an invitation."""

    token: str
    code: str
    login: str
    password: str


class LocalAccounts:
    """Signing in, proving again who one is, changing the password. Thread-safe."""

    def __init__(self, directory: Engine, sessions: Sessions, vault: KeyVault) -> None:
        """Keep logins in this directory; secrets of second factors are sealed by these keys."""
        self.factors = SecondFactors(directory, vault)
        self.logins = Logins(directory)
        self.identities = Identities(directory)
        self.invitations = Invitations(directory)
        self._directory = directory
        self._sessions = sessions

    def sign_in(
        self, login: str, password: str, now: datetime, code: str | None = None, instead_of: str | None = None
    ) -> Begun:
        """Begin a session in place of one that the browser carried. Raises SignInFailed, CodeNeeded, TooMany."""
        subject = self.logins.subject_of(login, password)
        if subject is None:
            raise _failed()
        how = How.PASSWORD
        if self.factors.counts(subject):
            if code is None:
                raise CodeNeeded("Your account has a second factor.", "Send a code of it too, or a recovery code.")
            if not self.factors.accepts(subject, code, now):
                raise _failed()
            how = How.TWO_FACTORS
        return self._sessions.begin(subject, how, now, instead_of=instead_of)

    def prove(self, session: Session, now: datetime, *, password: str | None, code: str | None) -> Begun:
        """Prove again who one is, by the password or by a code.

        Raises SignInFailed, TooMany, NotFound when the session ended meanwhile.
        """
        right = password is not None and self.logins.fits(session.subject, password)
        if not right and not (code is not None and self.factors.accepts(session.subject, code, now)):
            raise _failed()
        return self._sessions.prove(session.id, now)

    def confirm_factor(self, session: Session, code: str, now: datetime) -> Recovery:
        """Let the second factor that was offered count, by a code of it. Raises SignInFailed."""
        recovery = self.factors.confirm(session.subject, code, now)
        if recovery is None:
            raise _failed()
        return recovery

    def change_password(self, session: Session, old: str, new: str, now: datetime) -> Begun:
        """Change the password: every other session ends. Raises SignInFailed, TooMany, Malformed, NotFound."""
        if not self.logins.fits(session.subject, old):
            raise _failed()
        self.logins.change(session.subject, new, now)
        self._sessions.end_all(session.subject, but=session.id)
        return self._sessions.prove(session.id, now)

    def invite(self, subject: UUID, now: datetime) -> Invited:
        """Invite the holder of an account whom nothing lets in yet. Raises WrongStage when something does."""
        if self._lets_in(subject):
            raise WrongStage(
                "The holder of this account has a login, or an identity of the provider.",
                "Who lost it asks whoever runs the service to be invited anew.",
            )
        return self.invitations.make(subject, now)

    def accept(self, invitation: Accepting, now: datetime, instead_of: str | None = None) -> Begun:
        """Take up an invitation: choose a login, and begin a session; every other session of the account ends.

        Raises SignInFailed when link and code do not hold, Malformed when the login is refused, TooMany.
        """
        chosen = self.opened(invitation.token, invitation.code, now)
        try:
            login = self.logins.checked(invitation.login, invitation.password)
            with self._directory.begin() as connection:
                self.take_up(connection, chosen)
                self.logins.give(connection, chosen.subject, login, now)
        except Malformed:
            self.invitations.forgive(chosen)
            raise
        self.shut_out(chosen)
        return self._sessions.begin(chosen.subject, How.PASSWORD, now, instead_of=instead_of)

    def opened(self, token: str, code: str, now: datetime) -> Chosen:
        """Return the invitation of this link and code, if it may be taken up. Raises SignInFailed."""
        chosen = self.invitations.open(token, code, now)
        if not chosen.renews and self._lets_in(chosen.subject):
            raise _failed()
        return chosen

    def take_up(self, connection: Connection, chosen: Chosen) -> None:
        """Use an invitation up, in this transaction: whatever let the holder in before does so no more.

        Raises SignInFailed when it was used meanwhile.
        """
        self.invitations.use(connection, chosen)
        self.logins.take_away(connection, chosen.subject)
        self.identities.take_away(connection, chosen.subject)

    def shut_out(self, chosen: Chosen) -> None:
        """End every session of an account whose invitation was taken up, and what proved who held it before."""
        if chosen.renews:
            self.factors.take_away(chosen.subject)
        self._sessions.end_all(chosen.subject)

    def _lets_in(self, subject: UUID) -> bool:
        return self.logins.has(subject) or self.identities.has(subject)


def _failed() -> SignInFailed:
    return SignInFailed("What you gave does not belong together.", "Check it, and try again.")
