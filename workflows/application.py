"""An application: reminded before the deadline, checked after it, its evaluators reminded, delays noted (D23, D25)."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.evaluation.commands import RecordOverdue, RemindEvaluators
    from domain.evaluation.events import EvaluationCompleted, EvaluationReopened, EvaluationStopped
    from domain.messages import Event
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
    from workflows.process import Chapter, Process

_STANDS: tuple[type[Event], ...] = (EvaluationCompleted, EvaluationReopened, EvaluationStopped)


@workflow.defn(name="ApplicationWorkflow")
class ApplicationWorkflow(Process):
    """Drives the application for one pilot action, from draft to complete evaluation."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Remind, check, follow the evaluation to its end, unless the call is cancelled."""
        return await self.unless_cancelled(self.follow(self.draft))

    @property
    def _named(self) -> dict[str, UUID]:
        return {"pilot_action_id": self.start.subject}

    async def draft(self) -> Chapter:
        """Remind of an application that is not submitted, unless it was begun after the reminder."""
        unsubmitted = await self.until(
            lambda plan: plan.applications_reminder, ApplicationSubmitted, ApplicationWithdrawn
        )
        remind_at = self.current.applications_reminder
        if unsubmitted and self.start.at < remind_at:
            await self.attempt(RemindSubmission, "remind", remind_at, **self._named)
        return self.check

    async def check(self) -> Chapter | str:
        """Check the application when that is due; where a question about it is open then, it is not (E09)."""
        await self.until(lambda plan: plan.eligibility_checked)
        last = self.when(ApplicationSubmitted, ApplicationWithdrawn)
        if last is None or last.topic == ApplicationWithdrawn.TOPIC:
            return "not submitted"
        if await self.attempt(CheckEligibility, "check", self.current.eligibility_checked, **self._named):
            return self.finding
        return self.clarification

    async def clarification(self) -> Chapter:
        """Check the application after the answer, or as of when that was due (E09)."""
        if await self.until(lambda plan: plan.answered(plan.clarifications_due), ClarificationAnswered):
            at = self.current.clarifications_due
        else:
            at = (await self.hear(ClarificationAnswered)).at
        await self.do(CheckEligibility, "check/clarified", at, **self._named)
        return self.finding

    async def finding(self) -> Chapter | str:
        """Go on with an application that was found eligible."""
        found = await self.hear(ApplicationFoundEligible, ApplicationFoundInadmissible, ApplicationFoundIneligible)
        return self.scoring if found.topic == ApplicationFoundEligible.TOPIC else found.topic

    async def scoring(self) -> Chapter:
        """Remind the evaluators."""
        await self.until(lambda plan: plan.scores_reminder)
        if self._is_incomplete():
            await self.attempt(RemindEvaluators, "remind-evaluators", self.current.scores_reminder, **self._named)
        return self.late_scoring

    async def late_scoring(self) -> Chapter:
        """Note when scores are overdue."""
        await self.until(lambda plan: plan.scores_due)
        if self._is_incomplete():
            await self.attempt(RecordOverdue, "overdue/scores", self.current.scores_due, **self._named)
        return self.late_consensus

    async def late_consensus(self) -> Chapter:
        """Note when the consensus is overdue."""
        await self.until(lambda plan: plan.consensus_due)
        if self._is_incomplete():
            await self.attempt(RecordOverdue, "overdue/consensus", self.current.consensus_due, **self._named)
        return self.evaluation

    async def evaluation(self) -> str:
        """Wait until the evaluation is complete, and stays so, or is stopped."""
        while self._is_incomplete():
            self.forget(*_STANDS)
            await self.hear(*_STANDS)
        return "evaluated"

    def _is_incomplete(self) -> bool:
        """Tell whether the evaluation is not complete, or was opened again since."""
        last = self.when(*_STANDS)
        return last is None or last.topic == EvaluationReopened.TOPIC
