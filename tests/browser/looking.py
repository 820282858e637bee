"""Somebody who looks at pages in Chromium: everything that the browser complains of is noted, and axe-core asked."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request

from fund_service.api.app import make_app
from fund_service.api.bearing import COOKIE
from fund_service.api.server import address_of, bound, serving
from fund_service.auth.sessions import How
from fund_service.composition import Parts
from tests.browser.running import HERE, chromium
from tests.fund_service.small_fund import id_of

WIDE: Final = 1280
NARROW: Final = 390
NARROWEST: Final = 320
_AXE: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
_VNU: Final = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_RUN_AXE: Final = """async () => {
  const found = await axe.run(document, {rules: {"target-size": {enabled: true}}});
  return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", "));
}"""


class Eyes:
    """One person's window, `width` CSS pixels wide: what the browser complains of stands in `complaints`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        self.complaints.append(f"{self.page.url}: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"{self.page.url} asks {request.url}")

    async def open(self, path: str) -> int:
        """Open a page and return its status."""
        answer = await self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    async def press(self, name: str) -> None:
        """Press a button by its name."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def follow(self, name: str) -> None:
        """Follow a link by its name."""
        await self.page.get_by_role("link", name=name, exact=True).first.click()

    async def type(self, label: str, text: str) -> None:
        """Type into the box with a label."""
        await self.page.get_by_label(label, exact=True).fill(text)

    async def says(self, text: str) -> bool:
        """Tell whether the page says this."""
        return " ".join(text.split()) in " ".join((await self.page.inner_text("body")).split())

    async def barriers(self) -> list[str]:
        """Return what axe-core finds on the page."""
        await self.page.evaluate(_axe())
        found: list[str] = await self.page.evaluate(_RUN_AXE)
        return found

    async def overflow(self, width: int) -> int:
        """Return by how many pixels the page is wider than a window of this width."""
        await self.page.set_viewport_size({"width": width, "height": 900})
        wide: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide


@cache
def _axe() -> str:
    assert _AXE.is_file(), "axe-core is missing: run .ci/setup browser"
    return _AXE.read_text()


@asynccontextmanager
async def served(parts: Parts) -> AsyncIterator["Hall"]:
    """Serve an open fund, and let people look at it in Chromium."""
    with bound(0) as listening:
        async with serving(listening, make_app(parts, list)), chromium() as context:
            assert context.browser is not None
            yield Hall(parts, context, address_of(listening))


class Hall:
    """Where people look at the pages of a fund."""

    def __init__(self, parts: Parts, context: BrowserContext, address: str) -> None:
        self.parts, self.address = parts, address
        self._first = context

    @asynccontextmanager
    async def eyes(self, label: str | None = None, width: int = WIDE, **settings: Any) -> AsyncIterator[Eyes]:
        """Let somebody look through a window of their own, signed in where a label says who it is."""
        assert self._first.browser is not None
        context = await self._first.browser.new_context(viewport={"width": width, "height": 900}, **settings)
        if label is not None:
            await self.sign_in(context, label)
        try:
            yield Eyes(await context.new_page(), self.address)
        finally:
            await context.close()

    async def sign_in(self, context: BrowserContext, label: str) -> None:
        """Let somebody be signed in in a window."""
        secret = self.parts.sessions.begin(id_of(label), How.PASSWORD, datetime.now(UTC))[1]
        where = self.address.replace("http:", "https:")  # as the name of the cookie wants it; a cookie has no port
        await context.add_cookies([{"name": COOKIE, "value": secret, "url": where, "secure": True}])


def invalid(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return what the W3C's checker says against pages, by address: no errors, no warnings."""
    java = shutil.which("java")
    assert java is not None, "Java is missing: run .ci/setup browser"
    assert _VNU.is_file(), "vnu is missing: run .ci/setup browser"
    names = {}
    for number, (address, content) in enumerate(pages.items()):
        (folder / f"{number}.html").write_text(content)
        names[f"{number}.html"] = address
    done = subprocess.run(
        [java, "-jar", str(_VNU), "--format", "json", "--no-langdetect", *map(str, folder.glob("*.html"))],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr)["messages"]
    return [f"{names[Path(one['url']).name]}, line {one.get('lastLine')}: {one['message']}" for one in messages]
