"""An application: reminded before the deadline, checked after it, its evaluators reminded, delays noted (D23, D25)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.evaluation.commands import RecordOverdue, RemindEvaluators
    from domain.evaluation.events import EvaluationCompleted, EvaluationReopened
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
        """Remind, check, remind the evaluators and note what is overdue, end with the complete evaluation."""
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
        await self.until(calendar.scores_reminder)
        if self._is_incomplete():
            await self.attempt(RemindEvaluators, "remind-evaluators", calendar.scores_reminder, **named)
        for name, due in (("scores", calendar.scores_due), ("consensus", calendar.consensus_due)):
            await self.until(due)
            if self._is_incomplete():
                await self.attempt(RecordOverdue, f"overdue/{name}", due, **named)
        while self._is_incomplete():
            self.forget(EvaluationCompleted, EvaluationReopened)
            await self.hear(EvaluationCompleted, EvaluationReopened)
        return "evaluated"

    def _is_incomplete(self) -> bool:
        """Tell whether the evaluation is not complete, or was opened again since."""
        last = self.when(EvaluationCompleted, EvaluationReopened)
        return last is None or last.topic == EvaluationReopened.TOPIC
