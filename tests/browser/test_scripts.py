"""What pages do more where scripts run: lists change in their place, and the address says what is shown."""

import asyncio
from pathlib import Path

from playwright.async_api import Route, expect

from tests.browser.hosting import hall
from tests.browser.looking import Eyes
from tests.fund_service.small_fund import CALL_ID, id_of
from tests.fund_service.staged_fund import Stage

OFFICE = "Secretariat 1"
APPLICATIONS = f"/calls/{CALL_ID}/applications"


async def marked(eyes: Eyes, path: str) -> None:
    """Open a page, and mark it: a page that is loaded anew bears no mark."""
    await eyes.open(path)
    await eyes.page.evaluate("document.body.dataset.mark = 'still here'")


async def is_marked(eyes: Eyes) -> bool:
    """Tell whether the page was not loaded anew."""
    return bool(await eyes.page.evaluate("document.body.dataset.mark === 'still here'"))


async def test_a_list_is_sorted_and_sought_in_its_place_and_its_address_shows_the_same_again(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.EVALUATED, tmp_path) as made, made.eyes(OFFICE) as eyes:
        await marked(eyes, APPLICATIONS)
        column = eyes.page.get_by_role("columnheader", name="Partnership")
        await column.get_by_role("link").click()
        await expect(column).to_have_attribute("aria-sort", "ascending")
        await expect(column.get_by_role("link")).to_be_focused()
        await eyes.page.get_by_label("Find an application").fill("Turin")
        await expect(eyes.page.locator("main").get_by_role("status").first).to_contain_text("1 of ")
        await expect(eyes.page.get_by_label("Find an application")).to_be_focused()
        assert await is_marked(eyes)
        assert "q=Turin" in eyes.page.url
        assert "sort=partnership" in eyes.page.url
        assert await eyes.barriers() == []
        shown = await eyes.page.inner_text("main")
        await eyes.page.reload()
        assert await eyes.page.inner_text("main") == shown
        await eyes.page.go_back()
        await expect(eyes.page.get_by_label("Find an application")).to_have_value("")
        await expect(column).not_to_have_attribute("aria-sort", "ascending")
        assert eyes.complaints == []


async def test_a_slow_answer_never_stands_in_the_place_of_a_newer_one(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    go_on = asyncio.Event()

    async def held(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    async with hall(stages, Stage.EVALUATED, tmp_path) as made, made.eyes(OFFICE) as eyes:
        await marked(eyes, APPLICATIONS)
        await eyes.page.route("**/*sort=title*", held)
        async with eyes.page.expect_request("**/*sort=title*"):
            await eyes.page.get_by_role("columnheader", name="Pilot action").get_by_role("link").click()
        newer = eyes.page.get_by_role("columnheader", name="Asks for")
        await newer.get_by_role("link").click()
        await expect(newer).to_have_attribute("aria-sort", "ascending")
        go_on.set()
        await eyes.page.get_by_label("Find an application").fill("Turin")
        await expect(eyes.page.locator("main").get_by_role("status").first).to_contain_text("1 of ")
        await expect(newer).to_have_attribute("aria-sort", "ascending")
        assert await is_marked(eyes)


async def test_a_list_that_cannot_be_fetched_stays_and_says_so_and_a_session_that_ended_leads_to_signing_in(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.EVALUATED, tmp_path) as made, made.eyes(OFFICE) as eyes:
        await marked(eyes, APPLICATIONS)
        column = eyes.page.get_by_role("columnheader", name="Partnership").get_by_role("link")
        await eyes.page.context.set_offline(True)
        await column.click()
        await expect(eyes.page.locator("main").get_by_role("status").first).to_contain_text("cannot be reached")
        await expect(column).to_be_visible()
        await eyes.page.context.set_offline(False)
        made.parts.sessions.end_all(id_of(OFFICE))
        await column.click()
        await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert "sort%3Dpartnership" in eyes.page.url
