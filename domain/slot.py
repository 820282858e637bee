"""The slot: one active application per admitted entity, support line and call (D09)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from domain.messages import Aggregate, Event


class SlotTaken(Event):
    """The entity's place in this line of the call is taken by an application."""

    TOPIC: ClassVar[str] = "slot.taken"
    SAYS: ClassVar[str] = "The entity's place in this line of the call is taken."
    pilot_action_id: UUID


class SlotFreed(Event):
    """The entity's place is free again, after a withdrawal."""

    TOPIC: ClassVar[str] = "slot.freed"
    SAYS: ClassVar[str] = "The entity's place in this line of the call is free again."
    pilot_action_id: UUID


@dataclass(frozen=True, slots=True)
class Slot:
    """Which pilot action holds the place, or None."""

    held_by: UUID | None = None


def evolve(slot: Slot, event: SlotTaken | SlotFreed) -> Slot:
    """Fold one event."""
    return Slot(event.pilot_action_id if isinstance(event, SlotTaken) else None)


SLOT = Aggregate("slot", Slot(), evolve)


def slot_id(call_id: UUID, line: str, organisation_id: UUID) -> UUID:
    """Return the id of an entity's place in a line of a call."""
    return uuid5(call_id, f"{line}/{organisation_id}")
