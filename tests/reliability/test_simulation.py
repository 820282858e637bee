"""Whatever people do at once on a failing store: nothing is lost, nothing happens twice, no sum is exceeded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

import domain.catalogue
from domain.grant.aggregate import GRANT
from domain.grant.commands import OrderResource
from domain.grant.ordering import order_resource
from domain.messages import Aggregate, Change, Decision, World
from fund_service import application
from fund_service.application import Fund, WorldNow
from fund_service.event_store import Stored
from tests.reliability.simulation import Simulation

REQUESTS = 60
PACK = 25
"""So many seeds are one test."""
UNTIL_FOUND = 200


@pytest.mark.parametrize("first", range(0, 500, PACK))
def test_no_seed_loses_repeats_or_exceeds(first: int) -> None:
    _play(first)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(500, 2500, PACK))
def test_no_seed_of_many_loses_repeats_or_exceeds(first: int) -> None:
    _play(first)


def _play(first: int) -> None:
    acknowledged = 0
    for seed in range(first, first + PACK):
        simulation = Simulation(seed)
        simulation.run(REQUESTS)
        acknowledged += len(simulation.acknowledged)
    assert acknowledged > 10 * PACK, "hardly anything happened"


def _finds(**mistaken: object) -> bool:
    """Say whether some seed finds a planted mistake."""
    for seed in range(UNTIL_FOUND):
        try:
            Simulation(seed, **mistaken).run(REQUESTS)
        except AssertionError:
            return True
    return False


def test_it_finds_who_asks_again_under_a_new_key() -> None:
    assert _finds(fresh_keys=True)


class SavesWhatItDidNotSee(WorldNow):
    """Planted: the versions are those at the time of saving, not those that the decision saw."""

    def stored(self, changes: Iterator[Change], recorded_at: datetime, caused_by: UUID) -> list[Stored]:
        """Look again at every stream just before saving."""
        self._log._others()
        self._seen.clear()
        self._at = self._log.now()
        return super().stored(changes, recorded_at, caused_by)


def test_it_finds_a_save_that_overwrites_what_it_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "WorldNow", SavesWhatItDidNotSee)
    assert _finds(fund=Fund)


def _order_without_pending(command: OrderResource, world: World) -> Decision:
    """Planted: what is ordered and not yet certified does not count against the commitment."""

    class Forgetful:
        def get(self, kind: Aggregate[Any], stream: UUID) -> Any:
            found = world.get(kind, stream)
            if kind is not GRANT:
                return found
            certified = {
                number: order if order.disbursed_cents is not None else replace(order, kept_cents=0)
                for number, order in found.orders.items()
            }
            return replace(found, orders=certified)

    return order_resource(command, Forgetful())


def test_it_finds_an_order_that_forgets_what_is_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(domain.catalogue.DECIDERS, OrderResource, _order_without_pending)
    assert _finds(fund=Fund)
