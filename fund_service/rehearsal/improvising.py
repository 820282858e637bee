"""The stage on which others act beside a visitor: nobody knows what the visitor did, so each does what can be done."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import FundError
from domain.messages import Command
from fund_service.rehearsal.stage import Stage


@dataclass(frozen=True, slots=True)
class Improvised(Stage):
    """A stage on which the script is a proposal: what the fund would refuse now is left out, and leaves no trace.

    `spared`: whom a visitor was meanwhile; nobody acts in their place.
    """

    spared: frozenset[UUID] = frozenset()

    def act(self, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody do something, if it can be done now and nobody else is that somebody."""
        if by in self.spared:
            return
        now = self.fund.clock.now()
        asked = f"{key}/{now.isoformat()}"  # what could not be done at first is another request later
        try:
            self.fund.preview(command.model_validate({"by": by, "at": now, "key": asked, **named}))
        except FundError:
            return
        Stage.act(self, command, by, asked, **named)
