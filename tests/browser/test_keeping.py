"""What is typed is kept by itself, whatever happens to the connection or the session; what it adds up to follows."""

import asyncio
from pathlib import Path

from playwright.async_api import expect

from fund_service.web.wishes import deed_address
from tests.browser.hosting import LEAD, PASSWORD, hall
from tests.browser.test_journeys import ACTION, SECTION
from tests.fund_service.small_fund import CALL_ID, EVALUATORS, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.judging import TURIN, WHY, begin_judging

BOX = "What will you do together?"
RESOURCES = deed_address("SaveDraftSection", pilot_action_id=ACTION, section="resources")


async def test_what_is_typed_is_kept_by_itself_for_its_author_alone_and_goes_when_it_is_sent(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        events = made.parts.log.end()
        await eyes.open(SECTION)
        await eyes.page.get_by_label(BOX).fill("Twelve words.")
        line = eyes.page.locator("#kept-line")
        await expect(line).to_contain_text("not yet saved for your colleagues")
        await expect(eyes.page.get_by_text("13 of at most")).to_be_visible()
        assert made.parts.log.end() == events
        assert await eyes.barriers() == []
        await eyes.page.reload()
        await expect(eyes.page.get_by_label(BOX)).to_have_value("Twelve words.")
        assert await eyes.says("Kept, but NOT saved for your colleagues.")
        await eyes.press("Save this section")
        await expect(eyes.page.get_by_text("Recorded.")).to_be_visible()
        assert not await eyes.says("Kept")
        assert made.parts.form_drafts.of(id_of(LEAD)) == []
        assert eyes.complaints == []


async def test_words_that_a_page_answers_are_kept_and_nothing_says_any_more_that_they_are_not(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(deed_address("AskQuestion", call_id=CALL_ID))
        box, line = eyes.page.locator("main textarea").first, eyes.page.locator("#kept-line")
        await box.fill("May a lake take part?")
        await expect(line).to_contain_text("not yet sent")
        await box.fill("May a river take part?")
        async with eyes.page.expect_response(lambda answer: "dry_run" in (answer.request.post_data or "")) as foreseen:
            await eyes.press("What happens if I do this now?")
        assert "Not saved since" in await (await foreseen.value).text()
        await expect(line).to_contain_text("not yet sent")
        await expect(eyes.page.get_by_text("Not saved since")).to_have_count(0)
        (draft,) = made.parts.form_drafts.of(id_of(LEAD))
        assert "May a river take part?" in dict(draft.fields).values()


async def test_the_connection_is_lost_while_somebody_types_and_comes_back(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(SECTION)
        box, line = eyes.page.get_by_label(BOX), eyes.page.locator("#kept-line")
        await eyes.page.context.set_offline(True)
        await box.fill("Words in a tunnel.")
        await expect(line).to_contain_text("We could not keep your words since")
        await eyes.press("Save this section")
        await expect(box).to_have_value("Words in a tunnel.")
        asked: list[str] = []
        eyes.page.on("dialog", lambda dialog: asked.append(dialog.type))
        await eyes.page.context.set_offline(False)
        await expect(line).to_contain_text("not yet saved for your colleagues")
        (draft,) = made.parts.form_drafts.of(id_of(LEAD))
        assert "Words in a tunnel." in dict(draft.fields).values()
        await eyes.open("/home")
        assert asked == []


async def test_leaving_with_words_that_are_not_kept_is_asked_about(stages: dict[Stage, Path], tmp_path: Path) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(SECTION)
        await eyes.page.route(
            "**/do/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        await eyes.page.get_by_label(BOX).press_sequentially("Words")
        await expect(eyes.page.locator("#kept-line")).to_contain_text("We could not keep")
        async with eyes.page.expect_event("dialog") as asked:
            leaving = asyncio.ensure_future(eyes.page.evaluate("location.assign('/home')"))
            dialog = await asked.value
        assert dialog.type == "beforeunload"
        await dialog.dismiss()
        await leaving
        await expect(eyes.page.get_by_label(BOX)).to_have_value("WordsOur answer.")


async def test_a_session_that_ends_while_somebody_types_is_told_and_goes_on_where_it_was(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(SECTION)
        made.parts.sessions.end_all(id_of(LEAD))
        await eyes.page.get_by_label(BOX).fill("Words that took an hour.")
        line = eyes.page.locator("#kept-line")
        await expect(line).to_contain_text("Your session has ended.")
        async with eyes.page.context.expect_page() as opened:
            await line.get_by_role("link").click()
        other = await opened.value
        await other.get_by_label("Name").fill("turin@fund.example")
        await other.get_by_label("Password").fill(PASSWORD)
        await other.get_by_role("button", name="Sign in", exact=True).click()
        await expect(other.get_by_role("heading", level=1)).to_have_text("What waits for you")
        await expect(line).to_contain_text("not yet saved for your colleagues")
        await eyes.press("Save this section")
        await expect(eyes.page.get_by_text("Recorded.")).to_be_visible()


async def test_words_are_never_kept_for_somebody_else_who_signed_in_meanwhile(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(SECTION)
        await made.sign_in(eyes.page.context, "Officer of Málaga")
        async with eyes.page.expect_response("**/api/v1/session"):
            await eyes.page.get_by_label(BOX).fill("Of Turin alone.")
        await expect(eyes.page.locator("#kept-line")).to_contain_text("Your session has ended.")
        for label in (LEAD, "Officer of Málaga"):
            assert made.parts.form_drafts.of(id_of(label)) == []


async def test_the_total_and_what_is_asked_back_follow_while_somebody_types(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.OPEN, tmp_path) as made, made.eyes(LEAD) as eyes:
        await eyes.open(RESOURCES)
        new = eyes.page.locator("fieldset.line").last
        total = eyes.page.locator("#total")
        before = await total.inner_text()
        await new.get_by_label("Kind").select_option(index=1)
        await new.get_by_label("Quantity").fill("1")
        await new.get_by_label("Unit value in euro").fill("1.600")
        await expect(new.get_by_text("Which sum do you mean?")).to_be_visible()
        await expect(total).to_contain_text("is not counted yet")
        await new.get_by_role("radio").last.check()
        await expect(new.get_by_label("Unit value in euro")).not_to_have_value("1.600")
        await expect(total).not_to_contain_text("is not counted yet")
        assert await total.inner_text() != before
        await new.get_by_label("Quantity").fill("900")
        await expect(total).to_contain_text("too much")
        assert await eyes.barriers() == []


async def test_points_are_given_by_their_keys_in_a_scale_alone_and_their_total_follows(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.CLOSED, tmp_path) as made, made.eyes(EVALUATORS[1]) as eyes:
        begin_judging(made.parts)
        await eyes.open(deed_address("GiveScores", pilot_action_id=TURIN))
        criterion = eyes.page.locator("details.criterion[open]")
        await eyes.page.keyboard.press("4")
        await expect(criterion.locator("input[type=radio]:checked")).to_have_count(0)
        await criterion.get_by_role("radio").first.focus()
        await eyes.page.keyboard.press("4")
        await expect(criterion.get_by_role("radio", name="4", exact=True)).to_be_checked()
        await expect(eyes.page.locator("#sum")).to_contain_text("20.00 of 25 possible")
        await criterion.get_by_label("Why these points").fill(WHY)
        await expect(eyes.page.locator("#how-far")).to_contain_text("1 of 5 complete")
        await expect(eyes.page.locator("#kept-line")).to_contain_text("not yet sent")
        assert await eyes.barriers() == []
        assert eyes.complaints == []
