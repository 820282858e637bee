"""Seconds and memory of whole rehearsals of several sizes: `python -m tests.benchmarks.rehearsal 52 104 520`.

Each is `fund demo --once` as a process of its own, with the Temporal server as its child. Memory is what is resident at
the peak: of the largest process, and of all at one moment. Seconds are of the process, from start to end.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import psutil

from tests.benchmarks.measure import machine

USUAL = (52, 104, 208)
RESULT = Path("build/rehearsal.json")
LOOK_SECONDS = 0.25
MIB = 2**20
HEAD = (
    "| partnerships | events | seconds | ms for each event | service, MiB | Temporal server, MiB | together, MiB |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class Rehearsal:
    """What one size took; memory in bytes: the peak of the service, of its largest child, and of all at one moment."""

    partnerships: int
    events: int
    seconds: float
    service: int
    child: int
    together: int

    @property
    def row(self) -> str:
        """The figures as a row of a Markdown table."""
        memory = " | ".join(f"{size / MIB:,.0f}" for size in (self.service, self.child, self.together))
        each = f"{self.seconds / self.events * 1000:.1f}"
        return f"| {self.partnerships:,} | {self.events:,} | {self.seconds:,.0f} | {each} | {memory} |"


def rehearse(partnerships: int) -> Rehearsal:
    """Rehearse once in an empty place, and look at the memory four times a second."""
    with TemporaryDirectory() as folder, TemporaryFile("w+") as said:
        fund = [str(Path(sys.executable).with_name("fund")), "demo", "--once", "--json"]
        command = [*fund, "--partnerships", str(partnerships), "--data", f"{folder}/data"]
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=said) as running:
            service = child = together = 0
            while running.poll() is None:
                own, *others = _resident(running.pid) or [0]
                service, child = max(service, own), max(child, *others, 0)
                together = max(together, own + sum(others))
                time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - begun
        if running.returncode:
            raise SystemExit(f"The rehearsal of {partnerships} partnerships ended with {running.returncode}.")
        said.seek(0)
        return Rehearsal(partnerships, json.load(said)["events"], seconds, service, child, together)


def _resident(pid: int) -> list[int]:
    """Return the resident memory of a process and its children; nothing when it has just ended."""
    try:
        process = psutil.Process(pid)
        return [one.memory_info().rss for one in (process, *process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def main() -> None:
    """Rehearse every size that is named, say each when it is there, and keep all of them."""
    sizes = [int(size) for size in sys.argv[1:]] or USUAL
    print(f"Whole rehearsals on SQLite, on {machine()}.\n\n{HEAD}", flush=True)
    measured = []
    for size in sizes:
        measured.append(rehearse(size))
        print(measured[-1].row, flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"machine": machine(), "rehearsals": [asdict(one) for one in measured]}, indent=1))


if __name__ == "__main__":
    main()
