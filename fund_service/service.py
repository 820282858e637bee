"""The embedded service: API, worker, relay and projector in one process, with the Temporal server as its only child."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn
from temporalio.client import Client

from domain.errors import Unavailable
from fund_service.api.app import Part, make_app
from fund_service.composition import Parts
from fund_service.relay import Relay
from fund_service.temporal_server import temporal_server, write_addresses
from fund_service.worker import make_worker

T = TypeVar("T")
LAG_THAT_IS_WELL = 1000


@dataclass(frozen=True, slots=True)
class Service:
    """A running service. `addresses` says where it answers: api, temporal, ui."""

    parts: Parts
    client: Client
    relay: Relay
    addresses: dict[str, str]
    tasks: tuple["asyncio.Task[None]", ...]

    async def while_well(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something as long as every part is well, and return what it returns. Raises what ended a part."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, *self.tasks}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            await _cancel(task)
        for part in self.tasks:
            if part.done() and (reason := part.exception()):
                raise reason
        raise Unavailable("A part of the service ended by itself.", "Start the service again.")


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield


def _bind(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except OSError as taken:
        listening.close()
        raise Unavailable(f"Port {port} is in use.", "Choose another one with --port, or --port 0 for any.") from taken
    return listening


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Service]:
    """Run every part of the service, and end them in order: API, relay, worker, projector, Temporal server."""
    listening = _bind(parts.settings.port)
    async with contextlib.AsyncExitStack() as ending:
        ending.callback(listening.close)
        client, temporal = await ending.enter_async_context(temporal_server(parts.directory, parts.settings.temporal))
        ending.callback(parts.directory.path("ports.json").unlink, missing_ok=True)
        projecting = _start_projector(parts)
        ending.push_async_callback(_stop_projector, parts, projecting)
        await ending.enter_async_context(make_worker(client, parts.fund))
        relay = Relay(parts.log, client, parts.clock, parts.facts)
        relaying = asyncio.create_task(relay.run(), name="relay")
        ending.push_async_callback(_cancel, relaying)
        server = _Server(uvicorn.Config(make_app(lambda: _health(parts, relay, relaying)), log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="api")
        ending.push_async_callback(_stop_server, server, serving)
        api = f"http://127.0.0.1:{listening.getsockname()[1]}"
        addresses = {"api": api, "temporal": temporal.temporal, "ui": temporal.ui}
        write_addresses(parts.directory, addresses)
        yield Service(parts, client, relay, addresses, (relaying, serving, projecting))


def _start_projector(parts: Parts) -> "asyncio.Task[None]":
    """Run the projector in a thread of its own; the task ends with it."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="projector")
    running_there = asyncio.get_running_loop().run_in_executor(thread, parts.projector.run)
    return asyncio.ensure_future(_ended(running_there))


async def _ended(future: "asyncio.Future[None]") -> None:
    await future


async def _stop_projector(parts: Parts, projecting: "asyncio.Task[None]") -> None:
    parts.projector.stop()
    await asyncio.wait([projecting])


async def _cancel(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.wait([task])


async def _stop_server(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
    server.should_exit = True
    await asyncio.wait([serving])


def _health(parts: Parts, relay: Relay, relaying: "asyncio.Task[None]") -> list[Part]:
    end = parts.log.end()
    screens, processes = end - parts.projector.position, end - relay.position
    return [
        Part(name="store", well=True),
        Part(name="screens", well=parts.projector.failure is None and screens <= LAG_THAT_IS_WELL, lag=screens),
        Part(name="relay", well=not relaying.done() and processes <= LAG_THAT_IS_WELL, lag=processes),
    ]
