"""The small fund as people find it in a browser at a stage of its call, and what they do there again and again."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Final

import pytest
from playwright.async_api import expect

from fund_service.composition import Parts, open_parts
from fund_service.projector import projecting
from fund_service.settings import Settings
from tests.browser.looking import NARROW, WIDE, Eyes, Hall, served
from tests.fund_service.small_fund import id_of
from tests.fund_service.staged_fund import Stage

LEAD: Final = "Officer of Turin"
PASSWORD: Final = "eleven quiet harbours"
HOWS: Final = pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (NARROW, False)])
"""How a journey is made: in a wide window with scripts, in a narrow one without."""


@contextmanager
def opened(place: Path) -> Iterator[Parts]:
    """Open a fund in which an officer has a login."""
    with open_parts(Settings(data=place, requests=10_000_000)) as parts:
        with parts.store.engine("directory").begin() as connection:
            logins = parts.local.logins
            logins.give(connection, id_of(LEAD), logins.checked("turin@fund.example", PASSWORD), datetime.now(UTC))
        yield parts


@asynccontextmanager
async def hall(stages: dict[Stage, Path], stage: Stage, place: Path) -> AsyncIterator[Hall]:
    """Serve a copy of the fund as it lay at a stage."""
    with opened(copytree(stages[stage], place / "fund")) as parts:
        async with projecting(parts), served(parts) as made:
            yield made


async def sign_in(eyes: Eyes) -> None:
    """Sign in on the page."""
    await eyes.open("/sign-in")
    await eyes.type("Name", "turin@fund.example")
    await eyes.type("Password", PASSWORD)
    await eyes.press("Sign in")
    await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("What waits for you")


async def recorded(eyes: Eyes) -> None:
    """Wait until the page says that it was recorded."""
    await expect(eyes.page.get_by_text("Recorded.")).to_be_visible()
