"""Ratios measured side by side in one run: each figure is a median of rounds, ours and the other in turn (promises)."""

import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One comparison: what ours does and what the other does, both in `unit`, and the ratio ours / other."""

    id: str
    what: str
    against: str
    unit: str
    ours: float
    other: float
    ratio: float
    lowest: float
    highest: float
    goal: float
    at_most: bool = False
    """The ratio is to stay below the goal, not above it."""

    @property
    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        digits = 1 if self.unit == "ms" else 0
        sides = f"{self.ours:,.{digits}f} | {self.other:,.{digits}f} {self.unit}"
        spread = f"{self.lowest:.2f} to {self.highest:.2f}"
        return (
            f"| {self.id} | {self.what} | {self.against} | {sides} | **{self.ratio:.2f}** ({spread}) "
            f"| {'≤' if self.at_most else '≥'} {self.goal} |"
        )


HEAD = "| # | what | against | ours | the other | ratio (rounds) | goal |\n| --- | --- | --- | --- | --- | --- | --- |"


def compare(
    id: str,
    what: str,
    against: str,
    unit: str,
    goal: float,
    ours: Callable[[], float],
    other: Callable[[], float],
    *,
    at_most: bool = False,
) -> Figure:
    """Measure both in turn, round by round after one to warm up; the ratio is the median of the rounds' ratios."""
    other(), ours()
    rounds = []
    for number in range(ROUNDS):
        sides = (ours, other) if number % 2 else (other, ours)
        found = {side: side() for side in sides}
        rounds.append((found[ours], found[other]))
    ratios = [mine / theirs for mine, theirs in rounds]
    return Figure(
        id=id,
        what=what,
        against=against,
        unit=unit,
        ours=statistics.median(mine for mine, _ in rounds),
        other=statistics.median(theirs for _, theirs in rounds),
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        goal=goal,
        at_most=at_most,
    )


class Stopwatch:
    """The seconds that a block took."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Time a block."""
    watch = Stopwatch()
    begun = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - begun


def machine() -> str:
    """Name what it ran on, so that a figure can be judged."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo"))
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("eventsourcing", "pydantic", "sqlalchemy", "temporalio")
    )
    return f"{cpu}, {cores} cores, Python {platform.python_version()}, {packages}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
