"""The end of a grant: reported on, late or in time, closed when no order is open, and the rest returned."""

import pytest

from domain.call.events import SumReturned
from domain.grant.commands import (
    AcknowledgeDelivery,
    CancelOrder,
    CloseGrant,
    FileFinalReport,
    OrderResource,
    RecordDelivery,
    RecordReportOverdue,
    RemindReport,
)
from domain.grant.events import FinalReportFiled, GrantClosed, ReportOverdue, ReportReminded
from domain.values import ProtectedText
from tests.domain.grant.ledger import certified
from tests.given import CALENDAR, CALL_ID, CAP, DAY, HAMBURG, TICK, Story, ask, fact, until

ACCEPTED, CERTIFIED, REPORTED = until("accepted"), until("certified"), until("reported")


def protected(text: str) -> ProtectedText:
    """What Hamburg's officer wrote."""
    return ProtectedText(subject=HAMBURG.officer, text=text)


def test_the_final_report_is_filed_once_with_its_lessons() -> None:
    ACCEPTED.when(ask(FileFinalReport, report="It went well.", lessons="Ask the port first.")).then(
        fact(FinalReportFiled, report=protected("It went well."), lessons=protected("Ask the port first."))
    )
    ACCEPTED.when(ask(FileFinalReport, lessons=" \n")).refused("S31")
    REPORTED.when(ask(FileFinalReport)).refused("stage", "filed already")


def test_a_reminder_says_when_the_report_is_due_while_it_is_missing() -> None:
    ACCEPTED.when(ask(RemindReport)).then(fact(ReportReminded, due=CALENDAR.final_report_due))
    REPORTED.when(ask(RemindReport)).refused("stage", "no reminder is due")


@pytest.mark.parametrize(
    ("story", "spent"),
    [(ACCEPTED, 0), (CERTIFIED, CAP), (certified((600_000, 500_000), (2, 1)), 500_001)],
    ids=["nothing", "everything", "a part"],
)
def test_a_closed_grant_returns_what_it_did_not_spend(story: Story, spent: int) -> None:
    sums = {"spent_cents": spent, "returned_cents": CAP - spent}
    story.after(ask(FileFinalReport)).when(ask(CloseGrant)).then(
        fact(GrantClosed, call_id=CALL_ID, **sums), fact(SumReturned, on=CALL_ID, grant_id=HAMBURG.grant, **sums)
    )


def test_a_grant_is_not_closed_without_its_report() -> None:
    CERTIFIED.when(ask(CloseGrant)).refused("stage", "final report is missing")


def test_a_grant_is_not_closed_while_an_order_is_open() -> None:
    story = certified((1, 1)).after(
        ask(OrderResource, cents=1),
        ask(OrderResource, cents=1),
        ask(RecordDelivery, order=3, cents=1),
        ask(AcknowledgeDelivery, order=3),
        ask(FileFinalReport),
    )
    story.when(ask(CloseGrant)).refused("stage", "These orders are open: 2, 3.")


def test_a_report_is_overdue_from_the_instant_at_which_it_was_due_and_that_is_recorded_once() -> None:
    due = CALENDAR.final_report_due
    ACCEPTED.when(ask(RecordReportOverdue, at=due - TICK)).refused("stage", "is due before")
    ACCEPTED.when(ask(RecordReportOverdue, at=due)).then(fact(ReportOverdue, due=due))
    ACCEPTED.after(ask(RecordReportOverdue)).when(ask(RecordReportOverdue)).refused("stage")
    REPORTED.when(ask(RecordReportOverdue)).refused("stage", "is filed")


def test_an_overdue_report_is_still_filed_and_the_grant_closed() -> None:
    late = CERTIFIED.after(ask(RecordReportOverdue), ask(FileFinalReport, at=CALENDAR.final_report_due + 9 * DAY))
    assert late.when(ask(CloseGrant, at=CALENDAR.final_report_due + 9 * DAY)).code is None


def test_what_was_cancelled_is_not_in_the_way_of_closing() -> None:
    story = ACCEPTED.after(ask(OrderResource), ask(CancelOrder), ask(FileFinalReport))
    sums = {"spent_cents": 0, "returned_cents": CAP}
    story.when(ask(CloseGrant)).then(
        fact(GrantClosed, call_id=CALL_ID, **sums), fact(SumReturned, on=CALL_ID, grant_id=HAMBURG.grant, **sums)
    )
