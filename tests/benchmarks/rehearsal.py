"""Seconds and memory of whole rehearsals of several sizes: `python -m tests.benchmarks.rehearsal 52 104 520`.

Each is `fund demo --once` as a process of its own, with the Temporal server as its child. Memory is what is resident at
the peak: of each, and of both at one moment. Seconds are from start to end; those of the processors, of both processes,
say how it grows also where the machine has other work.
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
    "| partnerships | events | seconds | processor seconds | ms of it for each event | service, MiB "
    "| Temporal server, MiB | together, MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class Rehearsal:
    """What one size took; memory in bytes: the peak of the service, of its largest child, and of all at one moment."""

    partnerships: int
    events: int
    seconds: float
    processor_seconds: float
    service: int
    child: int
    together: int

    @property
    def row(self) -> str:
        """The figures as a row of a Markdown table."""
        each = f"{self.processor_seconds / self.events * 1000:.1f}"
        took = f"{self.seconds:,.0f} | {self.processor_seconds:,.0f} | {each}"
        memory = " | ".join(f"{size / MIB:,.0f}" for size in (self.service, self.child, self.together))
        return f"| {self.partnerships:,} | {self.events:,} | {took} | {memory} |"


class Peaks:
    """What was seen of a process and its children so far."""

    service = child = together = 0
    processor_seconds = 0.0

    def look(self, pid: int) -> None:
        """Look at them now; nothing is seen of one that has just ended."""
        try:
            running = psutil.Process(pid)
            seen = [(one.memory_info().rss, one.cpu_times()) for one in (running, *running.children(recursive=True))]
        except psutil.NoSuchProcess:
            return
        (own, _), *others = seen
        self.service = max(self.service, own)
        self.child = max([self.child, *(memory for memory, _ in others)])
        self.together = max(self.together, sum(memory for memory, _ in seen))
        self.processor_seconds = max(self.processor_seconds, sum(times.user + times.system for _, times in seen))


def rehearse(partnerships: int) -> Rehearsal:
    """Rehearse once in an empty place, and look at the processes four times a second."""
    with TemporaryDirectory() as folder, TemporaryFile("w+") as said, TemporaryFile("w+") as told:
        fund = [str(Path(sys.executable).with_name("fund")), "demo", "--once", "--json"]
        command = [*fund, "--partnerships", str(partnerships), "--data", f"{folder}/data"]
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=said, stderr=told) as running:
            peaks = Peaks()
            while running.poll() is None:
                peaks.look(running.pid)
                time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - begun
        if running.returncode:
            told.seek(0)
            raise SystemExit(f"The rehearsal of {partnerships} partnerships failed:\n{told.read()}")
        said.seek(0)
        return Rehearsal(
            partnerships=partnerships,
            events=json.load(said)["events"],
            seconds=seconds,
            processor_seconds=peaks.processor_seconds,
            service=peaks.service,
            child=peaks.child,
            together=peaks.together,
        )


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
