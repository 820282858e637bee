"""The parts of a fund as processes of their own, each started again when it dies, as a supervisor would."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from temporalio.client import Client

from fund_service.composition import Parts, open_parts
from fund_service.editions.loader import edition
from fund_service.rehearsal.rehearse import prepare
from fund_service.settings import read_settings
from fund_service.store import open_store
from fund_service.temporal_client import connected

SOON = 60.0
PARTS = ("temporal", "project", "work", "relay", "serve")
RULES = edition("iurc-2026")


def begin(data: Path, seed: str, partnerships: int) -> None:
    """Make a directory the place of a rehearsal."""
    data.mkdir(exist_ok=True)
    with open_store(read_settings(data=data)) as store:
        prepare(store, seed, partnerships, RULES)


class Member:
    """One part as a process, and those that came after it; `died` tells how often one was killed."""

    def __init__(self, part: str, data: Path) -> None:
        self._command = [str(Path(sys.executable).with_name("fund")), part, "--data", str(data), "--json"]
        self._command += ["--port", "0"] if part == "serve" else []
        self._said = data / f"{part}.said"
        self.died = 0
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._said.open("wb") as said, self._said.with_suffix(".log").open("ab") as log:
            return subprocess.Popen(self._command, stdout=said, stderr=log)

    def look_after(self) -> None:
        """Start it again when it has died."""
        if self.process.poll() is not None:
            self.died += 1
            self.process = self._start()

    def ready(self) -> dict[str, Any] | None:
        """Return what it said when it was ready, or None before."""
        said = self._said.read_text()
        assert self.process.poll() is None or self.died, self._said.with_suffix(".log").read_text()
        return json.loads(said) if said.endswith("\n") else None

    def kill(self) -> None:
        """Kill the process without a word."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """End the process as a supervisor does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SOON)


@dataclass(frozen=True, slots=True)
class Company:
    """A fund whose parts run elsewhere; its door and a line to Temporal are here."""

    parts: Parts
    client: Client
    members: dict[str, Member]

    def nudge(self) -> None:
        """Leave the relay alone: it looks by itself."""

    def temporal_server(self) -> psutil.Process:
        """Return the process of the Temporal server, the only child of its part, as soon as there is one."""
        deadline = time.monotonic() + SOON
        while not (children := psutil.Process(self.members["temporal"].process.pid).children()):
            assert time.monotonic() < deadline, "the part has no server"
            time.sleep(0.02)
        (server,) = children
        return server


@contextmanager
def members(data: Path, names: Sequence[str]) -> Iterator[dict[str, Member]]:
    """Run these parts; whatever happens, they are gone afterwards."""
    running: dict[str, Member] = {}
    try:
        for name in names:
            running[name] = Member(name, data)
        yield running
    finally:
        for member in reversed(running.values()):
            member.process.terminate()
        for member in running.values():
            member.process.wait(SOON)


@asynccontextmanager
async def company(data: Path) -> AsyncIterator[Company]:
    """Run every part in a process of its own, and look after them."""
    with open_parts(read_settings(data=data)) as parts, members(data, PARTS) as running:
        watching = asyncio.create_task(_look_after(running.values()))
        try:
            client = await connected(parts, "the test")
            await asyncio.to_thread(wait_until_ready, running)
            yield Company(parts, client, running)
        finally:
            watching.cancel()
            await asyncio.wait([watching])


def wait_until_ready(running: dict[str, Member]) -> None:
    """Wait until every part has said that it is ready."""
    deadline = time.monotonic() + SOON
    while not all(member.ready() for member in running.values()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def _look_after(running: Collection[Member]) -> None:
    while True:
        for member in running:
            member.look_after()
        await asyncio.sleep(0.05)
