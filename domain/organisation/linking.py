"""What the fund decides about organisations that are one entity: a region, a city, its area, its agency (D09)."""

from collections.abc import Iterator
from uuid import UUID

from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION, entity_of
from domain.organisation.commands import LinkOrganisations
from domain.organisation.events import OrganisationsLinked
from domain.rulebook.ours.applying import entity_holds_one_place
from domain.slot import SLOT, SlotJoined, SlotTaken, slot_id


def link_organisations(command: LinkOrganisations, world: World) -> Decision:
    """Link organisations as one entity in a call; a place that one of them holds becomes the entity's (D09)."""
    rules = rules_of(world, command.call_id)
    world.get(ORGANISATION, command.organisation_id)
    entity = entity_of(world, command.call_id, command.organisation_id)
    others = tuple(dict.fromkeys(command.other_ids))
    for other in others:
        _is_on_its_own(world, command.call_id, entity, other)
    linked = OrganisationsLinked(
        **command.stamp(), call_id=command.call_id, entity_id=entity, organisation_ids=(entity, *others)
    )
    changes = [Change(organisation, linked) for organisation in (entity, *others)]
    for line in rules.lines:
        changes.extend(_one_place(command, world, line.id, entity, others))
    return changes


def _is_on_its_own(world: World, call_id: UUID, entity: UUID, other: UUID) -> None:
    organisation = world.get(ORGANISATION, other)
    if other == entity or call_id in organisation.entities:
        raise WrongStage(f"{organisation.name} belongs to an entity already.", "Link the others to that entity.")


def _one_place(
    command: LinkOrganisations, world: World, line: str, entity: UUID, others: tuple[UUID, ...]
) -> Iterator[Change]:
    """Yield how the places of a line become one. Each is written, so that no submission meanwhile goes unseen."""
    places = {one: slot_id(command.call_id, line, one) for one in (entity, *others)}
    slots = {one: world.find(SLOT, place) for one, place in places.items()}
    holders = {one: slot.held_by for one, slot in slots.items() if slot and slot.held_by}
    entity_holds_one_place([world.get(ORGANISATION, one).name for one in holders])
    for other in others:
        yield Change(places[other], SlotJoined(**command.stamp(), entity_id=entity))
        if other in holders:
            yield Change(places[entity], SlotTaken(**command.stamp(), pilot_action_id=holders[other]))
