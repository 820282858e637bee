"""What the fund decides about coaching: an offer with the same minimum for all who ask (S13, D24)."""

from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, published, rules_of
from domain.call.events import CoachingDemandUnmet, CoachingPlaceTaken
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import Coaching, Partnership
from domain.partnership.commands import (
    AssignCoach,
    CompleteCoaching,
    DeclineCoaching,
    EndCoaching,
    HoldCoachingSession,
    HoldGroupSession,
    OfferCoaching,
    RecordMissedSession,
    RemindCoaching,
    RequestCoaching,
)
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
)
from domain.partnership.standing import standing
from domain.people import Role
from domain.rulebook.ours.coaching import coaching_reaches_the_minimum, session_of_its_own_has_a_place
from domain.rulebook.ours.people import coach_serves_the_strand
from domain.rulebook.programme import coaching_falls_into_its_window
from domain.values import ProtectedText


def _coached(world: World, partnership_id: UUID, *stages: Coaching) -> Partnership:
    partnership = standing(world, partnership_id)
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


def decline_coaching(command: DeclineCoaching, world: World) -> Decision:
    """Decline the coaching within its months: it is an offer (S13, D24)."""
    partnership = _coached(world, command.partnership_id, Coaching.OFFERED)
    coaching_falls_into_its_window(command.at, *_window(world, partnership))
    return [Change(command.partnership_id, CoachingDeclined(**command.stamp()))]


def request_coaching(command: RequestCoaching, world: World) -> Decision:
    """Ask for coaching within its months (S13)."""
    partnership = _coached(world, command.partnership_id, Coaching.OFFERED)
    coaching_falls_into_its_window(command.at, *_window(world, partnership))
    return [Change(command.partnership_id, CoachingRequested(**command.stamp()))]


def assign_coach(command: AssignCoach, world: World) -> Decision:
    """Give the partnership that asked a coach of its strand (D22): with a place of its own, or in a group (D24).

    When the strand's places are used up, the demand that they do not meet is recorded in the call.
    """
    partnership = _coached(world, command.partnership_id, Coaching.REQUESTED)
    roles = world.get(ACCOUNT, command.coach).roles
    if Role.COACH not in roles:
        raise WrongStage("This subject is not a coach.", "Choose a subject with the role coach.")
    strand = partnership.geography.strand
    coach_serves_the_strand(roles[Role.COACH], strand)
    call_id = partnership.call_id or command.partnership_id
    call = world.get(CALL, call_id)
    full = call.coaching_places.get(strand, 0) >= published(call).coaching.places[strand]
    counted = CoachingDemandUnmet if full else CoachingPlaceTaken
    return [
        Change(command.partnership_id, CoachAssigned(**command.stamp(), coach=command.coach, in_group=full)),
        Change(call_id, counted(**command.stamp(), partnership_id=command.partnership_id, strand=strand)),
    ]


def hold_coaching_session(command: HoldCoachingSession, world: World) -> Decision:
    """Record a session that was held within the months of coaching (S13), where there was a place for it (D24)."""
    partnership = _under_way(world, command.partnership_id, command.at)
    session_of_its_own_has_a_place(partnership.in_group)
    event = CoachingSessionHeld(
        **command.stamp(),
        number=partnership.sessions + 1,
        minutes=command.minutes,
        note=ProtectedText(subject=command.by, text=command.note),
    )
    return [Change(command.partnership_id, event)]


def hold_group_session(command: HoldGroupSession, world: World) -> Decision:
    """Record a session for several partnerships; it counts for each of them as one (D24)."""
    group = {one: _under_way(world, one, command.at) for one in command.partnership_ids}
    note = ProtectedText(subject=command.by, text=command.note)
    held = command.stamp(minutes=command.minutes, partnerships=len(group), note=note)
    return [
        Change(one, GroupSessionHeld(**held, number=partnership.sessions + 1)) for one, partnership in group.items()
    ]


def record_missed_session(command: RecordMissedSession, world: World) -> Decision:
    """Record that the partnership did not come; it counts for nothing and may be held later (D24)."""
    _under_way(world, command.partnership_id, command.at)
    return [Change(command.partnership_id, CoachingSessionMissed(**command.stamp()))]


def _under_way(world: World, partnership_id: UUID, at: datetime) -> Partnership:
    partnership = _coached(world, partnership_id, Coaching.ASSIGNED)
    coaching_falls_into_its_window(at, *_window(world, partnership))
    return partnership


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
