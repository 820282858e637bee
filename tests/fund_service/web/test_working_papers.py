"""The pages of working papers: opened about what an auditor looks at, answered by the secretariat, followed up."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from domain.ids import grant_id
from domain.values import BRUSSELS
from fund_service.web.wishes import DO
from tests.fund_service.api.conftest import api_of
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, somebody

AUDIT, FINDINGS = f"/calls/{CALL_ID}/audit", f"/calls/{CALL_ID}/findings"
PARTS = ("condition", "criterion", "cause", "effect", "recommendation")
GRANT = grant_id(action_of(APPLICANTS[0]))
NOTE = "Nobody else wrote this."


class Both(NamedTuple):
    """An auditor and an officer of the secretariat, with the address of a paper in which a finding waits."""

    auditor: Visitor
    office: Visitor
    paper: str
    today: str
    later: str


@pytest.fixture(scope="module")
def both(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    place = tmp_path_factory.mktemp("papers") / "fund"
    shutil.copytree(stages[Stage.GRANTED], place)
    with api_of(place) as api:
        auditor, office = somebody(api, "Auditor 1"), somebody(api, "Secretariat 1")
        about = f"{AUDIT}/events?at=7"
        opened = auditor.send(f"{DO}{AUDIT}/papers", {"key": uuid4().hex, "title": "Roles", "about": about})
        paper = opened.headers["Location"].partition("?")[0]
        today = api.parts.clock.now().astimezone(BRUSSELS).date()
        told = {"priority": "high", "answer_by": str(today + timedelta(14)), **{one: f"The {one}." for one in PARTS}}
        sends(auditor, f"{DO}{paper}/notes", {"note": NOTE, "cites": about})
        sends(auditor, f"{DO}{paper}/findings", told)
        yield Both(auditor, office, paper, str(today), str(today + timedelta(30)))


def sends(who: Visitor, address: str, fields: dict[str, str]) -> str:
    """Send the form of a deed, and return what the page says to which it leads."""
    sent = who.send(address, {"key": uuid4().hex, **fields})
    assert sent.status_code == 303, sent.text
    return who.see(sent.headers["Location"]).said


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (f"/grants/{GRANT}?as_of=400", "Pilot action Cool schoolyards Partnership Turin with Nagoya About"),
        (f"/calls/{CALL_ID}/audit/events?at=7", "Call IURC competitive fund 2026 About"),
        (f"/grants/{CALL_ID}", "Open About"),
        (f"/grants/{str(CALL_ID).replace('-', 'a')}", "Open About"),
        ("/rules#D12", "Open About"),
    ],
)
def test_a_working_paper_says_in_words_what_its_address_leads_to(both: Both, about: str, said: str) -> None:
    assert f"{said} {about}" in sends(both.auditor, f"{DO}{AUDIT}/papers", {"title": "Looked at", "about": about})


def test_what_is_looked_at_leads_to_a_working_paper_about_it(both: Both) -> None:
    page = both.auditor.see(f"{AUDIT}/exceptions?question=unused-roles")
    (first, *_) = (link for link in page.links if link.startswith(f"{DO}{AUDIT}/papers?about="))
    assert f"{AUDIT}/events?at=" in both.auditor.ask(first).text
    for address in (f"{AUDIT}/events?at=7", f"{AUDIT}/sample?size=1&seed=x"):
        assert any(link.startswith(f"{DO}{AUDIT}/papers?about=") for link in both.auditor.see(address).links), address
    assert {f"{AUDIT}/papers", FINDINGS} <= set(both.auditor.see(AUDIT).links)


def test_the_list_leads_to_the_paper_and_the_paper_to_what_it_is_about(both: Both) -> None:
    page = both.auditor.see(f"{AUDIT}/papers")
    assert both.paper in page.links
    paper = both.auditor.see(both.paper)
    assert f"{AUDIT}/events?at=7" in paper.links
    assert NOTE in paper.said
    assert all(f"The {one}." in paper.said for one in PARTS)
    assert "Waits for an answer" in paper.said


def test_the_secretariat_hears_of_the_finding_on_its_desk_and_answers_it_without_reading_notes(both: Both) -> None:
    desk = both.office.see(f"/calls/{CALL_ID}/desk")
    assert "1 finding of an audit waits for an answer" in desk.said
    assert f"{both.paper}#finding-1" in both.office.see(FINDINGS).links
    paper = both.office.see(both.paper)
    assert NOTE not in paper.said
    answer = f"{DO}{both.paper}/findings/1/answer"
    assert answer in paper.links
    assert answer in both.office.see("/home").links
    assert "The condition." in both.office.see(answer).said
    said = sends(both.office, answer, {"agreed": "yes", "answer": "We look again.", "by_when": both.later})
    assert "The secretariat agrees" in said
    assert "Put right by 2 May 2026" in said
    followed = {"standing": "implemented", "remark": "It is right now."}
    assert "An auditor looked again: put right" in sends(
        both.auditor, f"{DO}{both.paper}/findings/1/follow-up", followed
    )
    assert "Closed" in sends(both.auditor, f"{DO}{both.paper}/closure", {"conclusion": "All is well."})


def test_whoever_is_neither_sees_none_of_it(both: Both, stages: dict[Stage, Path]) -> None:
    with api_of(stages[Stage.GRANTED]) as api:
        for address in (f"{AUDIT}/papers", FINDINGS, both.paper):
            somebody(api, "Approver 1").see(address, 404)
