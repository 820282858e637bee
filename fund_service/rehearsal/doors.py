"""Where the people of a rehearsal ask for what they do: at the fund's own door, or over HTTP as scripts do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from domain.messages import Command
from fund_service.api.deeds import DEED_OF
from fund_service.application import Answer, Fund
from fund_service.client import Client
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor

LABEL: Final = "Rehearsal"
LIFETIME: Final = timedelta(days=7)
"""No rehearsal takes longer; at its end its tokens are ended."""


class Door(Protocol):
    """Takes what somebody asks for. `hides`: of what one may not see it says that it is not there."""

    @property
    def hides(self) -> bool:
        """Whether NotFound comes in place of NotPermitted about what one may not see."""

    def ask(self, command: type[Command], by: UUID, key: str, named: Mapping[str, Any]) -> Answer:
        """Ask for a command with these fields at the programme's time. Raises what `Fund.handle` raises."""


class InProcess:
    """The fund's own door, in this process."""

    hides: Final = False

    def __init__(self, fund: Fund) -> None:
        """Ask this fund."""
        self._fund = fund

    def ask(self, command: type[Command], by: UUID, key: str, named: Mapping[str, Any]) -> Answer:
        """Ask for a command with these fields at the programme's time. Raises what `Fund.handle` raises."""
        asked = command.model_validate({"by": by, "at": self._fund.clock.now(), "key": key, **named})
        return self._fund.handle(asked)


class OverHttp:
    """The API of the running fund, where each asks by an own token, made on the machine itself.

    What has no route, since only the operator of the machine may ask for it, is asked at the fund's own door.
    """

    hides: Final = True

    def __init__(self, parts: Parts, client: Client) -> None:
        """Ask the fund that these parts are of by this client."""
        self._tokens = parts.tokens
        self._own = InProcess(parts.fund)
        self._client = client
        self._made: dict[UUID, str] = {}

    def ask(self, command: type[Command], by: UUID, key: str, named: Mapping[str, Any]) -> Answer:
        """Ask for a command with these fields; the service stamps the arrival. Raises what `Client.ask` raises."""
        if command not in DEED_OF:
            return self._own.ask(command, by, key, named)
        return self._client.ask(self.token(by), command, key, named)

    def token(self, subject: UUID) -> str:
        """Return the subject's token, made when it is first needed."""
        if subject not in self._made:
            self._made[subject] = self._tokens.create(Actor(subject), LABEL, datetime.now(UTC), LIFETIME)[1]
        return self._made[subject]

    def end(self) -> None:
        """End every token of a rehearsal here, those of one that was killed before too."""
        now = datetime.now(UTC)
        for row in self._tokens.of(None, now):
            if row.label == LABEL:
                self._tokens.end(row.id, now)
        self._made.clear()


@contextmanager
def over_http(parts: Parts, address: str) -> Iterator[OverHttp]:
    """Ask the running fund at this address until the end of the block, where all tokens that were made end."""
    client = Client(address)
    door = OverHttp(parts, client)
    try:
        yield door
    finally:
        door.end()
        client.close()
