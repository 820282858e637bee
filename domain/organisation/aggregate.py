"""The organisation's state."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from domain.messages import Aggregate, World
from domain.organisation.events import (
    NamedInApplication,
    OfficerSucceeded,
    OrganisationAdmitted,
    OrganisationEvent,
    OrganisationRegistered,
    OrganisationsLinked,
    PopulationAsked,
    PopulationStated,
    Side,
    ToldOfSeveralApplications,
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A city, area, region or agency; `admitted` to the programme or not (S05).

    `entities` names for each call the organisation that stands for the entity it is linked to (D09), `named_in` the
    pilot actions whose applications name it as a partner.
    """

    name: str = ""
    side: Side = "EU"
    admitted: bool = False
    population_asked: bool = False
    entities: dict[UUID, UUID] = field(default_factory=dict)
    named_in: dict[UUID, frozenset[UUID]] = field(default_factory=dict)


def evolve(organisation: Organisation, event: OrganisationEvent) -> Organisation:
    """Fold one event."""
    match event:
        case OrganisationRegistered():
            return replace(organisation, name=event.name, side=event.side)
        case OrganisationAdmitted():
            return replace(organisation, admitted=True)
        case PopulationAsked():
            return replace(organisation, population_asked=True)
        case PopulationStated():
            return replace(organisation, population_asked=False)
        case OrganisationsLinked():
            return replace(organisation, entities={**organisation.entities, event.call_id: event.entity_id})
        case NamedInApplication():
            named = organisation.named_in.get(event.call_id, frozenset()) | {event.pilot_action_id}
            return replace(organisation, named_in={**organisation.named_in, event.call_id: named})
        case ToldOfSeveralApplications() | OfficerSucceeded():
            return organisation
        case _:
            assert_never(event)


ORGANISATION = Aggregate("organisation", Organisation(), evolve)


def entity_of(world: World, call_id: UUID, organisation_id: UUID) -> UUID:
    """Return the organisation that stands for the entity in this call: another it is linked to, or itself (D09)."""
    organisation = world.find(ORGANISATION, organisation_id)
    return organisation.entities.get(call_id, organisation_id) if organisation else organisation_id
