"""Replay equals live: after a story, a kill, an upgrade; and what somebody changed behind the fund's back is named."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import text

from domain.account.aggregate import ACCOUNT
from domain.account.commands import DecideErasure, OpenAccount
from domain.account.events import ErasureDecided, Ground, RoleRevoked
from domain.grant.events import ResourceOrdered
from domain.ids import grant_id
from domain.people import Role
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import SaveDraftSection
from domain.pilot_action.events import DraftSectionSaved
from domain.values import ProtectedText
from fund_service.audit.replaying import NAMED, Replayed, replay
from fund_service.cli.main import main
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.settings import Settings
from fund_service.snapshots import EVERY
from tests.fund_service.small_fund import CALENDAR, OFFICE, RULES, SmallFund, action_of, id_of
from tests.fund_service.staged_fund import TURIN, Stage, copied
from tests.stored.funds import recorded_funds, restore
from tests.stored.samples import read_samples

GRANT = grant_id(action_of(TURIN))
NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)


def unseen(done: float, doing: str) -> None:
    """Show nothing."""


@contextmanager
def opened(data: Path, store: str | None = None) -> Iterator[Parts]:
    """Open a fund."""
    with open_parts(Settings(data=data, store=store)) as parts:
        yield parts


def replayed(data: Path) -> Replayed:
    """Replay a fund."""
    with opened(data) as parts:
        return replay(parts, unseen)


@pytest.fixture
def granted(stages: dict[Stage, Path], tmp_path: Path) -> Path:
    """Return the data directory of a fund with a grant and an order, which a test may change."""
    return copied(stages[Stage.GRANTED], tmp_path / "granted")


def in_views(data: Path, statement: str, **given: Any) -> None:
    """Change the screens behind the fund's back."""
    with opened(data) as parts, parts.views.begin() as connection:
        assert connection.execute(text(statement), given).rowcount == 1


def test_replay_equals_live_on_either_store(store_url: str, tmp_path: Path) -> None:
    with opened(tmp_path, store_url) as parts:
        SmallFund(parts.fund).tell()
        parts.projector.catch_up()
        told = replay(parts, unseen)
        assert told.is_well, (told.broken, told.differences)
        assert (told.position, told.events) == (parts.log.end(), len(parts.log.read(0, 5000)))
        assert min(told.aggregates, told.rows, told.tables, told.screens, told.rules_made_again) > 0
        with parts.views.begin() as connection:
            connection.execute(text("UPDATE registry_organisations SET name = 'Nobody' WHERE name = 'Turin'"))
        (found,) = replay(parts, unseen).differences
        assert found.what == "registry_organisations"
        assert UUID(found.key) == id_of("Turin")
        assert (found.column, found.is_now, found.log_says) == ("name", "'Nobody'", "'Turin'")


def test_a_row_that_is_missing_and_one_too_many_are_named(granted: Path) -> None:
    in_views(granted, "DELETE FROM registry_organisations WHERE name = 'Dublin'")
    in_views(granted, "DELETE FROM message_names WHERE audience = (SELECT min(audience) FROM message_names)")
    renamed = "UPDATE timeline_people SET subject = :other WHERE subject = :one"
    in_views(granted, renamed, one=OFFICE.hex, other="0" * 32)
    told = replayed(granted)
    rows = [(one.what, one.column, one.is_now, one.log_says) for one in told.differences]
    assert rows == [
        ("timeline_people", "", "there", ""),
        ("timeline_people", "", "", "there"),
        ("message_names", "", "", "there"),
        ("registry_organisations", "", "", "there"),
    ]
    assert told.breaking == 0


def test_the_first_differences_are_named_and_all_are_counted(granted: Path) -> None:
    with opened(granted) as parts, parts.views.begin() as connection:
        changed = connection.execute(text("UPDATE timeline_entries SET topic = 'grant.accepted'")).rowcount
    told = replayed(granted)
    assert (len(told.differences), told.differing) == (NAMED, changed - 1)


