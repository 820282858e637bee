"""Reconciliation: finds the processes that are open in the log and do not go on, and drives them again.

Only what is harmless when it is not needed is done: the relay starts or tells a process again what it reacts to (what
it has seen, it drops), and one that slept through a point of the calendar is told the time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from temporalio import activity
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleSpec,
    WorkflowExecutionStatus,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.call.events import CallCancelled, CallSettled
from domain.catalogue import EVENTS
from domain.values import Value
from fund_service.composition import Parts
from fund_service.event_store import EventLog
from fund_service.relay import ask_again, parkings, relayed
from workflows.endings import ENDINGS
from workflows.options import TASK_QUEUE
from workflows.ports import Pulse
from workflows.process import Process
from workflows.reactions import LISTENERS, STARTS, Begin, reactions
from workflows.reconciliation import RECONCILE, ReconciliationWorkflow

EVERY = timedelta(minutes=15)
LATE = timedelta(minutes=10)
"""How long after its point of the calendar a process may go on waiting, before it is told the time."""

ANSWER = timedelta(seconds=5)
AT_ONCE = 16
SCHEDULE = "reconciliation"
_TELLING = frozenset(topic for topic, kind in EVENTS.items() if kind in {*STARTS, *LISTENERS, *ENDINGS})


class Trouble(StrEnum):
    """Why a process does not go on."""

    MISSING = "is open in the log and was never started"
    PARKED = "was told nothing more, since Temporal refused what it had to hear"
    DEAF = "has not heard what happened"
    OVERDUE = "has slept through a point of the calendar"
    SILENT = "does not answer: no worker runs, or the process fails again and again"
    BROKEN = "is open in the log and has ended without its work"


class Stuck(Value):
    """A process that does not go on. `position` is where in the log it needs to be told again from."""

    id: str
    trouble: Trouble
    position: int

    @property
    def driven(self) -> bool:
        """Whether it can be driven again; the others need a person, at Temporal's pages."""
        return self.trouble not in (Trouble.SILENT, Trouble.BROKEN)


class Open(NamedTuple):
    """A process that the log says is open: its call, where it began, and the last position that it had to hear."""

    call_id: UUID
    began: int
    told: int


async def reconcile(parts: Parts, client: Client) -> list[Stuck]:
    """Find what is stuck, drive it again, and return what was found. Raises RPCError while Temporal is away."""
    stuck = await find_stuck(parts, client)
    for one in stuck:
        if one.trouble is Trouble.OVERDUE:
            await client.get_workflow_handle(one.id).signal(Process.clock_moved, parts.clock.now())
        elif one.driven:
            await asyncio.to_thread(ask_again, parts.facts, one.id, one.position)
    return stuck


async def find_stuck(parts: Parts, client: Client) -> list[Stuck]:
    """Return every process that does not go on, by its id. Raises RPCError while Temporal is away."""
    parked = await asyncio.to_thread(parkings, parts.facts)
    still_open = await asyncio.to_thread(open_processes, parts.log, relayed(parts.facts))
    limit = asyncio.Semaphore(AT_ONCE)

    async def look(workflow_id: str, expected: Open) -> Stuck | None:
        async with limit:
            return await _look(client, workflow_id, expected, parts.clock.now())

    found = [Stuck(id=name, trouble=Trouble.PARKED, position=where.position) for name, where in parked.items()]
    others = [look(name, expected) for name, expected in still_open.items() if name not in parked]
    found += [one for one in await asyncio.gather(*others) if one is not None]
    return sorted(found, key=lambda one: one.id)


def open_processes(log: EventLog, last: int) -> dict[str, Open]:
    """Return the processes that have something left to do, by what the log says up to a position."""
    still_open: dict[str, Open] = {}
    for stored in log.headers():
        if stored.id > last:
            break
        if stored.topic not in _TELLING:
            continue
        recorded = log.recorded(stored)
        for reaction in reactions(recorded):
            known = still_open.get(reaction.workflow_id)
            if isinstance(reaction, Begin) and known is None:
                still_open[reaction.workflow_id] = Open(reaction.start.call_id, stored.id, 0)
            elif known is not None and not isinstance(reaction, Begin):
                still_open[reaction.workflow_id] = known._replace(told=stored.id)
        if ending := ENDINGS.get(type(recorded.event)):
            for over in ending(recorded, recorded.event):
                still_open.pop(over, None)
        if isinstance(recorded.event, CallSettled | CallCancelled):
            still_open = {name: one for name, one in still_open.items() if one.call_id != recorded.stream}
    return still_open


async def _look(client: Client, workflow_id: str, expected: Open, now: datetime) -> Stuck | None:
    handle = client.get_workflow_handle(workflow_id)
    try:
        status = (await handle.describe()).status
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return Stuck(id=workflow_id, trouble=Trouble.MISSING, position=expected.began)
    if status == WorkflowExecutionStatus.COMPLETED:
        return None
    if status != WorkflowExecutionStatus.RUNNING:
        return Stuck(id=workflow_id, trouble=Trouble.BROKEN, position=expected.began)
    try:
        pulse: Pulse = await handle.query(Process.pulse, rpc_timeout=ANSWER)
    except RPCError:
        return Stuck(id=workflow_id, trouble=Trouble.SILENT, position=expected.began)
    if pulse.seen < expected.told:
        return Stuck(id=workflow_id, trouble=Trouble.DEAF, position=pulse.seen + 1)
    if pulse.due is not None and pulse.due < now - LATE:
        return Stuck(id=workflow_id, trouble=Trouble.OVERDUE, position=pulse.seen + 1)
    return None


def reconcile_activity(parts: Parts, client: Client) -> Callable[[], Awaitable[int]]:
    """Return the activity that looks over this fund."""

    @activity.defn(name=RECONCILE)
    async def look_over() -> int:
        return len(await reconcile(parts, client))

    return look_over


async def schedule(client: Client) -> None:
    """Have the fund looked over every quarter of an hour; once is enough, a repeat changes nothing."""
    action = ScheduleActionStartWorkflow(ReconciliationWorkflow.run, id=SCHEDULE, task_queue=TASK_QUEUE)
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)])
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(SCHEDULE, Schedule(action=action, spec=spec))
