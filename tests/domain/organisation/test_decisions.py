"""What the fund decides about an organisation."""

import pytest

from domain.errors import NotFound
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.organisation.events import OrganisationAdmitted, OrganisationKind, OrganisationRegistered
from domain.people import Strand
from tests.given import ask, fact, given

REGISTERED = given(ask(RegisterOrganisation))


@pytest.mark.parametrize("population", [None, 1, 5_000_000], ids=["unknown", "tiny", "large"])
def test_an_organisation_becomes_known_whatever_its_population(population: int | None) -> None:
    place = {"name": "Ruhr", "kind": OrganisationKind.METROPOLITAN_AREA, "side": "EU", "country": "DE"}
    told = {**place, "population": population, "generated": True}
    given().when(ask(RegisterOrganisation, **told)).then(fact(OrganisationRegistered, **told))


def test_an_organisation_becomes_known_only_once() -> None:
    REGISTERED.when(ask(RegisterOrganisation, name="Hamburg again")).refused("stage", "Hamburg again is registered")


def test_the_programmes_admission_is_taken_note_of() -> None:
    REGISTERED.when(ask(AdmitOrganisation, strand=Strand.LAC)).then(fact(OrganisationAdmitted, strand=Strand.LAC))


def test_an_organisation_is_admitted_only_once() -> None:
    REGISTERED.after(ask(AdmitOrganisation)).when(ask(AdmitOrganisation)).refused("stage", "Hamburg is admitted")


def test_an_unknown_organisation_is_not_admitted() -> None:
    given().when(ask(AdmitOrganisation)).raises(NotFound)