def test_a_snapshot_that_was_altered_is_named(granted: Path) -> None:
    with opened(granted) as parts:
        parts.log.append(_draft_sections(parts))
        parts.log.load(PILOT_ACTION, action_of(TURIN))
        told = replay(parts, unseen)
    assert told.snapshots == 1
    assert told.differing == 0
    _alter_snapshot(granted)
    (found,) = replayed(granted).differences
    assert found.what == "snapshots"
    assert found.key.startswith(str(action_of(TURIN)))
    assert found.is_now == "another state"


def _draft_sections(parts: Parts) -> list[Stored]:
    """Return a hundred events more of a draft, as nobody can record them after closing."""
    *_, last = parts.log.history(action_of(TURIN))
    saved = DraftSectionSaved(
        by=id_of("Officer of Turin"), effective_at=NOW, section="risks", version=1, answers={}, resources=None
    )
    return [
        Stored(action_of(TURIN), last.originator_version + number, NOW, uuid4(), saved)
        for number in range(1, EVERY + 1)
    ]


def _alter_snapshot(data: Path) -> None:
    with closing(sqlite3.connect(data / "events.db")) as connection:
        (state,) = connection.execute("SELECT state FROM stored_snapshots").fetchone()
        assert b'"stage":"offered"' in state
        altered = state.replace(b'"stage":"offered"', b'"stage":"eligible"')
        connection.execute("UPDATE stored_snapshots SET state = ?", (altered,))
        connection.commit()


