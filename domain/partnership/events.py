"""What happens to a partnership."""

from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.organisation.events import Side
from domain.people import Geography
from domain.values import Digest, Instant, ProtectedText, Value


class Member(Value):
    """One member of a partnership."""

    organisation_id: UUID
    name: str
    side: Side


class PartnershipFormed(Event):
    """Cities or regions of the EU and of one geography were paired; an EU member coordinates (S07–S09, S35)."""

    TOPIC: ClassVar[str] = "partnership.formed"
    SAYS: ClassVar[str] = "The partnership {name} was formed."
    name: str
    call_id: UUID
    coordinator_id: UUID
    members: tuple[Member, ...]
    geography: Geography
    cluster: str
    topic: str
    generated: bool
    source: str


class MembershipConfirmed(Event):
    """A member confirmed that it takes part."""

    TOPIC: ClassVar[str] = "partnership.membership-confirmed"
    SAYS: ClassVar[str] = "A member confirmed that it takes part."
    organisation_id: UUID


class RoadmapDrafted(Event):
    """A new version of the roadmap was written (S12, S32).

    `visits_sought`: it seeks study visits, and so it justifies them.
    """

    TOPIC: ClassVar[str] = "partnership.roadmap-drafted"
    SAYS: ClassVar[str] = "Version {version} of the roadmap was written."
    version: int
    digest: Digest
    fields: dict[str, ProtectedText]
    visits_sought: bool


class RoadmapVersionAgreed(Event):
    """A member agreed to one version of the roadmap (D10)."""

    TOPIC: ClassVar[str] = "partnership.roadmap-version-agreed"
    SAYS: ClassVar[str] = "A member agreed to version {version} of the roadmap."
    organisation_id: UUID
    version: int
    digest: Digest


class RoadmapAgreed(Event):
    """Every member agreed to the same version of the roadmap (D26)."""

    TOPIC: ClassVar[str] = "partnership.roadmap-agreed"
    SAYS: ClassVar[str] = "Every member agreed to version {version}: the roadmap is agreed."
    version: int
    digest: Digest


class CoachingOffered(Event):
    """Coaching was offered to the partnership; it is free to ask or not (S13, D24)."""

    TOPIC: ClassVar[str] = "partnership.coaching-offered"
    SAYS: ClassVar[str] = "Coaching was offered."


class CoachingDeclined(Event):
    """The partnership wants no coaching: it is an offer (S13), and declining it changes nothing (D24)."""

    TOPIC: ClassVar[str] = "partnership.coaching-declined"
    SAYS: ClassVar[str] = "The partnership declined the coaching."


class CoachingRequested(Event):
    """The partnership asked for coaching."""

    TOPIC: ClassVar[str] = "partnership.coaching-requested"
    SAYS: ClassVar[str] = "The partnership asked for coaching."


class CoachAssigned(Event):
    """The secretariat assigned a coach, who may not evaluate or approve this partnership's applications (D05).

    `in_group` when the places for sessions of one's own were used up: then the same minimum is held in a group (D24).
    """

    TOPIC: ClassVar[str] = "partnership.coach-assigned"
    SAYS: ClassVar[str] = "A coach was assigned."
    coach: UUID
    in_group: bool = False


class CoachingSessionHeld(Event):
    """The coach held a session."""

    TOPIC: ClassVar[str] = "partnership.coaching-session-held"
    SAYS: ClassVar[str] = "The coach held session {number} ({minutes} minutes)."
    number: int
    minutes: int
    note: ProtectedText


class GroupSessionHeld(Event):
    """The coach held a session for several partnerships at once; it counts for each of them (D24)."""

    TOPIC: ClassVar[str] = "partnership.group-session-held"
    SAYS: ClassVar[str] = "The coach held session {number} for a group of {partnerships} ({minutes} minutes)."
    number: int
    minutes: int
    partnerships: int
    note: ProtectedText


class CoachingSessionMissed(Event):
    """The partnership did not come to a session; it counts for nothing and may be held later."""

    TOPIC: ClassVar[str] = "partnership.coaching-session-missed"
    SAYS: ClassVar[str] = "The partnership did not come to a session; it counts for nothing and may be held later."


class CoachingReminded(Event):
    """The partnership was reminded that coaching ends soon."""

    TOPIC: ClassVar[str] = "partnership.coaching-reminded"
    SAYS: ClassVar[str] = "A reminder went out: coaching ends {closes}."
    closes: Instant


class CoachingCompleted(Event):
    """The coach finished the work."""

    TOPIC: ClassVar[str] = "partnership.coaching-completed"
    SAYS: ClassVar[str] = "The coach finished the work."


class CoachingEnded(Event):
    """The months of coaching ended before this coaching was complete, or nobody asked for it (D24)."""

    TOPIC: ClassVar[str] = "partnership.coaching-ended"
    SAYS: ClassVar[str] = "The months of coaching ended; the partnership may still apply."
    requested: bool
    sessions: int


class MemorandumRecorded(Event):
    """The members' memorandum was recorded; it may be at any time and gates nothing (D24, S35)."""

    TOPIC: ClassVar[str] = "partnership.memorandum-recorded"
    SAYS: ClassVar[str] = "A memorandum was recorded."
    reference: ProtectedText


class MemberLeft(Event):
    """A member left the partnership; what it agreed and confirmed before stays on record."""

    TOPIC: ClassVar[str] = "partnership.member-left"
    SAYS: ClassVar[str] = "A member left the partnership."
    organisation_id: UUID
    reason: ProtectedText


class PartnershipEnded(Event):
    """Without the member that left, the partnership is none any more (S07–S09)."""

    TOPIC: ClassVar[str] = "partnership.ended"
    SAYS: ClassVar[str] = "The partnership ended."


class PartnershipMerged(Event):
    """The partnership went into another one, with all its members; nothing happens to it any more."""

    TOPIC: ClassVar[str] = "partnership.merged"
    SAYS: ClassVar[str] = "The partnership went into another one: {into_name}."
    into_id: UUID
    into_name: str


class PartnershipsJoined(Event):
    """The partnership was formed of others; who coached one of them may not judge it either (D05)."""

    TOPIC: ClassVar[str] = "partnership.partnerships-joined"
    SAYS: ClassVar[str] = "It was formed of {count} partnerships."
    partnership_ids: tuple[UUID, ...]
    coaches: tuple[UUID, ...]

    @property
    def count(self) -> int:
        """How many went into it."""
        return len(self.partnership_ids)


PartnershipEvent = (
    PartnershipFormed
    | MembershipConfirmed
    | RoadmapDrafted
    | RoadmapVersionAgreed
    | RoadmapAgreed
    | CoachingOffered
    | CoachingDeclined
    | CoachingRequested
    | CoachAssigned
    | CoachingSessionHeld
    | GroupSessionHeld
    | CoachingSessionMissed
    | CoachingReminded
    | CoachingCompleted
    | CoachingEnded
    | MemorandumRecorded
    | MemberLeft
    | PartnershipEnded
    | PartnershipMerged
    | PartnershipsJoined
)
