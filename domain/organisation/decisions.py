"""What the fund decides about an organisation."""

from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.organisation.events import OrganisationAdmitted, OrganisationRegistered


def register_organisation(command: RegisterOrganisation, world: World) -> Decision:
    """Make an organisation known, once."""
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
    return [Change(command.organisation_id, event)]


def admit_organisation(command: AdmitOrganisation, world: World) -> Decision:
    """Record the programme's admission, which the fund only takes note of (S05)."""
    organisation = world.get(ORGANISATION, command.organisation_id)
    if organisation.admitted:
        raise WrongStage(f"{organisation.name} is admitted already.")
    return [Change(command.organisation_id, OrganisationAdmitted(**command.stamp(), strand=command.strand))]
