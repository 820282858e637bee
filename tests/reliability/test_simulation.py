"""Whatever people do at once on a failing store: nothing is lost, nothing happens twice, no sum is exceeded."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from domain.messages import Change
from fund_service import application
from fund_service.application import Fund, WorldNow
from fund_service.event_store import Stored
from tests.domain.books import EVERY_ENTRY
from tests.domain.mistakes import MISTAKES
from tests.reliability.simulation import Simulation, Tally

OF_MONEY = set(EVERY_ENTRY) - {"EvidenceAttached", "ReportFileAttached"}
"""Documents move no money, and the simulation brings none."""
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
    total = Tally()
    for seed in range(first, first + PACK):
        simulation = Simulation(seed)
        simulation.run(REQUESTS)
        total += simulation.tally
    assert total.handled > 10 * PACK, "hardly anything happened"
    assert total.repeated > 0.1 * total.handled, "hardly anybody asked again after an answer"
    assert total.lost > PACK, "hardly an answer was lost"


def test_the_seeds_meet_every_kind_of_entry() -> None:
    met: Counter[str] = Counter()
    for seed in range(UNTIL_FOUND):
        simulation = Simulation(seed)
        simulation.run(REQUESTS)
        met.update(simulation.met)
        if all(met[name] for name in OF_MONEY):
            return
    assert {name for name in OF_MONEY if not met[name]} == set(), "never met"


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
        self.at = self._log.now()
        return super().stored(changes, recorded_at, caused_by)


def test_it_finds_a_save_that_overwrites_what_it_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "WorldNow", SavesWhatItDidNotSee)
    assert _finds(fund=Fund)


def test_it_finds_an_order_that_forgets_what_is_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    MISTAKES["an order forgets what is pending"](monkeypatch)
    assert _finds(fund=Fund)
