"""B10: verifying the witness log, against hashing the same bytes once: `python -m tests.benchmarks.proving [RECORDS]`.

The records are those of a small fund, again and again, each with a position of its own; they lie in a file, as in a
bundle. Verifying reads each line, makes the hash of its leaf, the whole tree, and compares the root that was signed.
"""

import io
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import count, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fund_service.audit.offline.merkle import Levels, leaf_hash
from fund_service.audit.records import record_of
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.benchmarks.measure import HEAD, Figure, compare, machine
from tests.fund_service.small_fund import record

RECORDS: Final = 1_000_000
GOAL: Final = 4.0


def main() -> None:
    """Measure, and say the figure."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with TemporaryDirectory() as folder:
        place = Path(folder)
        file = place / "events.jsonl"
        (place / "fund").mkdir()
        with open_parts(Settings(data=record(place / "fund"))) as parts:
            lines = [record_of(stored).partition(b",")[2] for stored in parts.log.headers()]
        with file.open("wb") as written:
            for number, line in zip(count(1), islice(cycle(lines), records), strict=False):
                written.write(b'{"position":%d,%s\n' % (number, line))
        print(f"On {machine()}; {records:,} records, {file.stat().st_size / 1e6:,.0f} MB.\n\n{HEAD}")
        print(_figure(file, records).row)


def _figure(file: Path, records: int) -> Figure:
    root = Levels(list(_leaves(file))).root(records)

    def verify() -> float:
        began = time.perf_counter()
        assert Levels(list(_leaves(file))).root(records) == root
        return (time.perf_counter() - began) * 1000

    def once() -> float:
        began = time.perf_counter()
        hashed = sha256()
        with file.open("rb", buffering=0) as source:
            for part in iter(lambda: source.read(io.DEFAULT_BUFFER_SIZE * 16), b""):
                hashed.update(part)
        return (time.perf_counter() - began) * 1000

    what = f"verifying the witness log of {records:,} records"
    return compare("B10", what, "SHA-256 over the same bytes", "ms", GOAL, verify, once, at_most=True)


def _leaves(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        for line in source:
            yield leaf_hash(line[:-1])


if __name__ == "__main__":
    main()
