"""The partnership's state."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.messages import Aggregate
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingOffered,
    CoachingReminded,
    CoachingRequested,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
    Member,
    MemberLeft,
    MembershipConfirmed,
    MemorandumRecorded,
    PartnershipEnded,
    PartnershipEvent,
    PartnershipFormed,
    PartnershipMerged,
    PartnershipsJoined,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.people import Geography
from domain.values import Digest


class Coaching(StrEnum):
    """The stages of a partnership's coaching."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    DECLINED = "declined"
    REQUESTED = "requested"
    ASSIGNED = "assigned"
    COMPLETED = "completed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Partnership:
    """Members, the current version of the roadmap with who agreed to it, and the coaching.

    `coach` coaches it now; `coaches` are all who ever did, here or in a partnership that went into this one, and
    `involved` all who are or were members: both are ties (D05). `in_group`: it is coached in a group.
    """

    name: str = ""
    call_id: UUID | None = None
    coordinator_id: UUID | None = None
    members: tuple[Member, ...] = ()
    involved: frozenset[UUID] = frozenset()
    ended: bool = False
    merged_into: str | None = None
    geography: Geography = Geography.ASIA
    cluster: str = ""
    confirmed: frozenset[UUID] = frozenset()
    roadmap_version: int = 0
    roadmap_digest: Digest = ""
    agreed_by: frozenset[UUID] = frozenset()
    roadmap_agreed: bool = False
    coaching: Coaching = Coaching.NOT_OFFERED
    coach: UUID | None = None
    coaches: frozenset[UUID] = frozenset()
    in_group: bool = False
    sessions: int = 0

    def member_ids(self) -> frozenset[UUID]:
        """Return the organisations that are members."""
        return frozenset(member.organisation_id for member in self.members)

    def missing(self, confirmed: frozenset[UUID]) -> tuple[str, ...]:
        """Return the names of the members other than the coordinator that are not among `confirmed`."""
        others = (member for member in self.members if member.organisation_id != self.coordinator_id)
        return tuple(member.name for member in others if member.organisation_id not in confirmed)


def evolve(partnership: Partnership, event: PartnershipEvent) -> Partnership:
    """Fold one event."""
    match event:
        case PartnershipFormed():
            return replace(
                partnership,
                name=event.name,
                call_id=event.call_id,
                coordinator_id=event.coordinator_id,
                members=event.members,
                involved=frozenset(member.organisation_id for member in event.members),
                geography=event.geography,
                cluster=event.cluster,
                confirmed=frozenset({event.coordinator_id}),
            )
        case MembershipConfirmed():
            return replace(partnership, confirmed=partnership.confirmed | {event.organisation_id})
        case RoadmapDrafted():
            return replace(
                partnership,
                roadmap_version=event.version,
                roadmap_digest=event.digest,
                agreed_by=frozenset(),
                roadmap_agreed=False,
            )
        case RoadmapVersionAgreed():
            return replace(partnership, agreed_by=partnership.agreed_by | {event.organisation_id})
        case RoadmapAgreed():
            return replace(partnership, roadmap_agreed=True)
        case MemorandumRecorded():
            return partnership
        case MemberLeft() | PartnershipEnded() | PartnershipMerged() | PartnershipsJoined():
            return _evolve_membership(partnership, event)
        case _:
            return _evolve_coaching(partnership, event)


def _evolve_membership(
    partnership: Partnership, event: MemberLeft | PartnershipEnded | PartnershipMerged | PartnershipsJoined
) -> Partnership:
    match event:
        case MemberLeft():
            left = tuple(m for m in partnership.members if m.organisation_id != event.organisation_id)
            return replace(partnership, members=left)
        case PartnershipEnded():
            return replace(partnership, ended=True)
        case PartnershipMerged():
            return replace(partnership, merged_into=event.into_name)
        case PartnershipsJoined():
            return replace(partnership, coaches=partnership.coaches | set(event.coaches))
        case _:
            assert_never(event)


def _evolve_coaching(
    partnership: Partnership,
    event: CoachingOffered
    | CoachingDeclined
    | CoachingRequested
    | CoachAssigned
    | CoachingSessionHeld
    | GroupSessionHeld
    | CoachingSessionMissed
    | CoachingReminded
    | CoachingCompleted
    | CoachingEnded,
) -> Partnership:
    match event:
        case CoachingOffered():
            return replace(partnership, coaching=Coaching.OFFERED)
        case CoachingDeclined():
            return replace(partnership, coaching=Coaching.DECLINED)
        case CoachingRequested():
            return replace(partnership, coaching=Coaching.REQUESTED)
        case CoachAssigned():
            coaches = partnership.coaches | {event.coach}
            assigned = replace(partnership, coach=event.coach, coaches=coaches, in_group=event.in_group)
            return replace(assigned, coaching=Coaching.ASSIGNED)
        case CoachingSessionHeld() | GroupSessionHeld():
            return replace(partnership, sessions=event.number)
        case CoachingSessionMissed() | CoachingReminded():
            return partnership
        case CoachingCompleted():
            return replace(partnership, coaching=Coaching.COMPLETED)
        case CoachingEnded():
            return replace(partnership, coaching=Coaching.ENDED)
        case _:
            assert_never(event)


PARTNERSHIP = Aggregate("partnership", Partnership(), evolve)
