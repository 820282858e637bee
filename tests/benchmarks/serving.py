"""B5 and B5b: `fund serve` as a process of its own, asked by clients in another one.

B5 reads one partnership (token, permission, its state now), and the dashboard of a call, against FastAPI returning
constant JSON on the same server. B5b holds coaching sessions by 32 clients (token, permission, receipt, save) against
the stock library in a process of its own with 32 threads; once more with a millisecond added to each flush. The fund is
a rehearsed one, so that its clock can stand in the months of coaching: each command reads it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from fund_service.addresses import read_addresses
from fund_service.api.describing import PREFIX
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor
from tests.benchmarks.clients import Load
from tests.benchmarks.commands import HELD_AT, begin
from tests.benchmarks.measure import Figure, compare
from tests.benchmarks.stock import StockApplication
from tests.benchmarks.stores import Place, stock_env
from tests.given import CALL_ID, COLIN, SUE

READERS: Final = 16
WRITERS: Final = 32
SECONDS: Final = 2.0
UNLIMITED: Final = {"FUND_REQUESTS": "100000000"}
"""Requests are counted as ever, and never too many."""
SESSION: Final = json.dumps({"minutes": 90, "note": "We spoke about the plan."})
BUILD: Final = ("cc", "-shared", "-fPIC", "-O2")
FLUSH: Final = Path(__file__).with_name("slow_flush.c")


def figures(store: str, place: Place) -> Iterator[Figure]:
    """Yield reading and writing on one kind of store."""
    yield from _reading(store, place)
    for slowly in (False, True):
        yield from _writing(store, place, slowly=slowly)


def _reading(store: str, place: Place) -> Iterator[Figure]:
    with place() as parts, constant() as other:
        partnership, *_ = begin(parts)
        parts.projector.catch_up()
        with served(parts) as port:
            token = _token(parts, SUE)
            for what, path, goal in (
                ("one partnership", f"/partnerships/{partnership}", 0.4),
                ("a dashboard", f"/calls/{CALL_ID}/dashboard", 0.15),
            ):
                yield compare(
                    "B5",
                    f"read of {what} over HTTP, {store}",
                    "FastAPI, constant JSON",
                    "/s",
                    goal,
                    Load(port, READERS, SECONDS, [f"{PREFIX}{path}"], token=token).rate,
                    Load(other, READERS, SECONDS, ["/constant"]).rate,
                )


def _writing(store: str, place: Place, *, slowly: bool) -> Iterator[Figure]:
    with place() as ours, place() as theirs, TemporaryDirectory() as folder:
        coached = begin(ours)
        stock = StockApplication(stock_env(theirs))
        begun = [stock.begin() for _ in coached]
        stock.close()
        ours.facts.put("clock", HELD_AT.isoformat())
        environment = [_slowed(parts, Path(folder)) if slowly else {} for parts in (ours, theirs)]
        with served(ours, environment[0]) as port:
            paths = [f"{PREFIX}/partnerships/{id}/coaching/sessions" for id in coached]
            load = Load(port, WRITERS, SECONDS, paths, "POST", _token(ours, COLIN), SESSION)
            yield compare(
                "B5b",
                f"commands over HTTP, {WRITERS} clients, {store}{', each flush 1 ms longer' if slowly else ''}",
                f"stock get, trigger, save, in process, {WRITERS} threads",
                "/s",
                1 if slowly else 0.5,
                load.rate,
                lambda: _stock_rate(theirs, begun, environment[1]),
            )


def _token(parts: Parts, subject: UUID) -> str:
    return parts.tokens.create(Actor(subject), "bench", datetime.now(UTC), timedelta(days=1))[1]


def _stock_rate(parts: Parts, begun: Sequence[UUID], environment: Mapping[str, str]) -> float:
    """Return how many commands a second the stock library carries out, in a process of its own."""
    told = {"env": stock_env(parts), "ids": [str(id) for id in begun], "threads": WRITERS}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.commands"],
        input=json.dumps(told),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


@contextmanager
def served(parts: Parts, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[int]:
    """Serve a fund that counts requests and refuses none, and return the port."""
    fund = [str(Path(sys.executable).with_name("fund")), "serve", "--port", "0", "--data", str(parts.settings.data)]
    if parts.settings.store is not None:
        fund += ["--store", parts.settings.store]
    with _running([*fund, "--json"], {**UNLIMITED, **environment}):
        yield _port(read_addresses(parts.directory)["api"])


@contextmanager
def constant() -> Iterator[int]:
    """Serve constant JSON and a constant page, and return the port."""
    with _running([sys.executable, "-m", "tests.benchmarks.constant"], {}) as said:
        yield _port(said)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server, and return the line that it says when it is there."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.communicate()


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _slowed(parts: Parts, folder: Path) -> dict[str, str]:
    """Have each flush of a store take a millisecond longer, and return the environment that it needs."""
    if parts.settings.store is not None:  # where it flushes for all who wait, as it does anyhow
        with psycopg.connect(parts.settings.store, autocommit=True) as connection:
            name = Identifier(connection.info.dbname)
            for setting in ("commit_delay = 1000", "commit_siblings = 0"):
                connection.execute(SQL("ALTER DATABASE {} SET ").format(name) + SQL(setting))
        return {}
    made = folder / "slow_flush.so"
    subprocess.run([*BUILD, "-o", str(made), str(FLUSH)], check=True)
    return {"LD_PRELOAD": str(made)}
