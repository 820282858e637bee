"""What the fund decides about an organisation."""

from typing import Any

import pytest

from domain.errors import NotFound
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation, StatePopulation
from domain.organisation.events import (
    OrganisationAdmitted,
    OrganisationKind,
    OrganisationRegistered,
    PopulationAsked,
    PopulationStated,
)
from domain.people import Strand
from tests.given import ask, fact, given

REGISTERED = given(ask(RegisterOrganisation))


PLACE = {"name": "Ruhr", "side": "EU", "country": "DE", "generated": True}
CITY, AREA = OrganisationKind.CITY, OrganisationKind.METROPOLITAN_AREA


@pytest.mark.parametrize("kind", [CITY, AREA, OrganisationKind.FUNCTIONAL_AREA])
@pytest.mark.parametrize(
    ("population", "asked"), [(None, True), (1, True), (100_000, True), (100_001, False), (5_000_000, False)]
)
def test_an_organisation_becomes_known_whatever_its_population(
    kind: OrganisationKind, population: int | None, asked: bool
) -> None:
    told = {**PLACE, "kind": kind, "population": population}
    expected = [fact(OrganisationRegistered, **told)]
    if asked:
        expected.append(fact(PopulationAsked, known=population))
    given().when(ask(RegisterOrganisation, **told)).then(*expected)


@pytest.mark.parametrize(
    "changes",
    [{"kind": OrganisationKind.REGION}, {"kind": OrganisationKind.AGENCY}, {"kind": CITY, "side": "non-EU"}],
    ids=["region", "agency", "abroad"],
)
def test_nobody_asks_for_the_population_of_regions_agencies_and_places_abroad(changes: dict[str, Any]) -> None:
    told = {**PLACE, **changes, "population": None}
    given().when(ask(RegisterOrganisation, **told)).then(fact(OrganisationRegistered, **told))


def test_the_question_for_a_population_is_answered_once_and_any_answer_will_do() -> None:
    answered = ask(StatePopulation, population=1, source="A leaflet")
    REGISTERED.when(answered).then(fact(PopulationStated, population=1, source="A leaflet"))
    REGISTERED.after(answered).when(answered).refused("stage", "Nobody asks")


def test_an_organisation_becomes_known_only_once() -> None:
    REGISTERED.when(ask(RegisterOrganisation, name="Hamburg again")).refused("stage", "Hamburg again is registered")


def test_the_programmes_admission_is_taken_note_of() -> None:
    told = {"strand": Strand.LAC, "source": "The list of August 2025"}
    REGISTERED.when(ask(AdmitOrganisation, **told)).then(fact(OrganisationAdmitted, **told))


def test_an_organisation_is_admitted_only_once() -> None:
    REGISTERED.after(ask(AdmitOrganisation)).when(ask(AdmitOrganisation)).refused("stage", "Hamburg is admitted")


def test_an_unknown_organisation_is_not_admitted() -> None:
    given().when(ask(AdmitOrganisation)).raises(NotFound)
