"""Messages: commands that ask, events that state, and what a decision may look at.

A decision is a pure function `decide(command, world) → changes`: time and ids arrive in the command, `world` gives the
states of the aggregates that the decision asks for. `evolve(state, event) → state` accepts every recorded event.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from domain.values import Digest, Instant, Value

S = TypeVar("S")


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""A pure function from an event's fields as one version recorded them to those of the next.

Plain JSON values; protected text is still sealed, and passes as it is.
"""


class Event(Value):
    """Something that happened, stated by `by`, holding in the programme from `effective_at` (UTC).

    `TOPIC` is its name in the log, never changed once recorded. `SAYS` is the sentence that a person would say, with
    the event's own fields in braces.

    What was recorded stays readable for ever: fields, defaults and types (also of the values inside) are changed only
    together with one more of `UPCASTERS`, oldest first, which makes the next version of the event, and with a stored
    sample of it (`python -m tests.stored.record`). What a value inside checks is never made stricter. An event that is
    no longer recorded stays, with its fold.
    """

    TOPIC: ClassVar[str]
    SAYS: ClassVar[str]
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = ()

    by: UUID
    effective_at: Instant


def version_of(kind: type[Event]) -> int:
    """Return the version as which an event is recorded today: 1, and one more for each of its upcasters."""
    return 1 + len(kind.UPCASTERS)


class Command(Value):
    """What somebody asks for.

    `by` is the subject who asks; `at` (UTC) the instant at which the complete request arrived (set by the service, not
    by the client) or the calendar point that a process acts for; `key` the idempotency key: the same key gives the same
    answer.
    """

    by: UUID
    at: Instant
    key: str = Field(min_length=1, max_length=200, repr=False)

    def stamp(self, **shared: Any) -> dict[str, Any]:
        """Return who and when, and what else several events that follow from this command have in common."""
        return {"by": self.by, "effective_at": self.at, **shared}


class Change(NamedTuple):
    """One event to record on one stream."""

    stream: UUID
    event: Event


Decision = Sequence[Change]


class Recorded(NamedTuple):
    """One event as the log holds it. `position` orders the whole log (gaps are normal), `version` its stream;
    `recorded_at` (UTC) is when the fund learned it; `caused_by` is the receipt of the command that led to it.
    """

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    caused_by: UUID
    event: Event


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[S]):
    """A kind of stream: its name (the first part of its topics), its state before the first event, and its fold."""

    name: str
    initial: S
    evolve: Callable[[S, Any], S]


class States(Protocol):
    """The state of any aggregate, as of one moment."""

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it."""


class World(States, Protocol):
    """What a decision may look at: the state of any aggregate, as of the moment at which the decision is made."""

    def streams_of(self, subject: UUID) -> Mapping[str, Collection[UUID]]:
        """Return by kind the streams with an event of the subject, about it, or with a text of it."""

    def accounts_for(self, organisation_id: UUID) -> Collection[UUID]:
        """Return the subjects whose accounts were opened for a city or region."""

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""
