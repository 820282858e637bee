"""The desk of a call: who waits for whom, filtered by its address, with the deeds of who looks."""

import csv
from pathlib import Path
from shutil import copytree

import pytest

from domain.call.commands import EstablishRanking
from domain.people import ENGINE
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import CALENDAR, CALL_ID, LINE
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

DESK = f"/calls/{CALL_ID}/desk"


def test_the_desk_tells_who_waits_for_whom_and_each_filter_as_many_as_it_says(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        whole, theirs = who.see(DESK), who.see(f"{DESK}?party=applicant")
        assert f"{DESK}?party=applicant#all" in whole.links
        assert "Turin with Nagoya Cool schoolyards The fund Record a delivery" in whole.said
        assert "Málaga with Suwon =Shade for the old harbour Applicant Answer the offer" in theirs.said
        assert "Record a delivery" not in theirs.said
        (link,) = (link for link in theirs.links if "format=csv" in link)
        rows = list(csv.DictReader(who.ask(link).text.splitlines()))
        assert {row["party"] for row in rows} == {"applicant"}
        assert f"Applicant {len(rows)}" in whole.said
        assert f"{len(rows)} rows" in theirs.said
        assert "3 wait for nobody" in whole.said
        one_deed = who.see(f"{DESK}?deed=answer%20the%20offer")
        assert "Answer the offer" in one_deed.said
        assert "Record a delivery" not in one_deed.said.partition("Find a matter")[2]
        listed = whole.said.partition("7 rows")[2]
        assert listed.index("File the final report") < listed.index("Nobody Nothing now"), "who waits stands first"


def test_the_desk_shows_its_first_rows_and_leads_to_all(
    turning: Turning, stages: dict[Stage, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fund_service.web.screens.desk.FIRST", 3)
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        first, whole = who.see(DESK), who.see(f"{DESK}?page=1")
        assert "1–3 of 7" in first.said
        assert "Show all 7 rows" in first.said
        assert f"{DESK}?page=1#all" in first.links
        assert "Nobody Nothing now" not in first.said
        assert "7 rows" in whole.said
        assert "Show all" not in whole.said
        assert "Nobody Nothing now" in whole.said
        found = who.see(f"{DESK}?q=TURIN&sort=-since").said
        assert "of 7 hold “TURIN”" in found
        assert "Turin with Nagoya" in found.partition("hold “TURIN”")[2]
        assert "Málaga" not in found.partition("hold “TURIN”")[2]


def test_who_can_do_what_waits_finds_the_deed_and_others_read_alone(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copytree(stages[Stage.EVALUATED], tmp_path / "fund")) as opened:
        stamp = {"by": ENGINE, "at": CALENDAR.scores_due, "key": "rank"}
        opened.parts.fund.handle(EstablishRanking(**stamp, call_id=CALL_ID, line=LINE))
        opened.parts.projector.catch_up()
        page = somebody(opened, "Secretariat 1").see(DESK)
        assert page.links.count(f"/do/calls/{CALL_ID}/lines/{LINE}/award-list/versions") == 2, "above, and in its row"
        assert "You can do" not in somebody(opened, "Auditor 1").see(DESK).said
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        for label in ("Officer of Turin", "Approver 1", "Resource manager 1", "Coach 1", "Evaluator 1"):
            somebody(opened, label).see(DESK, 404)
