"""Signing in by the identity provider: people go there, and come back with what it says of them.

It only identifies. Whoever it knows opens the account that the identity is bound to: by an invitation, or on the
machine itself. Nobody is let in by an address of mail, and nobody gets an account by signing in.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine

from domain.errors import NotFound
from domain.values import Instant, Value
from fund_service.auth.departures import LIFETIME, Departure, Departures, Errand, secrets_of
from fund_service.auth.identities import Identities
from fund_service.auth.local_accounts import Begun, LocalAccounts
from fund_service.auth.provider import LEEWAY, Came, Provider, Told, refused
from fund_service.auth.refusals import UnknownIdentity
from fund_service.auth.sessions import LONGEST, How, Session, Sessions

_MINUTES: Final = LIFETIME // timedelta(minutes=1)


class Sent(Value):
    """Where the provider asks who somebody is: the browser goes there, and is awaited back until then (UTC)."""

    location: str
    expires_at: Instant


class Back(NamedTuple):
    """Who came back: the session and its secret, and the page where they wanted to go."""

    session: Session
    secret: str
    page: str


class ProviderAccounts:
    """Signing in, and proving again who one is, by the identity provider. Thread-safe."""

    def __init__(self, directory: Engine, sessions: Sessions, local: LocalAccounts, provider: Provider | None) -> None:
        """Bind identities in this directory; without a provider nobody is sent anywhere."""
        self._directory = directory
        self._departures = Departures(directory)
        self._sessions = sessions
        self._local = local
        self._provider = provider

    @property
    def identities(self) -> Identities:
        """Who is bound to which identity."""
        return self._local.identities

    @property
    def provider(self) -> Provider:
        """The provider. Raises NotFound where there is none."""
        if self._provider is None:
            raise NotFound("This fund has no identity provider.", "Sign in by name and password.")
        return self._provider

    def sign_in(self, back: str, page: str, now: datetime) -> tuple[Sent, str]:
        """Send somebody to the provider to sign in; they come back to `back`, and go on to `page`.

        Return where to, and the secret that the browser carries meanwhile. Raises NotFound, Unavailable.
        """
        return self._sent(back, Errand.SIGN_IN, page, now)

    def prove(self, session: Session, back: str, page: str, now: datetime) -> tuple[Sent, str]:
        """Send the holder of a session to the provider to prove again who they are. Raises NotFound, Unavailable."""
        return self._sent(back, Errand.PROOF, page, now, session.id, session.subject)

    def accept(self, token: str, code: str, back: str, page: str, now: datetime) -> tuple[Sent, str]:
        """Send who takes up an invitation to the provider; it is used up when they come back.

        Raises SignInFailed when link and code do not hold, NotFound, Unavailable.
        """
        _ = self.provider
        chosen = self._local.opened(token, code, now)
        self._local.invitations.forgive(chosen)
        return self._sent(back, Errand.INVITATION, page, now, chosen.id, chosen.subject)

    def come_back(self, came: Came, secret: str | None, carried: str | None, back: str, now: datetime) -> Back:
        """Take who comes back from the provider for what they went: one return, in the browser that began.

        `secret` is that of the departure, `carried` that of the session which the browser has. Raises ReturnRefused,
        UnknownIdentity, SignInFailed for an invitation that is gone, WrongStage, Unavailable.
        """
        provider = self.provider
        secrets = secrets_of(secret or "")
        if secret is None or not hmac.compare_digest((came.state or "").encode(), secrets.state.encode()):
            raise refused("state", "This sign-in was not begun in this browser, or another one was begun after it.")
        departure = self._departures.end(secret, now)
        if departure is None:
            raise refused("over", f"This sign-in was ended already, or was begun over {_MINUTES} minutes ago.")
        told = provider.told(came, secrets, back, now)
        proved = told.proved_at is not None and told.proved_at >= departure.began_at - LEEWAY
        if departure.errand is Errand.PROOF:
            begun = self._proved(departure, told, carried, now, proved=proved)
        elif departure.errand is Errand.INVITATION:
            begun = self._accepted(departure, told, carried, now, proved=proved)
        else:
            begun = self._signed_in(departure, told, carried, now, proved=proved)
        return Back(*begun, departure.page)

    def _sent(
        self,
        back: str,
        errand: Errand,
        page: str,
        now: datetime,
        of_id: UUID | None = None,
        subject: UUID | None = None,
    ) -> tuple[Sent, str]:
        provider = self.provider
        departure, secret = self._departures.begin(errand, page, now, of_id, subject)
        place = provider.address(secrets_of(secret), back, again=errand is not Errand.SIGN_IN)
        return Sent(location=place, expires_at=departure.expires_at), secret

    def _signed_in(
        self, departure: Departure, told: Told, carried: str | None, now: datetime, *, proved: bool
    ) -> Begun:
        if told.proved_at is not None and told.proved_at + LONGEST + LEEWAY < departure.began_at:
            raise refused("too long ago", "The identity provider has not asked who you are for too long.")
        subject = self.identities.subject_of(told.issuer, told.identifier)
        if subject is None:
            raise UnknownIdentity(
                "The identity provider knows you, and no account of this fund is bound to this identity.",
                "Ask who invited you, or the secretariat, for an invitation, and take it up by this identity.",
            )
        return self._sessions.begin(subject, How.PROVIDER, now, proved=proved, instead_of=carried)

    def _proved(self, departure: Departure, told: Told, carried: str | None, now: datetime, *, proved: bool) -> Begun:
        session = self._sessions.find(carried, now) if carried is not None else None
        if session is None or session.id != departure.of_id:
            raise refused("session", "Your session ended meanwhile.", "Sign in again.")
        if self.identities.subject_of(told.issuer, told.identifier) != session.subject:
            raise refused("another identity", "This is not the identity of your account.", "Prove it by your own.")
        if not proved:
            raise refused("not fresh", "The identity provider does not say that it asked who you are just now.")
        return self._sessions.prove(session.id, now)

    def _accepted(self, departure: Departure, told: Told, carried: str | None, now: datetime, *, proved: bool) -> Begun:
        assert departure.of_id is not None
        chosen = self._local.invitations.still(departure.of_id, now)
        with self._directory.begin() as connection:
            self._local.take_up(connection, chosen)
            self.identities.give(connection, chosen.subject, told.issuer, told.identifier, now)
        self._local.shut_out(chosen)
        return self._sessions.begin(chosen.subject, How.PROVIDER, now, proved=proved, instead_of=carried)
