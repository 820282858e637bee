"""An application is reminded of before the deadline, checked after it, and its evaluators are reminded (D23, D25)."""

import pytest

from domain.call.rules import Calendar, CallRules
from domain.errors import WrongStage
from domain.evaluation.commands import RecordOverdue, RemindEvaluators
from domain.evaluation.events import EvaluationCompleted, EvaluationReopened, EvaluationStopped
from domain.messages import Event
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility, RemindSubmission
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
)
from tests.workflows.play import DAY, HOUR, MINUTE, Begin, Play
from workflows.application import ApplicationWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def submitted(begin: Begin, dates: Calendar) -> Play:
    """Return an application that was submitted before the reminder."""
    application = await begin(ApplicationWorkflow)
    await application.reach(dates.applications_reminder - HOUR)
    await application.tell(ApplicationSubmitted)
    return application


async def test_an_application_that_is_late_everywhere_is_reminded_of_and_checked_and_its_evaluators_reminded(
    begin: Begin, dates: Calendar
) -> None:
    application = await begin(ApplicationWorkflow)
    await application.reach(dates.applications_close - HOUR)
    await application.tell(ApplicationSubmitted)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.reach(dates.scores_due - HOUR)
    await application.tell(EvaluationCompleted)
    assert await application.end() == "evaluated"
    named = {"by": ENGINE, "pilot_action_id": application.start.subject}
    assert application.commands() == [
        RemindSubmission(key=f"{application.id}/remind", at=dates.applications_reminder, **named),
        CheckEligibility(key=f"{application.id}/check", at=dates.eligibility_checked, **named),
        RemindEvaluators(key=f"{application.id}/remind-evaluators", at=dates.scores_reminder, **named),
    ]


async def test_nothing_happens_before_its_instant(begin: Begin, dates: Calendar) -> None:
    application = await begin(ApplicationWorkflow)
    await application.reach(dates.applications_reminder - MINUTE)
    assert application.deeds == []
    await application.reach(dates.applications_reminder + MINUTE)
    await application.tell(ApplicationSubmitted)
    await application.reach(dates.eligibility_checked - MINUTE)
    assert application.deeds == [(RemindSubmission, dates.applications_reminder)]
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.reach(dates.scores_reminder - MINUTE)
    assert len(application.deeds) == 2
    await application.reach(dates.scores_reminder + MINUTE)
    assert len(application.deeds) == 3


async def test_a_draft_that_is_never_submitted_is_reminded_of_and_not_checked(begin: Begin, dates: Calendar) -> None:
    application = await begin(ApplicationWorkflow)
    assert await application.end() == "not submitted"
    assert application.deeds == [(RemindSubmission, dates.applications_reminder)]


async def test_a_reminder_that_people_made_needless_does_no_harm(begin: Begin, dates: Calendar) -> None:
    application = await begin(ApplicationWorkflow)
    application.refuse("remind", WrongStage("The application is no draft any more."))
    assert await application.end() == "not submitted"


async def test_a_withdrawn_application_is_not_checked(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.applications_close - HOUR)
    await application.tell(ApplicationWithdrawn)
    assert await application.end() == "not submitted"
    assert application.deeds == []


