"""The journeys of who judges, approves, receives and audits, in Chromium, with and without scripts."""

from pathlib import Path

from playwright.async_api import expect

from domain.call.commands import EstablishRanking, ReleaseOutcomes
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.grant.commands import CloseGrant, OfferGrant
from domain.ids import evaluation_id, grant_id
from domain.messages import Command
from domain.people import ENGINE
from fund_service.composition import Parts
from fund_service.web.wishes import deed_address
from tests.browser.hosting import HOWS, hall, recorded
from tests.browser.looking import Eyes
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, EVALUATORS, LINE, RULES, action_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.judging import HAMBURG, TURIN, begin_judging

GRANT_OF_TURIN = grant_id(action_of(APPLICANTS[0]))
RANKING = f"/calls/{CALL_ID}/lines/{LINE}/ranking"
VALUE = "Value, all tax that is not recovered included"
FOUND = "The application says how, with whom and until when, and it shows the risks of it."


def engine(parts: Parts, command: type[Command], **named: object) -> None:
    """Let the programme do what its calendar says."""
    parts.fund.handle(command.model_validate({"by": ENGINE, "at": parts.clock.now(), "key": command.__name__, **named}))
    parts.projector.catch_up()


@HOWS
async def test_an_evaluator_declares_scores_and_agrees(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.CLOSED, tmp_path) as made:
        begin_judging(made.parts)
        first, second, third = [made.eyes(name, width, java_script_enabled=scripts) for name in EVALUATORS]
        async with first as one, second as two, third as three:
            await one.open("/me/evaluations")
            await one.follow("Say whether you have a conflict")
            assert not await one.says("Our answer.")
            await one.press("I have no conflict of interest")
            await expect(one.page.get_by_text("Our answer.").first).to_be_visible()
            for number, criterion in enumerate(RULES.criteria, 1):
                part = one.page.locator(f"#part-{criterion.id}")
                if await part.get_attribute("open") is None:
                    await part.locator("summary").click()
                await part.get_by_role("radio", name="4", exact=True).check()
                await part.get_by_label("Why these points").fill(FOUND)
                if number < len(RULES.criteria):
                    await part.get_by_role("button", name="Save, and go on to").click()
            await one.press("Send my scores")
            await recorded(one)

            await one.open(deed_address("ProposeConsensus", pilot_action_id=HAMBURG))
            await one.page.get_by_role("radio", name="4", exact=True).check()
            await one.page.get_by_label("Why these points").fill(FOUND)
            await one.press("Propose the consensus")
            await recorded(one)
            for other in (two, three):
                await other.open(deed_address("AgreeConsensus", pilot_action_id=HAMBURG))
                await other.press("I agree with 4")
                await recorded(other)
            assert one.complaints == two.complaints == three.complaints == []
        judged = made.parts.fund.look(EVALUATION, evaluation_id(HAMBURG))
        assert judged is not None
        assert judged.consensus == {"quality": 4}


