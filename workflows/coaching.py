"""Coaching: offered when its months begin, reminded, ended with them (S13, D24)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.partnership.commands import EndCoaching, OfferCoaching, RemindCoaching
    from domain.partnership.events import CoachingCompleted, CoachingDeclined
    from workflows.ports import Start
    from workflows.process import Process


@workflow.defn
class CoachingWorkflow(Process):
    """Drives the coaching of one partnership."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, remind, end; a partnership that went into another before the offer gets none."""
        self.begin(start)
        calendar = (await self.plan(start.call_id)).calendar
        if start.at >= calendar.coaching_closes:
            return "formed after coaching"
        named = {"partnership_id": start.subject}
        await self.until(lambda plan: plan.calendar.coaching_opens)
        calendar = self.current.calendar
        if not await self.attempt(OfferCoaching, "offer", max(calendar.coaching_opens, start.at), **named):
            return "not offered"
        unfinished = await self.until(calendar.coaching_reminder, CoachingCompleted, CoachingDeclined)
        if unfinished and start.at < calendar.coaching_reminder:
            await self.attempt(RemindCoaching, "remind", calendar.coaching_reminder, **named)
        if await self.until(lambda plan: plan.calendar.coaching_closes, CoachingCompleted, CoachingDeclined):
            await self.attempt(EndCoaching, "end", self.current.calendar.coaching_closes, **named)
            return "ended"
        return "declined" if self.when(CoachingDeclined) else "completed"
