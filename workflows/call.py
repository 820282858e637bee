"""The call's calendar: windows, ranking, release, reserve, settlement (S13, S14, D04, D17, D25)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call.commands import (
        CloseApplicationWindow,
        CloseCoachingWindow,
        EstablishRanking,
        ExpireReserve,
        OpenApplicationWindow,
        OpenCoachingWindow,
        ReleaseOutcomes,
        ReviewReserve,
        SettleCall,
    )
    from domain.call.events import AwardListAdopted
    from domain.evaluation.events import EvaluationCompleted
    from domain.grant.events import GrantClosed, GrantDeclined, GrantLapsed
    from domain.messages import Command
    from workflows.ports import LinePlan, Plan, Start
    from workflows.process import Process, Step


@workflow.defn
class CallWorkflow(Process):
    """Drives one call from publication to settlement."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Follow the calendar."""
        self.begin(start)
        self._named = {"call_id": start.call_id}
        await self.plan(start.call_id)
        await self._follow(OpenCoachingWindow, "coaching/open", lambda plan: plan.calendar.coaching_opens)
        await self._follow(CloseCoachingWindow, "coaching/close", lambda plan: plan.calendar.coaching_closes)
        await self._follow(OpenApplicationWindow, "applications/open", lambda plan: plan.calendar.applications_open)
        await self.until(lambda plan: plan.window_closed_at)
        closed = self.current.calendar.applications_close
        await self.do(CloseApplicationWindow, "applications/close", closed, **self._named)
        await self.until(lambda plan: plan.calendar.scores_due)
        for line in self.current.lines:
            await self._rank(line, self.current.calendar.scores_due)
            await self._release(line)
        await self._keep_reserve(self.current)
        await self.until(lambda plan: plan.calendar.settled)
        await self._settle(self.current.calendar.settled)
        return "settled"

    async def _follow(self, command: type[Command], key: str, step: Step) -> None:
        """Act at a step of the calendar."""
        await self.until(step)
        await self.do(command, key, step(self.current), **self._named)

    async def _rank(self, line: LinePlan, due: datetime) -> None:
        """Rank when the scores are due, and again after each late evaluation until none is missing."""
        tries, at = 0, due
        while True:
            self.forget(EvaluationCompleted)
            tries += 1
            if await self.attempt(EstablishRanking, f"{line.line}/rank/{tries}", at, line=line.line, **self._named):
                return
            at = max(due, (await self.hear(EvaluationCompleted)).at)

    async def _release(self, line: LinePlan) -> None:
        """Release at the published instant, or when the list is adopted where that comes later (D17)."""
        adopted = await self.hear(AwardListAdopted)
        self.forget(AwardListAdopted)
        await self.until(lambda plan: plan.calendar.outcomes_released)
        published = self.current.calendar.outcomes_released
        await self.do(
            ReleaseOutcomes, f"{line.line}/release", max(published, adopted.at), line=line.line, **self._named
        )

    async def _keep_reserve(self, plan: Plan) -> None:
        """Review the reserve on the morning after a day with lapses or refusals, until it ends (D04)."""
        ends = max(line.reserve_expires for line in plan.lines)
        while not await self.until(ends, GrantLapsed, GrantDeclined):
            heard = self.when(GrantLapsed, GrantDeclined)
            assert heard is not None
            morning = _morning_after(heard.at, ZoneInfo(plan.zone))
            await self.until(min(morning, ends))
            self.forget(GrantLapsed, GrantDeclined)
            if morning >= ends:
                continue
            day = (morning - timedelta(days=1)).astimezone(ZoneInfo(plan.zone)).date()
            for line in plan.lines:
                key = f"{line.line}/reserve/{day}"
                await self.attempt(ReviewReserve, key, morning, line=line.line, day=day, **self._named)
        for line in plan.lines:
            key = f"{line.line}/reserve/end"
            await self.do(ExpireReserve, key, ends, line=line.line, **self._named)

    async def _settle(self, due: datetime) -> None:
        """Settle when due, and again after each grant that closes late."""
        tries, at = 0, due
        while True:
            self.forget(GrantClosed)
            tries += 1
            if await self.attempt(SettleCall, f"settle/{tries}", at, **self._named):
                return
            at = max(due, (await self.hear(GrantClosed)).at)


def _morning_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return 09:00 after the day in which a moment falls; midnight still belongs to the day that it ends (E23)."""
    day = (moment - timedelta(microseconds=1)).astimezone(zone).date()
    return datetime.combine(day + timedelta(days=1), time(9), zone)
