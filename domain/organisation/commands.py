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
    """Record that the programme admitted the organisation."""

    organisation_id: UUID
    strand: Strand
