"""Coaching: offered when its months begin, reminded, ended with them (S13, D24)."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import Event
    from domain.partnership.commands import EndCoaching, OfferCoaching, RemindCoaching
    from domain.partnership.events import CoachingCompleted, CoachingDeclined, PartnershipEnded, PartnershipMerged
    from workflows.ports import Start
    from workflows.process import Chapter, Process

_GONE: tuple[type[Event], ...] = (PartnershipEnded, PartnershipMerged)
_OVER: tuple[type[Event], ...] = (CoachingCompleted, CoachingDeclined, *_GONE)


@workflow.defn(name="CoachingWorkflow")
class CoachingWorkflow(Process):
    """Drives the coaching of one partnership."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, remind, end; a partnership that went into another or ended is offered none, and reminded of none."""
        return await self.follow(self.formed)

    @property
    def _named(self) -> dict[str, UUID]:
        return {"partnership_id": self.start.subject}

    async def formed(self) -> Chapter | str:
        """Offer coaching when its months begin, or at once within them."""
        if self.start.at >= self.current.coaching_closes:
            return "formed after coaching"
        if not await self.until(lambda plan: plan.coaching_opens, *_GONE):
            return "not offered"
        at = max(self.current.coaching_opens, self.start.at)
        if not await self.attempt(OfferCoaching, "offer", at, **self._named):
            return "not offered"
        return self.offered

    async def offered(self) -> Chapter:
        """Remind of coaching that is not finished, unless it was offered after the reminder."""
        unfinished = await self.until(lambda plan: plan.coaching_reminder, *_OVER)
        remind_at = self.current.coaching_reminder
        if unfinished and self.start.at < remind_at:
            await self.attempt(RemindCoaching, "remind", remind_at, **self._named)
        return self.reminded

    async def reminded(self) -> str:
        """End coaching with its months, where it did not end before."""
        if await self.until(lambda plan: plan.coaching_closes, *_OVER):
            await self.attempt(EndCoaching, "end", self.current.coaching_closes, **self._named)
            return "ended"
        return (await self.hear(*_OVER)).topic
