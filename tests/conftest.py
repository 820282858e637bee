"""How every test runs: the same on every machine; and the two kinds of store."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fund_service.settings import Settings
from fund_service.store import Store, open_store
from fund_service.temporal_server import find_binary
from tests import postgres
from tests.journeys.demo import Rehearsed, rehearsed_once

# No deadline: tests run side by side, and a busy machine is no failure. The same examples on every run: the same code
# gives the same answer; `pytest --hypothesis-profile search` looks further.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")


# Tests that run in the background were told to ignore Ctrl-C, and so would be what they start and end by it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say once what the tests do to the machine."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and (said := postgres.announcement()):
        reporter.write_line(said)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it at the end while the others have nothing to do."""
    items.sort(key=lambda item: not item.path.parent.name.startswith(("reliability", "journeys", "workflows")))


SHORT_HISTORIES = """#!/bin/sh
exec "{binary}" "$@" --dynamic-config-value limit.historyCount.suggestContinueAsNew=10 \\
    --dynamic-config-value 'history.workflowIdReuseMinimalInterval="0s"'
"""


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Rehearsed:
    """Return a rehearsal of two partnerships that nobody disturbed, to be read only: all workers have it together."""
    own = tmp_path_factory.getbasetemp()
    return rehearsed_once(own if worker_id == "master" else own.parent)


@pytest.fixture
def short_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every Temporal server tell its processes to begin a new run after ten events."""
    server = tmp_path / "temporal"
    server.write_text(SHORT_HISTORIES.format(binary=find_binary(None)))
    server.chmod(0o755)
    monkeypatch.setenv("FUND_TEMPORAL", str(server))


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """Return the folder of the socket of a PostgreSQL server, started when the first test asks for it."""
    with postgres.server() as socket:
        yield socket


@pytest.fixture(scope="module")
def module_database(postgres_socket: str) -> str:
    """Return the URL of a PostgreSQL database of the module's own."""
    return postgres.new_database(postgres_socket)


@pytest.fixture
def database(module_database: str) -> str:
    """Return the URL of an empty PostgreSQL database."""
    return postgres.emptied(module_database)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of SQLite files, where the kind of store does not matter."""
    with open_store(Settings(data=tmp_path, store=f"sqlite:///{tmp_path}/fund.db")) as opened:
        yield opened


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store, of either kind in turn."""
    if request.param == "SQLite":
        return f"sqlite:///{tmp_path}/fund.db"
    url: str = request.getfixturevalue("database")
    return url


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store, of either kind in turn."""
    with open_store(Settings(data=tmp_path, store=store_url)) as opened:
        yield opened
