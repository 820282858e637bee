"""An application whose partnership ended is taken out before the ranking, by S07–S09."""

from domain.call.aggregate import CALL
from domain.errors import RuleViolated, WrongStage
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.standing import members_make_a_partnership
from domain.pilot_action.aggregate import PILOT_ACTION, Stage
from domain.pilot_action.commands import TakeOutApplication
from domain.pilot_action.events import ApplicationFoundIneligible, Finding


def take_out_application(command: TakeOutApplication, world: World) -> Decision:
    """Find an application ineligible whose partnership ended after it was found eligible (S07–S09, D23)."""
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    if pilot.stage is not Stage.ELIGIBLE or pilot.call_id is None:
        raise WrongStage(f"The application is {pilot.stage}; only an eligible one is taken out.")
    if world.get(CALL, pilot.call_id).list_of(pilot.line).ranked:
        raise WrongStage("The applications are ranked already.", "Leave this one off the award list, with the reason.")
    partnership = world.get(PARTNERSHIP, pilot.partnership_id or command.pilot_action_id)
    try:
        members_make_a_partnership(partnership.members, pilot.coordinator_id)
    except RuleViolated as broken:
        finding = Finding(rule=broken.code, detail=broken.detail)
        found = ApplicationFoundIneligible(**command.stamp(), findings=(finding,))
        return [Change(command.pilot_action_id, found)]
    raise WrongStage("The partnership goes on; its application stays in.", "Record first that the partnership ended.")
