"""What every decision about a pilot action looks at: the action, its call's rules, its partnership."""

from uuid import UUID

from domain.call.aggregate import CALL, published
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.messages import World
from domain.partnership.aggregate import Partnership
from domain.partnership.standing import unmerged
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage

OPEN_STAGES = (Stage.DRAFT, Stage.SUBMITTED, Stage.WITHDRAWN)


def case_of(world: World, pilot_action_id: UUID) -> tuple[PilotAction, CallRules, Partnership, UUID, UUID]:
    """Return the action, its call's rules, its partnership, and the ids of call and coordinator. Raises WrongStage."""
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    if pilot.call_id is None or pilot.partnership_id is None or pilot.coordinator_id is None:
        raise WrongStage("This pilot action was never proposed.", "Propose it first.")
    rules = published(world.get(CALL, pilot.call_id))
    return pilot, rules, unmerged(world, pilot.partnership_id), pilot.call_id, pilot.coordinator_id


def still_open(pilot: PilotAction) -> None:
    """Require an application that its applicant may still change. Raises WrongStage, and tells no outcome (D17)."""
    if pilot.stage not in OPEN_STAGES:
        raise WrongStage("The application cannot be changed any more.")
