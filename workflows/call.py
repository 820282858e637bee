"""The call's calendar: windows and settlement (S13, S14, D07, D25); each line's award has a process of its own."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call.commands import (
        CloseApplicationWindow,
        CloseCoachingWindow,
        OpenApplicationWindow,
        OpenCoachingWindow,
        SettleCall,
    )
    from domain.grant.events import GrantClosed
    from domain.messages import Command
    from workflows.ports import Start
    from workflows.process import Process, Step


@workflow.defn
class CallWorkflow(Process):
    """Drives one call from publication to settlement."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Follow the calendar, unless the call is cancelled."""
        return await self.unless_cancelled(self._follow(start))

    async def _follow(self, start: Start) -> str:
        self.begin(start)
        self._named = {"call_id": start.call_id}
        await self.plan(start.call_id)
        await self._act_at(OpenCoachingWindow, "coaching/open", lambda plan: plan.calendar.coaching_opens)
        await self._act_at(CloseCoachingWindow, "coaching/close", lambda plan: plan.calendar.coaching_closes)
        await self._act_at(OpenApplicationWindow, "applications/open", lambda plan: plan.calendar.applications_open)
        await self.until(lambda plan: plan.window_closed_at)
        closed = self.current.calendar.applications_close
        await self.do(CloseApplicationWindow, "applications/close", closed, **self._named)
        await self.until(lambda plan: plan.calendar.settled)
        await self._settle(self.current.calendar.settled)
        return "settled"

    async def _act_at(self, command: type[Command], key: str, step: Step) -> None:
        """Act at a step of the calendar."""
        await self.until(step)
        await self.do(command, key, step(self.current), **self._named)

    async def _settle(self, due: datetime) -> None:
        """Settle when due, and again after each grant that closes late."""
        tries, at = 0, due
        while True:
            self.forget(GrantClosed)
            tries += 1
            if await self.attempt(SettleCall, f"settle/{tries}", at, **self._named):
                return
            at = max(due, (await self.hear(GrantClosed)).at)
