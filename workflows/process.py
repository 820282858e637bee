"""What every workflow is made of: it waits for the calendar and for events, and acts by commands as the engine.

A story is told in chapters. A chapter waits, then acts, and returns the chapter that follows, or how the story ended.
When Temporal suggests it, a run ends wherever the story waits, and the next one begins with the chapter in which it
stood. So a chapter acts after its last wait, or shows in `noted` what it did; it takes what it needs from the plan and
from what was heard and noted. Its name stands in histories and never changes.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, NoReturn, Protocol, TypeAlias

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.call.events import CallCancelled
    from domain.messages import Command, Event
    from domain.people import ENGINE
    from workflows.activities import PLAN_OF_CALL, activity_name
    from workflows.options import ATTEMPT, LATE_WORD, REFUSED, RETRY
    from workflows.ports import Heard, Memory, Plan, Pulse, Start


Step: TypeAlias = Callable[[Plan], datetime | None]
"""A step of the call's plan, which a correction of the call may move to a later instant (D21); None never comes."""


class Chapter(Protocol):
    """A part of a story, under its name: it returns the part that follows, or how the story ended."""

    __name__: str

    def __call__(self) -> Coroutine[Any, Any, "Chapter | str"]:
        """Wait, then act."""


class _Cancelled(Exception):
    """The call was cancelled."""


class Process:
    """A workflow's hearing, waiting and acting. Handlers only set state; the chapters of each process are its story."""

    current: Plan
    """What was looked up last of the rules in force for the call."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        """Start with nothing heard, or with what the run before left, ahead of every signal."""
        memory = start.memory or Memory(clock=start.rehearsed_at)
        self.start = start
        self.noted: dict[str, datetime] = dict(memory.noted)
        self._chapter = memory.chapter
        self._heard = {heard.topic: heard for heard in memory.heard}
        self._seen = memory.seen
        self._clock = memory.clock
        self._waiting = False
        self._due: datetime | None = None

    @workflow.signal(name="domain_event")
    def domain_event(self, heard: Heard) -> None:
        """Hear of an event; what was seen already, by position, is dropped."""
        if heard.position > self._seen:
            self._seen = heard.position
            self._heard[heard.topic] = heard
            self.note(heard)

    def note(self, heard: Heard) -> None:
        """Note of an event what this process needs beside having heard it: by default nothing."""

    @workflow.signal(name="clock_moved")
    def clock_moved(self, at: datetime) -> None:
        """Hear of the programme's time in a rehearsal, which never goes back."""
        if self._clock is None or at > self._clock:
            self._clock = at

    @workflow.query(name="pulse")
    def pulse(self) -> Pulse:
        """Tell whether all is quiet here, up to which event, and which instant comes next."""
        return Pulse(waiting=self._waiting, seen=self._seen, due=self._due)

    async def follow(self, first: Chapter) -> str:
        """Follow the story to its end, from its first chapter or from the one in which the run before stood."""
        await self._look_up()
        chapter: Chapter = getattr(self, self._chapter) if self._chapter else first
        while True:
            self._chapter = chapter.__name__
            following = await chapter()
            if isinstance(following, str):
                return following
            chapter = following

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
        await self._wait(lambda plan: None, *events)
        heard = self.when(*events)
        assert heard is not None
        return heard

    async def until(self, point: datetime | Step, *events: type[Event]) -> bool:
        """Wait for a point of the calendar: True when it is reached, False when one of the events came first.

        In a rehearsal the point is reached when the conductor moves the clock there; live, by a timer. A step of the
        plan is looked up again when it is reached: where a correction of the call moved it, and it moves only later, it
        is waited for anew.
        """
        if isinstance(point, datetime):
            return await self._wait(lambda plan: point, *events)
        while await self._wait(point, *events):
            reached = point(self.current)
            await self._look_up()
            if point(self.current) == reached:
                return True
        return False

    async def _wait(self, step: Step, *events: type[Event]) -> bool:
        """Wait as `until` does, for a step that is not looked up again, but that may move by what is heard."""
        while True:
            point = await self._rest(step, *events)
            if self.when(CallCancelled):
                raise _Cancelled
            if self.when(*events):
                return False
            if step(self.current) == point:
                return True

    async def _rest(self, step: Step, *events: type[Event]) -> datetime | None:
        """Rest until something happens, and return the point rested for. A run whose history grew long ends here."""
        point = step(self.current)

        def over() -> bool:
            reached = point is not None and self._clock is not None and self._clock >= point
            return reached or step(self.current) != point or self.when(*events, CallCancelled) is not None

        self._due, self._waiting = point, True
        try:
            await workflow.wait_condition(
                lambda: over() or workflow.info().is_continue_as_new_suggested(), timeout=self._timeout(point)
            )
        except TimeoutError:
            return point
        finally:
            self._due, self._waiting = None, False
        if not over():
            await self._go_on_in_a_new_run()
        return point

    def _timeout(self, point: datetime | None) -> float | None:
        """Return the seconds of the timer for a point of the calendar; a rehearsal has none."""
        if point is None or self.start.rehearsed_at is not None:
            return None
        return max(0.0, (point - workflow.now()).total_seconds())

    async def _go_on_in_a_new_run(self) -> NoReturn:
        """End this run, whose history grew long, and leave to the next one where the story stands."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        memory = Memory(
            chapter=self._chapter,
            heard=tuple(self._heard.values()),
            seen=self._seen,
            noted=self.noted,
            clock=self._clock,
        )
        workflow.continue_as_new(self.start.model_copy(update={"memory": memory}))

    async def _look_up(self) -> None:
        self.current = await workflow.execute_activity(
            PLAN_OF_CALL, self.start.call_id, result_type=Plan, start_to_close_timeout=ATTEMPT, retry_policy=RETRY
        )

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
