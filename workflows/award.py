"""The award of one support line: ranking, release, reserve. No line of a call waits for another (D04, D17)."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call.commands import EstablishRanking, ExpireReserve, ReleaseOutcomes, ReviewReserve
    from domain.call.events import AwardListAdopted
    from domain.evaluation.events import EvaluationCompleted, EvaluationStopped
    from domain.grant.events import GrantDeclined, GrantLapsed
    from domain.messages import Event
    from workflows.ports import Plan, Start
    from workflows.process import Chapter, Process

_FEWER_MISSING: tuple[type[Event], ...] = (EvaluationCompleted, EvaluationStopped)

_REVIEW = "review"
"""The point at which the reserve is reviewed next."""


@workflow.defn(name="AwardWorkflow")
class AwardWorkflow(Process):
    """Drives the award of the line that `Start.line` names, from the last scores to the end of its reserve."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Rank, release, keep the reserve to its end, unless the call is cancelled."""
        return await self.unless_cancelled(self.follow(self.scoring))

    @property
    def _named(self) -> dict[str, Any]:
        return {"call_id": self.start.call_id, "line": self.start.line}

    async def scoring(self) -> Chapter:
        """Rank when the scores are due."""
        await self.until(lambda plan: plan.scores_due)
        self.forget(*_FEWER_MISSING)
        if await self.attempt(EstablishRanking, "rank", self.current.scores_due, **self._named):
            return self.approval
        return self.late_scoring

    async def late_scoring(self) -> Chapter:
        """Rank after each late evaluation, or one that was stopped, until none is missing."""
        one_less = await self.hear(*_FEWER_MISSING)
        self.forget(*_FEWER_MISSING)
        at = max(self.current.scores_due, one_less.at)
        if await self.attempt(EstablishRanking, f"rank/{one_less.id}", at, **self._named):
            return self.approval
        return self.late_scoring

    async def approval(self) -> Chapter:
        """Release at the published instant, or when the list is adopted where that comes later (D17).

        What was adopted may have been voided by then; the next list is waited for.
        """
        await self.hear(AwardListAdopted)
        await self.until(lambda plan: plan.outcomes_released)
        adopted = await self.hear(AwardListAdopted)
        self.forget(AwardListAdopted)
        at = max(self.current.outcomes_released, adopted.at)
        if await self.attempt(ReleaseOutcomes, f"release/{adopted.id}", at, **self._named):
            return self.reserve
        return self.approval

    async def reserve(self) -> Chapter | str:
        """End the reserve after its months; a lapse or a refusal before has it reviewed (D04)."""
        if await self.until(self._reserve_ends, GrantLapsed, GrantDeclined):
            await self.do(ExpireReserve, "reserve/end", self._reserve_ends(self.current), **self._named)
            return "awarded"
        freed = await self.hear(GrantLapsed, GrantDeclined)
        self.noted[_REVIEW] = _morning_after(freed.at, ZoneInfo(self.current.zone))
        return self.review

    async def review(self) -> Chapter:
        """Review the reserve on the morning after that day, with all that was freed until then (D04)."""
        morning = self.noted[_REVIEW]
        await self.until(lambda plan: min(morning, self._reserve_ends(plan)))
        self.forget(GrantLapsed, GrantDeclined)
        if morning < self._reserve_ends(self.current):
            day = (morning - timedelta(days=1)).astimezone(ZoneInfo(self.current.zone)).date()
            await self.attempt(ReviewReserve, f"reserve/{day}", morning, day=day, **self._named)
        return self.reserve

    def _reserve_ends(self, plan: Plan) -> datetime:
        return plan.reserve_expires(self.start.line)


def _morning_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return 09:00 after the day in which a moment falls; midnight still belongs to the day that it ends (E23)."""
    day = (moment - timedelta(microseconds=1)).astimezone(zone).date()
    return datetime.combine(day + timedelta(days=1), time(9), zone)
