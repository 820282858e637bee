"""What the fund decides about an organisation."""

from domain.errors import RuleViolated, WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation, StatePopulation
from domain.organisation.events import (
    OrganisationAdmitted,
    OrganisationKind,
    OrganisationRegistered,
    PopulationAsked,
    PopulationStated,
)
from domain.rulebook.programme import joining_city_is_large_enough

COUNTED_BY_INHABITANTS = (OrganisationKind.CITY, OrganisationKind.METROPOLITAN_AREA, OrganisationKind.FUNCTIONAL_AREA)
"""The kinds of places in the EU whose population matters for joining the programme (S23); regions and agencies not."""


def register_organisation(command: RegisterOrganisation, world: World) -> Decision:
    """Make an organisation known, once; ask for a population that joining would need, and refuse nobody (S23)."""
    if world.find(ORGANISATION, command.organisation_id):
        raise WrongStage(f"{command.name} is registered already.", "Use the organisation that is there.")
    event = OrganisationRegistered(
        **command.stamp(),
        name=command.name,
        kind=command.kind,
        side=command.side,
        country=command.country,
        population=command.population,
        generated=command.generated,
    )
    changes = [Change(command.organisation_id, event)]
    if _population_is_asked(command):
        asked = PopulationAsked(**command.stamp(), known=command.population)
        changes.append(Change(command.organisation_id, asked))
    return changes


def _population_is_asked(command: RegisterOrganisation) -> bool:
    if command.side != "EU" or command.kind not in COUNTED_BY_INHABITANTS:
        return False
    if command.population is None:
        return True
    try:
        joining_city_is_large_enough(command.population)
    except RuleViolated:
        return True
    return False


def admit_organisation(command: AdmitOrganisation, world: World) -> Decision:
    """Record the programme's admission, which the fund only takes note of (S05)."""
    organisation = world.get(ORGANISATION, command.organisation_id)
    if organisation.admitted:
        raise WrongStage(f"{organisation.name} is admitted already.")
    admitted = OrganisationAdmitted(**command.stamp(), strand=command.strand, source=command.source)
    return [Change(command.organisation_id, admitted)]


def state_population(command: StatePopulation, world: World) -> Decision:
    """Take the answer to the question for a population, whatever it is: it refuses nobody (S23)."""
    organisation = world.get(ORGANISATION, command.organisation_id)
    if not organisation.population_asked:
        raise WrongStage(f"Nobody asks for the population of {organisation.name}.")
    event = PopulationStated(**command.stamp(), population=command.population, source=command.source)
    return [Change(command.organisation_id, event)]
