"""The database itself keeps the log append-only, and the fund opens only where it does (issue 6)."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Final
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.sqlite import SQLiteApplicationRecorder

from domain.errors import Unavailable
from fund_service.cli.main import main
from fund_service.composition import Parts, open_parts
from fund_service.protection import ADDED_LAST, KEPT
from fund_service.settings import Settings
from tests import postgres
from tests.fund_service.small_fund import SmallFund

STREAM: Final = UUID(int=7)
ROLES: Final = Path(__file__).parents[2] / "deploy" / "roles.sql"

ROW: Final = f"'{STREAM.hex}', 1, 'other', x'00'"
PLACED: Final = "INTO stored_events (rowid, originator_id, originator_version) VALUES"
UPSERT: Final = f"""INSERT INTO fund_events VALUES ('{STREAM}', 1, 'other', '')
ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = 'other'"""
FORBIDDEN: Final = [
    ("SQLite", "UPDATE stored_events SET topic = topic", KEPT),
    ("SQLite", f"UPDATE OR REPLACE stored_events SET originator_id = '{STREAM.hex}'", KEPT),
    ("SQLite", "DELETE FROM stored_events", KEPT),
    ("SQLite", f"INSERT OR REPLACE INTO stored_events VALUES ({ROW})", KEPT),
    ("SQLite", f"INSERT OR IGNORE INTO stored_events VALUES ({ROW})", KEPT),
    ("SQLite", f"INSERT INTO stored_events VALUES ({ROW}) ON CONFLICT DO UPDATE SET topic = 'other'", KEPT),
    ("SQLite", f"REPLACE {PLACED} (2, 'new', 1)", KEPT),
    ("SQLite", f"INSERT {PLACED} (0, 'new', 1)", ADDED_LAST),
    ("SQLite", f"INSERT {PLACED} (-1, 'new', 1)", ADDED_LAST),
    ("SQLite", f"INSERT {PLACED} ({2**63 - 1}, 'new', 1)", ADDED_LAST),
    ("PostgreSQL", "UPDATE fund_events SET topic = topic", KEPT),
    ("PostgreSQL", "DELETE FROM fund_events", KEPT),
    ("PostgreSQL", "TRUNCATE fund_events", KEPT),
    ("PostgreSQL", "SET LOCAL session_replication_role = replica; DELETE FROM fund_events", KEPT),
    ("PostgreSQL", UPSERT, KEPT),
    ("PostgreSQL", f"INSERT INTO fund_events VALUES ('{UUID(int=8)}', 1, 'new', '', 0)", ADDED_LAST),
    ("PostgreSQL", f"INSERT INTO fund_events VALUES ('{UUID(int=8)}', 1, 'new', '', 1)", ADDED_LAST),
    ("PostgreSQL", f"INSERT INTO fund_events VALUES ('{UUID(int=8)}', 1, 'new', '', {2**63 - 1})", ADDED_LAST),
]
"""By kind of store: what nobody may do, although the service owns the table, and what is said then."""

REMADE_ON_SQLITE: Final = """DROP TRIGGER stored_events_no_delete
CREATE TRIGGER stored_events_no_delete BEFORE DELETE ON stored_events BEGIN SELECT 1; END"""
WITH_ANOTHER_BODY: Final = """CREATE OR REPLACE FUNCTION fund_events_no_change() RETURNS trigger
LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"""
REMADE: Final = """DROP TRIGGER fund_events_no_change ON fund_events;
CREATE TRIGGER fund_events_no_change BEFORE {} ON fund_events FOR EACH ROW {}
EXECUTE FUNCTION fund_events_no_change();
ALTER TABLE fund_events ENABLE ALWAYS TRIGGER fund_events_no_change"""
LOOSENED: Final = [
    ("SQLite", "DROP TRIGGER stored_events_no_update", "no_update"),
    ("SQLite", "DROP TRIGGER stored_events_no_delete", "no_delete"),
    ("SQLite", "DROP TRIGGER stored_events_no_replace", "no_replace"),
    ("SQLite", "DROP TRIGGER stored_events_grows", "grows"),
    ("SQLite", REMADE_ON_SQLITE, "no_delete"),
    ("PostgreSQL", "DROP TRIGGER fund_events_no_change ON fund_events", "no_change"),
    ("PostgreSQL", "DROP TRIGGER fund_events_no_truncate ON fund_events", "no_truncate"),
    ("PostgreSQL", "DROP FUNCTION fund_events_grows CASCADE", "grows"),
    ("PostgreSQL", "ALTER TABLE fund_events DISABLE TRIGGER fund_events_no_change", "no_change"),
    ("PostgreSQL", "ALTER TABLE fund_events ENABLE TRIGGER fund_events_no_change", "no_change"),
    ("PostgreSQL", WITH_ANOTHER_BODY, "no_change"),
    ("PostgreSQL", REMADE.format("UPDATE OR DELETE", "WHEN (false)"), "no_change"),
    ("PostgreSQL", REMADE.format("DELETE", ""), "no_change"),
    ("PostgreSQL", REMADE.format("UPDATE OF topic OR DELETE", ""), "no_change"),
]
"""By kind of store: what somebody may do to the triggers, and which of them is then told of."""

BEYOND_THE_SERVICE: Final = [
    "ALTER TABLE fund_events DISABLE TRIGGER ALL",
    "ALTER TABLE fund_events ADD COLUMN more text",
    "ALTER TABLE fund_events RENAME TO others",
    "DROP TRIGGER fund_events_no_change ON fund_events",
    "CREATE TRIGGER aside BEFORE INSERT ON fund_events FOR EACH ROW EXECUTE FUNCTION fund_events_no_change()",
    "CREATE RULE aside AS ON INSERT TO fund_events DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION fund_events_grows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION fund_events_grows CASCADE",
    "DROP TABLE fund_events",
    "DELETE FROM fund_events",
    "TRUNCATE fund_events",
    "DROP SCHEMA public CASCADE",
    "SELECT setval('fund_events_notification_id_seq', 1)",
    "SET session_replication_role = replica",
    "SET ROLE fund_owner",
]
"""What the role of the service may not do."""


def execute(parts: Parts, statements: str) -> None:
    """Have the service's own connection to the log carry out statements, each on a line, in one transaction."""
    recorder = parts.log.recorder
    if isinstance(recorder, SQLiteApplicationRecorder):
        with recorder.datastore.transaction(commit=True) as cursor:
            for statement in statements.splitlines():
                cursor.execute(statement)
    else:
        assert isinstance(recorder, PostgresApplicationRecorder)
        with recorder.datastore.transaction(commit=True) as cursor:
            cursor.execute(statements.encode())


