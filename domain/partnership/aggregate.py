"""The partnership's state."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.messages import Aggregate
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingEnded,
    CoachingOffered,
    CoachingReminded,
    CoachingRequested,
    CoachingSessionHeld,
    Member,
    MembershipConfirmed,
    PartnershipEvent,
    PartnershipFormed,
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
    REQUESTED = "requested"
    ASSIGNED = "assigned"
    COMPLETED = "completed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Partnership:
    """Members, the current version of the roadmap with who agreed to it, and the coaching."""

    call_id: UUID | None = None
    coordinator_id: UUID | None = None
    members: tuple[Member, ...] = ()
    geography: Geography = Geography.ASIA
    cluster: str = ""
    confirmed: frozenset[UUID] = frozenset()
    roadmap_version: int = 0
    roadmap_digest: Digest = ""
    agreed_by: frozenset[UUID] = frozenset()
    roadmap_agreed: bool = False
    coaching: Coaching = Coaching.NOT_OFFERED
    coach: UUID | None = None
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
                call_id=event.call_id,
                coordinator_id=event.coordinator_id,
                members=event.members,
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
        case CoachingOffered():
            return replace(partnership, coaching=Coaching.OFFERED)
        case CoachingRequested():
            return replace(partnership, coaching=Coaching.REQUESTED)
        case CoachAssigned():
            return replace(partnership, coaching=Coaching.ASSIGNED, coach=event.coach)
        case CoachingSessionHeld():
            return replace(partnership, sessions=event.number)
        case CoachingReminded():
            return partnership
        case CoachingCompleted():
            return replace(partnership, coaching=Coaching.COMPLETED)
        case CoachingEnded():
            return replace(partnership, coaching=Coaching.ENDED)
        case _:
            assert_never(event)


PARTNERSHIP = Aggregate("partnership", Partnership(), evolve)
