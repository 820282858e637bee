"""`fund doctor` tells what is well and what is not, each with what was seen."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import text
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.call.events import CallSettled
from fund_service.addresses import noted_addresses
from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.data_directory import DataDirectory
from fund_service.settings import Settings
from fund_service.store import open_store
from fund_service.temporal_server import temporal_server
from tests.fund_service.cli.conftest import Run

NEWER = "Run the version of the fund that wrote"


@pytest.fixture
def copied(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the small fund that a test may damage."""
    return Path(shutil.copytree(recorded, tmp_path / "copied"))


def checked(
    directory: Path, capsys: pytest.CaptureFixture[str], store: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Return the exit code, and each check by its id."""
    capsys.readouterr()
    code = main(["doctor", "--json", "--data", str(directory), *(["--store", store] if store else [])])
    told = json.loads(capsys.readouterr().out)
    assert told["well"] == (code == 0)
    return code, {check["id"]: check for check in told["checks"]}


def test_all_is_well_although_no_service_runs(fund: Run) -> None:
    said = fund("doctor")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("All is well.\n")
    assert said.out.count("not running") == 5
    assert "every commit is flushed to the disk" in said.out


def test_the_lag_of_every_screen_is_told(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dashboard", "--data", str(copied)]) == 0
    _, before = checked(copied, capsys)
    with closing(sqlite3.connect(copied / "views.db")) as views, views:
        views.execute("UPDATE read_models SET position = position - 7 WHERE name = 'timeline'")
    code, seen = checked(copied, capsys)
    assert before["screen timeline"]["lag"] == 0
    assert (code, seen["screen timeline"]["lag"], seen["screen applicant home"]["lag"]) == (0, 7, 0)


def test_screens_ahead_of_the_log_are_not_well(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(copied / "views.db")) as views, views:
        views.execute("UPDATE read_models SET position = 100000 WHERE name = 'timeline'")
    code, seen = checked(copied, capsys)
    assert code == 7
    assert not seen["screen timeline"]["well"]
    assert seen["screen timeline"]["seen"].endswith("Run `fund rebuild`.")


def test_who_holds_the_locks_of_relay_and_projector_is_told(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--data", str(tmp_path), "--store", store_url]) == 0
    with open_store(Settings(data=tmp_path, store=store_url)) as store, store.exclusive("projector"):
        capsys.readouterr()
        assert main(["doctor", "--json", "--data", str(tmp_path), "--store", store_url]) == 0
    seen = {check["id"]: check["seen"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert seen["projector"].startswith(f"runs: process {os.getpid()}")
    assert seen["relay"] == "not running"


def test_lost_keys_are_not_replaced_by_new_ones(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "keys.db").unlink()
    code, seen = checked(copied, capsys)
    assert code == 7
    assert seen["store"]["seen"].startswith(f"The keys of the fund in {copied} are missing (keys.db).")
    assert main(["call", "list", "--data", str(copied)]) == 7
    assert not (copied / "keys.db").exists()


def test_emptied_keys_are_not_replaced_by_new_ones(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data", str(tmp_path), "--store", store_url]
    assert main(["init", *place]) == 0
    with open_store(Settings(data=tmp_path, store=store_url)) as store:
        with store.engine("keys").begin() as connection:
            connection.execute(text("DELETE FROM keys"))
        code, seen = checked(tmp_path, capsys, store_url)
        assert (code, list(seen)) == (7, ["store"])
        assert "holds a log and none of its keys. Restore them from the backup" in seen["store"]["seen"]
        assert main(["call", "list", *place]) == 7
        with store.engine("keys").connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM keys")) == 0


def test_keys_that_texts_need_and_that_are_not_there_are_told(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(copied / "keys.db")) as keys, keys:
        (known,) = keys.execute("SELECT count(*) FROM keys WHERE subject <> 'digest'").fetchone()
        assert checked(copied, capsys)[1]["keys"]["well"]
        keys.execute("DELETE FROM keys WHERE subject = (SELECT min(subject) FROM keys WHERE subject <> 'digest')")
    code, seen = checked(copied, capsys)
    assert (code, seen["keys"]["well"], known > 1) == (7, False, True)
    assert seen["keys"]["seen"].startswith(f"1 of {known} are missing: the texts under them read as erased.")


@pytest.mark.parametrize(
    ("topic", "state", "sentence", "cure"),
    [
        (
            "survey.city-surveyed",
            b"{}",
            "1 event of kinds that this version does not know, such as 'survey.",
            NEWER,
        ),
        (CallSettled.TOPIC, b'{"version":99}', "cannot be read. The store holds version 99 of the event 'call.", NEWER),
        (CallSettled.TOPIC, b"{}", "was altered.", "Restore log and keys from the same backup."),
    ],
)
def test_an_event_that_cannot_be_read_is_told_with_the_cure(
    store_url: str,
    tmp_path: Path,
    topic: str,
    state: bytes,
    sentence: str,
    cure: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", "--data", str(tmp_path), "--store", store_url]) == 0
    assert checked(tmp_path, capsys, store_url)[0] == 0
    with open_parts(Settings(data=tmp_path, store=store_url)) as parts:
        parts.log.recorder.insert_events([StoredEvent(uuid4(), 1, topic, state)])
    code, seen = checked(tmp_path, capsys, store_url)
    assert (code, seen["events"]["well"], seen["keys"]["well"]) == (7, False, True)
    assert sentence in seen["events"]["seen"]
    assert cure in seen["events"]["seen"]


@pytest.mark.parametrize("name", ["events.db", "keys.db", "views.db", "service.db"])
def test_a_broken_file_is_no_traceback(copied: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for log in copied.glob(f"{name}-*"):
        log.unlink()
    (copied / name).write_bytes(b"This is not a database at all. " * 200)
    code, seen = checked(copied, capsys)
    assert (code, seen["store"]["well"]) == (7, False)
    assert main(["call", "list", "--data", str(copied)]) == 7
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"The store in {copied} cannot be used: file is not a database.")


@pytest.mark.parametrize("ports", ['{"temporal": "127.0.0.1:1", "api": "http://127.0.0.1:1"}', "{", "[]", '{"api": 1}'])
def test_addresses_that_nobody_answers_at_are_no_fault(
    copied: Path, ports: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "ports.json").write_text(ports)
    code, seen = checked(copied, capsys)
    assert (code, seen["service"]["seen"], seen["temporal"]["seen"]) == (0, "not running", "not running")


def test_temporal_is_reached_where_it_runs(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def check_beside_temporal() -> tuple[int, dict[str, Any], str]:
        directory = DataDirectory(copied)
        async with temporal_server(directory, None, pydantic_data_converter) as (_, addresses):
            with noted_addresses(directory, addresses._asdict()):
                code, seen = await asyncio.to_thread(checked, copied, capsys)
            return code, seen, addresses.temporal

    code, seen, address = asyncio.run(check_beside_temporal())
    assert code == 0
    assert seen["temporal"]["seen"].startswith(f"answers at {address}, its pages at http://127.0.0.1:")


@contextmanager
def answering(status: int, body: dict[str, Any]) -> Iterator[str]:
    """Answer every request in this way, and give the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "well", "seen"),
    [(200, True, "and is ready"), (503, False, "and is not ready: relay")],
)
def test_the_running_service_says_itself_whether_it_is_well(
    copied: Path, status: int, well: bool, seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [{"name": "store", "well": True, "lag": None}, {"name": "relay", "well": False, "lag": 5000}]
    with answering(status, {"ready": well, "parts": parts}) as address:
        (copied / "ports.json").write_text(json.dumps({"api": address}))
        code, told = checked(copied, capsys)
    assert code == (0 if well else 7)
    assert told["service"]["seen"] == f"answers at {address} {seen}"
