"""What the fund decides about an application after closing: inadmissible, ineligible, or on to the evaluators."""

from datetime import datetime

from domain.call.aggregate import CALL, Call
from domain.call.rules import CallRules
from domain.errors import RuleViolated, WrongStage
from domain.evaluation.events import EvaluationOpened
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION, Organisation
from domain.partnership.aggregate import Partnership
from domain.partnership.standing import members_make_a_partnership
from domain.pilot_action.aggregate import PilotAction, Stage
from domain.pilot_action.case import case_of
from domain.pilot_action.commands import AnswerClarification, AskClarification, CheckEligibility
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ClarificationAnswered,
    ClarificationAsked,
    Finding,
)
from domain.rulebook.eu import question_was_answered, working_days
from domain.rulebook.ours.applying import partners_have_confirmed
from domain.rulebook.ours.evaluating import clarification_came_in_time, clarification_leaves_time
from domain.rulebook.ours.publishing import submission_follows_the_correction
from domain.rulebook.programme import proposer_is_admitted
from domain.values import ProtectedText, in_brussels


def ask_clarification(command: AskClarification, world: World) -> Decision:
    """Ask about an obvious clerical error, once and after closing, before the application is checked (E09, D25)."""
    pilot, rules, *_ = case_of(world, command.pilot_action_id)
    _submitted_and_closed(pilot, command.at, rules)
    if pilot.clarification is not None:
        raise WrongStage("A question about this application was asked already.")
    if command.at >= rules.calendar.eligibility_checked:
        raise WrongStage("The time for questions ended when the applications were checked.")
    due = rules.calendar.clarifications_due
    asked_on, due_on = command.at.astimezone(rules.time_zone).date(), due.astimezone(rules.time_zone).date()
    clarification_leaves_time(working_days(asked_on, due_on, rules.holidays), due)
    question = ProtectedText(subject=command.by, text=command.question)
    return [Change(command.pilot_action_id, ClarificationAsked(**command.stamp(), question=question, due=due))]


def answer_clarification(command: AnswerClarification, world: World) -> Decision:
    """Take the answer; it changes nothing in what was submitted, neither a text nor a sum (E09)."""
    pilot, *_ = case_of(world, command.pilot_action_id)
    asked = pilot.clarification
    if pilot.stage is not Stage.SUBMITTED or asked is None or asked.answered:
        raise WrongStage("No question about this application is open.")
    clarification_came_in_time(command.at, asked.due)
    answer = ProtectedText(subject=command.by, text=command.answer)
    return [Change(command.pilot_action_id, ClarificationAnswered(**command.stamp(), answer=answer))]


def _submitted_and_closed(pilot: PilotAction, at: datetime, rules: CallRules) -> None:
    if pilot.stage is not Stage.SUBMITTED:
        raise WrongStage(f"The application is {pilot.stage}; only a submitted one is checked.")
    if at < rules.calendar.applications_close:
        raise WrongStage("Applications are checked after closing.")


def check_eligibility(command: CheckEligibility, world: World) -> Decision:
    """Judge what passed the door after closing: inadmissible, ineligible, or on to the evaluators (D23).

    An open question about a clerical error is waited for, until its due instant (E09).
    """
    pilot, rules, partnership, call_id, coordinator_id = case_of(world, command.pilot_action_id)
    _submitted_and_closed(pilot, command.at, rules)
    asked = pilot.clarification
    if asked and not asked.answered and command.at < asked.due:
        raise WrongStage(f"A question about the application can be answered before {in_brussels(asked.due)}.")
    call = world.get(CALL, call_id)
    judged = command.stamp(correction=call.in_force)
    try:
        _is_admissible(pilot, partnership, call)
    except RuleViolated as broken:
        found = ApplicationFoundInadmissible(**judged, findings=(_finding(broken),))
        return [Change(command.pilot_action_id, found)]
    try:
        _is_eligible(world.get(ORGANISATION, coordinator_id), partnership)
    except RuleViolated as broken:
        ineligible = ApplicationFoundIneligible(**judged, findings=(_finding(broken),))
        return [Change(command.pilot_action_id, ineligible)]
    opened = EvaluationOpened(
        **command.stamp(),
        pilot_action_id=command.pilot_action_id,
        call_id=call_id,
        line=pilot.line,
        partnership_id=pilot.partnership_id or command.pilot_action_id,
    )
    return [
        Change(command.pilot_action_id, ApplicationFoundEligible(**judged)),
        Change(evaluation_id(command.pilot_action_id), opened),
    ]


def _is_admissible(pilot: PilotAction, partnership: Partnership, call: Call) -> None:
    """Require what makes an application complete: of the rules in force, confirmed, cleared up (D10, D21, E09)."""
    submission_follows_the_correction(pilot.correction, call.material)
    version = pilot.version(pilot.submitted)
    partners_have_confirmed(partnership.missing(version.confirmed_by if version else frozenset()))
    if pilot.clarification:
        question_was_answered(pilot.clarification.answered, pilot.clarification.due)


def _is_eligible(coordinator: Organisation, partnership: Partnership) -> None:
    """Require an admitted coordinator, and a partnership by S07–S09 (S05)."""
    proposer_is_admitted(coordinator.name, coordinator.admitted)
    members_make_a_partnership(partnership.members, partnership.coordinator_id)


def _finding(broken: RuleViolated) -> Finding:
    return Finding(rule=broken.code, detail=broken.detail)
