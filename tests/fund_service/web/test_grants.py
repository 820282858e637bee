"""A grant's page tells the money, the orders, the ledger and the next deed to whom may see them, each their own."""

from pathlib import Path

from domain.ids import grant_id
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody
from tests.spreadsheets import sheets_of

GRANTS = f"/calls/{CALL_ID}/grants"
TURIN, MALAGA = (grant_id(action_of(one)) for one in APPLICANTS[:2])


def test_the_grant_tells_what_is_ordered_and_what_is_left_to_the_cent(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        for label in ("Officer of Turin", "Officer of Nagoya", "Secretariat 1", "Certifier 1", "Auditor 1"):
            said = somebody(opened, label).see(f"/grants/{TURIN}").said
            assert "€9,000.00 of €10,000.00 left to order" in said, label
            assert "Plan B GmbH €1,000.00 €1,000.00" in said, label
            assert "Order 1: study from Plan B GmbH for €1,000.00. −€1,000.00 €9,000.00" in said, label


def test_each_is_led_to_the_own_deed(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        buyer = somebody(opened, "Resource manager 1").see(f"/grants/{TURIN}")
        assert f"/do/grants/{TURIN}/orders/1/delivery" in buyer.links
        assert f"/do/grants/{TURIN}/orders" in buyer.links
        assert f"/do/grants/{TURIN}/final-report" not in buyer.links
        assert not [one for one in somebody(opened, "Auditor 1").see(f"/grants/{TURIN}").links if one.startswith("/do")]
        officer = somebody(opened, "Officer of Málaga").see(f"/grants/{MALAGA}")
        assert "€9,412.50 of support in kind is offered" in officer.said
        assert f"/do/grants/{MALAGA}/acceptance" in officer.links
        assert "Orders follow when the support is accepted." in officer.said
        accepting = somebody(opened, "Officer of Málaga").see(f"/do/grants/{MALAGA}/acceptance")
        assert "Decline the offered support" in accepting.said
        assert any(one.startswith(f"/do/grants/{MALAGA}/") for one in accepting.links)


def test_the_list_holds_what_each_may_see(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        every = {f"/grants/{one}" for one in (TURIN, MALAGA)}
        for label, theirs in (
            ("Secretariat 1", every),
            ("Certifier 1", every),
            ("Officer of Turin", {f"/grants/{TURIN}"}),
            ("Evaluator 1", set()),
            ("Coach 1", set()),
        ):
            page = somebody(opened, label).see(GRANTS)
            assert {link for link in page.links if link.startswith("/grants/")} == theirs, label
        for label in ("Officer of Málaga", "Evaluator 1", "Coach 1"):
            somebody(opened, label).see(f"/grants/{TURIN}", 404)
        who = somebody(opened, "Secretariat 1")
        (link,) = (link for link in who.see(f"{GRANTS}?sort=-disbursed_cents").links if "format=csv" in link)
        assert len(who.ask(link).text.splitlines()) == 1 + len(every)
        (sheet,) = sheets_of(who.ask(link.replace("format=csv", "format=xlsx")).content).values()
        assert len(sheet) == 1 + len(every)


def test_before_the_release_there_is_no_grant(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        assert "Support is offered when the outcomes are released." in who.see(GRANTS).said
        who.see(f"/grants/{TURIN}", 404)
