"""A grant: offered, reminded, lapsed or accepted; reported on and closed (D11, D12)."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.grant.commands import CloseGrant, LapseGrant, OfferGrant, RemindAcceptance, RemindReport
    from domain.grant.events import (
        FinalReportFiled,
        GrantAccepted,
        GrantDeclined,
        GrantOffered,
        ResourceDisbursed,
    )
    from domain.ids import grant_id
    from workflows.ports import Plan, Start
    from workflows.process import Process


@workflow.defn
class GrantWorkflow(Process):
    """Drives the grant for one pilot action, which `Start.subject` names."""

    @workflow.run
    async def run(self, start: Start) -> str:
        """Offer, wait for the answer, wait for the report, close."""
        self.begin(start)
        plan = await self.plan(start.call_id)
        self._named = {"grant_id": grant_id(start.subject)}
        await self.do(OfferGrant, "offer", start.at, pilot_action_id=start.subject, **self._named)
        answer = await self._answer(plan)
        if answer != GrantAccepted.TOPIC:
            return answer
        if await self.until(plan.calendar.implementation_ends, FinalReportFiled):
            await self.attempt(RemindReport, "remind-report", plan.calendar.implementation_ends, **self._named)
        await self._close()
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

    async def _close(self) -> None:
        """Close when the report is filed and every delivery certified, trying again after each certificate."""
        filed = await self.hear(FinalReportFiled)
        tries = 0
        while True:
            last = self.when(FinalReportFiled, ResourceDisbursed) or filed
            self.forget(ResourceDisbursed)
            tries += 1
            if await self.attempt(CloseGrant, f"close/{tries}", last.at, **self._named):
                return
            await self.hear(ResourceDisbursed)
