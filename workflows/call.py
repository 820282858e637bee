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
    from workflows.ports import Start
    from workflows.process import Process


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
        plan = await self.plan(start.call_id)
        calendar = plan.calendar
        await self.until(calendar.coaching_opens)
        await self.do(OpenCoachingWindow, "coaching/open", calendar.coaching_opens, **self._named)
        await self.until(calendar.coaching_closes)
        await self.do(CloseCoachingWindow, "coaching/close", calendar.coaching_closes, **self._named)
        await self.until(calendar.applications_open)
        await self.do(OpenApplicationWindow, "applications/open", calendar.applications_open, **self._named)
        await self.until(plan.window_closed_at)
        await self.do(CloseApplicationWindow, "applications/close", calendar.applications_close, **self._named)
        await self.until(calendar.settled)
        await self._settle(calendar.settled)
        return "settled"

    async def _settle(self, due: datetime) -> None:
        """Settle when due, and again after each grant that closes late."""
        tries, at = 0, due
        while True:
            self.forget(GrantClosed)
            tries += 1
            if await self.attempt(SettleCall, f"settle/{tries}", at, **self._named):
                return
            at = max(due, (await self.hear(GrantClosed)).at)
