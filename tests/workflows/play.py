"""One process on the real server, the time between its timers skipped: what it was told, and what it did by when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event as ThreadEvent
from typing import Any, cast
from uuid import UUID, uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from domain.call.rules import Calendar, CallRules
from domain.errors import FundError
from domain.ids import grant_id
from domain.messages import Command, Event
from domain.people import ENGINE
from tests.workflows.bus import RecordingBus
from workflows.application import ApplicationWorkflow
from workflows.award import AwardWorkflow
from workflows.call import CallWorkflow
from workflows.coaching import CoachingWorkflow
from workflows.grant import GrantWorkflow
from workflows.options import TASK_QUEUE
from workflows.ports import Heard, Pulse, Start
from workflows.process import Process
from workflows.reactions import application_workflow, award_workflow, call_workflow, coaching_workflow, grant_workflow

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

PATIENCE = 30.0
"""A process that does not come to rest within so many seconds of real time hangs."""

LONGER_THAN_ANY_CALL = timedelta(days=1500)

LINE = "pilot_action"
"""The support line of every process that drives one."""

IDS: Mapping[type[Process], Callable[[UUID], str]] = {
    CallWorkflow: call_workflow,
    AwardWorkflow: lambda call_id: award_workflow(call_id, LINE),
    CoachingWorkflow: coaching_workflow,
    ApplicationWorkflow: application_workflow,
    GrantWorkflow: lambda pilot_action_id: grant_workflow(grant_id(pilot_action_id)),
}
"""Process → its id, from the subject that it starts with."""


def shifted(rules: CallRules, now: datetime) -> CallRules:
    """Return the rules with every instant so many whole days later that publication lies one or two days ahead."""
    ahead = timedelta(days=(now.date() - rules.calendar.published.date()).days + 2)
    points = {name: (point.astimezone(rules.time_zone) + ahead) for name, point in rules.calendar.points()}
    return rules.model_copy(update={"calendar": Calendar(**points)})


class Play:
    """One process as it runs. Everything it did so far stands in `deeds` as (command, at)."""

    def __init__(self, environment: WorkflowEnvironment, bus: RecordingBus, kind: type[Process], start: Start) -> None:
        self.id = IDS[kind](start.subject)
        self.start = start
        self._environment = environment
        self._bus = bus
        self._kind = kind
        self._positions = count(1)
        self._told = 0
        self._handle: WorkflowHandle[Process, str]

    async def begin(self) -> None:
        """Start the process and let it come to its first rest."""
        client = self._environment.client
        run = cast("Any", self._kind).run
        self._handle = await client.start_workflow(run, self.start, id=self.id, task_queue=TASK_QUEUE)
        await self.rest()

    async def reach(self, instant: datetime, and_rest: bool = True) -> None:
        """Let time pass until an instant."""
        async with asyncio.timeout(PATIENCE):
            now = await self._environment.get_current_time(self._handle)
            await self._environment.fast_forward(self._handle, instant - now)
        if and_rest:
            await self.rest()

    async def tell(
        self,
        event: type[Event],
        at: datetime | None = None,
        position: int | None = None,
        part: int | None = None,
        and_rest: bool = True,
        **instants: datetime,
    ) -> datetime:
        """Tell the process an event, from the next position and holding from now where nothing else is said."""
        at = at or await self._environment.get_current_time(self._handle)
        position = position or next(self._positions)
        heard = Heard(id=str(position), position=position, topic=event.TOPIC, at=at, instants=instants, part=part)
        await self._handle.signal(Process.domain_event, heard)
        self._told = max(self._told, heard.position)
        if and_rest:
            await self.rest()
        return heard.at

    async def move(self, clock: datetime, and_rest: bool = True) -> None:
        """Tell a rehearsed process the programme's time."""
        await self._handle.signal(Process.clock_moved, clock)
        if and_rest:
            await self.rest()

    async def pulse(self) -> Pulse:
        """Ask the process how it is."""
        return await self._handle.query(Process.pulse)

    async def timers(self) -> int:
        """Return how many timers the process has set so far."""
        events = [event for history in await self.runs() for event in history.events]
        return sum(event.event_type == EventType.EVENT_TYPE_TIMER_STARTED for event in events)

    async def runs(self) -> list[WorkflowHistory]:
        """Return the history of each of its runs so far."""
        client, run_id = self._environment.client, self._handle.first_execution_run_id
        histories = []
        while run_id:
            histories.append(await client.get_workflow_handle(self.id, run_id=run_id).fetch_history())
            last = histories[-1].events[-1]
            run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        return histories

    async def over(self) -> bool:
        """Tell whether the process has ended."""
        return (await self._handle.describe()).status != WorkflowExecutionStatus.RUNNING

    async def rest(self) -> None:
        """Wait until the process has ended, or waits and has heard everything that it was told."""
        async with asyncio.timeout(PATIENCE):
            while not await self.over():
                pulse = await self.pulse()
                if pulse.waiting and pulse.seen >= self._told:
                    return

    async def end(self) -> str:
        """Let all the time pass and return how the process ended. Raises what it failed with."""
        async with asyncio.timeout(PATIENCE):
            if not await self.over():
                waits = await self._environment.fast_forward(self._handle, LONGER_THAN_ANY_CALL)
                assert not waits, f"{self.id} waits for ever: {await self.pulse()!r}"
            return await self._handle.result()

    def hold(self, key: str) -> AbstractContextManager[ThreadEvent]:
        """Have the command with this key wait for its answer to the end of the block; gives what says that it came."""
        return self._bus.holding(f"{self.id}/{key}")

    def refuse(self, key: str, *errors: FundError) -> None:
        """Have the next attempts under a key fail with these errors."""
        self._bus.answer(f"{self.id}/{key}", *errors)

    def correct(self, rules: CallRules, **points: datetime) -> None:
        """Put a correction of the call in force that moves these steps; nobody tells the process."""
        calendar = rules.calendar.model_copy(update=points)
        self._bus.correct(self.start.call_id, rules.model_copy(update={"calendar": calendar}))

    def commands(self, *kinds: type[Command]) -> list[Any]:
        """Return the commands so far, or those of some kinds; every one is the engine's, under a key of its own."""
        sent = self._bus.sent_by(self.id)
        assert all(command.by == ENGINE for command in sent)
        assert all(one == other for one in sent for other in sent if one.key == other.key)
        return [command for command in sent if not kinds or isinstance(command, kinds)]

    @property
    def deeds(self) -> list[tuple[type[Command], datetime]]:
        """What the process did so far: each command with its instant."""
        return [(type(command), command.at) for command in self.commands()]


Begin = Callable[..., Awaitable[Play]]
"""`await begin(kind, at=…)` or `await begin(kind, start=…)`: begins a process and returns its play."""


def starting(at: datetime, rehearsed_at: datetime | None = None) -> Start:
    """Return the start of a process that nothing else knows."""
    return Start(subject=uuid4(), call_id=uuid4(), at=at, line=LINE, rehearsed_at=rehearsed_at)


def server_time() -> datetime:
    """Return the time at which a process that starts now begins: the server's."""
    return datetime.now(UTC)
