"""Every question as of a moment of the past: who may ask, what one then sees, and that the answer says of when."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from fund_service.api.asking import Open
from tests.fund_service.api.asking import ASKS_BACK, sights
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import things
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, id_of
from tests.fund_service.staged_fund import Stage, copied

TURIN: Final = APPLICANTS[0]
OFFICES: Final = ("Auditor 1", "Secretariat 1", "Approver 1", "Certifier 1", "Resource manager 1")
OTHERS: Final = ("Evaluator 1", "Coach 1", "Officer of Turin", "Officer of Nagoya")


@pytest.fixture(scope="module")
def granted(stages: dict[Stage, Path], turning: Turning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return the API of a fund with all its stages behind it."""
    place = copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("past") / "fund")
    with turning.opened(place) as api:
        yield api


def test_an_office_reads_the_past_and_everybody_else_is_told_that_they_may_not(granted: Api) -> None:
    for who in OFFICES:
        answer = granted.get(who, "/partnerships?as_of=100")
        assert (answer.status_code, answer.headers["Fund-Position"]) == (200, "100"), (who, answer.text)
        assert answer.headers["Fund-As-Of"].startswith("100; at=20")
    for who in OTHERS:
        answer = granted.get(who, "/partnerships?as_of=100")
        assert answer.status_code == 403, who
        assert "only an auditor, the secretariat" in answer.json()["detail"]
    assert granted.get(None, "/calls?as_of=100").status_code == 401  # for everybody, though not of the past


def test_every_question_is_answered_as_of_a_moment(granted: Api) -> None:
    end = granted.parts.log.end()
    for path, sight in sights().items():
        if path in ASKS_BACK | _SIGNED:
            continue
        asked = path.format_map(things(TURIN))
        sign = "&" if "?" in asked else "?"
        now = granted.get("Auditor 1", asked)
        then = granted.get("Auditor 1", f"{asked}{sign}as_of={end}")
        told = (path, sight, now.status_code, then.status_code, then.text[:300])
        assert then.status_code == now.status_code, told
        if now.status_code == 200:
            assert then.headers["Fund-As-Of"].startswith(f"{end};"), told
            assert then.content == now.content or path in _OF_NOW, told
        first = granted.get("Auditor 1", f"{asked}{sign}as_of=1&held_at=2030-01-01")
        assert first.status_code in (200, 404), (path, first.text[:300])
        assert sight is Open.EVERYBODY or granted.get("Evaluator 1", f"{asked}{sign}as_of=1").status_code in (403, 404)


_OF_NOW: Final = frozenset({"/people/me/export"})
"""What says when it was made."""
_SIGNED: Final = frozenset({"/calls/{call_id}/bundle", "/pilot-actions/{pilot_action_id}/dossier"})
"""What is of a checkpoint that was signed, and of no other moment."""


def test_the_document_says_of_every_question_that_it_can_be_of_the_past(granted: Api) -> None:
    document = granted.client.get("/api/v1/openapi.json").json()
    for path in sights().keys() - _SIGNED:
        told = str(document["paths"][f"/api/v1{path}"]["get"]["parameters"])
        assert ("AsOf" in told, "HeldAt" in told) == (True, True), path


def test_before_closing_the_past_tells_as_little_as_it_did_then(granted: Api) -> None:
    action = action_of(TURIN)
    opened = _position_of(granted, "call.application-window-closed") - 1
    assert granted.get("Auditor 1", f"/pilot-actions/{action}").status_code == 200
    for path in (f"/pilot-actions/{action}", f"/calls/{CALL_ID}/dashboard"):
        answer = granted.get("Auditor 1", f"{path}?as_of={opened}")
        assert answer.status_code == 404, path
    assert granted.get("Auditor 1", f"/pilot-actions?as_of={opened}").json() == []
    events = granted.get("Auditor 1", f"/events?limit=1000&as_of={opened}").json()
    assert int(events[-1]["id"]) <= opened
    assert not any("draft-section" in one["type"] for one in events)


def test_an_auditor_appointed_later_sees_the_past_in_the_office_of_today(granted: Api) -> None:
    before = _position_of(granted, "account.opened", id_of("Auditor 1")) - 1
    answer = granted.get("Auditor 1", f"/accounts?as_of={before}")
    assert answer.status_code == 200
    labels = [row["label"] for row in answer.json()]
    assert "Secretariat 1" in labels
    assert "Auditor 1" not in labels
    assert granted.get("Auditor 1", f"/accounts/{id_of('Auditor 1')}?as_of={before}").status_code == 404


def test_a_day_of_the_programme_means_what_was_recorded_by_its_end(granted: Api) -> None:
    closed = _position_of(granted, "call.application-window-closed")
    day = granted.parts.log.read(closed - 1, 1)[0].event.effective_at.date()
    answer = granted.get("Auditor 1", f"/calls/{CALL_ID}/dashboard?as_of={day}")
    assert answer.status_code == 200
    assert int(answer.headers["Fund-Position"]) >= closed
    assert answer.json()["submitted"] == 4


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("as_of=999999", "The log has no position 999999 yet: its last is"),
        ("as_of=0", "The log begins at position 1"),
        ("as_of=9999-12-31T23:59:59Z", "“9999-12-31T23:59:59Z” is neither a position of the log nor an instant."),
        ("held_at=0001-01-01", "is neither a position of the log nor an instant"),
        ("as_of=yesterday", "“yesterday” is neither a position of the log nor an instant."),
        ("as_of=2020-01-01", "Nothing was recorded by Wed 1 January 2020"),
        ("as_of=2099-01-01", "is still to come"),
        ("held_at=2026-10-25T02:30", "is not one instant in Brussels"),
        ("held_at=2026-02-30", "is neither a position of the log nor an instant"),
    ],
)
def test_a_moment_that_is_none_is_refused_in_one_sentence(granted: Api, asked: str, says: str) -> None:
    answer = granted.get("Auditor 1", f"/calls?{asked}")
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_what_an_auditor_reads_of_the_past_is_told_with_its_position(
    granted: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="fund.access"):
        granted.get("Auditor 1", "/partnerships?as_of=90")
    assert [one.getMessage() for one in caplog.records if re.search("as=auditor .* as_of=90", one.getMessage())]


def test_the_feed_of_the_past_goes_on_in_the_past(granted: Api) -> None:
    answer = granted.get("Auditor 1", "/events?limit=2&as_of=100")
    assert "as_of=100" in answer.headers["Link"]


def _position_of(api: Api, topic: str, stream: Any = None) -> int:
    events = api.parts.log.read(0, 10_000)
    return next(one.position for one in events if topic == one.event.TOPIC and stream in (None, one.stream))
