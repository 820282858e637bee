"""What happens to an organisation."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

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
    """The programme admitted the organisation as a pilot city or region: the fund's gate (S05).

    `source` is where that stands, such as a list of the programme; empty where it was not named.
    """

    TOPIC: ClassVar[str] = "organisation.admitted"
    SAYS: ClassVar[str] = "The programme admitted it as a pilot city or region ({strand})."
    strand: Strand
    source: str


class PopulationAsked(Event):
    """The secretariat is asked for the population of a city or area: unknown, or not above what joining takes (S23).

    A question, never a gate: nobody is refused for it. `known` is what was stated so far.
    """

    TOPIC: ClassVar[str] = "organisation.population-asked"
    SAYS: ClassVar[str] = "The secretariat is asked for its population; nobody is refused for it."
    known: int | None


class PopulationStated(Event):
    """The secretariat answered the question for the population."""

    TOPIC: ClassVar[str] = "organisation.population-stated"
    SAYS: ClassVar[str] = "It has {population} inhabitants ({source})."
    population: int
    source: str


class OrganisationsLinked(Event):
    """The secretariat linked a region, a city, its metropolitan area or its agency: one entity in this call (D09).

    `entity_id` is the one of them that stands for all.
    """

    TOPIC: ClassVar[str] = "organisation.organisations-linked"
    SAYS: ClassVar[str] = "It is one entity with others in this call, with one place in each line."
    call_id: UUID
    entity_id: UUID
    organisation_ids: tuple[UUID, ...]


class NamedInApplication(Event):
    """A version of an application was put forward that names the organisation as a partner (D10)."""

    TOPIC: ClassVar[str] = "organisation.named-in-application"
    SAYS: ClassVar[str] = "It is named as a partner in an application."
    call_id: UUID
    pilot_action_id: UUID


class ToldOfSeveralApplications(Event):
    """The partner was told that it is named in several applications of a call, before it confirms any further (D09).

    The others are not named here, so that no applicant reads of a rival (D27).
    """

    TOPIC: ClassVar[str] = "organisation.told-of-several-applications"
    SAYS: ClassVar[str] = "It was told that it is named in {applications} applications and may confirm each or not."
    call_id: UUID
    applications: int


class OfficerSucceeded(Event):
    """Somebody acts for the city or region in the place of who left, as two officers of the secretariat decided (D31).

    `departed` is None where nobody acted for it any more.
    """

    TOPIC: ClassVar[str] = "organisation.officer-succeeded"
    SAYS: ClassVar[str] = (
        "A new officer acts for it in the place of who left; two officers of the secretariat decided on the proof."
    )
    officer: UUID
    departed: UUID | None


OrganisationEvent = (
    OrganisationRegistered
    | OrganisationAdmitted
    | PopulationAsked
    | PopulationStated
    | OrganisationsLinked
    | NamedInApplication
    | ToldOfSeveralApplications
    | OfficerSucceeded
)
