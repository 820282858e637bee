"""What makes a partnership one that can act: it did not go into another, it did not end, S07–S09 hold."""

from collections.abc import Sequence
from uuid import UUID

from domain.errors import WrongStage
from domain.messages import World
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.partnership.events import Member
from domain.rulebook.programme import a_member_comes_from_abroad, an_eu_member_coordinates, partnership_has_two_members


def unmerged(world: World, partnership_id: UUID) -> Partnership:
    """Return a partnership that did not go into another. Raises WrongStage, naming that other, when it did."""
    partnership = world.get(PARTNERSHIP, partnership_id)
    if partnership.merged_into is not None:
        raise WrongStage(f"This partnership went into “{partnership.merged_into}”.", "Go on with that one.")
    return partnership


def standing(world: World, partnership_id: UUID) -> Partnership:
    """Return a partnership that can act. Raises WrongStage when it went into another, or ended."""
    partnership = unmerged(world, partnership_id)
    if partnership.ended:
        raise WrongStage("This partnership ended.")
    return partnership


def members_make_a_partnership(members: Sequence[Member], coordinator_id: UUID | None) -> None:
    """Require two members or more, one of the EU that coordinates, one from abroad (S07–S09)."""
    partnership_has_two_members(len(members))
    coordinator = next((member for member in members if member.organisation_id == coordinator_id), None)
    an_eu_member_coordinates(coordinator.side if coordinator else "nobody among the members")
    a_member_comes_from_abroad([member.side for member in members])