def test_an_event_that_no_rule_allows_is_named_with_its_place(
    granted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(granted) as parts:
        *_, last = parts.log.history(GRANT)
        ordered = last.event.model_copy(update={"cents": 900_001, "order": 2})
        assert isinstance(ordered, ResourceOrdered)
        parts.log.append([Stored(GRANT, last.originator_version + 1, NOW, uuid4(), ordered)])
        parts.projector.catch_up()
        told = replay(parts, unseen)
    assert [(one.rule, one.position, one.stream) for one in told.broken] == [
        (rule, told.position, GRANT) for rule in ("log", "D12", "D12")
    ]
    assert told.differing == 0, "the screens follow the log, whoever wrote it"
    assert main(["audit", "replay", "--data", str(granted)]) == 1
    said = capsys.readouterr().out
    assert f"D12 does not hold at position {told.position} ({GRANT}). grant.resource-ordered: This order of" in said
    assert "Found: 3 broken rules, 0 differences." in said


def test_whoever_did_something_without_the_role_for_it_is_named(granted: Path) -> None:
    with opened(granted) as parts:
        *_, last = parts.log.history(GRANT)
        ordered = last.event.model_copy(update={"by": id_of("Auditor 1"), "cents": 1, "order": 2})
        parts.log.append([Stored(GRANT, last.originator_version + 1, NOW, uuid4(), ordered)])
        told = replay(parts, unseen)
    assert [one.rule for one in told.broken] == ["log", "permission"], "and nobody asked for it at the fund's door"


def test_an_erasure_is_decided_again_with_all_records_of_the_whole_log(granted: Path) -> None:
    newcomer, stamp = id_of("Newcomer"), {"by": OFFICE, "at": NOW}
    with opened(granted) as parts:
        parts.fund.handle(OpenAccount(**stamp, key="1", subject=newcomer, label="N", unit="Secretariat"))
        parts.fund.handle(DecideErasure(**stamp, key="2", subject=newcomer))
        assert replay(parts, unseen).is_well
        officer, last = id_of("Officer of Turin"), parts.log.end()
        decided = ErasureDecided(by=OFFICE, effective_at=NOW, ground=Ground.ASKED)
        versions = parts.log.load(ACCOUNT, officer)[1]
        revoked = RoleRevoked(by=OFFICE, effective_at=NOW, role=Role.APPLICANT, reason=ProtectedText(OFFICE, "Left."))
        parts.log.append([Stored(officer, versions + 1, NOW, uuid4(), revoked)])
        parts.log.append([Stored(officer, versions + 2, NOW, uuid4(), decided)])
        found = [(one.rule, one.position) for one in replay(parts, unseen).broken if one.rule != "log"]
    assert found == [("D16", last + 2)]


def test_replay_equals_live_when_somebody_who_emptied_an_answer_was_erased(
    stages: dict[Stage, Path], tmp_path: Path
) -> None:
    officer, action = id_of("Officer of Turin"), action_of(TURIN)
    section, *asked = next(
        (part.id, *[one.id for one in part.questions[:2]]) for part in RULES.form if len(part.questions) > 1
    )
    about = {"by": officer, "at": CALENDAR.applications_open, "pilot_action_id": action, "section": section, "base": 1}
    with opened(copied(stages[Stage.OPEN], tmp_path / "open")) as parts:
        emptied = dict(zip(asked, ("", " \n"), strict=True))
        parts.fund.handle(SaveDraftSection.model_validate({**about, "key": "1", "answers": emptied}))
        parts.projector.catch_up()
        parts.vault.erase(officer)
        told = replay(parts, unseen)
    assert told.is_well, told.differences


def test_what_is_recorded_meanwhile_is_no_difference(granted: Path) -> None:
    with opened(granted) as parts:
        number = 0

        def meanwhile(done: float, doing: str) -> None:
            nonlocal number
            number += 1
            stamp = {"by": OFFICE, "at": NOW, "key": f"meanwhile {number}"}
            parts.fund.handle(OpenAccount(**stamp, subject=uuid4(), label="A newcomer", unit="Secretariat"))
            parts.projector.catch_up()

        told = replay(parts, meanwhile)
        assert told.is_well, told.differences
        assert number > 0
        assert told.position < parts.projector.reached()


def test_replay_equals_live_where_screens_are_behind_and_after_a_kill(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TELLING, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as told:
        assert told.stdout is not None
        assert told.stdout.readline() == "applied\n"
        told.send_signal(signal.SIGKILL)
    assert told.returncode == -signal.SIGKILL
    with opened(tmp_path) as parts:
        assert parts.projector.reached() <= parts.log.end()
        assert replay(parts, unseen).is_well
        parts.projector.catch_up()
        assert replay(parts, unseen).is_well


TELLING = """
import sys
from pathlib import Path
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.small_fund import APPLICANTS, SmallFund

class Told(SmallFund):
    def act(self, *asked, **named):
        super().act(*asked, **named)
        parts.projector.catch_up()
    def apply(self, one):
        super().apply(one)
        print("applied", flush=True)

with open_parts(Settings(data=Path(sys.argv[1]))) as parts:
    Told(parts.fund).tell()
    sys.stdin.read()
"""


@pytest.mark.parametrize("fund", recorded_funds(), ids=lambda fund: fund.name)
def test_replay_equals_live_after_an_old_log_is_taken_up(fund: Path, tmp_path: Path) -> None:
    restore(fund, tmp_path)
    with opened(tmp_path) as parts:
        parts.projector.catch_up()
        assert replay(parts, unseen).is_well


def test_replay_equals_live_of_a_log_with_every_version_of_every_event(tmp_path: Path) -> None:
    versions = Counter[UUID]()
    with opened(tmp_path) as parts:
        for one in read_samples():
            versions[one.stream] += 1
            parts.log.recorder.insert_events([StoredEvent(one.stream, versions[one.stream], one.topic, one.stored)])
        parts.projector.catch_up()
        told = replay(parts, unseen)
    assert told.differences == ()
    assert told.events == versions.total()


def test_a_fund_that_is_well_says_what_was_compared(granted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "replay", "--data", str(granted)]) == 0
    first, rules, compared, last = capsys.readouterr().out.splitlines()
    told = replayed(granted)
    assert first.startswith(f"Read again up to position {told.position:,}: {told.events:,} events of")
    assert rules.startswith(f"{told.rules_made_again} rules checked again at every prefix")
    assert f"{told.rows:,} rows" in compared
    assert last == "All is what the log says, and every rule held at every moment of it."
    assert main(["audit", "replay", "--data", str(granted), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["is_well"] is True
