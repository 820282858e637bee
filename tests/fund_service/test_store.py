"""A store that cannot be used is told in one sentence with its cure, and no password stands in any message."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from domain.errors import Malformed, Unavailable
from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.settings import Settings
from fund_service.store import Store, open_store
from tests import postgres

PASSWORD = "swordfish"
PASSWORD_CURE = "Correct user and password in --store or FUND_STORE; PGPASSWORD and ~/.pgpass are read too."


@pytest.mark.parametrize(
    "url",
    ["mysql://h/db", "sqlite://", "sqlite:///", "fund.db", f"postgresql://u:{PASSWORD}@[h/db", "postgresql://h/db?a=1"],
)
def test_a_url_that_cannot_be_read_is_told_with_what_can_be(url: str) -> None:
    sentence = r"cannot be read\. Write .*postgresql://USER:PASSWORD@HOST"
    with pytest.raises(Malformed, match=sentence) as told, open_store(Settings(store=url)):
        pass
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ("postgresql://postgres@", f"postgresql://nobody:{PASSWORD}@"),
            r'role "nobody" does not exist\. Correct the user',
        ),
        (("/test_", "/no_"), r'database "no_.*" does not exist\. Create it with createdb'),
        (("?host=", "?host=/nowhere"), r"No such file or directory\. Start PostgreSQL"),
        (("?", "?port=1&"), r"No such file or directory\. Start PostgreSQL"),
    ],
    ids=["user", "database", "socket", "port"],
)
def test_a_database_that_is_away_is_told_with_the_cure(
    database: str, tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    settings = Settings(data=tmp_path, store=database.replace(*change))
    whole = rf"^The store postgresql://.* cannot be used: .*{sentence}"
    with pytest.raises(Unavailable, match=whole) as told, open_parts(settings):
        pass
    assert PASSWORD not in str(told.value)
    assert PASSWORD not in repr(settings)


def test_a_wrong_password_is_told_with_the_cure_and_without_the_password(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    guarded = postgres.guarded(database, PASSWORD)
    user = guarded.partition("://")[2].partition("@")[0]
    wrong = PASSWORD[::-1]
    for url, reason in (
        (guarded, "no password supplied"),
        (guarded.replace("@", f":{wrong}@"), f'password authentication failed for user "{user}"'),
    ):
        assert main(["init", "--data", str(tmp_path), "--store", url]) == 7
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.endswith(f"{reason}. {PASSWORD_CURE}\n")
        assert wrong not in err


def test_the_right_password_opens_and_stands_in_no_message(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = postgres.guarded(database, PASSWORD).replace("@", f":{PASSWORD}@")
    assert main(["init", "--data", str(tmp_path), "--store", guarded]) == 7
    assert capsys.readouterr().err.endswith("Let this user create tables in the schema public of that database.\n")
    with psycopg.connect(database, autocommit=True) as administrator:
        administrator.execute("GRANT ALL ON SCHEMA public TO PUBLIC")
    assert main(["init", "--data", str(tmp_path), "--store", guarded]) == 0
    assert main(["init", "--data", str(tmp_path), "--store", guarded]) == 3
    assert main(["doctor", "--data", str(tmp_path), "--store", guarded]) == 0
    out, err = capsys.readouterr()
    assert PASSWORD not in out + err


def test_a_store_of_a_newer_version_is_not_touched(store_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, store=store_url)
    with open_parts(settings) as parts:
        parts.facts.put("format", "3")
    sentence = r"written by a newer version .* format is 3, .* knows 2\. Run the version"
    with pytest.raises(Unavailable, match=sentence), open_parts(settings):
        pass


def test_a_store_is_begun_once_its_log_was_made(store: Store, store_url: str, tmp_path: Path) -> None:
    assert not store.begun()
    with open_parts(Settings(data=tmp_path, store=store_url)):
        assert store.begun()


def test_one_of_a_kind_holds_the_lock_of_a_store(store: Store) -> None:
    for _ in range(2):
        with store.exclusive("relay"), store.exclusive("projector"):
            second = store.exclusive("relay")
            with pytest.raises(Unavailable, match=r"^Another relay runs in .* \(process \d+"), second:
                pass


def test_parts_that_start_at_once_in_an_empty_database_all_come_up(database: str, tmp_path: Path) -> None:
    at_once = Barrier(6)

    def come_up(number: int) -> int:
        at_once.wait()
        with open_parts(Settings(data=tmp_path / str(number), store=database)) as parts:
            return parts.log.end()

    with ThreadPoolExecutor(at_once.parties) as parts:
        assert [*parts.map(come_up, range(at_once.parties))] == [0] * at_once.parties


def test_a_connection_that_is_cut_is_replaced(database: str, tmp_path: Path) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
    with open_parts(Settings(data=tmp_path, store=database)) as parts:
        with psycopg.connect(database, autocommit=True) as administrator:
            administrator.execute(cut, (administrator.info.dbname,))
        assert parts.log.end() == 0
        assert parts.facts.get("format") == "2"


@pytest.mark.parametrize("when", ["used since before", "taken afterwards"])
def test_a_connection_that_is_given_back_after_the_store_was_closed_is_closed(
    store_url: str, tmp_path: Path, when: str
) -> None:
    with open_store(Settings(data=tmp_path, store=store_url)) as store, ExitStack() as using:
        engine = store.engine("views")
        if when == "used since before":
            connection = using.enter_context(engine.connect())
        store.close()
        if when == "taken afterwards":
            connection = using.enter_context(engine.connect())
        driver = connection.connection.dbapi_connection
        assert engine.pool.checkedin() == 0
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError), match="closed"):
        driver.execute("SELECT 1")
