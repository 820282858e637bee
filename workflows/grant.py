"""A grant: offered, reminded, lapsed or accepted; its orders watched; reported on and closed (D11, D12)."""

from datetime import datetime, timedelta

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
        DeliveryAcknowledged,
        DeliveryRefused,
        FinalReportFiled,
        GrantAccepted,
        GrantDeclined,
        GrantOffered,
        OrderCancelled,
        ResourceDelivered,
        ResourceDisbursed,
        ResourceOrdered,
        ReversalDismissed,
    )
    from domain.ids import grant_id
    from domain.messages import Command, Event
    from workflows.ports import Heard, Plan, Start
    from workflows.process import Process

_MAY_LET_IT_CLOSE: tuple[type[Event], ...] = (FinalReportFiled, ResourceDisbursed, OrderCancelled, ReversalDismissed)
_NEWS: tuple[type[Event], ...] = (
    *_MAY_LET_IT_CLOSE,
    ResourceOrdered,
    ResourceDelivered,
    DeliveryAcknowledged,
    DeliveryRefused,
)


@workflow.defn
class GrantWorkflow(Process):
    """Drives the grant for one pilot action, which `Start.subject` names."""

    def __init__(self) -> None:
        """Begin without orders and without a report."""
        super().__init__()
        self._late_from: dict[int, datetime] = {}
        self._report_late: list[tuple[datetime, type[Command], str]] = []
        self._reported = False
        self._reminders = 0

    def note(self, heard: Heard) -> None:
        """Keep when each order is late next: its delivery, then the city's word; and that the report is filed."""
        if heard.part is not None:
            self._late_from.pop(heard.part, None)
            for instant in heard.instants.values():
                self._late_from[heard.part] = instant
        self._reported = self._reported or heard.topic == FinalReportFiled.TOPIC

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, wait for the answer, watch the orders and the report, close."""
        self.begin(start)
        plan = await self.plan(start.call_id)
        self._named = {"grant_id": grant_id(start.subject)}
        await self.do(OfferGrant, "offer", start.at, pilot_action_id=start.subject, **self._named)
        answer = await self._answer(plan)
        if answer != GrantAccepted.TOPIC:
            return answer
        await self._watch(plan)
        return "closed"

    async def _answer(self, plan: Plan) -> str:
        """Return the topic of the applicant's answer, or `lapsed`; a request that came in time is waited for."""
        offered = (await self.hear(GrantOffered)).instants
        if await self.until(offered["remind_at"], GrantAccepted, GrantDeclined):
            await self.attempt(RemindAcceptance, "remind", offered["remind_at"], **self._named)
        last_request = offered["accept_by"] + timedelta(seconds=plan.request_seconds)
        if await self.until(last_request, GrantAccepted, GrantDeclined) and await self.attempt(
            LapseGrant, "lapse", offered["accept_by"], **self._named
        ):
            return "lapsed"
        return (await self.hear(GrantAccepted, GrantDeclined)).topic

    async def _watch(self, plan: Plan) -> None:
        """Remind of what is late, and try to close after everything that may let the grant close."""
        self._report_late = [
            (plan.calendar.implementation_ends, RemindReport, "remind-report"),
            (plan.calendar.final_report_due, RecordReportOverdue, "report-overdue"),
        ]
        tries = 0
        while True:
            news = self.when(*_MAY_LET_IT_CLOSE)
            self.forget(*_NEWS)
            if news is not None and self._reported:
                tries += 1
                if await self.attempt(CloseGrant, f"close/{tries}", news.at, **self._named):
                    return
                continue
            late = self._late_next()
            if late is None:
                await self.hear(*_NEWS)
            elif await self.until(late[0], *_NEWS):
                await self._remind(late[1])

    def _late_next(self) -> tuple[datetime, int] | None:
        """Return when something is late next, and the number of the order; 0 stands for the report."""
        late = [(point, number) for number, point in self._late_from.items()]
        if self._report_late and not self._reported:
            late.append((self._report_late[0][0], 0))
        return min(late, default=None)

    async def _remind(self, order: int) -> None:
        if not order:
            point, command, key = self._report_late.pop(0)
            await self.attempt(command, key, point, **self._named)
            return
        point = self._late_from.pop(order)
        self._reminders += 1
        await self.attempt(RemindOrder, f"order/{order}/late/{self._reminders}", point, order=order, **self._named)
