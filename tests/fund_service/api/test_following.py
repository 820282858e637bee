"""Fifty people follow the feed at once while things happen: each hears what it may see, once and in order."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from domain.account.commands import OpenAccount
from fund_service.api.server import address_of, bound, serving
from tests.fund_service.api.conftest import API, Api, Turning
from tests.fund_service.small_fund import id_of
from tests.fund_service.staged_fund import Stage, copied

OFFICE, OTHERS = "Secretariat 1", "Officer of Dublin"
READERS, EVENTS = 50, 20


@pytest.fixture
def changing(stages: Mapping[Stage, Path], turning: Turning, tmp_path: Path) -> Iterator[Api]:
    """Return a fund of the test's own."""
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as api:
        yield api


def open_account(api: Api, number: int) -> None:
    """Have something happen."""
    named = {"subject": id_of(f"coach {number}"), "label": f"Coach {number} of many", "unit": "Team"}
    api.parts.fund.handle(OpenAccount(by=id_of(OFFICE), at=datetime.now(UTC), key=f"{number}", **named))


def seen(api: Api, who: str, after: int) -> list[int]:
    """Return the positions that somebody may see, as the pages of the feed tell them."""
    return [int(one["id"]) for one in api.get(who, f"/events?limit=1000&after={after}").json()]


async def test_fifty_readers_hear_of_every_event_once_and_in_order(changing: Api) -> None:
    begin = changing.parts.log.end()
    readers = [(OFFICE if number % 2 else OTHERS, list[int]()) for number in range(READERS)]
    moved = asyncio.Condition()

    async def follow(client: httpx2.AsyncClient, who: str, heard: list[int]) -> None:
        signed = {"Authorization": f"Bearer {changing.token(who)}", "Last-Event-ID": str(begin)}
        async with client.stream("GET", f"{API}/events/stream", headers=signed) as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    async with moved:
                        heard.append(int(line.removeprefix("id: ")))
                        moved.notify_all()

    with bound(0) as listening:
        limits, url = httpx2.Limits(max_connections=READERS), address_of(listening)
        async with (
            serving(listening, changing.client.app),
            httpx2.AsyncClient(base_url=url, limits=limits, timeout=60) as client,
            asyncio.timeout(120),
        ):
            following = [asyncio.create_task(follow(client, *reader)) for reader in readers]
            for number in range(EVENTS):
                await asyncio.to_thread(open_account, changing, number)
            told = {who: await asyncio.to_thread(seen, changing, who, begin) for who in (OFFICE, OTHERS)}
            async with moved:
                await moved.wait_for(lambda: all(len(heard) >= len(told[who]) for who, heard in readers))
            for one in following:
                one.cancel()
            await asyncio.wait(following)
    assert len(told[OFFICE]) > len(told[OTHERS])
    assert len(told[OFFICE]) >= EVENTS
    assert [heard for who, heard in readers] == [told[who] for who, _ in readers]
