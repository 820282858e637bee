"""The slot: one active application per admitted entity, support line and call (D09)."""

from dataclasses import dataclass, replace
from typing import ClassVar, assert_never
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


class SlotJoined(Event):
    """The organisation became one entity with another, whose place counts from now on."""

    TOPIC: ClassVar[str] = "slot.joined"
    SAYS: ClassVar[str] = "This place in the line is from now on that of the entity."
    entity_id: UUID


class ApplicationChosen(Event):
    """A city that coordinates several partnerships recorded its internal choice for this line (S22)."""

    TOPIC: ClassVar[str] = "slot.application-chosen"
    SAYS: ClassVar[str] = "The city chose its application for this line: that of {partnership}."
    pilot_action_id: UUID
    partnership: str


SlotEvent = SlotTaken | SlotFreed | SlotJoined | ApplicationChosen


@dataclass(frozen=True, slots=True)
class Slot:
    """Which pilot action holds the place, and which was chosen for it and of which partnership it is; or None."""

    held_by: UUID | None = None
    chosen: UUID | None = None
    chosen_of: str = ""


def evolve(slot: Slot, event: SlotEvent) -> Slot:
    """Fold one event."""
    match event:
        case SlotTaken():
            return replace(slot, held_by=event.pilot_action_id)
        case SlotFreed():
            return replace(slot, held_by=None)
        case SlotJoined():
            return Slot()
        case ApplicationChosen():
            return replace(slot, chosen=event.pilot_action_id, chosen_of=event.partnership)
        case _:
            assert_never(event)


SLOT = Aggregate("slot", Slot(), evolve)


def slot_id(call_id: UUID, line: str, organisation_id: UUID) -> UUID:
    """Return the id of an entity's place in a line of a call."""
    return uuid5(call_id, f"{line}/{organisation_id}")
