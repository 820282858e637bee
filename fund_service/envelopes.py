"""How events are stored: as JSON in an envelope, and every version that was ever recorded is read (P14).

A state is {"recorded_at", "caused_by", "event"}, preceded from an event's second version on by "version". The topic is
the same for all versions of an event, so whoever compares topics needs to know nothing of versions.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from domain.errors import Unavailable
from domain.messages import Event, version_of
from domain.values import Instant, Protector


class Envelope:
    """The stored form of one kind of event: written as its current version, read as any version up to it."""

    def __init__(self, kind: type[Event]) -> None:
        """Use the event's current version and its upcasters."""
        self._kind = kind
        self._version = version_of(kind)
        fields: dict[str, Any] = {"recorded_at": Instant, "caused_by": UUID, "event": kind}
        if self._version > 1:
            fields = {"version": Literal[self._version], **fields}
        self._adapter: TypeAdapter[Any] = TypeAdapter(TypedDict(f"{kind.__name__}Envelope", fields))  # type: ignore[operator]
        self._begins = f'{{"version":{self._version},'.encode() if self._version > 1 else b'{"recorded_at":'

    def seal(self, recorded_at: datetime, caused_by: UUID, event: Event, protector: Protector) -> bytes:
        """Return the state of an event as it is stored, its protected text encrypted."""
        told = {"recorded_at": recorded_at, "caused_by": caused_by, "event": event}
        if self._version > 1:
            told = {"version": self._version, **told}
        return self._adapter.dump_json(told, context={"protector": protector})

    def open(self, state: bytes, protector: Protector) -> tuple[datetime, UUID, Event]:
        """Return when an event was recorded, what caused it, and the event. Raises Unavailable for one of a version
        that is not known yet.
        """
        current = state if state.startswith(self._begins) else self._brought_up(state)
        opened = self._adapter.validate_json(current, context={"protector": protector})
        return opened["recorded_at"], opened["caused_by"], opened["event"]

    def _brought_up(self, state: bytes) -> bytes:
        """Return a state as the current version would have recorded it."""
        told = json.loads(state)
        version = told.pop("version", 1)
        if version > self._version:
            raise _too_new(f"version {version} of the event {self._kind.TOPIC!r}")
        for upcaster in self._kind.UPCASTERS[version - 1 :]:
            told["event"] = upcaster(told["event"])
        return json.dumps({"version": self._version, **told}).encode()


_envelope = cache(Envelope)


def envelope_of(events: Mapping[str, type[Event]], topic: str) -> Envelope:
    """Return the envelope of a topic's event. Raises Unavailable for a topic that is not among the events."""
    kind = events.get(topic)
    if kind is None:
        raise _too_new(f"an event {topic!r}")
    return _envelope(kind)


def _too_new(what: str) -> Unavailable:
    return Unavailable(
        f"The store holds {what} that this version does not know.",
        "Run the version of the fund that wrote it, or a newer one.",
    )
