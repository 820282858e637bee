"""What the journeys in a browser run: a real identity provider, the fund that knows it, and Chromium."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import BrowserContext, Page, Route, async_playwright

HERE: Final = Path(__file__).parent
RETURN: Final = "/api/v1/session/provider/return"
SECRET: Final = "a secret of the client, long enough to sign with it"
_SECONDS: Final = 120
_FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
_ASK: Final = """async ([method, path, body]) => {
  const session = await fetch("/api/v1/session");
  const headers = {"Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID()};
  if (session.ok) headers["Fund-CSRF"] = (await session.json()).csrf;
  const answer = await fetch("/api/v1" + path, {method, headers, body: body && JSON.stringify(body)});
  return [answer.status, answer.status === 204 ? null : await answer.json()];
}"""


@asynccontextmanager
async def provider(*clients: dict[str, str]) -> AsyncIterator[str]:
    """Run an identity provider that knows these clients until the end of the block, and return its issuer."""
    node = shutil.which("node")
    assert node is not None, "Node is missing: run .ci/setup browser"
    assert (HERE / "node_modules" / "oidc-provider").is_dir(), "the npm packages are missing: run .ci/setup browser"
    process = await asyncio.create_subprocess_exec(
        *(node, "--no-warnings", str(HERE / "provider.mjs"), json.dumps([_client(**client) for client in clients])),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


def _client(address: str, method: str) -> dict[str, Any]:
    signing = {"token_endpoint_auth_signing_alg": "HS256"} if method == "client_secret_jwt" else {}
    return {
        "client_id": "fund",
        "client_secret": SECRET,
        "redirect_uris": [f"{address}{RETURN}"],
        "token_endpoint_auth_method": method,
        **signing,
    }


@asynccontextmanager
async def chromium() -> AsyncIterator[BrowserContext]:
    """Run Chromium until the end of the block; it loads nothing from elsewhere than this machine."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is missing: run .ci/setup browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        context = await browser.new_context()
        context.set_default_timeout(_SECONDS * 1000)
        await context.route(lambda address: not address.startswith("http://"), lambda route: route.abort())
        yield context
        await browser.close()


class Person:
    """Somebody at a browser: on a blank page of the fund, whose pages come with the next issue, or at the provider."""

    def __init__(self, page: Page, fund: str) -> None:
        self.page = page
        self._fund = fund

    def at(self, path: str) -> str:
        """Return the address of a path of the fund."""
        return f"{self._fund}{path}"

    async def begin(self) -> None:
        """Open a page of the fund that sends what its pages will."""

        async def blank(route: Route) -> None:
            await route.fulfill(body="<!doctype html><title>A page of the fund</title>", content_type="text/html")

        await self.page.route(f"{self._fund}/blank", blank)
        await self.page.goto(f"{self._fund}/blank")

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Have the page of the fund send something, and return status and answer."""
        status, said = await self.page.evaluate(_ASK, [method, path, body])
        return status, said

    async def go(self, path: str, **body: Any) -> None:
        """Go to the provider, and wait for what it shows: a form, or the fund again."""
        status, said = await self.ask("POST", path, body)
        assert status == 201, said
        async with self.page.expect_navigation():
            await self.page.evaluate("address => location.assign(address)", said["location"])

    async def prove(self, name: str) -> None:
        """Type a name at the provider."""
        await self.page.get_by_placeholder("Enter any login").fill(name)
        await self.page.get_by_placeholder("and password").fill("anything")
        await self.page.get_by_role("button", name="Sign-in").click()

    async def agree(self) -> None:
        """Let the provider tell the fund who one is."""
        await self.page.get_by_role("button", name="Continue").click()

    async def shown(self) -> Any:
        """Wait until the browser is at the fund again, and return what it shows."""
        await self.page.wait_for_url(f"{self._fund}/**")
        return json.loads(await self.page.locator("pre").inner_text())
