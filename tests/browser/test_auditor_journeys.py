"""The journeys of an auditor in Chromium, with and without scripts: what is worth a look, as of when, why, proof."""

import re
from pathlib import Path

from playwright.async_api import expect

from fund_service.audit.checkpoints import own_key, sign_now, witness_log
from fund_service.audit.offline.package import Trusted
from fund_service.audit.offline.verifying import verified
from tests.browser.hosting import HOWS, LEAD, hall
from tests.browser.looking import NARROWEST, Eyes
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, LINE, action_of
from tests.fund_service.staged_fund import Stage

ACTION = action_of(APPLICANTS[0])
DASHBOARD = f"/calls/{CALL_ID}/dashboard"


async def free(eyes: Eyes, *, scripts: bool) -> None:
    """Hold that the page has no barrier; where no scripts run, axe cannot, and the page is the same."""
    if scripts:
        assert await eyes.barriers() == [], eyes.page.url


@HOWS
async def test_an_auditor_looks_back_compares_explains_and_draws_a_sample(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.GRANTED, tmp_path) as made,
        made.eyes("Auditor 1", width, java_script_enabled=scripts) as eyes,
    ):
        title = eyes.page.get_by_role("heading", level=1)
        await eyes.open(f"/calls/{CALL_ID}/audit")
        await free(eyes, scripts=scripts)
        await eyes.follow("Roles that nobody used")
        await free(eyes, scripts=scripts)
        await eyes.page.get_by_role("link", name=re.compile("^Event ")).first.click()
        await eyes.page.get_by_role("link", name=re.compile("^Event ")).first.click()
        await expect(title).to_have_text(re.compile("^Event [0-9]+$"))
        await free(eyes, scripts=scripts)
        await eyes.follow("The fund as of this event")
        await expect(eyes.page.get_by_role("heading", name="This is the past")).to_be_visible()
        await free(eyes, scripts=scripts)
        await eyes.follow("What it changed")
        await expect(eyes.page.get_by_text("1 thing changed. 1 event lies between.")).to_be_visible()
        await eyes.page.get_by_label("From: a position, a day or an instant (Brussels time)").fill("2026-03-20")
        await eyes.page.get_by_label("To; empty: now").fill("2026-03-31")
        await eyes.press("Compare")
        await expect(eyes.page.get_by_text("All outcomes were released at one instant.")).to_be_visible()
        await free(eyes, scripts=scripts)

        await eyes.open(f"/calls/{CALL_ID}/lines/{LINE}/ranking/explanation")
        await eyes.follow("Rank 1, down to its scores and events")
        assert await eyes.says("All that is computed anew is the same as what was recorded.")
        await free(eyes, scripts=scripts)
        await eyes.type("Envelope in euro", "10,000.00")
        await eyes.press("Show what would be")
        await expect(title).to_have_text("Supposed: the ranking as it would be")
        assert await eyes.says("Nothing is recorded, and nobody sees it.")
        await free(eyes, scripts=scripts)

        await eyes.open(f"/calls/{CALL_ID}/audit")
        await eyes.follow("Draw a sample")
        await eyes.type("Size", "2")
        await eyes.type("Seed", "Brussels")
        await eyes.press("Draw")
        await expect(eyes.page.get_by_role("heading", name="The sample 2")).to_be_visible()
        drawn = await eyes.page.locator("tbody").inner_text()
        await eyes.follow("Cite this sample")
        assert await eyes.page.locator("tbody").inner_text() == drawn
        await free(eyes, scripts=scripts)
        assert eyes.complaints == []


@HOWS
async def test_every_moment_of_a_page_is_a_step_away_and_can_be_cited(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.GRANTED, tmp_path) as made,
        made.eyes("Auditor 1", width, java_script_enabled=scripts) as eyes,
    ):
        await eyes.open(DASHBOARD)
        await eyes.follow("Applications closed")
        assert await eyes.says("what was recorded by Fri 20 March 2026, 23:59:59 Brussels")
        assert eyes.page.url.endswith("?as_of=2026-03-20")
        slider = eyes.page.get_by_role("slider")
        await slider.focus()
        position = int(await slider.input_value())
        await eyes.page.keyboard.press("ArrowRight")
        if scripts:
            await eyes.page.wait_for_url(re.compile(f"as_of={position + 1}#"))
            await expect(slider).to_be_focused()
        else:
            await eyes.page.get_by_role("button", name="Go there").first.click()
        await expect(eyes.page.get_by_text(f"As of position {position + 1} of")).to_be_visible()
        await eyes.page.get_by_label("The end of a day, Brussels time").fill("2026-03-31")
        await eyes.page.get_by_role("button", name="Go there").nth(1).click()
        await expect(eyes.page.get_by_text("Tue 31 March 2026, 23:59:59 Brussels.")).to_be_visible()
        await eyes.follow("As of the event before")
        await eyes.follow("As of the next event")
        assert await eyes.page.locator("main form[method=post], main a[href^='/do/']").count() == 0
        await eyes.follow("Back to now")
        assert eyes.page.url.endswith(DASHBOARD)
        assert eyes.complaints == []


@HOWS
async def test_an_auditor_takes_the_history_with_files_and_names_and_verifies_it(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.GRANTED, tmp_path) as made,
        made.eyes("Auditor 1", width, java_script_enabled=scripts) as eyes,
    ):
        key = own_key(made.parts)
        sign_now(made.parts, witness_log(made.parts), key)
        await eyes.open(f"/calls/{CALL_ID}/audit")
        for box in ("With the attached files", "With the names behind the ids"):
            await eyes.page.get_by_label(box).check()
        await free(eyes, scripts=scripts)
        async with eyes.page.expect_download() as taken:
            await eyes.press("Download the history with its proof (ZIP)")
        await (await taken.value).save_as(tmp_path / "bundle.zip")
        steps = verified(tmp_path / "bundle.zip", Trusted([key.key]))
        assert all(step.holds for step in steps), steps
        assert any("The names in people.csv are the fund's word" in step.sentence for step in steps)
        assert await eyes.overflow(NARROWEST) == 0
        assert eyes.complaints == []


@HOWS
async def test_whoever_holds_a_receipt_checks_it_without_an_account(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.GRANTED, tmp_path) as made,
        made.eyes(LEAD, width, java_script_enabled=scripts) as officer,
        made.eyes(None, width, java_script_enabled=scripts) as anyone,
    ):
        await officer.open(f"/pilot-actions/{ACTION}/receipt")
        facts = officer.page.locator("dl.facts dd")
        number, digest = await facts.nth(2).inner_text(), await facts.nth(3).locator("code").inner_text()
        await anyone.open("/proof")
        await anyone.type("Number", number)
        await anyone.type("Digest", digest)
        await anyone.press("Check")
        assert await anyone.says("Yes. Version 1 of an application was submitted with this digest.")
        await free(anyone, scripts=scripts)
        await anyone.type("Digest", "0" * 64)
        await anyone.press("Check")
        assert not await anyone.says("Yes.")
        assert [one for one in anyone.complaints if "status of 404" not in one and "status of 422" not in one] == []
