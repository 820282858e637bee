"""What `up`, `demo` and the single parts have in common: they run in this process until somebody ends it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeVar

from fund_service.composition import open_parts
from fund_service.demonstration import Demonstration
from fund_service.service import Alone, Running, Service, running
from fund_service.settings import Settings

T = TypeVar("T")
R = TypeVar("R", bound=Running)
Stop = asyncio.Event


def run_service(
    settings: Settings,
    work: Callable[[Service, Stop], Coroutine[Any, Any, T]],
    demonstration: Demonstration | None = None,
) -> T | None:
    """Run the whole service, and `work` with it; `work` ends soon after Ctrl-C sets its stop event."""
    with open_parts(settings) as parts, parts.exclusive("service"):
        return asyncio.run(_run(running(parts, demonstration), work))


def run_alone(settings: Settings, part: Alone, work: Callable[[Running, Stop], Coroutine[Any, Any, None]]) -> None:
    """Run one part by itself, and `work` with it, until Ctrl-C."""
    with open_parts(settings) as parts:
        asyncio.run(_run(part(parts), work))


def run_apart(
    starting: AbstractAsyncContextManager[Running], work: Callable[[Running, Stop], Coroutine[Any, Any, None]]
) -> None:
    """Run what is no part of a fund, and `work` with it, until Ctrl-C."""
    asyncio.run(_run(starting, work))


async def _run(starting: AbstractAsyncContextManager[R], work: Callable[[R, Stop], Coroutine[Any, Any, T]]) -> T | None:
    """Return what the work returns; None when Ctrl-C came while the start still waited for something."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, stop.set)
    async with AsyncExitStack() as ending:
        started = asyncio.ensure_future(ending.enter_async_context(starting))
        if not await unless_stopped(started, stop):
            return None
        service = started.result()
        return await service.while_well(work(service, stop))


async def unless_stopped(work: Awaitable[Any], stop: Stop) -> bool:
    """Wait for something; False when Ctrl-C came first, after what was under way has ended."""
    doing = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
            return True
        return False
    finally:
        for task in (doing, stopping):
            task.cancel()
        await asyncio.wait((doing, stopping))
