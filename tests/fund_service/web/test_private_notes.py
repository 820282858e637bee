"""A coach's notes stand on the partnership's page, for the coach alone."""

from pathlib import Path

from tests.fund_service.api.conftest import Turning
from tests.fund_service.staged_fund import TURIN, Stage, copied, partnership_of
from tests.fund_service.web.visitor import somebody

PAGE = f"/partnerships/{partnership_of(TURIN)}"
NOTE = "Ask <b>Turin</b> for the budget. ひなた"


def test_a_coachs_notes_are_read_by_nobody_else(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as fund:
        fund.parts.projector.catch_up()
        coach, before = somebody(fund, "Coach 1"), fund.parts.log.end()
        coach.see(PAGE)
        assert coach.send(f"{PAGE}/notes", {"note": NOTE}).headers["Location"] == f"{PAGE}#notes"
        page = coach.see(PAGE)
        assert "Ask &lt;b&gt;Turin&lt;/b&gt; for the budget. ひなた</textarea>" in page.content
        assert fund.parts.log.end() == before, "what is one's own is no event"
        for label in ("Officer of Turin", "Secretariat 1", "Auditor 1"):
            who = somebody(fund, label)
            assert "for the budget" not in who.see(PAGE).said
            assert who.send(f"{PAGE}/notes", {"note": "Mine."}).status_code == 404
        assert coach.send(f"{PAGE}/notes", {"note": ""}).status_code == 303
        assert "for the budget" not in coach.see(PAGE).content
