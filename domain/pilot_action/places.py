"""The place of an entity in a line: one application takes it, and a city with several chooses which (S22, D09)."""

from collections.abc import Iterator
from uuid import UUID

from domain.errors import WrongStage
from domain.messages import Change, Command, Decision, World
from domain.organisation.aggregate import ORGANISATION, entity_of
from domain.pilot_action.aggregate import PilotAction
from domain.pilot_action.case import case_of
from domain.pilot_action.commands import ChooseApplication
from domain.rulebook.ours.applying import (
    application_is_the_chosen_one,
    entity_has_no_other_application,
    request_arrived_in_time,
)
from domain.slot import SLOT, ApplicationChosen, Slot, SlotTaken, slot_id


def place_of(world: World, pilot: PilotAction) -> UUID:
    """Return the id of the place that the coordinator's entity has in a proposed pilot action's line (D09)."""
    assert pilot.call_id is not None
    assert pilot.coordinator_id is not None
    return slot_id(pilot.call_id, pilot.line, entity_of(world, pilot.call_id, pilot.coordinator_id))


def place_is_taken(command: Command, pilot_action_id: UUID, pilot: PilotAction, world: World) -> Iterator[Change]:
    """Yield how an application takes its entity's place, unless it holds it already.

    Raises RuleViolated (D09) when another application holds the place or was chosen for it.
    """
    place = place_of(world, pilot)
    slot = world.find(SLOT, place) or Slot()
    if slot.held_by == pilot_action_id:
        return
    name = _applicant(world, pilot)
    application_is_the_chosen_one(name, slot.chosen_of, slot.chosen not in (None, pilot_action_id))
    entity_has_no_other_application(name, slot.held_by is not None)
    yield Change(place, SlotTaken(**command.stamp(), pilot_action_id=pilot_action_id))


def _applicant(world: World, pilot: PilotAction) -> str:
    """Return who applies in words: the coordinator, or the entity that it is linked to."""
    coordinator_id = pilot.coordinator_id
    assert pilot.call_id is not None
    assert coordinator_id is not None
    name = world.get(ORGANISATION, coordinator_id).name
    entity = entity_of(world, pilot.call_id, coordinator_id)
    return name if entity == coordinator_id else f"{name}, one entity with {world.get(ORGANISATION, entity).name},"


def choose_application(command: ChooseApplication, world: World) -> Decision:
    """Record the choice of a city that coordinates several partnerships, while none is submitted (S22, D09)."""
    pilot, rules, partnership, *_ = case_of(world, command.pilot_action_id)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    place = place_of(world, pilot)
    slot = world.find(SLOT, place) or Slot()
    if slot.held_by is not None:
        raise WrongStage("An application of this city is submitted in this line already.", "Withdraw it first.")
    if slot.chosen == command.pilot_action_id:
        raise WrongStage("This application is the city's choice already.")
    event = ApplicationChosen(**command.stamp(), pilot_action_id=command.pilot_action_id, partnership=partnership.name)
    return [Change(place, event)]
