"""An application: reminded before the deadline, checked after it, its evaluators reminded (D23, D25)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.evaluation.commands import RemindEvaluators
    from domain.evaluation.events import EvaluationCompleted
    from domain.pilot_action.commands import CheckEligibility, RemindSubmission
    from domain.pilot_action.events import (
        ApplicationFoundEligible,
        ApplicationFoundInadmissible,
        ApplicationFoundIneligible,
        ApplicationSubmitted,
        ApplicationWithdrawn,
    )
    from workflows.ports import Start
    from workflows.process import Process


@workflow.defn
class ApplicationWorkflow(Process):
    """Drives the application for one pilot action, from draft to complete evaluation."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Remind, check, remind the evaluators, end with their last score, unless the call is cancelled."""
        return await self.unless_cancelled(self._follow(start))

    async def _follow(self, start: Start) -> str:
        self.begin(start)
        calendar = (await self.plan(start.call_id)).calendar
        named = {"pilot_action_id": start.subject}
        unsubmitted = await self.until(calendar.applications_reminder, ApplicationSubmitted, ApplicationWithdrawn)
        if unsubmitted and start.at < calendar.applications_reminder:
            await self.attempt(RemindSubmission, "remind", calendar.applications_reminder, **named)
        await self.until(calendar.eligibility_checked)
        last = self.when(ApplicationSubmitted, ApplicationWithdrawn)
        if last is None or last.topic == ApplicationWithdrawn.TOPIC:
            return "not submitted"
        await self.do(CheckEligibility, "check", calendar.eligibility_checked, **named)
        found = await self.hear(ApplicationFoundEligible, ApplicationFoundInadmissible, ApplicationFoundIneligible)
        if found.topic != ApplicationFoundEligible.TOPIC:
            return found.topic
        if await self.until(calendar.scores_reminder, EvaluationCompleted):
            await self.attempt(RemindEvaluators, "remind-evaluators", calendar.scores_reminder, **named)
        await self.hear(EvaluationCompleted)
        return "evaluated"
