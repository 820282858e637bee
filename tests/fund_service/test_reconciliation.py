"""A process that does not go on is found by the log, and driven again: what was never delivered is."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowHandle

from domain.call.events import CallCancelled, CallPublished
from domain.evaluation.events import EvaluationCompleted
from domain.grant.events import GrantClosed
from domain.messages import Event
from domain.partnership.events import CoachingCompleted, CoachingOffered, PartnershipFormed
from domain.people import Geography
from fund_service.cli.main import main
from fund_service.clock import RehearsalClock
from fund_service.composition import Parts, open_parts
from fund_service.editions.loader import edition
from fund_service.event_store import Stored
from fund_service.reconciliation import LATE, SCHEDULE, Stuck, Trouble, find_stuck, open_processes, reconcile
from fund_service.relay import AGAIN, LOOK_BACK, POSITION, parkings, relayed, relaying
from fund_service.service import Service, running
from fund_service.settings import read_settings
from fund_service.temporal_codec import sealing_converter
from fund_service.temporal_server import temporal_server
from tests.workflows.play import shifted
from workflows.process import Process
from workflows.reactions import award_workflow, call_workflow, coaching_workflow

SOON = 30.0
NOW = datetime.now(UTC)
RULES = edition("iurc-2026")
LINE = RULES.lines[0].id
_DONE = "WorkflowType = 'ReconciliationWorkflow' AND ExecutionStatus = 'Completed'"
BEFORE = NOW - LOOK_BACK - timedelta(hours=1)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """Return a live fund, empty."""
    with open_parts(read_settings(data=tmp_path, port=0)) as opened:
        yield opened


class Chronicle:
    """A call that begins soon, and one partnership, as they were recorded long ago."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.call_id, self.partnership_id = uuid4(), uuid4()
        self.call, self.coaching = call_workflow(self.call_id), coaching_workflow(self.partnership_id)
        self.award = award_workflow(self.call_id, LINE)

    def happen(self, stream: UUID, event: type[Event], at: datetime = BEFORE, **fields: object) -> int:
        """Record an event and return its position."""
        version = len(self._parts.log.recorder.select_events(stream)) + 1
        recorded = event.model_validate({"by": uuid4(), "effective_at": at, **fields})
        return self._parts.log.append([Stored(stream, version, at, uuid4(), recorded)])

    def begin(self) -> None:
        """Publish the call and form the partnership."""
        self.happen(self.call_id, CallPublished, rules=shifted(RULES, NOW))
        named = {"name": "Lisbon with Seoul", "call_id": self.call_id, "coordinator_id": uuid4(), "members": ()}
        rest = {"geography": Geography.ASIA, "cluster": "", "topic": "", "generated": False, "source": "a test"}
        self.happen(self.partnership_id, PartnershipFormed, **named, **rest)

    def lose(self) -> None:
        """Have the relay believe that everything was delivered, long before what happened last."""
        self._parts.facts.put(POSITION, str(self.happen(uuid4(), CoachingOffered, NOW)))


@pytest.fixture
def chronicle(parts: Parts) -> Chronicle:
    """Return the log of a call that has begun."""
    chronicle = Chronicle(parts)
    chronicle.begin()
    return chronicle


async def until_nothing_is_stuck(service: Service) -> None:
    """Wait until the relay is at the log's end and every process goes on."""
    async with asyncio.timeout(SOON):
        while relayed(service.parts.facts) < service.parts.log.end() or await find_stuck(service.parts, service.client):
            await asyncio.to_thread(service.parts.log.end)


async def next_instant(process: WorkflowHandle[Any, Any]) -> datetime:
    """Wait until a process has looked up the plan and waits for an instant, and return it."""
    async with asyncio.timeout(SOON):
        while (due := (await process.query(Process.pulse)).due) is None:
            pass
    return due


def test_the_log_tells_which_processes_are_open(parts: Parts, chronicle: Chronicle) -> None:
    assert open_processes(parts.log, parts.log.end()).keys() == {chronicle.award, chronicle.call, chronicle.coaching}
    assert open_processes(parts.log, 1).keys() == {chronicle.award, chronicle.call}
    chronicle.happen(chronicle.partnership_id, CoachingCompleted)
    assert open_processes(parts.log, parts.log.end()).keys() == {chronicle.award, chronicle.call}


def test_nothing_is_open_in_a_call_that_was_cancelled(parts: Parts, chronicle: Chronicle) -> None:
    told = {"proposed_by": uuid4(), "reason": "The programme ends.", "pilot_action_ids": (), "lines": (LINE,)}
    chronicle.happen(chronicle.call_id, CallCancelled, **told)
    assert open_processes(parts.log, parts.log.end()) == {}


