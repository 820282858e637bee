"""An application: reminded before the deadline, checked after it, its evaluators reminded, delays noted (D23, D25)."""

from datetime import timedelta
from uuid import UUID

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
        ClarificationAnswered,
    )
    from workflows.ports import Start
    from workflows.process import Process, Step


@workflow.defn
class ApplicationWorkflow(Process):
    """Drives the application for one pilot action, from draft to complete evaluation."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Remind, check, follow the evaluation to its end, unless the call is cancelled."""
        return await self.unless_cancelled(self._follow(start))

    async def _follow(self, start: Start) -> str:
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
        await self._follow_evaluation(named)
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

    async def _follow_evaluation(self, named: dict[str, UUID]) -> None:
        """Remind the evaluators and note what is overdue, until the evaluation is complete and stays so."""
        await self.until(lambda plan: plan.calendar.scores_reminder)
        if self._is_incomplete():
            remind_at = self.current.calendar.scores_reminder
            await self.attempt(RemindEvaluators, "remind-evaluators", remind_at, **named)
        await self._note_overdue("scores", lambda plan: plan.calendar.scores_due, named)
        await self._note_overdue("consensus", lambda plan: plan.calendar.consensus_due, named)
        while self._is_incomplete():
            self.forget(EvaluationCompleted, EvaluationReopened)
            await self.hear(EvaluationCompleted, EvaluationReopened)

    async def _note_overdue(self, what: str, point: Step, named: dict[str, UUID]) -> None:
        await self.until(point)
        if self._is_incomplete():
            await self.attempt(RecordOverdue, f"overdue/{what}", point(self.current), **named)

    def _is_incomplete(self) -> bool:
        """Tell whether the evaluation is not complete, or was opened again since."""
        last = self.when(EvaluationCompleted, EvaluationReopened)
        return last is None or last.topic == EvaluationReopened.TOPIC
