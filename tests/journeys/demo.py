"""Runs `fund demo` as people do, as a process of its own."""

import fcntl
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from domain.log_key import LOG_KEY_ID
from domain.messages import Recorded
from fund_service.composition import open_parts
from fund_service.settings import read_settings

SECONDS = 1800
FEW = ("--partnerships", "2")


@dataclass(frozen=True)
class Rehearsed:
    """A place in which a call was rehearsed, and the summary as JSON."""

    place: Path
    summary: dict[str, Any]

    def ends_as(self, summary: dict[str, Any]) -> bool:
        """Say whether another rehearsal ended in the same way, however long it took."""
        return {**summary, "seconds": 0} == {**self.summary, "seconds": 0}


def rehearsed_once(shared: Path) -> Rehearsed:
    """Rehearse a small call to its end, once for all who ask with this folder, also in other processes."""
    place, told = shared / "undisturbed", shared / "undisturbed.json"
    with (shared / "undisturbed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(rehearsed(place, *FEW)))
    return Rehearsed(place, json.loads(told.read_text()))


def command(data: Path, *options: str) -> list[str]:
    """The command line of a demo."""
    return [str(Path(sys.executable).with_name("fund")), "demo", "--data", str(data), "--port", "0", *options]


def rehearsed(data: Path, *options: str) -> dict[str, Any]:
    """Rehearse to the end, and return the JSON summary; standard output holds nothing else."""
    done = subprocess.run(command(data, "--once", "--json", *options), capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


@contextmanager
def demo(data: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A running demo; whatever happens, it is gone afterwards."""
    process = subprocess.Popen(command(data, *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: "subprocess.Popen[str]", part: str) -> str:
    """Read what a demo prints until a line holds the part, and return it all."""
    read = ""
    assert process.stdout is not None
    for line in process.stdout:
        read += line
        if part in line:
            return read
    raise AssertionError(f"It ended without {part!r}:\n{read}")


def interrupt(process: "subprocess.Popen[str]") -> int:
    """Press Ctrl-C, and return the exit code; neither it nor a child is left."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    code = process.wait(60)
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    return code


def log(data: Path) -> list[Recorded]:
    """The whole log of a data directory, free text decrypted."""
    with open_parts(read_settings(data=data)) as parts:
        return list(parts.log.read(0, 1_000_000))


def by_stream(events: list[Recorded]) -> dict[UUID, list[tuple[str, str]]]:
    """Each stream's events as topic and content; events of one instant in the order of their content.

    The key of the log is left out: each fund has its own.
    """
    streams: dict[UUID, list[tuple[str, str, str]]] = {}
    own = {recorded.caused_by for recorded in events if recorded.stream == LOG_KEY_ID}
    for recorded in events:
        if recorded.caused_by in own:
            continue
        content = recorded.event.model_dump_json(context={"reveal": True})
        instant = recorded.event.effective_at.isoformat()
        streams.setdefault(recorded.stream, []).append((instant, recorded.event.TOPIC, content))
    return {stream: [(topic, content) for _, topic, content in sorted(told)] for stream, told in streams.items()}
