"""B1: commands a second through `Fund.handle`, against the stock library's get, trigger and save of one event.

Ours checks the permission, loads the subject, the partnership and the call's published rules, decides, seals the free
text, and records the event with its receipt. The stock aggregate appends one event.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import MappingProxyType
from uuid import UUID, uuid4

from domain.messages import Change
from domain.partnership.commands import AssignCoach, HoldCoachingSession, OfferCoaching, RequestCoaching
from fund_service.application import Fund
from fund_service.composition import Parts
from fund_service.event_store import Stored
from tests.benchmarks.measure import Figure, compare, timed
from tests.benchmarks.stock import StockApplication
from tests.benchmarks.stores import Place, stock_env
from tests.given import CALENDAR, COLIN, DAY, HAMBURG, ask, until

STREAMS = 400
SECONDS = 1.0
HELD_AT = CALENDAR.coaching_opens + DAY
COACHED = until("agreed").after(ask(OfferCoaching), ask(RequestCoaching), ask(AssignCoach)).log
"""A fund with one partnership whose coach can hold sessions."""


def figures(store: str, place: Place) -> Iterator[Figure]:
    """Yield the ratio for one thread and for eight on one kind of store."""
    with place() as ours, place() as theirs:
        stock = StockApplication(stock_env(theirs))
        coached, begun = begin(ours), [stock.begin() for _ in range(STREAMS)]
        numbers = count()
        for threads in (1, 8):
            yield compare(
                "B1",
                f"commands, {threads} thread{'s' if threads > 1 else ''}, {store}",
                "stock get, trigger, save",
                "/s",
                1.3,
                lambda n=threads: _rate(lambda id: _hold(ours.fund, id, next(numbers)), coached, n),
                lambda n=threads: _rate(stock.hold, begun, n),
            )
        stock.close()


def begin(parts: Parts, streams: int = STREAMS) -> list[UUID]:
    """Record the usual beginning, and as many partnerships with a coach as the stock library has aggregates."""
    record(parts, COACHED)
    story = [event for stream, event in COACHED if stream == HAMBURG.partnership]
    ids = [uuid4() for _ in range(streams)]
    for id in ids:
        record(parts, [Change(id, event) for event in story])
    return ids


def record(parts: Parts, changes: Sequence[Change], after: Mapping[UUID, int] = MappingProxyType({})) -> None:
    """Record events as they are, in one transaction, on streams that have so many already."""
    versions = dict(after)
    stored = []
    for stream, event in changes:
        versions[stream] = versions.get(stream, 0) + 1
        stored.append(Stored(stream, versions[stream], event.effective_at, stream, event))
    parts.log.append(stored)


def _hold(fund: Fund, id: UUID, number: int) -> None:
    key, note = f"session {number}", "We spoke about the plan."
    fund.handle(HoldCoachingSession(by=COLIN, at=HELD_AT, key=key, partnership_id=id, minutes=90, note=note))


def _rate(act: Callable[[UUID], object], streams: list[UUID], threads: int) -> float:
    """Return how many commands a second so many threads get through."""
    end = time.perf_counter() + SECONDS

    def work(first: int) -> int:
        done = 0
        while time.perf_counter() < end:
            act(streams[(first + done * threads) % len(streams)])
            done += 1
        return done

    with timed() as watch, ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(work, range(threads)))
    return done / watch.seconds


def _stock_told() -> float:
    """Return how many commands a second the stock library carries out, as told on the input (serving.py)."""
    told = json.load(sys.stdin)
    stock = StockApplication(told["env"])
    try:
        return _rate(stock.hold, [UUID(id) for id in told["ids"]], told["threads"])
    finally:
        stock.close()


if __name__ == "__main__":
    print(_stock_told())