async def test_an_application_submitted_again_after_its_withdrawal_is_checked(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.tell(ApplicationWithdrawn)
    await application.tell(ApplicationSubmitted)
    await application.reach(dates.eligibility_checked + MINUTE)
    assert application.deeds == [(CheckEligibility, dates.eligibility_checked)]


@pytest.mark.parametrize("found", [ApplicationFoundInadmissible, ApplicationFoundIneligible])
async def test_an_application_that_does_not_pass_the_check_ends_there(
    begin: Begin, dates: Calendar, found: type[Event]
) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(found)
    assert await application.end() == found.TOPIC
    assert application.deeds == [(CheckEligibility, dates.eligibility_checked)]


async def test_evaluators_who_have_finished_are_not_reminded(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.tell(EvaluationCompleted)
    assert await application.end() == "evaluated"
    assert application.deeds == [(CheckEligibility, dates.eligibility_checked)]


async def test_a_late_evaluation_is_noted_as_overdue_twice_and_waited_for(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.reach(dates.scores_due - MINUTE)
    assert application.commands(RecordOverdue) == []
    await application.reach(dates.scores_due + 30 * DAY)
    assert not await application.over()
    await application.tell(EvaluationCompleted)
    assert await application.end() == "evaluated"
    named = {"by": ENGINE, "pilot_action_id": application.start.subject}
    assert application.commands(RecordOverdue) == [
        RecordOverdue(key=f"{application.id}/overdue/scores", at=dates.scores_due, **named),
        RecordOverdue(key=f"{application.id}/overdue/consensus", at=dates.consensus_due, **named),
    ]


async def test_an_evaluation_that_was_opened_again_is_waited_for_again(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.tell(EvaluationCompleted)
    await application.tell(EvaluationReopened)
    await application.reach(dates.consensus_due + HOUR)
    assert [kind for kind, _ in application.deeds] == [
        CheckEligibility,
        RemindEvaluators,
        RecordOverdue,
        RecordOverdue,
    ]
    assert not await application.over()
    await application.tell(EvaluationCompleted)
    assert await application.end() == "evaluated"


async def test_nobody_is_reminded_of_an_evaluation_that_was_stopped(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.tell(EvaluationStopped)
    assert await application.end() == "evaluated"
    assert [kind for kind, _ in application.deeds] == [CheckEligibility]


async def test_an_overdue_that_people_mended_meanwhile_does_no_harm(begin: Begin, dates: Calendar) -> None:
    application = await submitted(begin, dates)
    application.refuse("overdue/scores", WrongStage("No scores and no consensus are overdue."))
    await application.reach(dates.eligibility_checked + MINUTE)
    await application.tell(ApplicationFoundEligible)
    await application.reach(dates.scores_due + MINUTE)
    await application.tell(EvaluationCompleted)
    assert await application.end() == "evaluated"


async def test_a_pilot_action_proposed_after_the_reminder_is_not_reminded(begin: Begin, dates: Calendar) -> None:
    application = await begin(ApplicationWorkflow, at=dates.applications_reminder + HOUR)
    assert await application.end() == "not submitted"
    assert application.deeds == []


OPEN = WrongStage("A question about the application can be answered.")


async def questioned(begin: Begin, dates: Calendar) -> Play:
    """Return an application about which a question is open when it is to be checked."""
    application = await submitted(begin, dates)
    application.refuse("check", OPEN)
    await application.reach(dates.eligibility_checked + MINUTE)
    return application


async def test_an_application_is_checked_again_when_the_question_about_it_is_answered(
    begin: Begin, dates: Calendar
) -> None:
    application = await questioned(begin, dates)
    await application.reach(dates.eligibility_checked + DAY)
    answered_at = await application.tell(ClarificationAnswered)
    assert application.deeds == [
        (CheckEligibility, dates.eligibility_checked),
        (CheckEligibility, answered_at),
    ]


async def test_an_application_whose_question_is_not_answered_is_checked_when_the_answer_was_due(
    begin: Begin, dates: Calendar
) -> None:
    application = await questioned(begin, dates)
    await application.reach(dates.clarifications_due)
    assert len(application.deeds) == 1
    await application.reach(dates.clarifications_due + 2 * MINUTE)
    assert application.deeds[1:] == [(CheckEligibility, dates.clarifications_due)]
    await application.tell(ApplicationFoundInadmissible)
    assert await application.end() == ApplicationFoundInadmissible.TOPIC


async def test_a_check_that_a_correction_moved_waits_for_its_later_instant(
    begin: Begin, dates: Calendar, rules: CallRules
) -> None:
    application = await submitted(begin, dates)
    later = dates.eligibility_checked + HOUR
    application.correct(rules, eligibility_checked=later)
    await application.reach(later - MINUTE)
    assert application.deeds == []
    await application.reach(later + MINUTE)
    assert application.deeds == [(CheckEligibility, later)]
