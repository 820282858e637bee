"""Whoever is killed in the middle of a call, at whatever moment: it goes on to the same end, nothing lost or twice.

In every run of the tests all are killed in one call on PostgreSQL, with a new run of each process at every step; in the
soak each alone, on SQLite.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from domain.messages import Recorded
from fund_service.audit.replaying import replay
from fund_service.rehearsal.rehearse import rehearse, stage_of
from fund_service.rehearsal.summary import summarise
from tests.journeys.demo import Rehearsed, by_stream, log
from tests.reliability.company import RULES, Company, begin, company

SEED, PARTNERSHIPS = "2026", 2
LONG = 1800.0
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


def moments(victims: tuple[str, ...], seed: str, last: int) -> list[tuple[int, Kill]]:
    """Return at which position of the log whom to kill: each twice, by a seed, neither at the beginning nor the end."""
    chosen = [
        (position, KILLS[victim])
        for victim in victims
        for position in Random(f"{seed}/{victim}").sample(range(last // 10, last * 9 // 10), 2)
    ]
    return sorted(chosen, key=lambda one: one[0])


def kill_all(fund: Company, kills: list[tuple[int, Kill]]) -> int:
    """Kill each when the log has come to its position; return how often."""
    deadline = time.monotonic() + LONG
    for position, kill in kills:
        while fund.parts.log.end() < position:
            assert time.monotonic() < deadline, f"the log never came to position {position}"
            time.sleep(0.005)
        kill(fund)
    return len(kills)


async def goes_on_to_the_same_end(
    victims: tuple[str, ...], seed: str, undisturbed: Rehearsed, events: list[Recorded], data: Path
) -> None:
    """Play the call in another place while these are killed, and compare the two logs and summaries."""
    begin(data, SEED, PARTNERSHIPS)
    async with company(data) as fund:
        kills = moments(victims, seed, events[-1].position)
        killing = asyncio.create_task(asyncio.to_thread(kill_all, fund, kills))
        stage = stage_of(fund, RULES)
        await rehearse(fund, stage, lambda number, of, scene: None)
        assert killing.done()
        assert await killing == 2 * len(victims)
        summary = await summarise(fund, stage, 0)
        again = await asyncio.to_thread(replay, fund.parts, lambda done, doing: None)
        assert again.is_well, (again.broken, again.differences)
    assert undisturbed.ends_as(summary.as_json())
    assert by_stream(log(data)) == by_stream(events)


@pytest.mark.usefixtures("short_histories")
async def test_whoever_is_killed_the_call_goes_on_to_the_same_end(
    undisturbed: Rehearsed, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = log(undisturbed.place)
    monkeypatch.setenv("FUND_STORE", database)
    await goes_on_to_the_same_end(tuple(KILLS), SEED, undisturbed, events, tmp_path / "other")


@pytest.mark.soak
@pytest.mark.parametrize("seed", ["one", "another"])
@pytest.mark.parametrize("victim", KILLS)
async def test_whoever_alone_is_killed_at_whatever_moment_the_call_goes_on_to_the_same_end(
    victim: str, seed: str, undisturbed: Rehearsed, tmp_path: Path
) -> None:
    await goes_on_to_the_same_end((victim,), seed, undisturbed, log(undisturbed.place), tmp_path)
