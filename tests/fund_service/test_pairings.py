"""The real pairings that a rehearsal plays with."""

import pytest

from domain.people import Geography
from domain.rulebook.programme import (
    a_member_comes_from_abroad,
    an_eu_member_coordinates,
    partnership_has_two_members,
)
from fund_service.rehearsal.pairings import Pairing, pairings


def test_fifty_two_pairings_are_led_by_forty_four_coordinators() -> None:
    everything = pairings()
    assert [pairing.number for pairing in everything] == list(range(1, 53))
    assert len({pairing.coordinator for pairing in everything}) == 44
    assert sum(len(pairing.members) for pairing in everything) == 118


@pytest.mark.parametrize("pairing", pairings(), ids=lambda pairing: str(pairing.number))
def test_every_pairing_is_a_partnership_that_the_programme_allows(pairing: Pairing) -> None:
    partnership_has_two_members(len(pairing.members))
    an_eu_member_coordinates(pairing.coordinator.side)
    a_member_comes_from_abroad([member.side for member in pairing.members])
    assert pairing.members[0] == pairing.coordinator


def test_a_place_is_written_the_same_way_in_all_its_pairings() -> None:
    places = {member for pairing in pairings() for member in pairing.members}
    assert len({place.name for place in places}) == len(places)


def test_a_pairing_bears_the_name_that_people_say() -> None:
    first, second, *_ = pairings()
    assert first.name == "Málaga with Vitoria-Gasteiz and Christchurch"
    assert second.name == "Vilnius with New Plymouth"


def test_a_pairing_tells_where_it_was_published() -> None:
    first = pairings(1)[0]
    assert (first.geography, first.cluster, first.topic) == (
        Geography.AUSTRALASIA,
        "Urban Innovation",
        "smart city and climate",
    )
    assert (first.phase, first.source) == ("IURC 2021-24", "iurc.eu 2021-09-16, 2023-09-11")


def test_an_unknown_population_stays_unknown() -> None:
    assert pairings()[2].coordinator.population is None


def test_a_larger_rehearsal_adds_invented_pairings_that_the_programme_allows_and_that_are_marked() -> None:
    everything = pairings(60)
    assert everything[:52] == pairings()
    assert [pairing.number for pairing in everything] == list(range(1, 61))
    assert [pairing.generated for pairing in everything] == [False] * 52 + [True] * 8
    for pairing in everything[52:]:
        test_every_pairing_is_a_partnership_that_the_programme_allows(pairing)
        assert all(member.name.endswith("(invented)") for member in pairing.members)
    assert len({member.name for pairing in everything[52:] for member in pairing.members}) == 16


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (3, 3), (52, 52)])
def test_a_smaller_rehearsal_takes_the_first_pairings(limit: int, count: int) -> None:
    assert pairings(limit) == pairings()[:count]
