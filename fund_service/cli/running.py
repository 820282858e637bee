"""What `up` and `demo` have in common: they run the service in this process until somebody ends it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from fund_service.composition import Parts, open_parts
from fund_service.service import Service, running
from fund_service.settings import Settings

T = TypeVar("T")
Stop = asyncio.Event


def run_service(settings: Settings, work: Callable[[Service, Stop], Coroutine[Any, Any, T]]) -> T:
    """Run the service of a data directory, and `work` with it; `work` ends soon after Ctrl-C sets its stop event."""
    with open_parts(settings) as parts:
        return asyncio.run(_run(parts, work))


async def _run(parts: Parts, work: Callable[[Service, Stop], Coroutine[Any, Any, T]]) -> T:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, stop.set)
    with parts.exclusive("service"):
        async with running(parts) as service:
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
