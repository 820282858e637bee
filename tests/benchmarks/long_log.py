"""B7: how long a command takes in a log of 1,000,000 events, against one of 10,000: the median of many.

`python -m tests.benchmarks.long_log [EVENTS]` measures it alone, on SQLite; `make bench` in the log that B8 looks at.
"""

import statistics
import sys
import time
from functools import partial
from itertools import count, cycle
from typing import Final

from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import SaveDraftSection
from fund_service.composition import Parts
from tests.benchmarks.large_call import LongCall
from tests.benchmarks.measure import HEAD, Figure, compare, machine
from tests.benchmarks.stores import Place, places
from tests.fund_service.small_fund import action_of, officers

SAVES: Final = 15
"""So often each section of a draft is saved in a long log."""
PER_APPLICATION: Final = 1_000_000 // 6000
SHORT: Final = 10_000
DRAFTS: Final = 50
"""So many drafts are saved in turn, of each log."""
COMMANDS: Final = 1000
GOAL: Final = 1.2


def main() -> None:
    """Measure, and say the figure."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"On {machine()}.\n\n{HEAD}", flush=True)
    with places() as kinds:
        store, place = next(iter(kinds.items()))
        with place() as parts:
            print(figure(store, parts, filled(parts, events), place).row)


def filled(parts: Parts, events: int) -> LongCall:
    """Let so many apply that the log has about so many events."""
    call = LongCall(parts, max(2 + DRAFTS, events // PER_APPLICATION), SAVES)
    call.open()
    return call


def figure(store: str, parts: Parts, long: LongCall, place: Place) -> Figure:
    """Return the figure on one kind of store, in which one log is long by now and its window open."""
    with place() as others:
        short = filled(others, SHORT)
        what = f"median command in a log of {parts.log.end():,} events, {store}"
        against = f"in one of {others.log.end():,}"
        turns = _Turns(_Saving(parts, long), _Saving(others, short))
        sides = partial(turns.median, 0), partial(turns.median, 1)
        return compare("B7", what, against, "ms", GOAL, *sides, at_most=True)


class _Saving:
    """Applicants who save a section of their drafts, one after the other."""

    def __init__(self, parts: Parts, call: LongCall) -> None:
        self._parts, self._at = parts, call.at
        self._turns, self._numbers = cycle(call.others[:: len(call.others) // DRAFTS][:DRAFTS]), count()

    def took(self) -> float:
        """Return how many milliseconds the next one takes."""
        one, number = next(self._turns), next(self._numbers)
        pilot = self._parts.fund.look(PILOT_ACTION, action_of(one))
        assert pilot is not None
        saved = SaveDraftSection(
            by=officers(one)[0],
            at=self._at,
            key=f"saved/{number}",
            pilot_action_id=action_of(one),
            section="resources",
            resources=[{"kind": "study", "quantity": 1, "unit_cents": 900_000 - number, "why": "We need it."}],
            base=pilot.sections["resources"],
        )
        started = time.perf_counter()
        self._parts.fund.handle(saved)
        return (time.perf_counter() - started) * 1000


class _Turns:
    """Both logs, of which each is given a command in turn, so that whatever else the machine does delays both alike."""

    def __init__(self, *sides: _Saving) -> None:
        self._sides, self._told = sides, dict[int, float]()

    def median(self, number: int) -> float:
        """Return how many milliseconds a command takes in this log that is slower than half of them."""
        if number not in self._told:
            took = [[side.took() for side in self._sides] for _ in range(COMMANDS)]
            self._told = {at: statistics.median(one[at] for one in took) for at in range(len(self._sides))}
        return self._told.pop(number)


if __name__ == "__main__":
    main()
