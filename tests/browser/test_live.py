"""Pages that are open follow what others do; whoever writes is left in peace, and sees who else is there."""

from pathlib import Path

from playwright.async_api import expect

from domain.call.commands import CancelCall, ProposeCancellation
from tests.browser.hosting import LEAD, hall
from tests.browser.looking import Hall
from tests.browser.test_journeys import SECTION
from tests.fund_service.api.standing import asked
from tests.fund_service.small_fund import APPLICANTS, CALL_ID
from tests.fund_service.staged_fund import Stage

OFFICE, OTHER_OFFICE = "Secretariat 1", "Secretariat 2"
DASHBOARD = f"/calls/{CALL_ID}/dashboard"
PARTNER = "Officer of Nagoya"


def cancel(made: Hall) -> None:
    """Let the call be cancelled, which changes what everybody sees."""
    for command, who in ((ProposeCancellation, OFFICE), (CancelCall, OTHER_OFFICE)):
        made.parts.fund.handle(asked(command, APPLICANTS[0], who))


async def test_a_dashboard_follows_by_itself_and_keeps_its_place_and_says_when_it_does_not(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(OFFICE) as eyes:
        await eyes.open(DASHBOARD)
        place = eyes.page.get_by_role("link", name="Country", exact=True)
        await place.focus()
        high = "element => element.getBoundingClientRect().top"
        seen = await place.evaluate(high)
        cancel(made)
        await expect(eyes.page.locator("#live-line")).to_contain_text("Updated")
        await expect(eyes.page.get_by_text("Cancelled.").first).to_be_visible()
        await expect(place).to_be_focused()
        assert abs(await place.evaluate(high) - seen) < 2  # pixels, although what stands above has another length now
        assert await eyes.barriers() == []
        assert eyes.complaints == []
        await eyes.page.context.set_offline(True)
        await expect(eyes.page.locator("#live-line")).to_contain_text("Not live since")
        await eyes.page.context.set_offline(False)
        await expect(eyes.page.locator("#live-line")).to_contain_text("Updated")


async def test_two_editors_see_each_other_and_nothing_takes_the_place_of_what_they_write(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as one, made.eyes(PARTNER) as other:
        await one.open(SECTION)
        await one.page.get_by_label("What will you do together?").fill("Mine.")
        await other.open(SECTION)
        await expect(one.page.locator("#beside")).to_contain_text(f"{PARTNER} has this form open too")
        await expect(other.page.locator("#beside")).to_contain_text(LEAD)
        await expect(one.page.get_by_label("What will you do together?")).to_have_value("Mine.")
        assert await one.barriers() == []


async def test_without_scripts_who_else_is_there_stands_on_the_page_when_it_is_opened(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.OPEN, tmp_path) as made,
        made.eyes(LEAD, java_script_enabled=False) as one,
        made.eyes(PARTNER, java_script_enabled=False) as other,
    ):
        await one.open(SECTION)
        assert not await one.says("Here now")
        await other.open(SECTION)
        assert await other.says(f"{LEAD} has this form open too")


async def test_an_instant_is_told_in_the_readers_own_time_too_where_it_differs(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.OPEN, tmp_path) as made,
        made.eyes(width=390, timezone_id="Asia/Seoul") as far,
        made.eyes(PARTNER, timezone_id="Asia/Seoul") as reader,
        made.eyes(timezone_id="Europe/Madrid") as near,
    ):
        await far.open("/")
        await expect(far.page.locator(".own-time").first).to_have_text("(Sat 21 March, 01:00 Seoul)")
        await near.open("/")
        await expect(near.page.locator("time").first).to_contain_text("17:00 Brussels")
        await expect(near.page.locator(".own-time")).to_have_count(0)
        await reader.open("/messages")
        row = reader.page.get_by_role("row").nth(1)
        await expect(row.locator("time")).to_have_text("Mon 2 Mar 2026, 09:01")
        await expect(row.locator(".own-time--below")).to_have_text("17:01 Seoul")
