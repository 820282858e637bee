"""What every route uses: the open fund, who asks, and what goes with an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.errors import Malformed
from fund_service.api.limits import Limits, What
from fund_service.api.problems import InFlight, NotSignedIn
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor

POSITION: Final = "Fund-Position"
"""The header with a position of the log: of an answer, as of which it holds; of a question, which it waits for."""
WAIT_SECONDS: Final = 5.0

BEARER: Final = HTTPBearer(auto_error=False, description="A token of `fund token create`.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
AtPosition = Annotated[
    int | None,
    Header(alias=POSITION, ge=0, le=2**53, description="Wait, up to 5 seconds, until this position can be seen."),
]


class Context:
    """The open fund as routes see it. Thread-safe."""

    def __init__(self, parts: Parts) -> None:
        """Serve this fund."""
        self.parts = parts
        self.limits = Limits(parts.settings.requests)
        self._lock = Lock()
        self._asked: set[tuple[UUID, str]] = set()

    def actor(self, bearer: HTTPAuthorizationCredentials | None) -> Actor:
        """Return who asks, and count the request. Raises NotSignedIn, TooMany."""
        found = self.holder(bearer)
        self.limits.check(What.REQUEST, found.subject)
        return found

    def holder(self, bearer: HTTPAuthorizationCredentials | None) -> Actor:
        """Return whose token this is. Raises NotSignedIn."""
        found = self.parts.tokens.actor(bearer.credentials, datetime.now(UTC)) if bearer is not None else None
        if found is None:
            raise NotSignedIn(
                "You are not signed in." if bearer is None else "This token is unknown, or does not hold any more.",
                "Send a token that holds as Authorization: Bearer …",
            )
        return found

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
