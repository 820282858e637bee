"""What the fund decides about a partnership: its members, its roadmap, its coaching."""

from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.partnership.aggregate import PARTNERSHIP, Coaching, Partnership
from domain.partnership.commands import (
    AgreeRoadmap,
    AssignCoach,
    CompleteCoaching,
    ConfirmMembership,
    DraftRoadmap,
    EndCoaching,
    FormPartnership,
    HoldCoachingSession,
    OfferCoaching,
    RemindCoaching,
    RequestCoaching,
)
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
    PartnershipFormed,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.people import Role
from domain.rulebook.ours import agreement_names_the_current_version, coaching_reaches_the_minimum
from domain.rulebook.programme import (
    a_member_comes_from_abroad,
    an_eu_member_coordinates,
    coaching_falls_into_its_window,
    partnership_has_two_members,
    roadmap_is_complete,
)
from domain.values import ProtectedText


def form_partnership(command: FormPartnership, world: World) -> Decision:
    """Pair organisations (S07–S09)."""
    if world.find(PARTNERSHIP, command.partnership_id):
        raise WrongStage("This partnership is formed already.")
    rules_of(world, command.call_id)
    members = tuple(_member(world, organisation_id) for organisation_id in dict.fromkeys(command.member_ids))
    partnership_has_two_members(len(members))
    coordinator = next((m for m in members if m.organisation_id == command.coordinator_id), None)
    an_eu_member_coordinates(coordinator.side if coordinator else "nobody among the members")
    a_member_comes_from_abroad([member.side for member in members])
    event = PartnershipFormed(
        **command.stamp(),
        name=command.name,
        call_id=command.call_id,
        coordinator_id=command.coordinator_id,
        members=members,
        geography=command.geography,
        cluster=command.cluster,
        topic=command.topic,
        generated=command.generated,
        source=command.source,
    )
    return [Change(command.partnership_id, event)]


def _member(world: World, organisation_id: UUID) -> Member:
    organisation = world.get(ORGANISATION, organisation_id)
    return Member(organisation_id=organisation_id, name=organisation.name, side=organisation.side)


def _as_member(partnership: Partnership, organisation_id: UUID) -> None:
    if organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")


def confirm_membership(command: ConfirmMembership, world: World) -> Decision:
    """Confirm for one member that it takes part."""
    partnership = world.get(PARTNERSHIP, command.partnership_id)
    _as_member(partnership, command.organisation_id)
    if command.organisation_id in partnership.confirmed:
        raise WrongStage("This member has confirmed already.")
    event = MembershipConfirmed(**command.stamp(), organisation_id=command.organisation_id)
    return [Change(command.partnership_id, event)]


def draft_roadmap(command: DraftRoadmap, world: World) -> Decision:
    """Write a new version of the roadmap; agreements to an earlier version no longer count (S12, D10)."""
    partnership = world.get(PARTNERSHIP, command.partnership_id)
    given = {name: text for name, text in command.fields.items() if text.strip()}
    roadmap_is_complete(given, command.visits_sought)
    version = partnership.roadmap_version + 1
    event = RoadmapDrafted(
        **command.stamp(),
        version=version,
        digest=world.digest("roadmap", str(command.partnership_id), str(version), *_flat(given)),
        fields={name: ProtectedText(subject=command.by, text=text) for name, text in given.items()},
    )
    return [Change(command.partnership_id, event)]


def _flat(fields: dict[str, str]) -> list[str]:
    return [part for name in sorted(fields) for part in (name, fields[name])]


def agree_roadmap(command: AgreeRoadmap, world: World) -> Decision:
    """Agree for one member to the current version; with the last member the roadmap is agreed (D10, D26)."""
    partnership = world.get(PARTNERSHIP, command.partnership_id)
    _as_member(partnership, command.organisation_id)
    if not partnership.roadmap_version:
        raise WrongStage("There is no roadmap yet.", "Write one first.")
    agreement_names_the_current_version(command.digest, partnership.roadmap_digest)
    if command.organisation_id in partnership.agreed_by:
        raise WrongStage("This member has agreed to this version already.")
    named = command.stamp(version=partnership.roadmap_version, digest=partnership.roadmap_digest)
    agreed = RoadmapVersionAgreed(**named, organisation_id=command.organisation_id)
    changes = [Change(command.partnership_id, agreed)]
    if partnership.agreed_by | {command.organisation_id} == partnership.member_ids():
        changes.append(Change(command.partnership_id, RoadmapAgreed(**named)))
    return changes


