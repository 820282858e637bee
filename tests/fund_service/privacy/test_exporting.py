"""An export holds everything about a person, their own texts open, and nothing of others."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import NotFound
from fund_service.cli.main import main
from fund_service.composition import Parts
from fund_service.listing import as_data
from fund_service.privacy.exporting import export
from tests.fund_service.privacy.conftest import ADDRESS, NAME, OFFICER, WHY
from tests.fund_service.small_fund import NOTE, OFFICE, id_of

NOW = datetime(2027, 6, 1, tzinfo=UTC)


def test_it_holds_profile_account_tokens_and_events_with_own_texts_open(parts: Parts) -> None:
    parts.saved_views.keep(OFFICER, "What is late", "/home?late=true", NOW)
    found = as_data(export(parts, OFFICER, NOW))
    assert found["directory"]["saved_views"][0]["name"] == "What is late"
    assert found["directory"]["people"][0]["full_name"] == NAME
    (token,) = found["directory"]["tokens"]
    assert (token["label"], "digest" in token) == ("Planted token", False)
    (role,) = found["roles"]
    assert (role["role"], role["granted_by"], role["revoked_at"] is not None) == ("applicant", str(OFFICE), True)
    topics = [event["topic"] for event in found["events"]]
    assert {"account.opened", "partnership.roadmap-drafted", "pilot-action.draft-section-saved"} <= set(topics)
    assert NOTE in json.dumps(found)


def test_texts_of_others_stay_masked_and_events_that_the_person_may_not_read_are_left_out(parts: Parts) -> None:
    found = as_data(export(parts, OFFICER, NOW))
    revoked = next(event for event in found["events"] if event["topic"] == "account.role-revoked")
    assert (revoked["event"]["reason"], revoked["event"]["by"]) == ("[protected]", str(OFFICE))
    assert WHY not in json.dumps(found)
    assert not [event for event in found["events"] if event["topic"].startswith("evaluation.")]
    office = json.dumps(as_data(export(parts, OFFICE, NOW)))
    assert (WHY in office, NOTE in office, ADDRESS in office) == (True, False, False)


def test_a_role_that_is_granted_again_stands_twice(parts: Parts) -> None:
    roles = export(parts, id_of("Approver 1"), NOW).roles
    assert [(one.proposed_by, one.revoked_at) for one in roles] == [(OFFICE, None)]


def test_who_has_no_account_has_nothing_to_export(parts: Parts) -> None:
    with pytest.raises(NotFound):
        export(parts, id_of("Nobody"), NOW)


def test_the_command_writes_a_new_file_for_its_owner_alone(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "officer.json"
    asked = ["privacy", "export", "Officer of Dublin", "--out", str(file), "--data", str(place)]
    assert main(asked) == 0
    assert json.loads(file.read_text())["directory"]["people"][0]["email"] == ADDRESS
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert main(asked) == 2
    assert "is there already" in capsys.readouterr().err
    assert main([*asked[:3], "--data", str(place)]) == 0
    assert NAME in capsys.readouterr().out
    other = tmp_path / "again.json"
    assert main([*asked[:4], str(other), *asked[5:], "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"path": str(other), "events": len(json.loads(other.read_text())["events"])}


def test_the_command_erases_only_what_one_says_twice(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["privacy", "erase", "Officer of Turin", "--as", "Secretariat 1", "--data", str(place)]
    assert main(asked) == 2
    assert "cannot be undone" in capsys.readouterr().err
    assert main([*asked, "--dry-run"]) == 3
    assert main([*asked, "--yes"]) == 3
    assert "still has the role" in capsys.readouterr().err
