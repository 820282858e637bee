"""What the fund decides about a member that leaves, and about partnerships that become one (S07–S09)."""

from collections.abc import Iterable
from uuid import UUID

from domain.call.aggregate import rules_of
from domain.errors import RuleViolated, WrongStage
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.partnership.commands import MergePartnerships, RecordDeparture
from domain.partnership.events import (
    Member,
    MemberLeft,
    PartnershipEnded,
    PartnershipFormed,
    PartnershipMerged,
    PartnershipsJoined,
)
from domain.partnership.standing import members_make_a_partnership, standing
from domain.values import ProtectedText, in_brussels


def record_departure(command: RecordDeparture, world: World) -> Decision:
    """Record that a member left. The partnership goes on while S07–S09 hold without it, and else ends with it."""
    partnership = standing(world, command.partnership_id)
    if command.organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    broken = _broken_without(partnership, command.organisation_id)
    if broken and not command.ends:
        raise RuleViolated(broken.code, broken.detail, "Record that the partnership ends with this departure.")
    if command.ends and not broken:
        raise WrongStage("The partnership goes on without this member.", "Record the departure alone.")
    reason = ProtectedText(subject=command.by, text=command.reason)
    left = MemberLeft(**command.stamp(), organisation_id=command.organisation_id, reason=reason)
    changes = [Change(command.partnership_id, left)]
    if broken:
        changes.append(Change(command.partnership_id, PartnershipEnded(**command.stamp())))
    return changes


def _broken_without(partnership: Partnership, leaving: UUID) -> RuleViolated | None:
    left = [member for member in partnership.members if member.organisation_id != leaving]
    try:
        members_make_a_partnership(left, partnership.coordinator_id)
    except RuleViolated as broken:
        return broken
    return None


def merge_partnerships(command: MergePartnerships, world: World) -> Decision:
    """Form one partnership of several, before applications open; the old ones stay readable and say where they went.

    The members confirm and agree a roadmap anew, since what they confirmed and agreed was another partnership's.
    """
    if world.find(PARTNERSHIP, command.partnership_id):
        raise WrongStage("The new partnership is formed already.", "Choose a new id for it.")
    old = {one: standing(world, one) for one in command.old_ids}
    first = next(iter(old.values()))
    call_id = first.call_id
    if call_id is None or len(old) < 2 or len({(one.call_id, one.geography) for one in old.values()}) > 1:
        raise WrongStage("Only several partnerships of one call and one geography become one.")
    opens = rules_of(world, call_id).calendar.applications_open
    if command.at >= opens:
        raise WrongStage(f"Partnerships are merged before applications open: {in_brussels(opens)}.")
    members = _members(old.values())
    members_make_a_partnership(members, command.coordinator_id)
    formed = PartnershipFormed(
        **command.stamp(),
        name=command.name,
        call_id=call_id,
        coordinator_id=command.coordinator_id,
        members=members,
        geography=first.geography,
        cluster=first.cluster,
        topic=command.topic,
        generated=command.generated,
        source=command.source,
    )
    coaches = sorted({coach for one in old.values() for coach in one.coaches})
    joined = PartnershipsJoined(**command.stamp(), partnership_ids=tuple(old), coaches=tuple(coaches))
    merged = PartnershipMerged(**command.stamp(), into_id=command.partnership_id, into_name=command.name)
    return [
        Change(command.partnership_id, formed),
        Change(command.partnership_id, joined),
        *(Change(one, merged) for one in old),
    ]


def _members(partnerships: Iterable[Partnership]) -> tuple[Member, ...]:
    """Return the members of all, each once."""
    everybody = {member.organisation_id: member for one in partnerships for member in one.members}
    return tuple(everybody.values())
