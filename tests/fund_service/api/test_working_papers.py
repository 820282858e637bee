"""Working papers over HTTP: auditors write, the secretariat reads findings without notes and answers, nobody else."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from domain.values import BRUSSELS
from domain.working_paper.commands import IssueFinding
from fund_service.api.examples import bodies
from tests.fund_service.api.conftest import Api, api_of
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage, copied

AUDITOR, OFFICE, OTHERS = "Auditor 1", "Secretariat 1", ("Approver 1", "Officer of Turin", "Evaluator 1", "Coach 1")
PAPERS, FINDINGS = f"/calls/{CALL_ID}/audit/papers", f"/calls/{CALL_ID}/findings"
ABOUT = f"/calls/{CALL_ID}/audit/exceptions?question=late"
PARTS = {name: text for name, text in bodies()[IssueFinding].items() if name != "answer_by"}
NOTE, ANSWER, REMARK = "Two orders on one day.", "We shall look at them.", "The list was looked at."


class Told(NamedTuple):
    """A paper in which everything happened, and what the secretariat was told before its first finding."""

    api: Api
    path: str
    today: date
    before: int
    events: int


@pytest.fixture(scope="module")
def told(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with api_of(copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("papers") / "fund")) as api:
        path = f"/working-papers/{uuid4()}"
        today = api.parts.clock.now().astimezone(BRUSSELS).date()
        opened = {"paper_id": path.rpartition("/")[2], "title": "Orders of May", "about": ABOUT}
        did(api, AUDITOR, PAPERS, opened, status=201)
        did(api, AUDITOR, f"{path}/notes", {"note": NOTE, "cites": "/grants?as_of=7"})
        before = api.get(OFFICE, path).status_code
        did(api, AUDITOR, f"{path}/findings", {**PARTS, "answer_by": str(today + timedelta(14))})
        yield Told(api, path, today, before, api.parts.log.end())


def did(api: Api, who: str, path: str, body: dict[str, Any], status: int = 200) -> None:
    answer = api.post(who, path, body)
    assert answer.status_code == status, answer.text
    api.parts.projector.wait_for(int(answer.headers["Fund-Position"]), 20)


def test_an_auditor_reads_the_whole_paper(told: Told) -> None:
    paper = told.api.get(AUDITOR, told.path).json()
    assert (paper["title"], paper["about"], paper["state"]) == ("Orders of May", ABOUT, "open")
    assert [(one["note"], one["cites"]) for one in paper["notes"]] == [(NOTE, "/grants?as_of=7")]
    assert {name: paper["findings"][0][name] for name in PARTS} == PARTS
    [row] = told.api.get(AUDITOR, f"{PAPERS}?q=orders").json()
    assert (row["about"], row["notes"], row["findings"], row["waiting"], row["late"]) == (ABOUT, 1, 1, 1, False)


def test_notes_are_for_auditors_alone_and_the_secretariat_reads_from_the_first_finding_on(told: Told) -> None:
    assert told.before == 404
    seen = told.api.get(OFFICE, told.path)
    assert seen.json()["notes"] == []
    assert NOTE not in seen.text
    assert len(seen.json()["findings"]) == 1
    assert told.api.get(OFFICE, PAPERS).status_code == 404
    assert [one["state"] for one in told.api.get(OFFICE, FINDINGS).json()] == ["waits"]


def test_the_feed_tells_the_secretariat_of_findings_and_not_of_notes(told: Told) -> None:
    ours = {
        who: set(re.findall(r"working-paper\.[a-z-]+", told.api.get(who, "/events?after=0&limit=1000").text))
        for who in (AUDITOR, OFFICE, "Officer of Turin")
    }
    assert {"working-paper.opened", "working-paper.note-written"} <= ours[AUDITOR]
    assert ours[OFFICE] == {"working-paper.finding-issued"}
    assert ours["Officer of Turin"] == set()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_or_writes(told: Told, who: str) -> None:
    assert [told.api.get(who, path).status_code for path in (told.path, PAPERS, FINDINGS)] == [404] * 3
    body = {"agreed": False, "answer": "No."}
    assert told.api.post(who, f"{told.path}/findings/1/answer", body).status_code == 404
    assert told.api.post(who, f"{told.path}/notes", {"note": "Mine."}).status_code == 404


def test_no_office_writes_for_auditors_and_no_auditor_answers(told: Told) -> None:
    assert told.api.post(OFFICE, f"{told.path}/notes", {"note": "Mine."}).status_code == 403
    body = {"agreed": False, "answer": "No."}
    assert told.api.post(AUDITOR, f"{told.path}/findings/1/answer", body).status_code == 403


def test_no_word_that_was_written_lies_in_the_log(told: Told) -> None:
    stored = b"".join(bytes(one.state) for one in told.api.parts.log.headers() if "working-paper" in one.topic)
    assert stored
    for words in (NOTE, ABOUT, "Orders of May", *(PARTS[name] for name in ("condition", "cause", "effect"))):
        assert words.encode() not in stored


def test_a_finding_waits_on_the_list_of_the_secretariat_until_it_is_answered_and_then_follows_up(told: Told) -> None:
    answer = f"/api/v1{told.path}/findings/1/answer"
    assert [one["rule"] for one in told.api.get(OFFICE, "/me/next").json() if one["path"] == answer] == ["D35"]
    day = str(told.today + timedelta(30))
    did(told.api, OFFICE, f"{told.path}/findings/1/answer", {"agreed": True, "answer": ANSWER, "by_when": day})
    assert answer not in told.api.get(OFFICE, "/me/next").text
    did(told.api, AUDITOR, f"{told.path}/findings/1/follow-up", {"standing": "implemented", "remark": REMARK})
    did(told.api, AUDITOR, f"{told.path}/closure", {"conclusion": "It is put right."})
    paper = told.api.get(OFFICE, told.path).json()
    assert [(one["text"], one["agreed"], one["standing"], one["by_when"]) for one in paper["findings"][0]["said"]] == [
        (ANSWER, True, None, day),
        (REMARK, None, "implemented", None),
    ]
    assert (paper["state"], paper["conclusion"]) == ("closed", "It is put right.")
    [row] = told.api.get(OFFICE, f"{FINDINGS}?state=implemented").json()
    assert (row["agreed"], row["by_when"], row["due"]) == (True, day, None)


def test_the_past_shows_the_paper_as_it_was(told: Told) -> None:
    then = told.api.get(AUDITOR, f"{told.path}?as_of={told.events}").json()
    assert (then["state"], then["findings"][0]["said"]) == ("open", [])
    assert then["findings"][0]["state"] == "waits"
