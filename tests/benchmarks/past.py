"""B8: the state of an aggregate as of any position of a log of 1,000,000 events, against its state of today; and a
call's dashboard as of any position, against a second. B7 is measured in the same log.

Both states are read from the store, with nothing in memory. The screens of the past stand as of every position in a
file that a keeper takes on with the log. Where none did, as after an upgrade or an erasure, the first look at a
dashboard follows its screen from the first event.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final
from uuid import UUID

from domain.call.aggregate import CALL
from domain.messages import Aggregate
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.composition import Parts
from projections.dashboard_view import dashboard
from projections.database import one_moment
from tests.benchmarks import long_log
from tests.benchmarks.large_call import LongCall
from tests.benchmarks.measure import HEAD, Figure, compare, machine
from tests.benchmarks.stores import Place, places
from tests.fund_service.small_fund import CALL_ID, action_of, partnership_of

APPLICATIONS: Final = 6000
SAVES: Final = 15
"""So often each section of a draft is saved: 1,000,000 events in all."""
TIMES: Final = 30
LOOKS: Final = 6
_SECOND: Final = 1000.0


def figures(store: str, place: Place, applications: int = APPLICATIONS) -> Iterator[Figure]:
    """Yield the figures on one kind of store."""
    with place() as parts:
        call = LongCall(parts, applications, SAVES)
        call.open()
        yield long_log.figure(store, parts, call, place)
        call.close()
        end, middle = parts.log.end(), call.others[len(call.others) // 2]
        kinds: tuple[tuple[Aggregate[Any], UUID], ...] = (
            (CALL, CALL_ID),
            (PARTNERSHIP, partnership_of(middle)),
            (PILOT_ACTION, action_of(middle)),
        )
        for kind, stream in kinds:
            what = f"state of a {kind.name.replace('-', ' ')} as of any of {end:,} events, {store}"
            positions = random.Random(8)
            then = partial(_median, partial(_as_of, parts, kind, stream, positions, end))
            now = partial(_median, partial(_loaded, parts, kind, stream))
            yield compare("B8", what, "its state of today", "ms", 3, then, now, at_most=True)
        took = _timed(partial(_look, parts, end))
        ratio, first = took / _SECOND, f"dashboard as of the last of {end:,} events, nothing kept yet, {store}"
        yield Figure("B8", first, "a second", "ms", took, _SECOND, ratio, ratio, ratio, 1, at_most=True)
        while parts.past_screens.follow():
            pass
        for look, places in (("first", random.Random(8)), ("second", random.Random(8))):
            what = f"dashboard as of any of {end:,} events, the slowest of {LOOKS}, {look} look, {store}"
            slowest = partial(_slowest, parts, places, end)
            yield compare("B8", what, "a second", "ms", 1, slowest, lambda: _SECOND, at_most=True)


def main() -> None:
    """Measure on SQLite, in a call of so many applications as are named."""
    applications = int(sys.argv[1]) if len(sys.argv) > 1 else APPLICATIONS
    print(f"On {machine()}.\n\n{HEAD}", flush=True)
    with places() as kinds:
        store, place = next(iter(kinds.items()))
        for figure in figures(store, place, applications):
            print(figure.row, flush=True)


def _timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds something takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _median(took: Callable[[], float]) -> float:
    return statistics.median(took() for _ in range(TIMES))


def _loaded(parts: Parts, kind: Aggregate[Any], stream: UUID) -> float:
    """Return how many milliseconds it takes to load a state that is not in memory."""
    parts.log.now()
    parts.log._folded._known.clear()
    begin = time.perf_counter()
    parts.log.load(kind, stream)
    return (time.perf_counter() - begin) * 1000


def _as_of(parts: Parts, kind: Aggregate[Any], stream: UUID, positions: random.Random, end: int) -> float:
    moment = parts.moment(str(positions.randint(1, end)), None)
    assert moment is not None
    past = parts.as_of(moment)
    begin = time.perf_counter()
    past.log.load(kind, stream)
    return (time.perf_counter() - begin) * 1000


def _slowest(parts: Parts, positions: random.Random, end: int) -> float:
    places = [positions.randint(1, end) for _ in range(LOOKS)]
    return max(_timed(partial(_look, parts, place)) for place in places)


def _look(parts: Parts, position: int) -> None:
    """Read the dashboard as of a position."""
    moment = parts.moment(str(position), None)
    assert moment is not None
    with one_moment(parts.as_of(moment).views) as connection:
        dashboard(connection, CALL_ID)


if __name__ == "__main__":
    main()
