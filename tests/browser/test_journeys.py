"""Whole journeys in Chromium, with and without scripts, wide and narrow, by keyboard, in two tabs, pressed twice."""

from pathlib import Path

from playwright.async_api import expect

from domain.grant.aggregate import GRANT
from domain.ids import grant_id
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.web.wishes import deed_address
from tests.browser.hosting import HOWS, LEAD, PASSWORD, hall, recorded, sign_in
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of
from tests.fund_service.staged_fund import Stage

ACTION = action_of(APPLICANTS[0])
APPLICATION = f"/pilot-actions/{ACTION}"
SECTION = deed_address("SaveDraftSection", pilot_action_id=ACTION, section="action")


@HOWS
async def test_from_signing_in_to_the_receipt(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.OPEN, tmp_path) as made,
        made.eyes(width=width, java_script_enabled=scripts) as eyes,
        made.eyes("Officer of Nagoya", width, java_script_enabled=scripts) as partner,
    ):
        await sign_in(eyes)
        await eyes.open(APPLICATION)
        await eyes.follow("Need and joint action")
        await eyes.page.get_by_label("What will you do together?").fill("Plant trees — и сады, 정원")
        await eyes.press("Save and go to section 2")
        await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("The part of each member")
        assert await eyes.says("Recorded.")
        assert await eyes.says("Saved, but NOT submitted.")
        await eyes.follow("What is missing")
        await eyes.follow("Put the draft forward")
        assert await eyes.says("What happens if I do this now")
        await eyes.press("Put the draft forward to the partners")
        await expect(eyes.page.get_by_text("Still missing: Nagoya.")).to_be_visible()

        await partner.open("/home")
        await partner.open(
            deed_address("ConfirmParticipation", pilot_action_id=ACTION, organisation_id=id_of("Nagoya"))
        )
        assert await partner.says("Plant trees — и сады, 정원")
        await partner.press("Yes, Nagoya confirms version 2")
        await recorded(partner)

        await eyes.open(APPLICATION)
        await eyes.follow("Check your answers and submit")
        for box in await eyes.page.get_by_role("checkbox").all():
            await box.check()
        await eyes.page.get_by_role("button", name="Submit version 2").dblclick()
        await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("Submitted: version 2")
        await eyes.page.go_back()
        await eyes.page.go_forward()
        await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("Submitted: version 2")
        assert eyes.complaints == partner.complaints == []
        pilot = made.parts.fund.look(PILOT_ACTION, ACTION)
        assert pilot is not None
        assert pilot.submitted == 2


@HOWS
async def test_a_session_that_ends_in_the_middle_of_typing_loses_nothing(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.OPEN, tmp_path) as made,
        made.eyes(width=width, java_script_enabled=scripts) as eyes,
    ):
        await sign_in(eyes)
        await eyes.open(SECTION)
        await eyes.page.get_by_label("What will you do together?").fill("Words that took an hour.")
        made.parts.sessions.end_all(id_of(LEAD))
        await eyes.press("Save this section")
        await expect(eyes.page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
        await eyes.type("Name", "turin@fund.example")
        await eyes.type("Password", PASSWORD)
        await eyes.press("Sign in and go on")
        await expect(eyes.page.get_by_label("What will you do together?")).to_have_value("Words that took an hour.")
        await eyes.press("Save this section")
        await recorded(eyes)


async def test_two_tabs_show_both_texts_and_the_merged_one_is_kept(stages: dict[Stage, Path], tmp_path: Path) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as one, made.eyes(LEAD) as other:
        for eyes, words in ((one, "Of the first tab."), (other, "Of the second tab.")):
            await eyes.open(SECTION)
            await eyes.page.get_by_label("What will you do together?").fill(words)
        await one.press("Save this section")
        await recorded(one)
        await other.press("Save this section")
        await expect(other.page.get_by_text("Of the first tab.")).to_be_visible()
        await expect(other.page.get_by_label("What will you do together?")).to_have_value("Of the second tab.")
        await other.page.get_by_label("What will you do together?").fill("Of both.")
        await other.press("Save this section")
        await recorded(other)


async def test_support_is_accepted_and_ordered_by_keyboard_alone(stages: dict[Stage, Path], tmp_path: Path) -> None:
    malaga = grant_id(action_of(APPLICANTS[1]))
    async with hall(stages, Stage.GRANTED, tmp_path) as made, made.eyes("Officer of Málaga") as eyes:
        await eyes.open(deed_address("AcceptGrant", grant_id=malaga))
        await eyes.page.keyboard.press("Tab")
        await expect(eyes.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await eyes.page.keyboard.press("Enter")
        await eyes.page.keyboard.press("Tab")
        await expect(eyes.page.get_by_role("link", name="Back", exact=True)).to_be_focused()
        await eyes.page.keyboard.press("Tab")
        await expect(eyes.page.get_by_role("button", name="Accept the offered support")).to_be_focused()
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await eyes.page.evaluate(outline) == "solid"
        await eyes.page.keyboard.press("Enter")
        await recorded(eyes)
        granted = made.parts.fund.look(GRANT, malaga)
        assert granted is not None
        assert granted.stage == "accepted"
