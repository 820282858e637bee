"""What every workflow is made of: it waits for the calendar and for events, and acts by commands as the engine."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.call.events import CallCancelled
    from domain.messages import Command, Event
    from domain.people import ENGINE
    from workflows.activities import PLAN_OF_CALL, activity_name
    from workflows.options import ATTEMPT, LATE_WORD, REFUSED, RETRY
    from workflows.ports import Heard, Plan, Pulse, Start


Step = Callable[[Plan], datetime]
"""A step of the call's plan, which a correction of the call may move to a later instant (D21)."""


class _Cancelled(Exception):
    """The call was cancelled."""


class Process:
    """A workflow's hearing, waiting and acting. Handlers only set state; `run` of each process reads as its story."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._heard: dict[str, Heard] = {}
        self._seen = 0
        self._waiting = False
        self._due: datetime | None = None
        self._clock: datetime | None = None

    @workflow.signal
    def domain_event(self, heard: Heard) -> None:
        """Hear of an event; what was seen already, by position, is dropped."""
        if heard.position > self._seen:
            self._seen = heard.position
            self._heard[heard.topic] = heard
            self.note(heard)

    def note(self, heard: Heard) -> None:
        """Keep of an event what this process needs beside having heard it: by default nothing."""

    @workflow.signal
    def clock_moved(self, at: datetime) -> None:
        """Hear of the programme's time in a rehearsal, which never goes back."""
        if self._clock is None or at > self._clock:
            self._clock = at

    @workflow.query
    def pulse(self) -> Pulse:
        """Tell whether all is quiet here, up to which event, and which instant comes next."""
        return Pulse(waiting=self._waiting, seen=self._seen, due=self._due)

    def begin(self, start: Start) -> None:
        """Take over the programme's clock of a rehearsal."""
        if start.rehearsed_at is not None and self._clock is None:
            self._clock = start.rehearsed_at
        self._rehearsed = start.rehearsed_at is not None

    async def unless_cancelled(self, story: Coroutine[Any, Any, str]) -> str:
        """Follow the story to its end, or leave it, wherever it waits, when the call is cancelled (D18).

        A refusal may come before the word of the cancellation that it follows from.
        """
        try:
            return await story
        except _Cancelled:
            return "cancelled"
        except ActivityError as failed:
            if not _refused(failed):
                raise
            try:
                await workflow.wait_condition(lambda: self.when(CallCancelled) is not None, timeout=LATE_WORD)
            except TimeoutError:
                raise failed from None
            return "cancelled"

    async def plan(self, call_id: UUID) -> Plan:
        """Look up what this process needs of the rules in force for the call; `current` is what was looked up last."""
        plan: Plan = await workflow.execute_activity(
            PLAN_OF_CALL, call_id, result_type=Plan, start_to_close_timeout=ATTEMPT, retry_policy=RETRY
        )
        self._call_id, self.current = call_id, plan
        return plan

    def when(self, *events: type[Event]) -> Heard | None:
        """Return the latest of these events that was heard, or None."""
        heard = [self._heard[event.TOPIC] for event in events if event.TOPIC in self._heard]
        return max(heard, key=lambda one: one.position, default=None)

    def forget(self, *events: type[Event]) -> None:
        """Forget that these events were heard, to wait for the next one."""
        for event in events:
            self._heard.pop(event.TOPIC, None)

    async def hear(self, *events: type[Event]) -> Heard:
        """Wait for one of these events and return the latest."""
        await self._wait(None, *events)
        heard = self.when(*events)
        assert heard is not None
        return heard

    async def until(self, point: datetime | Step, *events: type[Event]) -> bool:
        """Wait for a point of the calendar: True when it is reached, False when one of the events came first.

        In a rehearsal the point is reached when the conductor moves the clock there; live, by a timer. A step of the
        plan (which `plan` looked up before) is looked up again when it is reached: where a correction of the call moved
        it, and it moves only later, it is waited for anew.
        """
        if isinstance(point, datetime):
            return await self._wait(point, *events)
        while await self._wait(reached := point(self.current), *events):
            await self.plan(self._call_id)
            if point(self.current) == reached:
                return True
        return False

    async def _wait(self, point: datetime | None, *events: type[Event]) -> bool:
        def came() -> bool:
            return self.when(*events) is not None

        def reached() -> bool:
            return point is not None and self._clock is not None and self._clock >= point

        timeout = None
        if point is not None and not self._rehearsed:
            timeout = max(0.0, (point - workflow.now()).total_seconds())
        self._due, self._waiting = point, True
        try:
            await workflow.wait_condition(
                lambda: came() or reached() or self.when(CallCancelled) is not None, timeout=timeout
            )
        except TimeoutError:
            pass
        finally:
            self._due, self._waiting = None, False
        if self.when(CallCancelled):
            raise _Cancelled
        return not came()

    async def do(self, command: type[Command], key: str, at: datetime, **named: Any) -> None:
        """Act by a command that must not be refused; a refusal fails this workflow, for all to see."""
        await workflow.execute_activity(
            activity_name(command),
            command(by=ENGINE, at=at, key=f"{workflow.info().workflow_id}/{key}", **named),
            start_to_close_timeout=ATTEMPT,
            retry_policy=RETRY,
        )

    async def attempt(self, command: type[Command], key: str, at: datetime, **named: Any) -> bool:
        """Act by a command that people may have made needless meanwhile; return whether it was carried out."""
        try:
            await self.do(command, key, at, **named)
        except ActivityError as failed:
            if _refused(failed):
                return False
            raise
        return True


def _refused(failed: ActivityError) -> bool:
    return isinstance(failed.cause, ApplicationError) and failed.cause.type == REFUSED