def table(parts: Parts) -> str:
    """Return the name of the log's table."""
    recorder = parts.log.recorder
    assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
    return recorder.events_table_name


def add(parts: Parts, version: int) -> list[StoredEvent]:
    """Add an event, and return all of its stream."""
    parts.log.recorder.insert_events([StoredEvent(STREAM, version, "some.topic", b"as it was")])
    return [*parts.log.recorder.select_events(STREAM)]


@pytest.mark.parametrize(("store_url", "statement", "sentence"), FORBIDDEN, indirect=["store_url"])
def test_the_database_refuses_to_change_what_was_recorded_and_takes_the_next_event(
    store_url: str, tmp_path: Path, statement: str, sentence: str
) -> None:
    with open_parts(Settings(data=tmp_path, store=store_url)) as parts:
        add(parts, 1)
        before = add(parts, 2)
        with pytest.raises(IntegrityError, match=sentence):
            execute(parts, statement)
        assert [*parts.log.recorder.select_events(STREAM)] == before
        assert add(parts, 3)[:2] == before
        assert [one.originator_version for one in parts.log.headers()] == [1, 2, 3]


@pytest.mark.parametrize(("store_url", "statements", "name"), LOOSENED, indirect=["store_url"])
def test_a_log_whose_triggers_somebody_touched_is_opened_only_after_they_were_made_anew(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], statements: str, name: str
) -> None:
    settings = Settings(data=tmp_path, store=store_url)
    with open_parts(settings) as parts:
        add(parts, 1)
        execute(parts, statements)
    sentence = rf"not protected: .* altered: \w+_{name}\. Find out who .*then run `fund audit protect`\."
    with pytest.raises(Unavailable, match=sentence), open_parts(settings):
        pass
    place = ["--data", str(tmp_path), "--store", store_url]
    assert main(["doctor", *place]) == 7
    capsys.readouterr()
    assert main(["audit", "protect", "--json", *place]) == 0
    [told] = json.loads(capsys.readouterr().out)["were_missing"]
    assert told.endswith(f"_{name}")
    with open_parts(settings) as parts, pytest.raises(IntegrityError, match=KEPT):
        execute(parts, f"DELETE FROM {table(parts)}")


