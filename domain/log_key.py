"""The key that signs the log's checkpoints: which one it is stands in the log itself, and so does each change of it."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from domain.messages import Aggregate, Change, Command, Decision, Event, World

LOG_KEY_ID: Final[UUID] = uuid5(NAMESPACE_URL, "iurc-fund/log-key")
"""The stream of the log's own key: a fund has one log."""


class NameLogKey(Command):
    """Say by which key checkpoints are signed from now on; `verifier` is public, written as C2SP signed-note does."""

    verifier: str = Field(min_length=1, max_length=300)


class LogKeyNamed(Event):
    """The log's checkpoints are signed by another key from now on; `replaces` is empty for the first."""

    TOPIC: ClassVar[str] = "log-key.named"
    SAYS: ClassVar[str] = "The fund signs its log with the key {verifier} from now on."
    verifier: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class LogKey:
    """Every key that signed so far, the one in use last."""

    verifiers: tuple[str, ...] = ()


def name_log_key(command: NameLogKey, world: World) -> Decision:
    """Record a key that is not the one in use."""
    known = world.find(LOG_KEY, LOG_KEY_ID) or LogKey()
    current = known.verifiers[-1] if known.verifiers else ""
    if command.verifier == current:
        return []
    return [Change(LOG_KEY_ID, LogKeyNamed(**command.stamp(), verifier=command.verifier, replaces=current))]


def evolve(known: LogKey, event: LogKeyNamed) -> LogKey:
    """Fold one event."""
    return LogKey((*known.verifiers, event.verifier))


LOG_KEY = Aggregate("log-key", LogKey(), evolve)
