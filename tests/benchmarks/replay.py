"""B3: replay of an aggregate of 1,000 events from the store, against the stock library's `repository.get`."""

from collections.abc import Callable, Iterator

from domain.messages import Change
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import HoldCoachingSession
from tests.benchmarks.commands import COACHED, record
from tests.benchmarks.measure import Figure, compare, timed
from tests.benchmarks.stock import StockApplication
from tests.benchmarks.stores import Place, fresh_log, stock_env
from tests.given import HAMBURG, ask, given

EVENTS = 1000
TIMES = 10


def figures(store: str, place: Place) -> Iterator[Figure]:
    """Yield the ratio on one kind of store."""
    with place() as ours, place() as theirs:
        stock = StockApplication(stock_env(theirs))
        long, other = _long_story(), stock.begin()
        record(ours, long)
        aggregate = stock.repository.get(other)
        for _ in range(EVENTS):
            aggregate.hold(90, "We spoke about the plan.", "somebody")
        stock.save(aggregate)
        yield compare(
            "B3",
            f"replay of {EVENTS:,} events from the store, {store}",
            "stock repository.get",
            "events/s",
            4,
            lambda: _rate(lambda: fresh_log(ours).log.load(PARTNERSHIP, HAMBURG.partnership)),
            lambda: _rate(lambda: stock.repository.get(other)),
        )
        stock.close()


def _long_story() -> tuple[Change, ...]:
    story = given(*COACHED)
    (session,) = story.when(ask(HoldCoachingSession)).changes
    return (*COACHED, *[session] * EVENTS)


def _rate(load: Callable[[], object]) -> float:
    with timed() as watch:
        for _ in range(TIMES):
            load()
    return TIMES * EVENTS / watch.seconds
