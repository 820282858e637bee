"""The call's calendar: windows and settlement (S13, S14, D07, D25); each line's award has a process of its own."""

from uuid import UUID

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
    from workflows.process import Chapter, Process


@workflow.defn(name="CallWorkflow")
class CallWorkflow(Process):
    """Drives one call from publication to settlement."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Follow the calendar, unless the call is cancelled."""
        return await self.unless_cancelled(self.follow(self.published))

    @property
    def _named(self) -> dict[str, UUID]:
        return {"call_id": self.start.call_id}

    async def published(self) -> Chapter:
        """Open the window for coaching when its months begin."""
        await self.until(lambda plan: plan.coaching_opens)
        await self.do(OpenCoachingWindow, "coaching/open", self.current.coaching_opens, **self._named)
        return self.coaching

    async def coaching(self) -> Chapter:
        """Close the window for coaching when they end."""
        await self.until(lambda plan: plan.coaching_closes)
        await self.do(CloseCoachingWindow, "coaching/close", self.current.coaching_closes, **self._named)
        return self.coached

    async def coached(self) -> Chapter:
        """Open the window for applications."""
        await self.until(lambda plan: plan.applications_open)
        await self.do(OpenApplicationWindow, "applications/open", self.current.applications_open, **self._named)
        return self.applications

    async def applications(self) -> Chapter:
        """Close it as of the deadline, once the last request in time is answered."""
        await self.until(lambda plan: plan.answered(plan.applications_close))
        await self.do(CloseApplicationWindow, "applications/close", self.current.applications_close, **self._named)
        return self.settlement

    async def settlement(self) -> Chapter | str:
        """Settle when it is due."""
        await self.until(lambda plan: plan.settled)
        self.forget(GrantClosed)
        if await self.attempt(SettleCall, "settle", self.current.settled, **self._named):
            return "settled"
        return self.late_settlement

    async def late_settlement(self) -> Chapter | str:
        """Settle after each grant that closes late, until none is open."""
        closed = await self.hear(GrantClosed)
        self.forget(GrantClosed)
        at = max(self.current.settled, closed.at)
        if await self.attempt(SettleCall, f"settle/{closed.id}", at, **self._named):
            return "settled"
        return self.late_settlement
