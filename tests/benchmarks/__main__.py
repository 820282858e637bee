"""`make bench`: the figures of the README, measured in one run: a table for people, JSON in build/bench.json."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import commands, following, pages, past, replay, serving
from tests.benchmarks.measure import HEAD, ROUNDS, machine
from tests.benchmarks.stores import places

RESULT = Path("build/bench.json")


def main() -> None:
    """Measure everything, say each figure when it is there, and keep all of them."""
    print(f"Medians of {ROUNDS} rounds in turn, on {machine()}.\n\n{HEAD}", flush=True)
    measured = []
    with places() as kinds:
        for part in (commands, replay, following, serving, pages, past):
            for store, place in kinds.items():
                for figure in part.figures(store, place):
                    print(figure.row, flush=True)
                    measured.append(asdict(figure))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"machine": machine(), "rounds": ROUNDS, "figures": measured}, indent=1))
    print(f"\nKept in {RESULT}.", file=sys.stderr)


if __name__ == "__main__":
    main()