async def test_what_was_never_started_is_found_and_started(
    parts: Parts, chronicle: Chronicle, capsys: pytest.CaptureFixture[str]
) -> None:
    chronicle.lose()
    missing = [
        Stuck(id=chronicle.award, trouble=Trouble.MISSING, position=1),
        Stuck(id=chronicle.call, trouble=Trouble.MISSING, position=1),
        Stuck(id=chronicle.coaching, trouble=Trouble.MISSING, position=2),
    ]
    async with running(parts) as service:
        assert await find_stuck(parts, service.client) == missing
        place = ["--data", str(parts.directory.directory), "--json"]
        assert await asyncio.to_thread(main, ["reconcile", "--dry-run", *place]) == 0
        assert [(one["id"], one["driven"]) for one in json.loads(capsys.readouterr().out)] == [
            (chronicle.award, False),
            (chronicle.call, False),
            (chronicle.coaching, False),
        ]
        assert await find_stuck(parts, service.client) == missing
        assert await asyncio.to_thread(main, ["reconcile", *place]) == 0
        await until_nothing_is_stuck(service)
        assert await reconcile(parts, service.client) == []


async def test_what_was_never_told_is_found_and_told(parts: Parts, chronicle: Chronicle) -> None:
    async with running(parts) as service:
        await until_nothing_is_stuck(service)
    named = {"pilot_action_id": uuid4(), "call_id": chronicle.call_id, "line": LINE}
    lost = chronicle.happen(uuid4(), EvaluationCompleted, **named)
    chronicle.lose()
    async with running(parts) as service:
        async with asyncio.timeout(SOON):  # at first no worker may answer yet
            while [one.trouble for one in await find_stuck(parts, service.client)] != [Trouble.DEAF]:
                await asyncio.to_thread(parts.log.end)
        (deaf,) = await reconcile(parts, service.client)
        assert (deaf.id, deaf.trouble) == (chronicle.award, Trouble.DEAF)
        assert deaf.position <= lost
        await until_nothing_is_stuck(service)


async def test_what_is_parked_is_told_again_once_temporal_takes_it(
    parts: Parts, chronicle: Chronicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"call_id": chronicle.call_id, "spent_cents": 0, "returned_cents": 0}
    with monkeypatch.context() as strict:
        at_most_two_signals = ("history.maximumSignalsPerExecution=2",)
        strict.setattr("fund_service.temporal_server._DYNAMIC_CONFIG", at_most_two_signals)
        async with running(parts) as service:
            await until_nothing_is_stuck(service)
            told = [chronicle.happen(uuid4(), GrantClosed, NOW, **named) for _ in range(3)]
            stuck = [Stuck(id=chronicle.call, trouble=Trouble.PARKED, position=told[-1])]
            async with asyncio.timeout(SOON):
                while await find_stuck(parts, service.client) != stuck:
                    await asyncio.to_thread(parts.log.end)
    async with running(parts) as service:
        assert await reconcile(parts, service.client) == stuck
        await until_nothing_is_stuck(service)
        assert parkings(parts.facts) == {}


async def test_what_does_not_answer_is_left_to_people(
    parts: Parts, chronicle: Chronicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fund_service.reconciliation.ANSWER", timedelta(milliseconds=200))
    async with (
        temporal_server(parts.directory, None, sealing_converter(parts.vault)) as (client, _),
        relaying(parts, client),
    ):
        async with asyncio.timeout(SOON):
            while relayed(parts.facts) < parts.log.end():
                await asyncio.to_thread(parts.log.end)
        silent = await reconcile(parts, client)
        assert {one.id: (one.trouble, one.driven) for one in silent} == dict.fromkeys(
            (chronicle.award, chronicle.call, chronicle.coaching), (Trouble.SILENT, False)
        )
        assert parts.facts.beginning(AGAIN) == {}


async def test_what_has_slept_through_a_point_of_the_calendar_is_told_the_time(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path, port=0)
    with open_parts(settings) as parts:
        RehearsalClock(parts.facts).move(NOW)
    with open_parts(settings) as parts:
        clock, chronicle = RehearsalClock(parts.facts), Chronicle(parts)
        chronicle.begin()
        async with running(parts) as service:
            await until_nothing_is_stuck(service)
            asked = {name: service.client.get_workflow_handle(name) for name in (chronicle.call, chronicle.coaching)}
            due = min([await next_instant(process) for process in asked.values()])
            clock.move(due + LATE)
            assert await find_stuck(parts, service.client) == []
            clock.move(due + LATE + timedelta(microseconds=1))
            overdue = await reconcile(parts, service.client)
            assert {one.trouble for one in overdue} == {Trouble.OVERDUE}
            for one in overdue:
                async with asyncio.timeout(SOON):
                    while (await asked[one.id].query(Process.pulse)).due == due:
                        pass


async def test_what_has_ended_without_its_work_is_left_to_people(parts: Parts, chronicle: Chronicle) -> None:
    async with running(parts) as service:
        await until_nothing_is_stuck(service)
        await service.client.get_workflow_handle(chronicle.coaching).terminate("by hand")
        (broken,) = await reconcile(parts, service.client)
        assert (broken.id, broken.trouble, broken.driven) == (chronicle.coaching, Trouble.BROKEN, False)
        assert await reconcile(parts, service.client) == [broken]


async def test_a_live_fund_is_looked_over_by_a_schedule_that_is_made_once(parts: Parts, chronicle: Chronicle) -> None:
    for _ in range(2):
        async with running(parts) as service:
            async with asyncio.timeout(SOON):
                while not (made := [one.id async for one in await service.client.list_schedules()]):
                    pass
                assert made == [SCHEDULE]
                await service.client.get_schedule_handle(SCHEDULE).trigger()
                while not (await service.client.count_workflows(_DONE)).count:
                    pass
