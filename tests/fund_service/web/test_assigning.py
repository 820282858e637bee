"""Evaluators proposed for free seats: each with its reasons, nobody with a tie, accepted together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility
from fund_service.auth.sessions import csrf_of
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, action_of
from tests.fund_service.staged_fund import Stage, StagedFund, copied
from tests.fund_service.web.reading_pages import Page
from tests.fund_service.web.visitor import seen, somebody

PAGE = f"/calls/{CALL_ID}/evaluators"
WAITING = APPLICANTS[:3]


class Ticks(Page):
    """A page with the rows that are ticked on it."""

    def __init__(self, content: str) -> None:
        self.rows: list[str] = []
        super().__init__(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a row."""
        given = dict(attrs)
        self.rows += [given["value"] or ""] if given.get("name") == "row" else []
        super().handle_starttag(tag, attrs)


@pytest.fixture
def closed(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a fund in which three applications wait for evaluators."""
    with turning.opened(copied(stages[Stage.CLOSED], tmp_path / "fund")) as opened:
        story = StagedFund(opened.parts.fund)
        story.number, story.at = 10_000, CALENDAR.eligibility_checked
        for one in WAITING:
            story.act(CheckEligibility, ENGINE, pilot_action_id=action_of(one))
        opened.parts.facts.put("clock", story.at.isoformat())
        opened.parts.projector.catch_up()
        yield opened


def test_the_secretariat_accepts_together_what_is_proposed_with_reasons(closed: Api) -> None:
    who = somebody(closed, "Secretariat 1")
    page = who.see(PAGE)
    assert "3 applications with free seats" in page.said
    assert "as one must be (D02)" in page.said
    assert PAGE in who.see(f"/calls/{CALL_ID}/desk").links
    rows = [("row", row) for row in Ticks(page.content).rows]
    assert len(rows) == 9
    csrf = ("csrf", csrf_of(who.secret or ""))
    assert seen(who.send_all("/together", [csrf, *rows])).said.count("Possible") == 9
    ticks = [("tick", row) for _, row in rows]
    done = seen(who.send_all("/together", [csrf, *rows, *ticks, ("key", "accepted"), ("record", "yes")]))
    assert "9 of 9 recorded." in done.said
    taken = [closed.parts.fund.look(EVALUATION, evaluation_id(action_of(one))) for one in WAITING]
    assert [len(one.seats) for one in taken if one is not None] == [3, 3, 3]
    closed.parts.projector.catch_up()
    assert "No seat is free" in who.see(PAGE).said


def test_where_nobody_is_free_it_says_why_evaluator_by_evaluator(closed: Api) -> None:
    said = somebody(closed, "Secretariat 1").see(f"{PAGE}?most=1").said
    assert "Why nobody is proposed for it" in said
    assert "Has 1 of at most 1 applications." in said


def test_an_officer_of_another_strand_is_proposed_nothing_and_an_applicant_finds_no_page(closed: Api) -> None:
    assert "No seat is free" in somebody(closed, "Secretariat LAC").see(PAGE).said
    somebody(closed, "Officer of Turin").see(PAGE, 404)
    somebody(closed, "Evaluator 1").see(PAGE, 404)
