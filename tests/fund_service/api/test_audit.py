"""What an auditor asks of a call over HTTP: for the auditor alone, before closing without applications."""

import csv
import io
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.files import File, FileKind, Scan
from domain.pilot_action.events import FileAttached
from domain.values import ProtectedText
from fund_service.audit.checkpoints import KEY_FILE, own_key, sign_now, witness_log
from fund_service.audit.exporting import export
from fund_service.auth.people import Profile
from fund_service.event_store import Stored
from projections.screens import SCREENS
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.audit.forging import unpacked
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, id_of
from tests.fund_service.staged_fund import TURIN, Stage, copied

AUDIT = f"/calls/{CALL_ID}/audit"
BUNDLE = f"/calls/{CALL_ID}/bundle"
KINDS = ("questions", "exceptions", "equal-treatment", "equal-treatment/spread", "totals", "sample?size=1&seed=x")
ACTIONS = sorted(str(action_of(one)) for one in APPLICANTS)


@pytest.fixture(scope="module")
def granted(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        yield opened


def asked(api: Api, what: str) -> list[dict[str, Any]]:
    answer = api.get("Auditor 1", f"{AUDIT}/{what}")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_but_an_auditor_asks(granted: Api, kind: str) -> None:
    assert asked(granted, kind)
    for who in ("Secretariat 1", "Approver 1", "Officer of Turin", "Evaluator 1"):
        assert granted.get(who, f"{AUDIT}/{kind}").status_code == 404


def test_before_closing_nothing_tells_how_many_applications_there_are(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.OPEN]) as api:
        assert asked(api, "totals") == []
        assert {one["pilot_action_id"] for one in asked(api, "exceptions")} == {None}
        treated = asked(api, "equal-treatment")
        assert {(one["pilot_action_id"], one["outcome"], one["submissions"]) for one in treated} == {
            (None, "did not apply", 0)
        }
        refused = api.get("Auditor 1", f"{AUDIT}/sample?size=1&seed=x")
        assert refused.status_code == 422
        assert "There is nothing to draw from yet." in refused.text


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "duckdb"])
def test_an_auditor_downloads_everything_as_tables_in_one_zip(granted: Api, form: str) -> None:
    answer = granted.get("Auditor 1", f"{AUDIT}/tables?format={form}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert f".{form}.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert {name.rpartition(".")[2] for name in files.namelist()} == {form}
        read_models = {f"{table}.{form}" for screen in SCREENS for table in screen.metadata.tables}
        assert len(files.namelist()) == 1 if form in ("xlsx", "duckdb") else read_models < set(files.namelist())
        assert files.testzip() is None


def test_the_tables_of_a_moment_of_the_past_end_there(granted: Api) -> None:
    answer = granted.get("Auditor 1", f"{AUDIT}/tables?as_of=400")
    assert answer.headers["Fund-As-Of"].startswith("400;")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        rows = list(csv.DictReader(io.StringIO(files.read("events.csv").decode(), newline="")))
    assert [int(row["position"]) for row in rows] == list(range(1, 401))


def test_before_closing_and_to_others_there_are_no_tables(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.OPEN]) as api:
        assert api.get("Auditor 1", f"{AUDIT}/tables").status_code == 404
    with turning.opened(stages[Stage.CLOSED]) as api:
        assert api.get("Auditor 1", f"{AUDIT}/tables").status_code == 200
        for who in ("Secretariat 1", "Approver 1", "Officer of Turin", "Evaluator 1"):
            assert api.get(who, f"{AUDIT}/tables").status_code == 404


