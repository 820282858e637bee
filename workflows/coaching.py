"""Coaching: offered when its months begin, reminded, ended with them (S13, D24)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import Event
    from domain.partnership.commands import EndCoaching, OfferCoaching, RemindCoaching
    from domain.partnership.events import CoachingCompleted, CoachingDeclined, PartnershipEnded, PartnershipMerged
    from workflows.ports import Start
    from workflows.process import Process

_GONE: tuple[type[Event], ...] = (PartnershipEnded, PartnershipMerged)
_OVER: tuple[type[Event], ...] = (CoachingCompleted, CoachingDeclined, *_GONE)


@workflow.defn
class CoachingWorkflow(Process):
    """Drives the coaching of one partnership."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, remind, end; a partnership that went into another or ended is offered none, and reminded of none."""
        self.begin(start)
        calendar = (await self.plan(start.call_id)).calendar
        if start.at >= calendar.coaching_closes:
            return "formed after coaching"
        named = {"partnership_id": start.subject}
        if not await self.until(lambda plan: plan.calendar.coaching_opens, *_GONE):
            return "not offered"
        calendar = self.current.calendar
        if not await self.attempt(OfferCoaching, "offer", max(calendar.coaching_opens, start.at), **named):
            return "not offered"
        unfinished = await self.until(calendar.coaching_reminder, *_OVER)
        if unfinished and start.at < calendar.coaching_reminder:
            await self.attempt(RemindCoaching, "remind", calendar.coaching_reminder, **named)
        if await self.until(lambda plan: plan.calendar.coaching_closes, *_OVER):
            await self.attempt(EndCoaching, "end", self.current.calendar.coaching_closes, **named)
            return "ended"
        return (await self.hear(*_OVER)).topic