@HOWS
async def test_a_list_is_proposed_approved_by_two_and_released(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with hall(stages, Stage.EVALUATED, tmp_path) as made:
        made.parts.facts.put("clock", CALENDAR.scores_due.isoformat())
        engine(made.parts, EstablishRanking, call_id=CALL_ID, line=LINE)
        async with (
            made.eyes("Secretariat 1", width, java_script_enabled=scripts) as office,
            made.eyes("Approver 1", width, java_script_enabled=scripts) as one,
            made.eyes("Approver 2", width, java_script_enabled=scripts) as two,
            made.eyes("Officer of Turin", width, java_script_enabled=scripts) as officer,
        ):
            await office.open(RANKING)
            await office.follow("Check and propose the list")
            await office.press("Propose the award list")
            await recorded(office)
            for approver in (one, two):
                await approver.open(RANKING)
                await approver.follow("Check and approve version 1")
                await approver.press("Approve the award list")
                await recorded(approver)
            await officer.open(f"/pilot-actions/{TURIN}")
            assert not await officer.says("support in kind is offered")
            made.parts.facts.put("clock", CALENDAR.outcomes_released.isoformat())
            engine(made.parts, ReleaseOutcomes, call_id=CALL_ID, line=LINE)
            engine(made.parts, OfferGrant, grant_id=GRANT_OF_TURIN, pilot_action_id=TURIN)
            await officer.open("/home")
            await officer.follow("Accept the offered support")
            await officer.press("Accept the offered support")
            await recorded(officer)
            assert office.complaints == one.complaints == two.complaints == officer.complaints == []


@HOWS
async def test_support_is_ordered_delivered_acknowledged_certified_reported_and_closed(
    width: int, scripts: bool, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    async with (
        hall(stages, Stage.GRANTED, tmp_path) as made,
        made.eyes("Resource manager 1", width, java_script_enabled=scripts) as buyer,
        made.eyes("Officer of Turin", width, java_script_enabled=scripts) as officer,
        made.eyes("Certifier 1", width, java_script_enabled=scripts) as certifier,
        made.eyes("Auditor 1", width, java_script_enabled=scripts) as auditor,
    ):
        await of_turin(buyer, "OrderResource", kind="expert_days", period_from="2026-06-01", period_to="2026-09-30")
        await buyer.type("Supplier", "Plan C GmbH")
        await buyer.type(VALUE, "1.000")
        await buyer.press("Order a resource in kind")
        await expect(buyer.page.get_by_text("Which sum do you mean?")).to_be_visible()
        assert "status of 422" in buyer.complaints.pop()
        await buyer.page.get_by_label("€1,000.00 · one thousand euros").check()
        await buyer.press("Order a resource in kind")
        await recorded(buyer)
        await of_turin(buyer, "CancelOrder", order=1, cause="supplier_failed")
        await buyer.type("Reason", "The supplier went out of business.")
        await buyer.press("Cancel an order that was not delivered")
        await recorded(buyer)
        await of_turin(buyer, "RecordDelivery", order=2)
        await buyer.type(VALUE, "999.99")
        await buyer.type("What proves it", "Delivery note 17")
        await buyer.press("Record what the supplier delivered")
        await recorded(buyer)
        await of_turin(officer, "AcknowledgeDelivery", order=2)
        await officer.press("Acknowledge a delivery for the receiving city")
        await recorded(officer)
        await of_turin(certifier, "CertifyDelivery", order=2)
        await certifier.press("Certify a delivery that the city acknowledged")
        await recorded(certifier)
        await of_turin(officer, "FileFinalReport")
        await officer.type("Report", "Two schoolyards are cooler now.")
        await officer.type("Lessons", "Plant in autumn.")
        await officer.press("File the final report with the lessons")
        await recorded(officer)
        made.parts.facts.put("clock", CALENDAR.final_report_due.isoformat())
        engine(made.parts, CloseGrant, grant_id=GRANT_OF_TURIN)
        await officer.open(f"/grants/{GRANT_OF_TURIN}")
        assert await officer.says("€999.99")
        await expect(officer.page.get_by_text("Closed").first).to_be_visible()

        await auditor.open(f"/grants/{GRANT_OF_TURIN}")
        await auditor.page.get_by_role("region", name="Ledger").get_by_role("link", name="D12").click()
        assert await auditor.says("D12")
        assert auditor.page.url.endswith("#D12")
        await auditor.page.go_back()
        await auditor.follow("All that happened to this grant")
        for words in ("Plan C GmbH", "Delivery note 17", "Certifier 1"):
            assert await auditor.says(words)
        assert buyer.complaints == officer.complaints == certifier.complaints == auditor.complaints == []
        closed = made.parts.fund.look(GRANT, GRANT_OF_TURIN)
        assert closed is not None
        assert closed.stage == "closed"


async def of_turin(eyes: Eyes, command: str, **named: object) -> None:
    """Open the page of a deed about Turin's grant."""
    await eyes.open(deed_address(command, grant_id=GRANT_OF_TURIN, **named))
