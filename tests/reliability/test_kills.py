"""Whoever is killed in the middle of a call, at whatever moment: it goes on to the same end, nothing lost or twice."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fund_service.rehearsal.rehearse import rehearse, stage_of
from fund_service.rehearsal.summary import summarise
from tests.journeys.demo import by_stream, demo, log, rehearsed
from tests.reliability.company import RULES, Company, begin, company

SEED, PARTNERSHIPS = "2026", 2
LONG = 300.0
"""So many seconds the log has to come to the last of the moments; else a rehearsal that failed would never end."""
Kill = Callable[[Company], None]

KILLS: dict[str, Kill] = {
    "worker": lambda fund: fund.members["work"].kill(),
    "relay": lambda fund: fund.members["relay"].kill(),
    "projector": lambda fund: fund.members["project"].kill(),
    "API": lambda fund: fund.members["serve"].kill(),
    "Temporal": lambda fund: fund.members["temporal"].kill(),
    "Temporal's server": lambda fund: fund.temporal_server().kill(),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return a place in which the call was rehearsed undisturbed, and its summary."""
    place = tmp_path_factory.mktemp("undisturbed")
    return place, rehearsed(place, "--partnerships", str(PARTNERSHIPS), "--seed", SEED)


def moments(victim: str, last: int) -> list[int]:
    """Return the positions of the log at which somebody is killed: two, by a seed, neither at the beginning or end."""
    dice = Random(f"{SEED}/{victim}")
    return sorted(dice.sample(range(last // 10, last * 9 // 10), 2))


def kill_at(fund: Company, kill: Kill, positions: list[int]) -> int:
    """Kill whenever the log has come to one of the positions; return how often."""
    deadline = time.monotonic() + LONG
    for position in positions:
        while fund.parts.log.end() < position:
            assert time.monotonic() < deadline, f"the log never came to position {position}"
            time.sleep(0.005)
        kill(fund)
    return len(positions)


@pytest.mark.parametrize("victim", KILLS)
async def test_whoever_is_killed_the_call_goes_on_to_the_same_end(
    victim: str, undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    place, told = undisturbed
    events = log(place)
    begin(tmp_path, SEED, PARTNERSHIPS)
    async with company(tmp_path) as fund:
        killing = asyncio.create_task(
            asyncio.to_thread(kill_at, fund, KILLS[victim], moments(victim, events[-1].position))
        )
        stage = stage_of(fund, RULES)
        await rehearse(fund, stage, lambda number, of, scene: None)
        assert killing.done()
        assert await killing == 2
        summary = await summarise(fund, stage, 0)
    assert {**summary.as_json(), "seconds": 0} == {**told, "seconds": 0}
    assert by_stream(log(tmp_path)) == by_stream(events)


def test_a_demo_that_is_killed_goes_on_where_it_was(undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    place, told = undisturbed
    options = ("--partnerships", str(PARTNERSHIPS), "--seed", SEED)
    with demo(tmp_path, *options) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if "Applications" in line)
        process.kill()
    assert 0 < len(log(tmp_path)) < len(log(place))
    assert {**rehearsed(tmp_path, *options), "seconds": 0} == {**told, "seconds": 0}
    assert by_stream(log(tmp_path)) == by_stream(log(place))
