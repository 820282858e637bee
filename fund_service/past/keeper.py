"""The keeper of the past: takes its screens on with the log, so that whoever looks back finds them there.

Where nobody waits for it, it rests three times as long as it worked: what is done for people of today comes first.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from domain.errors import Unavailable
from fund_service.past.screens import PastScreens
from fund_service.patience import Absence, when_back

POLL_SECONDS: Final = 1.0
RESTS: Final = 3.0
"""So many times as long as a batch took it leaves the machine to others."""


@asynccontextmanager
async def keeping_past(screens: PastScreens) -> AsyncIterator["asyncio.Task[None]"]:
    """Keep the screens of the past near the log's end until the end of the block."""
    screens.are_kept = True
    running = asyncio.create_task(_run(screens), name="past")
    try:
        yield running
    finally:
        screens.are_kept = False
        running.cancel()
        await asyncio.wait([running])


async def _run(screens: PastScreens) -> None:
    store, folder = (Absence(what, "the keeper of the past") for what in ("The store", "The folder of the past"))
    while True:
        begun, left = time.monotonic(), False
        try:
            left = await when_back(store, screens.follow)
            folder.ends()
        except Unavailable as closed:
            folder.begins(closed)
        worked = 0.0 if screens.awaited() else time.monotonic() - begun
        await asyncio.sleep(RESTS * worked if left else POLL_SECONDS)
