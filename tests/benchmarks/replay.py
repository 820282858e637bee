"""B3: the state of an aggregate of 1,000 events from the store, against the stock library's `repository.get`.

Once by folding every event, once as `load` finds it: from a snapshot and half of the hundred events after it.
"""

from collections.abc import Callable, Iterator, Sequence

from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import HoldCoachingSession
from fund_service.composition import Parts
from fund_service.event_store import EventLog
from fund_service.snapshots import EVERY
from tests.benchmarks.commands import COACHED, record
from tests.benchmarks.measure import Figure, compare, timed
from tests.benchmarks.stock import StockApplication
from tests.benchmarks.stores import Place, stock_env
from tests.given import HAMBURG, ask, given

EVENTS = 1000
TIMES = 10


def figures(store: str, place: Place) -> Iterator[Figure]:
    """Yield the ratios on one kind of store."""
    with place() as ours, place() as theirs:
        stock = StockApplication(stock_env(theirs))
        other = stock.begin()
        _tell_long_story(ours)
        aggregate = stock.repository.get(other)
        for _ in range(EVENTS):
            aggregate.hold(90, "We spoke about the plan.", "somebody")
        stock.save(aggregate)
        sides: dict[str, Callable[[], float]] = {
            f"replay of {EVENTS:,} events": lambda: _rate([lambda: ours.log.look_up(PARTNERSHIP, HAMBURG.partnership)]),
            f"state of {EVENTS:,} events with snapshots": lambda: _loaded(ours),
        }
        for what, side in sides.items():
            yield compare(
                "B3",
                f"{what}, {store}",
                "stock repository.get",
                "events/s",
                4,
                side,
                lambda: _rate([lambda: stock.repository.get(other)]),
            )
        stock.close()


def _tell_long_story(parts: Parts) -> None:
    """Record all but the last events, let a snapshot be left there, and record the rest."""
    (session,) = given(*COACHED).when(ask(HoldCoachingSession)).changes
    first = [*COACHED, *[session] * (EVENTS - EVERY // 2)]
    record(parts, first)
    parts.log.load(PARTNERSHIP, HAMBURG.partnership)
    told = sum(stream == HAMBURG.partnership for stream, _ in first)
    record(parts, [session] * (EVERY // 2), {HAMBURG.partnership: told})


def _loaded(parts: Parts) -> float:
    """Return the events a second at which logs that know no state yet load it."""
    logs = [EventLog(parts.store.log(), parts.vault) for _ in range(TIMES)]
    try:
        for log in logs:
            log.now()
        return _rate([lambda log=log: log.load(PARTNERSHIP, HAMBURG.partnership) for log in logs])
    finally:
        for log in logs:
            log.close()


def _rate(loads: Sequence[Callable[[], object]]) -> float:
    with timed() as watch:
        for number in range(TIMES):
            loads[number % len(loads)]()
    return TIMES * EVENTS / watch.seconds
