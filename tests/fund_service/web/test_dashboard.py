"""The dashboard of a call leads from every figure to its rows, and tells nothing that is sealed."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest

from fund_service.web import lists
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

HERE = f"/calls/{CALL_ID}"
DASHBOARD, APPLICATIONS = f"{HERE}/dashboard", f"{HERE}/applications"
_FIGURE = re.compile(rf'<a href="({HERE}/(?:applications|partnerships)[^"]*)">(\d+)</a>')


def test_every_figure_leads_to_as_many_rows_as_it_says(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        content = "".join(who.see(f"{DASHBOARD}?by={by}").content for by in ("geography", "country", "month"))
        figures = {(unescape(link), int(count)) for link, count in _FIGURE.findall(content)}
        assert len(figures) > 15
        for link, count in figures:
            ids = [id for id in who.see(link).ids if id.startswith(("application-", "partnership-"))]
            assert len(ids) == count, link


def test_before_the_release_nothing_is_told_of_what_was_found(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        said = who.see(DASHBOARD).said
        assert "Sealed until the release" in said
        assert "Found eligible Sealed Evaluated Sealed Support offered 0" in said
        assert "Support is offered at the release, not before." in said
        assert "0 rows" in who.see(f"{APPLICATIONS}?figure=eligible").said
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        said = somebody(opened, "Secretariat 1").see(DASHBOARD).said
        assert "Sealed" not in said
        assert "Money: €10,000.00 of €24,000.00 is committed" in said


def test_who_may_not_see_the_dashboard_is_told_of_none(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        for label in ("Officer of Turin", "Evaluator 1", "Coach 1", "Approver 1"):
            who = somebody(opened, label)
            who.see(DASHBOARD, 404)
            assert DASHBOARD not in who.see("/home").links
            assert f"0 of {len(APPLICANTS)}" not in who.see(f"{APPLICATIONS}?figure=submitted").said
            assert [id for id in who.see(f"{APPLICATIONS}?figure=submitted").ids if "application-" in id] == []
    with turning.opened(stages[Stage.CLOSED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Approver 1")
        assert DASHBOARD in who.see("/home").links
        assert "Who waited how long" not in who.see(DASHBOARD).said, "the desk is the secretariat's"


def test_a_list_is_sorted_found_and_saved_by_its_address(
    turning: Turning, stages: dict[Stage, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        first, second = who.see(f"{APPLICATIONS}?sort=partnership"), who.see(f"{APPLICATIONS}?sort=partnership&page=2")
        assert first.said.index("Dublin") < first.said.index("Hamburg")
        assert second.said.index("Málaga") < second.said.index("Turin")
        assert f"{APPLICATIONS}?sort=-partnership" in first.links
        assert "1–2 of 4" in first.said
        found = who.see(f"{APPLICATIONS}?q=malaga&sort=title")
        assert "1 of 4 hold “malaga”" in found.said
        link, workbook = (link for link in found.links if link.startswith("/api/"))
        assert who.ask(workbook).content.startswith(b"PK")
        saved = who.ask(link)
        assert saved.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert saved.headers["Content-Disposition"] == 'attachment; filename="pilot-actions.csv"'
        assert [row["partnership"] for row in csv.DictReader(saved.text.splitlines())] == ["Málaga with Suwon"]
        assert "no field" in who.see(f"{APPLICATIONS}?sort=nothing", 422).said


def test_a_long_list_leads_to_its_first_page_its_last_and_those_around(
    turning: Turning, stages: dict[Stage, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    monkeypatch.setattr(lists, "NEAR", 0)
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Secretariat 1")
        page = who.see(f"{APPLICATIONS}?page=3")
        pages = [link for link in page.links if link.startswith(f"{APPLICATIONS}?page=") and "as_of" not in link]
        assert pages == [f"{APPLICATIONS}?page={number}" for number in (1, 3, 4)]
        assert "1 … 3 4" in page.said, "where pages are left out, and there alone"
        assert "no such figure" in who.see(f"{APPLICATIONS}?figure=nothing", 422).said


def test_a_member_finds_the_own_application_alone(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.RELEASED]) as opened:
        opened.parts.projector.catch_up()
        page = somebody(opened, "Officer of Turin").see(APPLICATIONS)
        assert "Turin with Nagoya" in page.said
        assert "Málaga" not in page.said
        assert len([id for id in page.ids if id.startswith("application-")]) == 1
