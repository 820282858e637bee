"""What can be asked of a partnership."""

from uuid import UUID

from pydantic import Field

from domain.messages import Command
from domain.people import Geography
from domain.values import Digest


class FormPartnership(Command):
    """Pair organisations; the coordinator is one of the members and comes from the EU (S08)."""

    partnership_id: UUID
    call_id: UUID
    name: str = Field(min_length=1, max_length=300)
    coordinator_id: UUID
    member_ids: tuple[UUID, ...] = Field(max_length=30)
    geography: Geography
    cluster: str = Field(default="", max_length=100)
    topic: str = Field(default="", max_length=200)
    generated: bool = False
    source: str = Field(default="", max_length=200)


class ConfirmMembership(Command):
    """Confirm for one member that it takes part."""

    partnership_id: UUID
    organisation_id: UUID


class DraftRoadmap(Command):
    """Write a new version of the roadmap: objectives, stakeholders, methods, deliverables … (S12, S32)."""

    partnership_id: UUID
    fields: dict[str, str]
    visits_sought: bool = False


class AgreeRoadmap(Command):
    """Agree for one member to the version of the roadmap that the digest names."""

    partnership_id: UUID
    organisation_id: UUID
    digest: Digest


class OfferCoaching(Command):
    """Offer coaching to a partnership (a calendar point)."""

    partnership_id: UUID


class DeclineCoaching(Command):
    """Decline the coaching that was offered."""

    partnership_id: UUID


class RequestCoaching(Command):
    """Ask for coaching."""

    partnership_id: UUID


class AssignCoach(Command):
    """Give the partnership a coach."""

    partnership_id: UUID
    coach: UUID


class HoldCoachingSession(Command):
    """Record a session that was held."""

    partnership_id: UUID
    minutes: int = Field(ge=1, le=600)
    note: str = Field(max_length=4000)


class HoldGroupSession(Command):
    """Record a session that was held for several partnerships at once."""

    partnership_ids: tuple[UUID, ...] = Field(min_length=1, max_length=30)
    minutes: int = Field(ge=1, le=600)
    note: str = Field(max_length=4000)


class RecordMissedSession(Command):
    """Record that the partnership did not come to a session."""

    partnership_id: UUID


class RemindCoaching(Command):
    """Remind the partnership that coaching ends soon (a calendar point)."""

    partnership_id: UUID


class CompleteCoaching(Command):
    """Finish the coaching."""

    partnership_id: UUID


class EndCoaching(Command):
    """End a coaching that was not completed in its months (a calendar point)."""

    partnership_id: UUID


class RecordMemorandum(Command):
    """Record the members' memorandum, at any time, by where it can be found."""

    partnership_id: UUID
    reference: str = Field(min_length=1, max_length=500)


class RecordDeparture(Command):
    """Record that a member left, with the reason; `ends` when the partnership ends with it."""

    partnership_id: UUID
    organisation_id: UUID
    reason: str = Field(min_length=1, max_length=1000)
    ends: bool = False


class MergePartnerships(Command):
    """Form one partnership of several of the same call and geography; the coordinator is one of their members."""

    partnership_id: UUID
    old_ids: tuple[UUID, ...] = Field(min_length=2, max_length=5)
    name: str = Field(min_length=1, max_length=300)
    coordinator_id: UUID
    topic: str = Field(default="", max_length=200)
    generated: bool = False
    source: str = Field(default="", max_length=200)
