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
    """A new version of the roadmap was written (S12, S32)."""

    TOPIC: ClassVar[str] = "partnership.roadmap-drafted"
    SAYS: ClassVar[str] = "Version {version} of the roadmap was written."
    version: int
    digest: Digest
    fields: dict[str, ProtectedText]


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


class CoachingRequested(Event):
    """The partnership asked for coaching."""

    TOPIC: ClassVar[str] = "partnership.coaching-requested"
    SAYS: ClassVar[str] = "The partnership asked for coaching."


class CoachAssigned(Event):
    """The secretariat assigned a coach, who may not evaluate or approve this partnership's applications (D05)."""

    TOPIC: ClassVar[str] = "partnership.coach-assigned"
    SAYS: ClassVar[str] = "A coach was assigned."
    coach: UUID


class CoachingSessionHeld(Event):
    """The coach held a session."""

    TOPIC: ClassVar[str] = "partnership.coaching-session-held"
    SAYS: ClassVar[str] = "The coach held session {number} ({minutes} minutes)."
    number: int
    minutes: int
    note: ProtectedText


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


PartnershipEvent = (
    PartnershipFormed
    | MembershipConfirmed
    | RoadmapDrafted
    | RoadmapVersionAgreed
    | RoadmapAgreed
    | CoachingOffered
    | CoachingRequested
    | CoachAssigned
    | CoachingSessionHeld
    | CoachingReminded
    | CoachingCompleted
    | CoachingEnded
)
