"""The award of one support line: ranking, release, reserve. No line of a call waits for another (D04, D17)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call.commands import EstablishRanking, ExpireReserve, ReleaseOutcomes, ReviewReserve
    from domain.call.events import AwardListAdopted
    from domain.evaluation.events import EvaluationCompleted
    from domain.grant.events import GrantDeclined, GrantLapsed
    from workflows.ports import Plan, Start
    from workflows.process import Process


@workflow.defn
class AwardWorkflow(Process):
    """Drives the award of the line that `Start.line` names, from the last scores to the end of its reserve."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Follow the line, unless the call is cancelled."""
        return await self.unless_cancelled(self._award(start))

    async def _award(self, start: Start) -> str:
        self.begin(start)
        await self.plan(start.call_id)
        self._named = {"call_id": start.call_id, "line": start.line}
        await self.until(lambda plan: plan.calendar.scores_due)
        await self._rank(self.current.calendar.scores_due)
        await self._release()
        await self._keep_reserve(self.current, self.current.reserve_expires(start.line))
        return "awarded"

    async def _rank(self, due: datetime) -> None:
        """Rank when the scores are due, and again after each late evaluation until none is missing."""
        tries, at = 0, due
        while True:
            self.forget(EvaluationCompleted)
            tries += 1
            if await self.attempt(EstablishRanking, f"rank/{tries}", at, **self._named):
                return
            at = max(due, (await self.hear(EvaluationCompleted)).at)

    async def _release(self) -> None:
        """Release at the published instant, or when the list is adopted where that comes later (D17)."""
        adopted = await self.hear(AwardListAdopted)
        await self.until(lambda plan: plan.calendar.outcomes_released)
        published = self.current.calendar.outcomes_released
        await self.do(ReleaseOutcomes, "release", max(published, adopted.at), **self._named)

    async def _keep_reserve(self, plan: Plan, ends: datetime) -> None:
        """Review the reserve on the morning after a day with lapses or refusals, until it ends (D04)."""
        zone = ZoneInfo(plan.zone)
        while not await self.until(ends, GrantLapsed, GrantDeclined):
            heard = self.when(GrantLapsed, GrantDeclined)
            assert heard is not None
            morning = _morning_after(heard.at, zone)
            await self.until(min(morning, ends))
            self.forget(GrantLapsed, GrantDeclined)
            if morning < ends:
                day = (morning - timedelta(days=1)).astimezone(zone).date()
                await self.attempt(ReviewReserve, f"reserve/{day}", morning, day=day, **self._named)
        await self.do(ExpireReserve, "reserve/end", ends, **self._named)


def _morning_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return 09:00 after the day in which a moment falls; midnight still belongs to the day that it ends (E23)."""
    day = (moment - timedelta(microseconds=1)).astimezone(zone).date()
    return datetime.combine(day + timedelta(days=1), time(9), zone)
