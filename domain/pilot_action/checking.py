"""What the fund decides about an application after closing: inadmissible, ineligible, or on to the evaluators."""

from domain.errors import RuleViolated, WrongStage
from domain.evaluation.events import EvaluationOpened
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.pilot_action.aggregate import Stage
from domain.pilot_action.case import case_of
from domain.pilot_action.commands import CheckEligibility
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    Finding,
)
from domain.rulebook.ours import partners_have_confirmed
from domain.rulebook.programme import proposer_is_admitted


def check_eligibility(command: CheckEligibility, world: World) -> Decision:
    """Judge what passed the door after closing: inadmissible, ineligible, or on to the evaluators (D23)."""
    pilot, rules, partnership, call_id, coordinator_id = case_of(world, command.pilot_action_id)
    if pilot.stage is not Stage.SUBMITTED:
        raise WrongStage(f"The application is {pilot.stage}; only a submitted one is checked.")
    if command.at < rules.calendar.applications_close:
        raise WrongStage("Applications are checked after closing.")
    version = pilot.version(pilot.submitted)
    confirmed = version.confirmed_by if version else frozenset()
    coordinator = world.get(ORGANISATION, coordinator_id)
    try:
        partners_have_confirmed(partnership.missing(confirmed))
    except RuleViolated as broken:
        found = ApplicationFoundInadmissible(**command.stamp(), findings=(_finding(broken),))
        return [Change(command.pilot_action_id, found)]
    try:
        proposer_is_admitted(coordinator.name, coordinator.admitted)
    except RuleViolated as broken:
        ineligible = ApplicationFoundIneligible(**command.stamp(), findings=(_finding(broken),))
        return [Change(command.pilot_action_id, ineligible)]
    opened = EvaluationOpened(
        **command.stamp(),
        pilot_action_id=command.pilot_action_id,
        call_id=call_id,
        partnership_id=pilot.partnership_id or command.pilot_action_id,
    )
    return [
        Change(command.pilot_action_id, ApplicationFoundEligible(**command.stamp())),
        Change(evaluation_id(command.pilot_action_id), opened),
    ]


def _finding(broken: RuleViolated) -> Finding:
    return Finding(rule=broken.code, detail=broken.detail)
