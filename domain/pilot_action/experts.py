"""What the fund decides about the experts behind a pilot action."""

from domain.account.aggregate import ACCOUNT
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import NameExpert
from domain.pilot_action.events import ExpertNamed


def name_expert(command: NameExpert, world: World) -> Decision:
    """Name an IURC expert who proposed the pilot action or helped to write it, and so may not judge it (S45, D05)."""
    world.get(ACCOUNT, command.expert)
    if command.expert in world.get(PILOT_ACTION, command.pilot_action_id).writers:
        raise WrongStage("This subject is known already as one who proposed or wrote this pilot action.")
    return [Change(command.pilot_action_id, ExpertNamed(**command.stamp(), expert=command.expert))]
