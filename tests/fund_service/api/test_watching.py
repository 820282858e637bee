"""Who is refused stands in a line without names; what an auditor reads, and what is read by way of exception, too."""

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from domain.pilot_action.events import AccessAllowed, AccessRequested
from tests.fund_service.api.conftest import API, Api, Turning
from tests.fund_service.small_fund import action_of, id_of
from tests.fund_service.staged_fund import DUBLIN, TURIN, Stage, copied

TURINS = f"/pilot-actions/{action_of(TURIN)}"
SECTION = f"{TURINS}/draft/sections/resources"


@pytest.fixture
def draft(stages: Mapping[Stage, Path], turning: Turning, tmp_path: Path) -> Iterator[Api]:
    """Return a fund before closing, of the test's own."""
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as api:
        yield api


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was told since the last time."""
    told = [record.getMessage() for record in caplog.records if record.name == "fund.access"]
    caplog.clear()
    return told


def test_every_refusal_is_one_line_with_route_status_and_subject_and_nothing_that_was_sent(
    draft: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    draft.get("Officer of Dublin", f"{TURINS}?fields=planted-secret")
    answer = draft.get("Officer of Dublin", TURINS)
    told = lines(caplog)[-1]
    subject = id_of("Officer of Dublin")
    assert answer.json()["request"] in told
    assert f"route={API}/pilot-actions/{{pilot_action_id}} subject={subject} status=404 kind=not-found" in told
    draft.post(
        "Officer of Dublin", "/organisations", {"name": "planted-secret", "kind": "city", "side": "EU", "country": "IE"}
    )
    [told] = lines(caplog)
    assert f"method=POST route={API}/organisations subject={subject} status=403 kind=not-permitted" in told
    draft.client.get("/api/v1/me", headers={"Authorization": "Bearer planted-secret"})
    draft.get(None, "/me")
    draft.get("Officer of Dublin", "/planted-secret")
    told = lines(caplog)
    assert [one.partition(" status=")[2] for one in told] == ["401 kind=not-signed-in"] * 2 + ["404 kind=not-found"]
    assert all("subject=-" in one for one in told)
    assert "planted-secret" not in str(told)


def test_what_an_auditor_reads_is_told_and_what_others_read_is_not(
    draft: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    draft.get("Auditor 1", "/partnerships")
    draft.get("Auditor 1", "/events")
    draft.get("Secretariat 1", "/partnerships")
    told = lines(caplog)
    assert [one.partition(" route=")[2] for one in told] == [
        f"{API}/{what} subject={id_of('Auditor 1')} as=auditor about=-" for what in ("partnerships", "events")
    ]


def test_a_draft_is_read_by_way_of_exception_with_a_second_person_for_some_hours_and_the_members_are_told(
    draft: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    where = f"{TURINS}/exceptional-access"
    assert draft.get("Secretariat 1", SECTION).status_code == 404
    asked = {"reason": "A member complained of a fault.", "hours": 2}
    assert draft.post("Secretariat 1", where, asked).status_code == 200
    assert draft.get("Secretariat 1", SECTION).status_code == 404
    assert draft.post("Secretariat 1", f"{where}/confirmation").json()["rule"]["id"] == "D18"
    assert draft.post("Secretariat 2", f"{where}/confirmation").status_code == 200
    lines(caplog)

    assert draft.get("Secretariat 1", SECTION).status_code == 200
    assert f"as=exception about={action_of(TURIN)}" in lines(caplog)[-1]
    assert draft.get("Secretariat 2", SECTION).status_code == 404
    assert draft.get("Secretariat 1", f"/pilot-actions/{action_of(DUBLIN)}/draft/sections").status_code == 404
    assert draft.put("Secretariat 1", SECTION, {"answers": {}}, If_Match='"v1"').status_code == 403
    assert all(row["requested_cents"] is None for row in draft.get("Secretariat 1", "/pilot-actions").json())

    draft.parts.projector.catch_up()
    for member in ("Officer of Turin", "Officer of Nagoya"):
        topics = [row["topic"] for row in draft.get(member, f"{TURINS}/timeline").json()]
        assert topics[-2:] == [AccessRequested.TOPIC, AccessAllowed.TOPIC]
    draft.parts.clock.move(draft.parts.clock.now() + timedelta(hours=2))  # type: ignore[attr-defined]
    assert draft.get("Secretariat 1", SECTION).status_code == 404
