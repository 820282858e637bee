"""What every route uses: the open fund, who asks, and what goes with an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Final, NamedTuple, Self
from uuid import UUID

from fastapi import Header, Query, Request

from domain.account.aggregate import ACCOUNT
from domain.errors import Malformed
from fund_service.api.bearing import Bearing
from fund_service.api.limits import Limits, What
from fund_service.api.problems import InFlight, NotSignedIn, StepUpNeeded
from fund_service.api.watching import known
from fund_service.application import WorldNow
from fund_service.auth.sessions import How, Session
from fund_service.auth.throttle import Throttle
from fund_service.composition import Parts
from fund_service.demonstration import Demonstration
from fund_service.known_names import KnownNames
from fund_service.known_rows import KnownRows
from fund_service.past.moments import Moment
from fund_service.permissions.actors import Actor, acts_in_person
from fund_service.presence import Presence

POSITION: Final = "Fund-Position"
"""The header with a position of the log: of an answer, as of which it holds; of a question, which it waits for.

A position counts whatever anybody asked of the whole fund: every call's events, refusals and receipts alike. So it
tells how much is recorded, never of what, or by whom: neither an outcome nor an application has a number of its own. It
is no secret, though: where hardly anything else goes on in a fund, who looks at every moment can count along how much
the procedure of a call records, as when some applications are found ineligible and are not evaluated (D17).
"""
WAIT_SECONDS: Final = 5.0
PAST: Final = "Fund-As-Of"
"""The header of an answer that is of the past: the position, what the clock showed then, and what held when."""

AtPosition = Annotated[
    int | None,
    Header(alias=POSITION, ge=0, le=2**53, description="Wait, up to 5 seconds, until this position can be seen."),
]

AsOf = Annotated[
    str | None,
    Query(
        max_length=60,
        description="Answer as of a moment of the past: a position, or an instant (ISO 8601; without a zone in "
        "Brussels time, a day as its end). For auditors and the offices of the programme.",
    ),
]
HeldAt = Annotated[
    str | None,
    Query(max_length=60, description="Of what was known then, count only what held at this instant: the second clock."),
]

_SIGN_IN: Final = "Sign in, or send a token that holds as Authorization: Bearer …"
_PROOF: Final = {
    How.PASSWORD: "Prove it by POST /session/step-up",
    How.TWO_FACTORS: "Prove it by POST /session/step-up",
    How.PROVIDER: "Prove it by POST /session/step-up/provider",
    How.DEMONSTRATION: "Sign in as the same person again on the page /demo",
}


class Signed(NamedTuple):
    """Who asks, and by which session; None where it is by a token. `world` is the one in which their account was looked
    up: a question that is asked at once is answered in it.
    """

    actor: Actor
    session: Session | None
    world: WorldNow | None = None


class Context:
    """The open fund as routes see it. Thread-safe."""

    def __init__(self, parts: Parts, demonstration: Demonstration | None = None) -> None:
        """Serve this fund; with a demonstration visitors may be whom they choose."""
        self.parts = parts
        self.demonstration = demonstration
        self.limits = Limits(parts.settings.requests)
        self.throttle = Throttle(parts.vault.digest)
        self.names, self.rows = KnownNames(), KnownRows()
        self.presence = Presence()
        self.ending = False
        """The service ends: what would go on without an end ends too."""
        self._lock = Lock()
        self._asked: set[tuple[UUID, str]] = set()

    def as_of(self, moment: Moment) -> Self:
        """Return the fund as routes saw it at a moment of the past."""
        past = copy(self)
        past.parts, past.names, past.rows = self.parts.as_of(moment), KnownNames(), KnownRows()
        return past

    def actor(self, bearing: Bearing) -> Actor:
        """Return who asks, and count the request. Raises NotSignedIn, CrossSite, TooMany."""
        return self.signed(bearing).actor

    def signed(self, bearing: Bearing) -> Signed:
        """Return who asks, and by which session, and count the request. Raises NotSignedIn, CrossSite, TooMany."""
        found = self.holder(bearing)
        known(found.actor.subject)
        self.limits.check(What.REQUEST, found.actor.subject)
        return found

    def holder(self, bearing: Bearing, *, used: bool = True) -> Signed:
        """Return whose token or session this is; `used`: its holder does something now, so that it is not idle.

        Raises NotSignedIn, CrossSite, NotPermitted for a shared mailbox.
        """
        found = self._holder(bearing, used)._replace(world=self.parts.fund.world())
        assert found.world is not None
        acts_in_person(found.world.find(ACCOUNT, found.actor.subject))
        return found

    def _holder(self, bearing: Bearing, used: bool) -> Signed:
        now = datetime.now(UTC)
        if bearing.token is not None:
            actor = self.parts.tokens.actor(bearing.token, now)
            if actor is None:
                raise NotSignedIn("This token is unknown, or does not hold any more.", _SIGN_IN)
            return Signed(replace(actor, now=self.parts.clock.now), None)
        if bearing.cookie is None:
            raise NotSignedIn("You are not signed in.", _SIGN_IN)
        session = self.parts.sessions.find(bearing.cookie, now, used=used and not bearing.is_unasked)
        if session is None or (session.how is How.DEMONSTRATION and self.demonstration is None):
            raise NotSignedIn("Your session has ended.", "Sign in again.")
        bearing.check_intent()
        return Signed(Actor(session.subject, now=self.parts.clock.now), session)

    def check_fresh(self, session: Session | None) -> None:
        """Raise StepUpNeeded unless the holder of a session proved just now who they are.

        A token needs no more: whoever made it proved it then, and said for which role it is.
        """
        if session is not None and not session.is_fresh(datetime.now(UTC)):
            raise StepUpNeeded("This needs a fresh proof of who you are.", f"{_PROOF[session.how]}, and send it again.")

    def arrived(self, request: Request) -> datetime:
        """Return when the request arrived whole, in the fund's time (UTC)."""
        arrived: datetime = request.state.arrived
        return self.parts.clock.rehearsed() or arrived

    def wait(self, position: int | None) -> None:
        """Wait until a position can be seen. Raises Unavailable when it takes too long, Malformed for one to come."""
        if position is None:
            return
        if position > self.parts.log.end():
            raise Malformed(f"The log has no position {position} yet.", "Send the Fund-Position of an answer.")
        self.parts.projector.wait_for(position, WAIT_SECONDS)

    @contextmanager
    def only_once(self, actor: Actor, key: str) -> Iterator[None]:
        """Carry out one request of this key at a time. Raises InFlight for a second one at the same moment."""
        asked = (actor.subject, key)
        with self._lock:
            if asked in self._asked:
                raise InFlight("This request is being carried out at this moment.", "Wait a second and send it again.")
            self._asked.add(asked)
        try:
            yield
        finally:
            with self._lock:
                self._asked.discard(asked)
