"""B11: the first page after `make demo` where the call was rehearsed before, and the memory of a service that idles.

`python -m tests.benchmarks.warm [PARTNERSHIPS]` rehearses once, then starts the demonstration anew as a newcomer does
the second time. Seconds are from the command to the whole page; memory is the proportional share (PSS) of the service
with its Temporal server, the median of looks at a service that nobody asks anything.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from fund_service.api.server import address_of, bound
from tests.benchmarks.measure import machine

ROUNDS: Final = 5
LOOKS: Final = 20
MIB: Final = 2**20
_PATIENCE: Final = 120.0


def main() -> None:
    """Measure, and say each figure when it is there."""
    partnerships = sys.argv[1] if len(sys.argv) > 1 else "52"
    print(f"On {machine()}, {partnerships} partnerships.", flush=True)
    with TemporaryDirectory() as folder:
        fund = [str(Path(sys.executable).with_name("fund")), "demo", "--partnerships", partnerships]
        fund += ["--data", f"{folder}/data"]
        subprocess.run([*fund, "--once", "--json"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = [_round(fund) for _ in range(ROUNDS)]
    seconds, memory = zip(*found, strict=True)
    print(f"First page after {statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f}), goal ≤ 10.")
    print(f"Idle: {statistics.median(memory):,.0f} MiB ({min(memory):,.0f} to {max(memory):,.0f}), goal ≤ 450.")


def _round(fund: list[str]) -> tuple[float, float]:
    """Return the seconds until the first page, and the MiB of the service when it idles."""
    with bound(0) as free:
        port = address_of(free).rpartition(":")[2]
    begun = time.perf_counter()
    with subprocess.Popen([*fund, "--port", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _first_page(f"http://127.0.0.1:{port}/demo", running)
            seconds = time.perf_counter() - begun
            looks = []
            for _ in range(LOOKS):
                time.sleep(0.5)
                looks.append(_share(running.pid))
            return seconds, statistics.median(looks) / MIB
        finally:
            running.terminate()


def _first_page(address: str, running: subprocess.Popen[bytes]) -> None:
    """Ask until the page is there."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            with urlopen(address) as answer:
                answer.read()
                return
        except URLError:
            time.sleep(0.05)
    raise SystemExit(f"No page at {address}.")


def _share(pid: int) -> int:
    service = psutil.Process(pid)
    return sum(one.memory_full_info().pss for one in (service, *service.children(recursive=True)))


if __name__ == "__main__":
    main()
