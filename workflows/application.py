"""An application: reminded before the deadline, checked after it, its evaluators reminded (D23, D25)."""

from datetime import timedelta
from uuid import UUID

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
        ClarificationAnswered,
    )
    from workflows.ports import Start
    from workflows.process import Process


@workflow.defn
class ApplicationWorkflow(Process):
    """Drives the application for one pilot action, from draft to complete evaluation."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Remind, check, remind the evaluators, end with their last score."""
        self.begin(start)
        await self.plan(start.call_id)
        named = {"pilot_action_id": start.subject}
        unsubmitted = await self.until(
            lambda plan: plan.calendar.applications_reminder, ApplicationSubmitted, ApplicationWithdrawn
        )
        remind_at = self.current.calendar.applications_reminder
        if unsubmitted and start.at < remind_at:
            await self.attempt(RemindSubmission, "remind", remind_at, **named)
        await self.until(lambda plan: plan.calendar.eligibility_checked)
        last = self.when(ApplicationSubmitted, ApplicationWithdrawn)
        if last is None or last.topic == ApplicationWithdrawn.TOPIC:
            return "not submitted"
        await self._check(named)
        found = await self.hear(ApplicationFoundEligible, ApplicationFoundInadmissible, ApplicationFoundIneligible)
        if found.topic != ApplicationFoundEligible.TOPIC:
            return found.topic
        if await self.until(lambda plan: plan.calendar.scores_reminder, EvaluationCompleted):
            remind_at = self.current.calendar.scores_reminder
            await self.attempt(RemindEvaluators, "remind-evaluators", remind_at, **named)
        await self.hear(EvaluationCompleted)
        return "evaluated"

    async def _check(self, named: dict[str, UUID]) -> None:
        """Check when it is due, and where a question is open then, after its answer or when that was due (E09)."""
        at = self.current.calendar.eligibility_checked
        if await self.attempt(CheckEligibility, "check", at, **named):
            return
        due = self.current.calendar.clarifications_due
        last_request = due + timedelta(seconds=self.current.request_seconds)
        if await self.until(last_request, ClarificationAnswered):
            at = due
        else:
            at = (await self.hear(ClarificationAnswered)).at
        await self.do(CheckEligibility, "check/clarified", at, **named)
