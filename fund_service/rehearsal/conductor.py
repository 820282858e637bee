"""The conductor of a rehearsal: moves the programme clock, and waits until all is quiet before people act.

Quiet means: relay and read models are at the log's end; every process that was touched is over, or runs nothing of its
own, has seen the last event sent to it, and waits for something later than now. Processes due at one instant run in any
order, so outcomes must not depend on it. Where relay and read models are is read in the store: they may run elsewhere.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from domain.errors import Unavailable
from fund_service.clock import RehearsalClock
from fund_service.composition import Parts
from fund_service.relay import deliveries, relayed
from workflows.ports import Pulse
from workflows.process import Process
from workflows.reactions import Tell

AT_ONCE = 32
POLL_SECONDS = 0.005
QUIET_SECONDS = 120.0
ANSWER = timedelta(seconds=2)
"""How long an answer is waited for before it is asked for again: its worker may have been killed."""


NAMED = 5
"""So many of those who do not come to rest are named."""


class Rehearsed(Protocol):
    """A fund that is rehearsed, wherever its worker, relay and projector run."""

    @property
    def parts(self) -> Parts:
        """The fund's door, log and screens."""

    @property
    def client(self) -> Client:
        """A line to its Temporal server."""

    def nudge(self) -> None:
        """Have a relay in this process look at the log at once."""


class Conductor:
    """Moves the clock of a rehearsed fund."""

    def __init__(self, service: Rehearsed, clock: RehearsalClock) -> None:
        """Conduct this service."""
        self._service = service
        self._log = service.parts.log
        self._clock = clock
        self._position = 0
        self._sent: dict[str, int] = {}
        self._open: set[str] = set()
        self._touched: set[str] = set()
        self._due: dict[str, datetime] = {}
        self._limit = asyncio.Semaphore(AT_ONCE)

    @property
    def now(self) -> datetime:
        """The programme's time."""
        return self._clock.now()

    async def move(self, to: datetime) -> None:
        """Move the clock to an instant, stopping at every calendar point on the way that a process waits for."""
        await self.quiet()
        while self._due and min(self._due.values()) <= to:
            await self._step(max(self.now, min(self._due.values())))
            await self.quiet()
        if to > self.now:
            self._clock.move(to)

    async def _step(self, now: datetime) -> None:
        self._clock.move(now)
        due = [workflow_id for workflow_id, point in self._due.items() if point <= now]
        await asyncio.gather(*(self._tick(workflow_id, now) for workflow_id in due))

    async def _tick(self, workflow_id: str, now: datetime) -> None:
        self._due.pop(workflow_id, None)
        self._touched.add(workflow_id)
        self._open.discard(workflow_id)  # the time may end it
        async with self._limit:
            with suppress(RPCError):  # it is over, or Temporal is away: then it is found waiting, and told again
                await self._handle(workflow_id).signal(Process.clock_moved, now, rpc_timeout=ANSWER)

    async def quiet(self) -> None:
        """Wait until all is quiet. Raises Unavailable, naming who is not, after two minutes in which nothing moved."""
        loop = asyncio.get_running_loop()
        moved, deadline = None, 0.0
        while True:
            end = await asyncio.to_thread(self._follow)
            self._service.nudge()
            told = await self._relayed()
            if told >= end and await self._all_rest() and self._log.end() == end:
                await asyncio.to_thread(self._service.parts.projector.wait_for, end, QUIET_SECONDS)
                return
            if moved != (moved := (end, told, len(self._touched))):
                deadline = loop.time() + QUIET_SECONDS  # however many there are to come to rest, some of them do
            if loop.time() > deadline:
                raise Unavailable(
                    f"The rehearsal does not come to rest: {_some(self._touched)}.", "Look at them in Temporal's UI."
                )
            await asyncio.sleep(POLL_SECONDS)

    async def _relayed(self) -> int:
        return await asyncio.to_thread(relayed, self._service.parts.facts)

    def _follow(self) -> int:
        """Note what the log's new events start or tell, and return the log's end."""
        end = self._log.end()
        for position, reaction in deliveries(self._log, self._position + 1, end):
            self._touched.add(reaction.workflow_id)
            if isinstance(reaction, Tell):
                self._sent[reaction.workflow_id] = position
        self._position = end
        return end

    async def _all_rest(self) -> bool:
        touched = sorted(self._touched)
        rests = await asyncio.gather(*(self._rests(workflow_id) for workflow_id in touched))
        self._touched -= {workflow_id for workflow_id, rest in zip(touched, rests, strict=True) if rest}
        return not self._touched

    async def _rests(self, workflow_id: str) -> bool:
        handle = self._handle(workflow_id)
        self._due.pop(workflow_id, None)
        async with self._limit:
            try:
                if workflow_id not in self._open and await self._is_over(handle):
                    return True  # asking one that is over would replay its whole history
                self._open.add(workflow_id)
                pulse: Pulse = await handle.query(Process.pulse, rpc_timeout=ANSWER)
                if not pulse.waiting or pulse.seen < self._sent.get(workflow_id, 0):
                    return await self._is_over(handle)
            except RPCError:  # not started yet, its worker is busy, or it ended meanwhile: look again
                self._open.discard(workflow_id)
                return False
        if pulse.due is not None and pulse.due <= self.now:
            await self._tick(workflow_id, self.now)  # it began to wait for a point that has passed: tell it the time
            return False
        if pulse.due is not None:
            self._due[workflow_id] = pulse.due
        return True

    async def _is_over(self, handle: WorkflowHandle[Process, str]) -> bool:
        status = (await handle.describe(rpc_timeout=ANSWER)).status
        if status == WorkflowExecutionStatus.FAILED:
            raise Unavailable(f"The process {handle.id} failed.", "Look at it in Temporal's UI.")
        return status != WorkflowExecutionStatus.RUNNING

    def _handle(self, workflow_id: str) -> WorkflowHandle[Process, str]:
        return self._service.client.get_workflow_handle(workflow_id)


def _some(restless: set[str]) -> str:
    """Return who does not rest, the first of many; nobody is named where the relay is behind."""
    named = ", ".join(sorted(restless)[:NAMED]) or "the relay"
    return f"{named} and {len(restless) - NAMED} more" if len(restless) > NAMED else named
