"""The whole service in one process: it starts, answers, says how its parts are, and leaves nothing behind."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil
import pytest
from eventsourcing.persistence import StoredEvent

from domain.errors import Unavailable
from fund_service.composition import Parts, open_parts
from fund_service.service import Service, running
from fund_service.settings import read_settings
from fund_service.temporal_server import find_binary

SOON = 30.0

Open = Callable[..., Parts]


@pytest.fixture
def open_fund(tmp_path: Path) -> Iterator[Open]:
    """Return what opens the fund of a data directory, on a free port where nothing else is said."""
    with ExitStack() as closing:
        yield lambda **given: closing.enter_context(
            open_parts(read_settings(**{"data": tmp_path / "fund", "port": 0, **given}))
        )


@pytest.fixture
def children() -> Iterator[Callable[[], set[int]]]:
    """Return what tells the child processes that came since, and assert that none is left at the end."""
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}

    def since() -> set[int]:
        return {child.pid for child in me.children(recursive=True)} - before

    yield since
    assert since() == set()


async def ask(service: Service, path: str) -> httpx2.Response:
    """Return the API's answer, as soon as somebody listens there."""
    async with asyncio.timeout(SOON), httpx2.AsyncClient(base_url=service.addresses["api"], timeout=SOON) as client:
        while True:
            with suppress(httpx2.ConnectError):
                return await client.get(path)


async def test_a_service_starts_answers_and_leaves_nothing_behind(
    open_fund: Open, children: Callable[[], set[int]]
) -> None:
    parts = open_fund()
    noted = parts.directory.path("ports.json")
    async with running(parts) as service:
        assert len(children()) == 1
        assert json.loads(noted.read_text()) == service.addresses
        assert service.addresses.keys() == {"api", "temporal", "ui"}
        alive, ready = await ask(service, "/healthz"), await ask(service, "/readyz")
        assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
        assert ready.status_code == 200
        assert ready.json() == {
            "ready": True,
            "parts": [
                {"name": "store", "well": True, "lag": None, "parked": None, "undelivered": None},
                {"name": "screens", "well": True, "lag": 0, "parked": None, "undelivered": None},
                {"name": "relay", "well": True, "lag": 0, "parked": 0, "undelivered": None},
                {"name": "checkpoints", "well": True, "lag": 0, "parked": None, "undelivered": 0},
            ],
        }
    assert children() == set()
    assert not noted.exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", httpx2.URL(service.addresses["api"]).port), timeout=SOON)


async def test_a_service_starts_again_where_it_was(open_fund: Open, children: Callable[[], set[int]]) -> None:
    for _ in range(2):
        async with running(open_fund()) as service:
            assert (await ask(service, "/readyz")).status_code == 200


async def test_a_service_that_fails_within_ends_as_well(open_fund: Open, children: Callable[[], set[int]]) -> None:
    with pytest.raises(ZeroDivisionError):
        async with running(open_fund()):
            raise ZeroDivisionError
    assert children() == set()


async def for_ever() -> None:
    """Work that never ends by itself."""
    await asyncio.Event().wait()


async def test_work_gives_its_answer_while_all_is_well_and_ends_with_a_part_that_ends_by_itself(
    open_fund: Open,
) -> None:
    parts = open_fund()
    async with running(parts) as service, asyncio.timeout(SOON):
        assert (await service.while_well(ask(service, "/healthz"))).status_code == 200
        parts.projector.stop()
        with pytest.raises(Unavailable, match="A part of the service ended by itself"):
            await service.while_well(for_ever())


async def test_a_part_that_fails_is_told_and_the_service_is_not_ready(open_fund: Open) -> None:
    parts = open_fund()
    async with running(parts) as service, asyncio.timeout(SOON):
        parts.log.recorder.insert_events([StoredEvent(uuid4(), 1, "grant.doubled", b"{}")])
        with pytest.raises(Unavailable, match=r"an event 'grant\.doubled' that this version does not know"):
            await service.while_well(for_ever())
        assert (await ask(service, "/healthz")).status_code == 200
        parts_well = {"store": True, "screens": False, "relay": False, "checkpoints": True}
        while {part["name"]: part["well"] for part in (await ask(service, "/readyz")).json()["parts"]} != parts_well:
            pass  # one of the two may meet the event a moment later
        assert (await ask(service, "/readyz")).status_code == 503


async def test_a_service_answers_from_the_moment_at_which_it_says_where(open_fund: Open) -> None:
    async with running(open_fund()) as service:
        port = httpx2.URL(service.addresses["api"]).port
        socket.create_connection(("127.0.0.1", port), timeout=SOON).close()


async def test_a_port_that_is_taken_is_told_in_one_sentence(open_fund: Open, children: Callable[[], set[int]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        parts = open_fund(port=port)
        with pytest.raises(Unavailable, match=rf"^Port {port} is in use\. Choose another one with --port"):
            async with running(parts):
                pass
    assert not parts.directory.path("ports.json").exists()


TAKEN_ONCE = """#!/bin/sh
test -e "{mark}" && exec "{binary}" "$@"
touch "{mark}"
exec "{binary}" "$@" --http-port {port}
"""


async def test_a_port_that_somebody_took_since_it_was_looked_at_is_not_insisted_on(
    open_fund: Open, tmp_path: Path, children: Callable[[], set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    binary, mark = tmp_path / "temporal", tmp_path / "mark"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        binary.write_text(TAKEN_ONCE.format(binary=find_binary(None), mark=mark, port=taken.getsockname()[1]))
        binary.chmod(0o755)
        monkeypatch.setenv("FUND_TEMPORAL", str(binary))
        parts = open_fund()
        async with running(parts):
            assert "address already in use" in parts.directory.path("temporal.log").read_text()


@pytest.mark.parametrize(
    "mode",
    [None, 0o600, 0o700],
    ids=["missing", "no program", "another program"],
)
async def test_a_temporal_binary_that_cannot_be_used_is_told_in_one_sentence(
    open_fund: Open, tmp_path: Path, children: Callable[[], set[int]], monkeypatch: pytest.MonkeyPatch, mode: int | None
) -> None:
    binary = tmp_path / "temporal"
    if mode is not None:
        binary.write_text("#!/bin/sh\nexit 1\n")
        binary.chmod(mode)
    monkeypatch.setenv("FUND_TEMPORAL", str(binary))
    parts = open_fund()
    with pytest.raises(Unavailable, match=r"Temporal (binary at .*FUND_TEMPORAL|server did not start.*temporal\.log)"):
        async with running(parts):
            pass
