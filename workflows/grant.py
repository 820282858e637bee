"""A grant: offered, reminded, lapsed or accepted; its orders watched; reported on and closed (D11, D12)."""

from datetime import datetime
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.grant.commands import (
        CloseGrant,
        LapseGrant,
        OfferGrant,
        RecordReportOverdue,
        RemindAcceptance,
        RemindOrder,
        RemindReport,
    )
    from domain.grant.events import (
        FinalReportFiled,
        GrantAccepted,
        GrantDeclined,
        GrantOffered,
        OrderCancelled,
        ResourceDisbursed,
        ReversalDismissed,
    )
    from domain.ids import grant_id
    from domain.messages import Event
    from workflows.ports import Heard, Plan, Start
    from workflows.process import Chapter, Process, Step

_MAY_LET_IT_CLOSE: tuple[type[Event], ...] = (FinalReportFiled, ResourceDisbursed, OrderCancelled, ReversalDismissed)


@workflow.defn(name="GrantWorkflow")
class GrantWorkflow(Process):
    """Drives the grant for one pilot action, which `Start.subject` names."""

    def note(self, heard: Heard) -> None:
        """Note by its number when an order is late next: its delivery, then the city's word."""
        if heard.part is not None:
            self.noted.pop(str(heard.part), None)
            for instant in heard.instants.values():
                self.noted[str(heard.part)] = instant

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, wait for the answer, watch the orders and the report, close."""
        return await self.follow(self.award)

    @property
    def _named(self) -> dict[str, UUID]:
        return {"grant_id": grant_id(self.start.subject)}

    async def award(self) -> Chapter:
        """Offer the grant."""
        await self.do(OfferGrant, "offer", self.start.at, pilot_action_id=self.start.subject, **self._named)
        return self.offer

    async def offer(self) -> Chapter:
        """Remind of an offer that has no answer."""
        remind_at = (await self.hear(GrantOffered)).instants["remind_at"]
        if await self.until(remind_at, GrantAccepted, GrantDeclined):
            await self.attempt(RemindAcceptance, "remind", remind_at, **self._named)
        return self.late_answer

    async def late_answer(self) -> Chapter | str:
        """Let an offer lapse as of the end of its period, once the last request in time is answered."""
        accept_by = (await self.hear(GrantOffered)).instants["accept_by"]
        unanswered = await self.until(self.current.answered(accept_by), GrantAccepted, GrantDeclined)
        if unanswered and await self.attempt(LapseGrant, "lapse", accept_by, **self._named):
            return "lapsed"
        return self.answer

    async def answer(self) -> Chapter | str:
        """Go on with a grant that is accepted."""
        answer = await self.hear(GrantAccepted, GrantDeclined)
        return self.implementation if answer.topic == GrantAccepted.TOPIC else answer.topic

    async def implementation(self) -> Chapter:
        """Remind of a report that is not filed when the implementation ends."""
        if not await self._watch(lambda plan: plan.implementation_ends, FinalReportFiled):
            return self.closure
        await self.attempt(RemindReport, "remind-report", self.current.implementation_ends, **self._named)
        return self.report

    async def report(self) -> Chapter:
        """Note when the report is overdue."""
        if not await self._watch(lambda plan: plan.final_report_due, FinalReportFiled):
            return self.closure
        await self.attempt(RecordReportOverdue, "report-overdue", self.current.final_report_due, **self._named)
        return self.late_report

    async def late_report(self) -> Chapter:
        """Wait for the report."""
        await self._watch(lambda plan: None, FinalReportFiled)
        return self.closure

    async def closure(self) -> Chapter | str:
        """Close after the report, and try again after everything that may let the grant close."""
        await self._watch(lambda plan: None, *_MAY_LET_IT_CLOSE)
        news = await self.hear(*_MAY_LET_IT_CLOSE)
        self.forget(*_MAY_LET_IT_CLOSE)
        if await self.attempt(CloseGrant, f"close/{news.id}", news.at, **self._named):
            return "closed"
        return self.closure

    async def _watch(self, step: Step, *news: type[Event]) -> bool:
        """Wait for a step of the calendar (True) or for news (False), and remind of what is late meanwhile."""

        def next_point(plan: Plan) -> datetime | None:
            return min(filter(None, (step(plan), *self.noted.values())), default=None)

        while await self.until(next_point, *news):
            late = next_point(self.current)
            assert late is not None
            if late == step(self.current):
                return True
            order = next(order for order, point in self.noted.items() if point == late)
            await self._remind(int(order), self.noted.pop(order))
        return False

    async def _remind(self, order: int, late: datetime) -> None:
        await self.attempt(RemindOrder, f"order/{order}/late/{late.isoformat()}", late, order=order, **self._named)