def test_where_the_extra_is_missing_the_answer_says_what_to_install(
    granted: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    answer = granted.get("Auditor 1", f"{AUDIT}/tables?format=parquet")
    assert answer.status_code == 503
    assert "the extra `analysis`, which is not installed here" in answer.json()["detail"]


def test_a_random_sample_is_drawn_again_by_anybody_from_the_ids_alone(granted: Api) -> None:
    lowest = sorted(ACTIONS, key=lambda id: sha256(f"Brussels\n{id}".encode()).hexdigest())[:2]
    found = asked(granted, "sample?size=2&seed=Brussels")
    assert [one["id"] for one in found] == sorted(lowest)
    assert found == asked(granted, "sample?size=2&seed=Brussels")
    assert {one["as_of"] for one in found} == {granted.parts.log.end()}


def test_a_sample_as_of_a_position_knows_nothing_of_what_came_later(granted: Api) -> None:
    (one,) = asked(granted, "sample?of=orders&size=1&seed=x")
    assert one["positions"] == [granted.parts.log.end() - 1]
    refused = granted.get("Auditor 1", f"{AUDIT}/sample?of=orders&size=1&seed=x&at={one['positions'][0] - 1}")
    assert "There is nothing to draw from yet." in refused.text
    beyond = granted.get("Auditor 1", f"{AUDIT}/sample?of=orders&size=1&seed=x&at={granted.parts.log.end() + 1}")
    assert "The log has no position" in beyond.text


def test_a_stratified_sample_names_the_stratum_of_each(granted: Api) -> None:
    found = asked(granted, "sample?method=stratified&divided_by=outcome&size=3&seed=x")
    assert [one["stratum"] for one in found] == ["award", "not_selected", "reserve"]
    assert [one["outcome"] for one in found] == ["award", "not_selected", "reserve"]


def test_the_ledger_of_equal_treatment_tells_what_each_was_given_with_its_events(granted: Api) -> None:
    rows = {one["partnership"]: one for one in asked(granted, "equal-treatment")}
    assert len(rows) == len(APPLICANTS)
    turin, hamburg = rows["Turin with Nagoya"], rows["Hamburg with Canberra"]
    assert (turin["outcome"], turin["coaching_offers"], turin["submissions"]) == ("award", 1, 1)
    assert (hamburg["outcome"], hamburg["coaching_offers"], hamburg["submissions"]) == ("reserve", 0, 1)
    assert turin["notices"] == len(turin["positions"]["notices"])
    groups = asked(granted, "equal-treatment/spread?measure=coaching_offers")
    assert [(one["outcome"], one["least"], one["most"]) for one in groups] == [
        ("award", 0, 1),
        ("not_selected", 0, 0),
        ("reserve", 0, 0),
    ]


def test_what_was_found_is_told_as_csv_with_its_events(granted: Api) -> None:
    answer = granted.get("Auditor 1", f"{AUDIT}/exceptions?question=unused-roles&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["people"] for row in rows} == {
        "Coach 1",
        "Certifier 1",
        "Evaluator 4",
        "Evaluator 5",
    }
    assert all(row["positions"].isdecimal() for row in rows)


def test_each_question_says_how_much_it_found(granted: Api) -> None:
    counts = {one["id"]: one["found"] for one in asked(granted, "questions")}
    assert {id: found for id, found in counts.items() if found} == {"offers": 1, "unused-roles": 4}


def test_an_auditor_takes_files_and_names_with_the_bundle_and_it_is_told(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "open")) as api:
        assert api.get("Auditor 1", f"{BUNDLE}?with_names=true&with_files=true").status_code == 404
    with turning.opened(copied(stages[Stage.GRANTED], tmp_path / "fund")) as api:
        content, coach, me = b"Our plan.", id_of("Coach 1"), id_of("Auditor 1")
        digest = sha256(content).hexdigest()
        api.parts.attachments.contents.keep(digest, io.BytesIO(content))
        profile = Profile(full_name="Planted Coach", email="planted@example.org", unit="Planted")
        api.parts.people.put(coach, profile, api.parts.clock.now())
        title = ProtectedText(subject=id_of("Officer of Turin"), text="Our plan")
        file = File(digest=digest, size=len(content), kind=FileKind.TEXT, scan=Scan.CLEAN, title=title)
        when, action = api.parts.clock.now(), action_of(TURIN)
        event = FileAttached(by=title.subject, effective_at=when, attachment_id=id_of("file"), file=file)
        api.parts.log.append([Stored(action, len(api.parts.log.history(action)) + 1, when, action, event)])
        sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
        found = {}
        for besides in ("", "?with_names=true", "?with_files=true", "?with_names=true&with_files=true"):
            caplog.clear()
            found[besides] = unpacked(api.get("Auditor 1", f"{BUNDLE}{besides}").content)
            told = [one.getMessage() for one in caplog.records if "what=bundle" in one.getMessage()]
            names, files = ("yes" if f"{one}=true" in besides else "no" for one in ("with_names", "with_files"))
            line = f"read what=bundle subject={me} as=auditor names={names} files={files} about={CALL_ID}"
            assert told == ([line] if besides else [])
            assert (f"{coach},Planted Coach" in found[besides].get("people.csv", b"").decode()) is (names == "yes")
            assert (found[besides].get(f"files/{digest}") == content) is (files == "yes")
        assert api.get("Auditor 1", f"{BUNDLE}?with_names=perhaps").status_code == 422


def test_an_auditor_takes_the_bundle_that_the_command_line_writes_once_the_call_is_closed(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "open")) as api:
        assert api.get("Auditor 1", BUNDLE).status_code == 404
    with turning.opened(copied(stages[Stage.GRANTED], tmp_path / "fund")) as api:
        early = api.get("Auditor 1", BUNDLE)
        assert (early.status_code, early.json()["detail"].partition(".")[0]) == (404, "The log was not signed yet")
        sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
        end = api.parts.log.end()
        answer = api.get("Auditor 1", BUNDLE)
        written = io.BytesIO()
        told = export(api.parts, CALL_ID, written)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
        assert answer.content == written.getvalue()
        assert answer.headers["ETag"] == f'"{told.digest}"'
        assert (
            f'attachment; filename="call-{str(CALL_ID)[:8]}-{told.position}.zip"'
            in answer.headers["Content-Disposition"]
        )
        assert api.get("Auditor 1", BUNDLE, If_None_Match=answer.headers["ETag"]).status_code == 304
        assert api.parts.log.end() == end, "to read is no event"
        assert any("as=auditor" in one.getMessage() and "/bundle" in one.getMessage() for one in caplog.records)
        for who in ("Secretariat 1", "Approver 1", "Officer of Turin", "Evaluator 1"):
            for besides in ("", "?with_names=true", "?with_files=true"):
                assert api.get(who, f"{BUNDLE}{besides}").status_code == 404
        (tmp_path / "fund" / KEY_FILE).unlink()
        away = api.get("Auditor 1", BUNDLE)
        assert (away.status_code, away.json()["type"]) == (503, "/problems/unavailable")
        assert not (tmp_path / "fund" / KEY_FILE).exists(), "a second key would make the log another's"