def test_making_the_triggers_anew_says_what_was_missing(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path), "--store", store_url]
    assert main(["audit", "protect", *place]) == 5
    assert main(["init", *place]) == 0
    capsys.readouterr()
    assert main(["audit", "protect", *place]) == 0
    assert capsys.readouterr().out.endswith(" only grows again. All of its triggers were there.\n")


def test_a_log_of_before_is_protected_when_it_is_first_opened(store_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, store=store_url)
    with open_parts(settings) as parts:
        add(parts, 1)
        unprotect(parts)
        parts.facts.put("format", "1")
    with open_parts(settings) as parts:
        assert parts.facts.get("format") == "2"
        assert not parts.log.protection.missing()
        assert len(add(parts, 2)) == 2


def test_parts_that_start_at_once_on_a_log_of_before_all_come_up(store_url: str, tmp_path: Path) -> None:
    with open_parts(Settings(data=tmp_path, store=store_url)) as parts:
        add(parts, 1)
        unprotect(parts)
        parts.facts.put("format", "1")
    at_once = Barrier(6)

    def come_up(number: int) -> list[str]:
        at_once.wait()
        with open_parts(Settings(data=tmp_path / str(number), store=store_url)) as parts:
            return parts.log.protection.missing()

    with ThreadPoolExecutor(at_once.parties) as starting:
        assert [*starting.map(come_up, range(at_once.parties))] == [[]] * at_once.parties


def unprotect(parts: Parts) -> None:
    """Drop every trigger, as no part of the fund does."""
    if isinstance(parts.log.recorder, SQLiteApplicationRecorder):
        names, on = ("no_update", "no_delete", "no_replace", "grows"), ""
    else:
        names, on = ("no_change", "no_truncate", "grows"), " ON fund_events"
    for name in names:
        execute(parts, f"DROP TRIGGER {table(parts)}_{name}{on}")
    assert len(parts.log.protection.missing()) == len(names)


def test_the_doctor_says_who_could_take_the_protection_away(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path), "--store", store_url]
    assert main(["init", *place]) == 0
    capsys.readouterr()
    assert main(["doctor", "--json", *place]) == 0
    seen = {check["id"]: check["seen"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert "can drop its own protection" in seen["protection"]


class TestPartedRoles:
    """PostgreSQL after deploy/roles.sql."""

    @pytest.fixture
    def owned(self, database: str, tmp_path: Path) -> str:
        """Return the URL of a fund whose roles were parted, for the service."""
        with open_parts(Settings(data=tmp_path, store=database)):
            pass
        for _ in range(2):  # as often as one likes
            assert postgres.run_script(ROLES, database).returncode == 0
        return database.replace("//postgres@", "//fund_service@")

    def test_the_service_carries_out_commands_and_keeps_its_own_tables(self, owned: str, tmp_path: Path) -> None:
        with open_parts(Settings(data=tmp_path, store=owned)) as parts:
            SmallFund(parts.fund).found()
            parts.projector.catch_up()
            assert parts.projector.reached() == parts.log.end() > 0
            parts.vault.erase(uuid4())
            assert parts.log.protection.standing().endswith(
                " fund_service, who does not own the log and cannot drop that"
            )

    @pytest.mark.parametrize("statement", BEYOND_THE_SERVICE)
    def test_the_service_cannot_take_the_protection_away(self, owned: str, tmp_path: Path, statement: str) -> None:
        with open_parts(Settings(data=tmp_path, store=owned)) as parts:
            add(parts, 1)
            with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
                execute(parts, statement)
            with pytest.raises(IntegrityError, match=KEPT):
                execute(parts, "UPDATE fund_events SET topic = topic")
            assert not parts.log.protection.missing()

    def test_the_owner_alone_makes_the_triggers_anew(
        self, owned: str, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with psycopg.connect(database, autocommit=True) as administrator:
            administrator.execute("DROP TRIGGER fund_events_grows ON fund_events")
        assert main(["audit", "protect", "--data", str(tmp_path), "--store", owned]) == 7
        assert capsys.readouterr().err.endswith("as the role that owns the log's table, or as an administrator.\n")
        owner = f"{database}&options=-c%20role%3Dfund_owner"
        assert main(["audit", "protect", "--data", str(tmp_path), "--store", owner]) == 0
        with open_parts(Settings(data=tmp_path, store=owned)) as parts:
            assert parts.log.end() == 0


def test_roles_are_not_parted_before_there_is_a_log(database: str) -> None:
    assert "Open the fund once first: fund init." in postgres.run_script(ROLES, database).stderr
