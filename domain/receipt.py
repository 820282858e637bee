"""The command receipt: what a command with one key led to (design decision 4); not the applicant's receipt."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from domain.messages import Aggregate, Event
from domain.people import ENGINE
from domain.values import Digest


class CommandHandled(Event):
    """A command was carried out, or refused by a rule or the stage; the same key gives the same answer again.

    `about` is the id that the command names first; `refused` the rule's id, or `stage`.
    """

    TOPIC: ClassVar[str] = "receipt.command-handled"
    SAYS: ClassVar[str] = "The request {command} was answered."
    command: str
    digest: Digest
    about: UUID | None = None
    refused: str | None = None
    detail: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer that a repeated key gets; `refused` is the rule's id or `stage`."""

    digest: Digest = ""
    refused: str | None = None
    detail: str = ""
    cure: str = ""


def evolve(receipt: Receipt, event: CommandHandled) -> Receipt:
    """Fold one event."""
    return Receipt(event.digest, event.refused, event.detail, event.cure)


RECEIPT = Aggregate("receipt", Receipt(), evolve)


def receipt_id(by: UUID, key: str) -> UUID:
    """Return the id of the receipt for an actor's idempotency key."""
    return uuid5(uuid5(ENGINE, str(by)), key)
