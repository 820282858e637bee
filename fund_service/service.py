"""The parts of the service, running: all in one process with the Temporal server as its only child, or one by itself.

running   the embedded service: API, worker, relay, projector
SINGLE    each part as a process of its own: Temporal is found by its address, and waited for while it is away
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from temporalio.client import Client

from domain.errors import Unavailable
from fund_service.addresses import noted_addresses
from fund_service.api.app import make_app
from fund_service.api.server import address_of, bound, serving
from fund_service.audit.keeper import keeping
from fund_service.composition import Parts
from fund_service.demonstration import Demonstration
from fund_service.health import Part, health
from fund_service.past.keeper import keeping_past
from fund_service.projector import projecting
from fund_service.relay import Relay, relaying
from fund_service.temporal_client import connected
from fund_service.temporal_codec import sealing_converter
from fund_service.temporal_server import temporal_server
from fund_service.worker import working

T = TypeVar("T")
Tasks = tuple["asyncio.Task[None]", ...]


@dataclass(frozen=True, slots=True)
class Running:
    """What runs in this process, and `addresses`: where it answers (api, temporal, ui)."""

    addresses: dict[str, str]
    tasks: Tasks

    async def while_well(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something as long as every part is well, and return what it returns. Raises what ended a part."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, *self.tasks}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
            await asyncio.wait([task])
        for part in self.tasks:
            if part.done() and (reason := part.exception()):
                raise reason
        raise Unavailable("A part of the service ended by itself.", "Start the service again.")


@dataclass(frozen=True, slots=True)
class Service(Running):
    """A running service, whole."""

    parts: Parts
    client: Client
    relay: Relay

    def nudge(self) -> None:
        """Have the relay look at the log at once."""
        self.relay.nudge()


@asynccontextmanager
async def running(parts: Parts, demonstration: Demonstration | None = None) -> AsyncIterator[Service]:
    """Run every part of the service, and end them in order: API, relay, worker, projector, Temporal server."""
    async with AsyncExitStack() as ending:
        listening = ending.enter_context(bound(parts.settings.port))
        server = temporal_server(parts.directory, parts.settings.temporal, sealing_converter(parts.vault))
        client, temporal = await ending.enter_async_context(server)
        projector = await ending.enter_async_context(projecting(parts))
        keepers = await ending.enter_async_context(keeping(parts))
        past = await ending.enter_async_context(keeping_past(parts.past_screens))
        worker = await ending.enter_async_context(working(parts, client))
        relay, relay_task = await ending.enter_async_context(relaying(parts, client))
        ends: Mapping[str, asyncio.Task[None]] = {"screens": projector, "relay": relay_task}
        app = make_app(parts, lambda: _health_here(parts, ends), demonstration)
        api = await ending.enter_async_context(serving(listening, app))
        addresses = {"api": address_of(listening), **temporal._asdict()}
        ending.enter_context(noted_addresses(parts.directory, addresses))
        yield Service(addresses, (relay_task, worker, api, *keepers, past, projector), parts, client, relay)


def _health_here(parts: Parts, ends: "Mapping[str, asyncio.Task[None]]") -> list[Part]:
    """Return how the parts are; one that has ended in this process is not well, however far it came."""
    ended = {name for name, task in ends.items() if task.done()}
    return [part.model_copy(update={"well": part.well and part.name not in ended}) for part in health(parts)]


@asynccontextmanager
async def _serve(parts: Parts) -> AsyncIterator[Running]:
    with bound(parts.settings.port) as listening:
        app = make_app(parts, lambda: health(parts))
        async with keeping_past(parts.past_screens) as past, serving(listening, app) as task:
            addresses = {"api": address_of(listening)}
            with noted_addresses(parts.directory, addresses):
                yield Running(addresses, (task, past))


@asynccontextmanager
async def _work(parts: Parts) -> AsyncIterator[Running]:
    client = await connected(parts, "the worker")
    async with working(parts, client) as task:
        yield Running({"temporal": client.service_client.config.target_host}, (task,))


@asynccontextmanager
async def _relay(parts: Parts) -> AsyncIterator[Running]:
    client = await connected(parts, "the relay")
    async with relaying(parts, client) as (_, task):
        yield Running({"temporal": client.service_client.config.target_host}, (task,))


@asynccontextmanager
async def _project(parts: Parts) -> AsyncIterator[Running]:
    async with projecting(parts) as projector, keeping(parts) as keepers:
        yield Running({}, (projector, *keepers))


@asynccontextmanager
async def _temporal(parts: Parts) -> AsyncIterator[Running]:
    with parts.exclusive("service"):
        server = temporal_server(parts.directory, parts.settings.temporal, sealing_converter(parts.vault))
        async with server as (_, answering):
            addresses = answering._asdict()
            with noted_addresses(parts.directory, addresses):
                yield Running(addresses, ())


Alone = Callable[[Parts], AbstractAsyncContextManager[Running]]
SINGLE: Final[Mapping[str, Alone]] = {
    "serve": _serve,
    "work": _work,
    "relay": _relay,
    "project": _project,
    "temporal": _temporal,
}
"""Part, by the command that runs it alone."""
