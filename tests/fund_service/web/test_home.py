"""What waits for somebody, how the own partnerships stand, and what happened in them."""

from pathlib import Path

import pytest

from domain.ids import grant_id
from fund_service.web.screens import timeline
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, action_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody


def test_a_member_reads_what_happened_and_nobody_else_learns_that_it_did(
    turning: Turning, stages: dict[Stage, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "PAGE", 5)
    with turning.opened(stages[Stage.RELEASED]) as opened:
        opened.parts.projector.catch_up()
        who, where = somebody(opened, "Officer of Turin"), f"/partnerships/{partnership_of(APPLICANTS[0])}/timeline"
        first, second = who.see(where), who.see(f"{where}?page=2")
        assert where in who.see("/home").links
        assert "What happened: Turin with Nagoya" in first.said
        assert first.said != second.said
        pages = [link for link in first.links if "?page=" in link]
        assert who.see(f"{where}?page=10000").ids == who.see(pages[-1]).ids
        assert "Evaluator" not in "".join(who.see(link).said for link in pages)
        assert "There is no" in who.see(f"/partnerships/{partnership_of(APPLICANTS[-1])}/timeline", 404).said


def test_for_whom_nothing_waits_the_home_says_what_comes_next_and_where_to_look(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        page = somebody(opened, "Approver 1").see("/home")
        assert "Nothing waits for you now. Next in IURC competitive fund 2026: consensus due, " in page.said
        assert "You can look at: Dashboard , Applications , Ranking" in page.said


def test_what_an_auditor_reads_on_a_page_is_told_as_over_the_api(
    turning: Turning, stages: dict[Stage, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with turning.opened(stages[Stage.RELEASED]) as opened:
        opened.parts.projector.catch_up()
        somebody(opened, "Auditor 1").see(f"/partnerships/{partnership_of(APPLICANTS[0])}/timeline")
    assert "route=/partnerships/{partnership_id}/timeline" in caplog.text
    assert "as=auditor" in caplog.text


def test_each_event_of_a_grant_is_told_once_and_the_home_tells_the_newest(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        officer = somebody(opened, "Officer of Turin")
        said = officer.see(f"/grants/{grant_id(action_of(APPLICANTS[0]))}/timeline").said
        assert said.count("was offered") == 1
        assert "An offer of" not in said
        assert "of the envelope are committed" not in said
        rows = opened.get("Officer of Turin", f"/partnerships/{partnership_of(APPLICANTS[0])}/timeline").json()
        home = officer.see("/home").said
        assert all(row["sentence"] in home for row in rows[-4:])
        assert rows[-5]["sentence"] not in home
