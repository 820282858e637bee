"""What happens to an organisation."""

from enum import StrEnum
from typing import ClassVar, Literal

from domain.messages import Event
from domain.people import Strand

Side = Literal["EU", "non-EU"]


class OrganisationKind(StrEnum):
    """The kinds of places and bodies that take part (S23–S25)."""

    CITY = "city"
    METROPOLITAN_AREA = "metropolitan_area"
    FUNCTIONAL_AREA = "functional_area"
    REGION = "region"
    AGENCY = "agency"


class OrganisationRegistered(Event):
    """A city, area, region or agency became known to the fund. `generated` marks an invented place."""

    TOPIC: ClassVar[str] = "organisation.registered"
    SAYS: ClassVar[str] = "{name} was registered."
    name: str
    kind: OrganisationKind
    side: Side
    country: str
    population: int | None
    generated: bool


class OrganisationAdmitted(Event):
    """The programme admitted the organisation as a pilot city or region: the fund's gate (S05)."""

    TOPIC: ClassVar[str] = "organisation.admitted"
    SAYS: ClassVar[str] = "The programme admitted it as a pilot city or region ({strand})."
    strand: Strand


OrganisationEvent = OrganisationRegistered | OrganisationAdmitted
