"""A part that is started while PostgreSQL is away says so in one sentence with the cure, and ends; whoever looks after
it starts it again.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fund_service.postgres_store import PostgresStore
from tests import postgres

FUND = str(Path(sys.executable).with_name("fund"))


def started(part: str, place: list[str]) -> "subprocess.Popen[str]":
    """Start a part as a supervisor does."""
    more = ["--port", "0"] if part == "serve" else []
    return subprocess.Popen(
        [FUND, part, *place, *more, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("part", ["serve", pytest.param("project", marks=pytest.mark.soak)])
def test_a_part_that_starts_before_the_store_ends_with_the_cure_and_comes_up_after_it(
    part: str, tmp_path: Path
) -> None:
    socket = tmp_path / "not yet there"
    place = ["--data", str(tmp_path), "--store", postgres.url(str(socket))]
    before = started(part, place)
    said, told = before.communicate(timeout=60)
    assert (said, before.returncode) == ("", 7)
    assert told.startswith("The store postgresql://postgres@/postgres?host=")
    assert told.endswith("Start PostgreSQL, or correct the address in --store or FUND_STORE.\n")
    assert told.count("\n") == 1
    with postgres.server() as running:
        socket.symlink_to(running)
        with started(part, place) as after:
            assert after.stdout is not None
            assert any(f'"part": "{part}"' in line for line in after.stdout)
            after.send_signal(signal.SIGTERM)
            assert after.wait(60) == 0


def test_a_server_that_only_starts_up_is_to_be_waited_for_and_not_to_be_made() -> None:
    store = PostgresStore("postgresql://x@localhost/fund")
    told = str(store.trouble(Exception("connection failed: FATAL:  the database system is starting up")))
    assert told.endswith("cannot be used: the database system is starting up. Wait until it is up, then start again.")
    told = str(store.trouble(Exception('connection failed: FATAL:  database "fund" does not exist')))
    assert "Create it with createdb" in told
