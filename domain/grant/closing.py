"""What the fund decides about the end of a grant: its final report, and what is left (D12, S31)."""

from domain.call.aggregate import rules_of
from domain.call.events import SumReturned
from domain.errors import WrongStage
from domain.grant.aggregate import Stage, at_stage
from domain.grant.commands import CloseGrant, FileFinalReport, RecordReportOverdue, RemindReport
from domain.grant.events import FinalReportFiled, GrantClosed, ReportOverdue, ReportReminded
from domain.messages import Change, Decision, World
from domain.rulebook.programme import lessons_are_shared
from domain.values import ProtectedText, in_brussels


def remind_report(command: RemindReport, world: World) -> Decision:
    """Remind the applicant of the final report while it is missing."""
    grant, call_id = at_stage(world, command.grant_id, Stage.ACCEPTED)
    if grant.report_filed:
        raise WrongStage("The final report is filed; no reminder is due.")
    due = rules_of(world, call_id).calendar.final_report_due
    return [Change(command.grant_id, ReportReminded(**command.stamp(), due=due))]


def record_report_overdue(command: RecordReportOverdue, world: World) -> Decision:
    """Record once that the final report is missing at the instant at which it was due."""
    grant, call_id = at_stage(world, command.grant_id, Stage.ACCEPTED)
    due = rules_of(world, call_id).calendar.final_report_due
    if command.at < due:
        raise WrongStage(f"The final report is due before {in_brussels(due)}.", "Wait until then.")
    if grant.report_filed or grant.report_overdue:
        raise WrongStage("The final report is filed, or it is recorded already that it is overdue.")
    return [Change(command.grant_id, ReportOverdue(**command.stamp(), due=due))]


def file_final_report(command: FileFinalReport, world: World) -> Decision:
    """Take the final report with the lessons for the Knowledge Library, also when it is overdue (S31)."""
    grant, _ = at_stage(world, command.grant_id, Stage.ACCEPTED)
    if grant.report_filed:
        raise WrongStage("The final report is filed already.")
    lessons_are_shared(command.lessons)
    event = FinalReportFiled(
        **command.stamp(),
        report=ProtectedText(subject=command.by, text=command.report),
        lessons=ProtectedText(subject=command.by, text=command.lessons),
    )
    return [Change(command.grant_id, event)]


def close_grant(command: CloseGrant, world: World) -> Decision:
    """Close the grant when its report is filed and no order is open; the rest returns to the envelope (D12)."""
    grant, call_id = at_stage(world, command.grant_id, Stage.ACCEPTED)
    if not grant.report_filed:
        raise WrongStage("The final report is missing.", "File it first.")
    open_orders = ", ".join(str(number) for number, order in grant.orders.items() if order.is_open)
    if open_orders:
        raise WrongStage(f"These orders are open: {open_orders}.", "Certify them, or cancel them, first.")
    spent = grant.disbursed_cents
    sums = command.stamp(spent_cents=spent, returned_cents=grant.cents - spent)
    return [
        Change(command.grant_id, GrantClosed(**sums, call_id=call_id)),
        Change(call_id, SumReturned(**sums, grant_id=command.grant_id)),
    ]