def _coached(world: World, partnership_id: UUID, *stages: Coaching) -> Partnership:
    partnership = world.get(PARTNERSHIP, partnership_id)
    if partnership.coaching not in stages:
        raise WrongStage(f"The coaching is at the stage “{partnership.coaching.replace('_', ' ')}”.")
    return partnership


def _window(world: World, partnership: Partnership) -> tuple[datetime, datetime]:
    calendar = rules_of(world, partnership.call_id).calendar
    return calendar.coaching_opens, calendar.coaching_closes


def offer_coaching(command: OfferCoaching, world: World) -> Decision:
    """Offer coaching to a partnership; it is free to ask or not (D24)."""
    partnership = _coached(world, command.partnership_id, Coaching.NOT_OFFERED)
    coaching_falls_into_its_window(command.at, *_window(world, partnership))
    return [Change(command.partnership_id, CoachingOffered(**command.stamp()))]


def request_coaching(command: RequestCoaching, world: World) -> Decision:
    """Ask for coaching within its months (S13)."""
    partnership = _coached(world, command.partnership_id, Coaching.OFFERED)
    coaching_falls_into_its_window(command.at, *_window(world, partnership))
    return [Change(command.partnership_id, CoachingRequested(**command.stamp()))]


def assign_coach(command: AssignCoach, world: World) -> Decision:
    """Give the partnership that asked a coach."""
    _coached(world, command.partnership_id, Coaching.REQUESTED)
    if Role.COACH not in world.get(ACCOUNT, command.coach).roles:
        raise WrongStage("This subject is not a coach.", "Choose a subject with the role coach.")
    return [Change(command.partnership_id, CoachAssigned(**command.stamp(), coach=command.coach))]


def hold_coaching_session(command: HoldCoachingSession, world: World) -> Decision:
    """Record a session that was held within the months of coaching (S13)."""
    partnership = _coached(world, command.partnership_id, Coaching.ASSIGNED)
    coaching_falls_into_its_window(command.at, *_window(world, partnership))
    event = CoachingSessionHeld(
        **command.stamp(),
        number=partnership.sessions + 1,
        minutes=command.minutes,
        note=ProtectedText(subject=command.by, text=command.note),
    )
    return [Change(command.partnership_id, event)]


def remind_coaching(command: RemindCoaching, world: World) -> Decision:
    """Remind the partnership that coaching ends soon, unless it is over."""
    partnership = _coached(world, command.partnership_id, Coaching.OFFERED, Coaching.REQUESTED, Coaching.ASSIGNED)
    closes = rules_of(world, partnership.call_id).calendar.coaching_closes
    return [Change(command.partnership_id, CoachingReminded(**command.stamp(), closes=closes))]


def complete_coaching(command: CompleteCoaching, world: World) -> Decision:
    """Finish the coaching after the minimum that every partnership gets which asks (D24)."""
    partnership = _coached(world, command.partnership_id, Coaching.ASSIGNED)
    minimum = rules_of(world, partnership.call_id).coaching.sessions
    coaching_reaches_the_minimum(partnership.sessions, minimum)
    return [Change(command.partnership_id, CoachingCompleted(**command.stamp()))]


def end_coaching(command: EndCoaching, world: World) -> Decision:
    """End a coaching that was not completed in its months; it gates nothing (D24)."""
    partnership = _coached(world, command.partnership_id, Coaching.OFFERED, Coaching.REQUESTED, Coaching.ASSIGNED)
    event = CoachingEnded(
        **command.stamp(),
        requested=partnership.coaching is not Coaching.OFFERED,
        sessions=partnership.sessions,
    )
    return [Change(command.partnership_id, event)]
