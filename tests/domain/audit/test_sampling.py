"""A sample follows from population, method, size and seed alone: fixed ones that were worked out with `sha256sum`.

$ printf 'Brussels\\nd' | sha256sum      2965…, then c 3c98…, a 7831…, f 8cf3…, b a8d9…, e f669…
$ printf 'Brussels' | sha256sum         9416…75db41; modulo 100 and modulo 250 it is 9, modulo 7 it is 0
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit.populations import Item, PopulationOf, Stratum, population
from domain.audit.sampling import Drawn, Method, allocation, digest, draw, interval_of, start_of
from domain.call.events import RankingEstablished
from domain.errors import Malformed
from domain.grant.events import GrantAccepted, ResourceDelivered, ResourceDisbursed
from domain.people import ENGINE
from domain.pilot_action.events import ApplicationSubmitted
from tests.domain.audit.planted import ACTION, CALL, GRANT, LINE, Planted, id_of

SEED = "Brussels"


def items(cents: Mapping[str, int], strata: str = "") -> tuple[Item, ...]:
    """Return items by their ids, each in the stratum of the letter at its place."""
    cells = strata or "x" * len(cents)
    return tuple(
        Item(id, sum_, None, {Stratum.OUTCOME: cell}, ()) for (id, sum_), cell in zip(cents.items(), cells, strict=True)
    )


def drawn(found: Sequence[Drawn]) -> str:
    return "".join(one.item.id for one in found)


LETTERS = items(dict.fromkeys("abcdef", 0), strata="xxxxyz")


def sample(method: Method, size: int, of: tuple[Item, ...] = LETTERS, seed: str = SEED) -> tuple[Drawn, ...]:
    return draw(of, method, size, seed, Stratum.OUTCOME)


def test_a_digest_is_that_of_seed_line_feed_and_id() -> None:
    assert digest(SEED, "d").startswith("296589c0a42b2bd8")
    assert digest(SEED, "e").startswith("f6692cbbb1d9733a")


@pytest.mark.parametrize(
    ("size", "expected"), [(1, "d"), (2, "cd"), (3, "acd"), (4, "acdf"), (5, "abcdf"), (6, "abcdef")]
)
def test_random_draws_the_lowest_digests_and_a_larger_sample_holds_the_smaller(size: int, expected: str) -> None:
    assert drawn(sample(Method.RANDOM, size)) == expected


@pytest.mark.parametrize(("size", "expected"), [(3, "def"), (4, "cdef"), (5, "acdef"), (6, "abcdef")])
def test_stratified_draws_in_proportion_and_at_least_one_from_each_stratum(size: int, expected: str) -> None:
    found = sample(Method.STRATIFIED, size)
    assert drawn(found) == expected
    assert {one.stratum for one in found} == {"x", "y", "z"}


@pytest.mark.parametrize(
    ("sizes", "size", "expected"),
    [
        ({"a": 10, "b": 10}, 5, {"a": 3, "b": 2}),  # equal remainders: the earlier name
        ({"a": 47, "b": 16, "c": 16, "d": 12, "e": 9}, 10, {"a": 5, "b": 2, "c": 1, "d": 1, "e": 1}),
        ({"a": 96, "b": 1, "c": 1, "d": 2}, 4, {"a": 1, "b": 1, "c": 1, "d": 1}),  # the largest gives up
        ({"a": 3, "b": 3, "c": 1, "d": 1, "e": 1}, 5, {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}),
        ({"a": 5, "b": 5, "c": 1}, 5, {"a": 2, "b": 2, "c": 1}),
    ],
)
def test_places_go_to_strata_by_the_largest_remainder(
    sizes: dict[str, int], size: int, expected: dict[str, int]
) -> None:
    assert allocation(Counter(sizes), size) == expected


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1, max_size=8), st.data())
def test_all_places_are_given_each_stratum_has_one_and_none_more_than_it_holds(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    places = allocation(Counter(sizes), size)
    assert sum(places.values()) == size
    assert all(1 <= places[name] <= sizes[name] for name in sizes)


def test_monetary_units_draw_every_item_in_which_a_chosen_cent_lies() -> None:
    found = sample(Method.MONETARY_UNIT, 4, items({"a": 50, "b": 100, "c": 150, "d": 700}))
    assert [(one.item.id, one.by) for one in found] == [("a", "9"), ("c", "259"), ("d", "509")]
    assert interval_of(items({"a": 50, "b": 951}), 4) == 250
    assert start_of(250, SEED) == 9


@pytest.mark.parametrize(("first", "expected"), [(9, "b"), (10, "ab")])
def test_a_chosen_cent_lies_in_the_item_whose_last_cent_is_not_before_it(first: int, expected: str) -> None:
    assert drawn(sample(Method.MONETARY_UNIT, 2, items({"a": first, "b": 200 - first}))) == expected


def test_an_item_of_an_interval_is_always_drawn_and_of_one_cent_less_not_always() -> None:
    alike = items({"a": 250, "b": 250, "c": 250, "d": 250})
    assert drawn(sample(Method.MONETARY_UNIT, 4, alike)) == "abcd"
    assert drawn(sample(Method.MONETARY_UNIT, 4, items({"a": 10, "b": 249, "c": 251, "d": 490}))) == "acd"


def test_where_the_sum_is_no_multiple_of_the_size_one_more_may_be_drawn() -> None:
    assert drawn(sample(Method.MONETARY_UNIT, 4, items(dict.fromkeys("abcde", 2)))) == "abcde"


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=30),
    st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda seed: seed.strip() and seed.isprintable()),
    st.data(),
)
def test_every_item_of_an_interval_or_more_is_drawn(cents: list[int], seed: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(cents)))
    of = items({f"{number:02}": one for number, one in enumerate(cents)})
    found = {one.item.id for one in sample(Method.MONETARY_UNIT, size, of, seed)}
    assert {item.id for item in of if item.cents >= sum(cents) // size} <= found


@pytest.mark.parametrize(
    ("method", "size", "seed", "of", "says"),
    [
        (Method.RANDOM, 0, SEED, LETTERS, "A sample of 0 is none. Draw at least 1."),
        (Method.RANDOM, 7, SEED, LETTERS, "7 cannot be drawn from 6. Draw at most 6."),
        (Method.RANDOM, 1, " ", LETTERS, "A sample needs a seed, in one line."),
        (Method.RANDOM, 1, "a\nb", LETTERS, "A sample needs a seed, in one line."),
        (Method.RANDOM, 1, SEED, (), "There is nothing to draw from yet."),
        (Method.STRATIFIED, 2, SEED, LETTERS, "2 are too few for 3 strata. Draw at least 3, one from each."),
        (Method.MONETARY_UNIT, 1, SEED, items({"a": 1, "b": 0}), "1 of the 2 items have no sum"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_the_cure(
    method: Method, size: int, seed: str, of: tuple[Item, ...], says: str
) -> None:
    with pytest.raises(Malformed) as refused:
        sample(method, size, of, seed)
    assert str(refused.value).startswith(says)


def told() -> Planted:
    call = Planted().begin()
    asked = {"digest": "", "declarations": (), "correction": 0}
    call.plant(ACTION, ApplicationSubmitted, version=1, requested_cents=700_000, **asked)
    call.plant(ACTION, ApplicationSubmitted, version=2, requested_cents=800_000, **asked)
    call.plant(GRANT, GrantAccepted, cents=800_000, call_id=CALL)
    for number in (1, 2):
        call.order(number, 100_000 * number)
    call.plant(GRANT, ResourceDelivered, order=2, cents=190_000, evidence="A note", acknowledge_by=call.at)
    call.plant(GRANT, ResourceDisbursed, order=2, cents=180_000, released_cents=20_000)
    call.plant(CALL, RankingEstablished, by=ENGINE, line=LINE, correction=0, envelope_cents=1, rows=())
    return call


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (PopulationOf.APPLICATIONS, [(str(ACTION), 800_000, (11, 13))]),
        (PopulationOf.GRANTS, [(str(GRANT), 800_000, (15,))]),
        (PopulationOf.ORDERS, [(f"{GRANT}/1", 100_000, (17,)), (f"{GRANT}/2", 200_000, (19,))]),
        (PopulationOf.DELIVERIES, [(f"{GRANT}/2", 180_000, (21, 23))]),
        (PopulationOf.DECISIONS, [("25", 0, (25,))]),
    ],
)
def test_a_population_holds_each_thing_once_with_its_last_sum_and_its_events(
    of: PopulationOf, expected: list[tuple[str, int, tuple[int, ...]]]
) -> None:
    found = population(told().history(), of, {id_of("Turin"): "IT"})
    assert [(one.id, one.cents, one.positions) for one in found] == expected


def test_an_item_stands_in_the_strata_of_its_partnership_and_its_outcome() -> None:
    history = told().history()
    (application,) = population(history, PopulationOf.APPLICATIONS, {id_of("Turin"): "IT"})
    assert [application.strata[one] for one in Stratum] == [LINE, "Circular Economy", "open", "IT"]
    (ranking,) = population(history, PopulationOf.DECISIONS, {})
    assert [ranking.strata[one] for one in Stratum] == ["", "", "", ""]
