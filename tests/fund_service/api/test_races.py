"""People who ask at the same moment, over a real socket: one is served, the others hear why not."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from domain.call.commands import OpenApplicationWindow
from domain.messages import Command, Event
from domain.people import ENGINE
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import SubmitApplication
from domain.pilot_action.events import ApplicationSubmitted
from fund_service.api.server import address_of, bound, serving
from fund_service.composition import Parts, open_parts
from fund_service.facts import Facts
from fund_service.permissions.actors import Actor
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, RULES, SmallFund, action_of, id_of

AT_ONCE = 50
TURIN = APPLICANTS[0]
Ask = Callable[[str, str, Any, str, Mapping[str, str]], Any]


class _Unsubmitted(SmallFund):
    """The small fund up to an application that only has to be submitted."""

    def act(self, command: type[Command], by: UUID, **named: object) -> None:
        if command is not SubmitApplication:
            super().act(command, by, **named)


@contextmanager
def opened(settings: Settings, at: datetime) -> Iterator[Parts]:
    """Open a fund in which it is always this instant."""
    with open_store(settings) as store:
        Facts(store.engine("facts")).put("clock", at.astimezone(UTC).isoformat())
    with open_parts(settings) as parts:
        yield parts


@pytest.fixture(params=["sqlite", "postgresql"])
def drafted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Parts]:
    """Return a fund with an application that only has to be submitted, on both stores."""
    url = request.getfixturevalue("database") if request.param == "postgresql" else None
    with opened(Settings(data=tmp_path, store=url), CALENDAR.applications_open + timedelta(days=1)) as parts:
        story = _Unsubmitted(parts.fund)
        story.found()
        story.pair(TURIN)
        story.at = CALENDAR.applications_open
        story.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        story.apply(TURIN)
        yield parts


@asynccontextmanager
async def served(parts: Parts) -> AsyncIterator[Ask]:
    """Serve a fund on a port, and yield what asks it for something: as whom, where, what, by which key."""
    tokens: dict[str, str] = {}
    with bound(0) as listening:
        async with (
            serving(listening, parts, list),
            httpx2.AsyncClient(base_url=address_of(listening), timeout=60) as client,
        ):

            async def ask(who: str, path: str, body: Any, key: str, more: Mapping[str, str]) -> httpx2.Response:
                if who not in tokens:
                    now = datetime.now(UTC)
                    tokens[who] = parts.tokens.create(Actor(id_of(who)), who, now, timedelta(hours=1))[1]
                headers = {"Authorization": f"Bearer {tokens[who]}", "Idempotency-Key": key, **more}
                return await client.post(f"/api/v1{path}", json=body, headers=headers)

            yield ask


def recorded_events(parts: Parts, kind: type[Event]) -> int:
    """Return how many events of a kind the log holds."""
    return sum(isinstance(one.event, kind) for one in parts.log.read(0, 10_000))


def _submission(parts: Parts) -> tuple[str, Any]:
    pilot = parts.fund.look(PILOT_ACTION, action_of(TURIN))
    assert pilot is not None
    assert pilot.current is not None
    declarations = [declaration.id for declaration in RULES.declarations]
    body = {"digest": pilot.current.digest, "declarations": declarations}
    return f"/pilot-actions/{action_of(TURIN)}/submissions", body


async def test_the_same_submission_sent_often_at_once_is_recorded_once(drafted: Parts) -> None:
    path, body = _submission(drafted)
    async with served(drafted) as ask:
        answers = await asyncio.gather(*(ask("Officer of Turin", path, body, "one key", {}) for _ in range(AT_ONCE)))
        afterwards = await ask("Officer of Turin", path, body, "one key", {})
    told = Counter(
        (answer.status_code, answer.headers.get("Idempotency-Replayed"), answer.json().get("type"))
        for answer in answers
    )
    assert told[200, None, None] == 1, told
    assert told.keys() <= {(200, None, None), (200, "true", None), (409, None, "/problems/in-flight")}
    assert afterwards.headers["Idempotency-Replayed"] == "true"
    assert recorded_events(drafted, ApplicationSubmitted) == 1
