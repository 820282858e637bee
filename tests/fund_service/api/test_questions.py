"""Questions about a call: asked by a city, answered for all in public, and nobody else learns who asked what."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.call.rules import Calendar
from fund_service.api.feed import told
from fund_service.permissions.actors import Actor
from fund_service.permissions.reading_log import may_read
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import RULES, id_of

OFFICER, RIVAL, SECRETARIAT, APPROVER = "Officer of Turin", "Officer of Málaga", "Secretariat 1", "Approver 1"
QUESTION, PUBLISHED, ANSWER = "We are Turin: may our university join?", "May a university join?", "Yes."
ALONE, REASON = "Your account is open now.", "It was answered."


@pytest.fixture(scope="module")
def call_id(api: Api) -> UUID:
    """Publish a call whose dates lie ahead of today, and return its id."""
    later = datetime.now(UTC) - RULES.calendar.published
    dates = {name: point + later for name, point in RULES.calendar.points()}
    rules = RULES.model_copy(update={"edition": "next", "calendar": Calendar(**dates)})
    found = uuid4()
    body = {"call_id": str(found), "rules": rules.model_dump(mode="json")}
    assert api.post(SECRETARIAT, "/calls", body).status_code == 201
    return found


@pytest.fixture(scope="module")
def story(api: Api, call_id: UUID) -> dict[str, Any]:
    """Ask three questions; one is answered for all, one alone, one is declined."""
    path = f"/calls/{call_id}/questions"
    numbers = (1, 2, 3)
    for number, who in zip(numbers, (OFFICER, RIVAL, RIVAL), strict=True):
        asked = api.post(who, path, {"question": QUESTION})
        assert asked.status_code == 200, asked.text
        assert asked.headers["Location"] == "/api/v1/me/questions"
        assert asked.json()["events"][0]["sentence"].startswith(f"Question {number} about the call was asked")
    waiting = api.get(SECRETARIAT, f"{path}/all", Fund_Position=asked.headers["Fund-Position"]).json()
    assert api.get(None, path).json() == []
    assert api.post(SECRETARIAT, f"{path}/1/answer", {"question": PUBLISHED, "answer": ANSWER}).status_code == 200
    assert api.post(SECRETARIAT, f"{path}/2/private-answer", {"answer": ALONE}).status_code == 200
    last = api.post(SECRETARIAT, f"{path}/3/refusal", {"reason": REASON, "see": 1})
    assert last.status_code == 200, last.text
    api.parts.projector.wait_for(int(last.headers["Fund-Position"]), 20)
    return {"path": path, "waiting": waiting}


def test_the_public_reads_published_questions_and_nothing_of_who_asked(api: Api, story: dict[str, Any]) -> None:
    answer = api.get(None, story["path"])
    [row] = answer.json()
    assert (row["number"], row["question"], row["answer"], row["revision"]) == (1, PUBLISHED, ANSWER, 1)
    assert row.keys() == {"number", "question", "answer", "revision", "published_at"}
    assert str(id_of(OFFICER)) not in answer.text


def test_the_secretariat_reads_all_of_them_in_the_askers_words(api: Api, story: dict[str, Any]) -> None:
    assert [(row["state"], row["late"], row["question"]) for row in story["waiting"]] == [("open", False, QUESTION)] * 3
    rows = api.get(SECRETARIAT, f"{story['path']}/all").json()
    assert [row["state"] for row in rows] == ["published", "answered privately", "declined"]
    assert [row["said"] for row in rows] == [None, ALONE, REASON]
    assert [row["asked_by_label"] for row in rows] == [OFFICER, RIVAL, RIVAL]
    assert [row["see"] for row in rows] == [None, None, 1]
    for who in (OFFICER, APPROVER):
        assert api.get(who, f"{story['path']}/all").status_code == 404


def test_everybody_reads_the_own_questions_with_what_was_said(api: Api, story: dict[str, Any]) -> None:
    assert [(row["number"], row["answer"]) for row in api.get(OFFICER, "/me/questions").json()] == [(1, ANSWER)]
    assert [(row["number"], row["said"]) for row in api.get(RIVAL, "/me/questions").json()] == [(2, ALONE), (3, REASON)]
    assert api.get(APPROVER, "/me/questions").json() == []


def test_the_feed_tells_all_of_a_published_answer_and_others_nothing_of_the_rest(
    api: Api, call_id: UUID, story: dict[str, Any]
) -> None:
    world = api.parts.fund.world()
    events = [one for one in api.parts.log.read(0, 10_000) if one.stream == call_id and "question" in one.event.TOPIC]

    def reads(who: str) -> list[str]:
        actor = Actor(id_of(who))
        return [one.event.TOPIC.removeprefix("call.question-") for one in events if may_read(actor, one, world)]

    assert reads(SECRETARIAT) == ["asked", "asked", "asked", "answered", "answered-privately", "declined"]
    assert reads(OFFICER) == ["asked", "answered"]
    assert reads(RIVAL) == ["asked", "asked", "answered", "answered-privately", "declined"]
    assert reads(APPROVER) == ["answered"]
    shown = "".join(told(one, Actor(id_of(SECRETARIAT)), world).model_dump_json() for one in events)
    assert PUBLISHED in shown
    assert not any(text in shown for text in (QUESTION, ALONE, REASON))


def test_no_protected_word_lies_in_the_screens_or_in_the_log(api: Api, story: dict[str, Any]) -> None:
    files = [file.read_bytes() for file in api.parts.directory.directory.rglob("*") if file.is_file()]
    assert any(PUBLISHED.encode() in content for content in files)
    assert not any(text.encode() in content for content in files for text in (QUESTION, ALONE, REASON))


def test_a_question_waits_for_the_secretariat_with_the_request_that_answers_it(
    api: Api, call_id: UUID, story: dict[str, Any]
) -> None:
    asked = api.post(OFFICER, story["path"], {"question": "And one more?"})
    waiting = api.get(SECRETARIAT, "/me/next", Fund_Position=asked.headers["Fund-Position"]).json()
    [row] = [row for row in waiting if row["deed"] == "Answer a question about the call."]
    assert row["path"] == f"/api/v1/calls/{call_id}/questions/4/answer"
    assert (row["rule"], row["missing"]) == ("D29", ["question", "answer"])
    assert row["due"] == api.get(None, f"/calls/{call_id}").json()["answers_due"]
    assert api.post(OFFICER, f"{story['path']}/4/answer", {"question": "?", "answer": "!"}).status_code == 403


def test_a_question_to_a_call_that_closed_long_ago_is_refused_with_its_rule(api: Api) -> None:
    refused = api.post(OFFICER, f"/calls/{id_of('call')}/questions", {"question": "Am I late?"})
    assert (refused.status_code, refused.json()["rule"]["id"]) == (409, "D29")
    assert api.get(None, f"/calls/{uuid4()}/questions").status_code == 404
