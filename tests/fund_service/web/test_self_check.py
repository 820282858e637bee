"""Anybody can ask how the rules stand to their case: by the address alone, and nothing of it is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor

CHECK = f"/calls/{CALL_ID}/check"
WHOLE = (
    "who=city&country=IT&pilot=yes&partner=JP&partner=&roadmap=yes&another=no&confirm=yes&declare=yes&euros=10000.00"
)


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund whose call takes applications."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_the_call_leads_to_the_check_while_one_can_apply(turning: Turning, stages: dict[Stage, Path]) -> None:
    for stage, leads in ((Stage.OPEN, True), (Stage.CLOSED, False)):
        with turning.opened(stages[stage]) as opened:
            opened.parts.projector.catch_up()
            assert (CHECK in Visitor(opened).see("/").links) is leads


def test_answers_stand_in_the_address_and_each_rule_says_how_it_stands(fund: Api) -> None:
    who = Visitor(fund)
    assert "not met" not in who.see(CHECK).said.casefold()
    assert "As you tell it, you can apply." in who.see(f"{CHECK}?{WHOLE}").said
    said = who.see(f"{CHECK}?who=other&country=KR&partner=none&euros=10000.01").said
    assert "5 rules are not met." in said
    assert "S05 , 001 §2.3" in said
    assert "What helps: Lower the resources by €0.01." in said
    assert "1 rule is not met." in who.see(f"{CHECK}?{WHOLE.replace('pilot=yes', 'pilot=no')}").said
    assert "Nothing speaks against it so far. 1 rule is open." in who.see(f"{CHECK}?{WHOLE}&pilot=").said


def test_what_was_chosen_stays_chosen_and_there_is_room_for_one_partner_more(fund: Api) -> None:
    page = Visitor(fund).see(f"{CHECK}?who=region&{'&'.join(['partner=JP'] * 6)}")
    assert '<option value="region" selected>' in page.content
    assert page.content.count('<option value="JP" selected>') == 6
    assert "partner-7" in page.ids
    assert "partner-8" not in page.ids


def test_a_sum_that_can_be_read_in_two_ways_is_asked_back_and_not_counted(fund: Api) -> None:
    unclear = WHOLE.replace("10000.00", "10.000")
    page = Visitor(fund).see(f"{CHECK}?{unclear}")
    assert "Say below which sum you mean." in page.said
    assert "€10,000.00 · ten thousand euros €10.00 · ten euros" in page.said
    assert "1 rule is open." in page.said
    assert 'name="euros" value="10000.00"' in page.content
    assert "As you tell it, you can apply." in Visitor(fund).see(f"{CHECK}?{unclear}&euros=10000.00").said


def test_the_api_says_the_same_and_records_nothing(fund: Api) -> None:
    before = fund.parts.log.end()
    rows = fund.get(None, f"{CHECK}?{WHOLE.replace('JP', 'FR')}").json()
    assert {row["rule"]: row["verdict"] for row in rows if row["verdict"] != "met"} == {"S09": "not met"}
    assert rows[0].keys() == {"rule", "sentence", "source", "verdict", "detail", "cure"}
    assert "text/csv" in fund.get(None, f"{CHECK}?{WHOLE}&format=csv").headers["Content-Type"]
    assert fund.get(None, f"{CHECK}?euros=10.000").status_code == 422
    assert fund.parts.log.end() == before


@pytest.mark.parametrize("unread", ["country=italy", "who=mayor", "pilot=perhaps", "partner=%3Cb%3E"])
def test_what_cannot_be_an_answer_is_refused(fund: Api, unread: str) -> None:
    Visitor(fund).see(f"{CHECK}?{unread}", 422)
    Visitor(fund).see("/calls/00000000-0000-0000-0000-000000000000/check", 404)
