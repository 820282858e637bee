"""Who gets support is public once it is released, and not a byte of it before; of the others nothing ever is."""

from pathlib import Path

import pytest

from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor

RESULTS = f"/calls/{CALL_ID}/results"


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED, Stage.EVALUATED, Stage.APPROVED])
def test_before_the_release_nothing_of_a_result_is_anywhere_in_public(
    turning: Turning, stages: dict[Stage, Path], stage: Stage
) -> None:
    with turning.opened(stages[stage]) as opened:
        opened.parts.projector.catch_up()
        who = Visitor(opened)
        page = who.see(RESULTS)
        assert "There are no results yet." in page.said
        assert "planned for Tue 31 March 2026, 12:00 Brussels" in page.said
        for said in (page.said, who.see(f"{RESULTS}?q=Turin&sort=-cents").said, who.see("/").said):
            assert "Cool schoolyards" not in said
            assert "get support:" not in said
        assert RESULTS not in who.see("/").links
        assert opened.get(None, RESULTS).json() == []
        assert len(opened.get(None, f"{RESULTS}?format=csv").text.splitlines()) == 1


def test_after_the_release_who_gets_support_is_told_with_place_purpose_and_sum_and_nobody_else(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who, rows = Visitor(opened), opened.get(None, RESULTS).json()
        assert {(row["title"], row["cents"]) for row in rows} == {
            ("Cool schoolyards", 1_000_000),
            ("=Shade for the old harbour", 941_250),
        }
        page, call = who.see(RESULTS), who.see("/")
        assert call.said.index("Results") < call.said.index("at most for one pilot action")
        for said in (page.said, call.said):
            assert "2 pilot actions get support: €19,412.50 together, in kind." in said
            assert "Turin with Nagoya" in said
            for other in ("Hamburg", "Dublin", "Repair cafés", "Quiet deliveries", "Officer", "Evaluator"):
                assert other not in said
        assert "1 of 2 hold “suwon”" in who.see(f"{RESULTS}?q=suwon").said
        assert "'=Shade" in opened.get(None, f"{RESULTS}?format=csv&sort=title").text
        assert f"/api/v1{RESULTS}?format=csv&limit=1000" in page.links
        assert RESULTS in call.links
