"""What can be asked of an organisation."""

from uuid import UUID

from pydantic import Field

from domain.messages import Command
from domain.organisation.events import OrganisationKind, Side
from domain.people import Strand


class RegisterOrganisation(Command):
    """Make a city, area, region or agency known to the fund. Population unknown is None, and refuses nobody (S23)."""

    organisation_id: UUID
    name: str = Field(min_length=1, max_length=200)
    kind: OrganisationKind
    side: Side
    country: str = Field(pattern=r"^[A-Z]{2}$")
    population: int | None = Field(default=None, gt=0)
    generated: bool = False


class AdmitOrganisation(Command):
    """Record that the programme admitted the organisation, and where that stands."""

    organisation_id: UUID
    strand: Strand
    source: str = Field(default="", max_length=200)


class StatePopulation(Command):
    """Answer the question for a population, with the source of the figure."""

    organisation_id: UUID
    population: int = Field(gt=0)
    source: str = Field(min_length=1, max_length=200)


class LinkOrganisations(Command):
    """Say that a region, a city, its area, its agency are one entity in a call; the first stands for it."""

    organisation_id: UUID
    other_ids: tuple[UUID, ...] = Field(min_length=1, max_length=10)
    call_id: UUID
