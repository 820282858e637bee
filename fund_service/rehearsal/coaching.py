"""Scenes of coaching: asked for or declined, assigned, held alone or in a group, missed, finished or not (S13, D24)."""

from collections.abc import Iterator
from uuid import UUID

from domain.call.events import CoachingDemandUnmet
from domain.partnership.commands import (
    AssignCoach,
    CompleteCoaching,
    DeclineCoaching,
    HoldCoachingSession,
    HoldGroupSession,
    RecordMissedSession,
    RequestCoaching,
)
from domain.partnership.events import CoachingDeclined, CoachingEnded, CoachingSessionMissed, GroupSessionHeld
from domain.people import Role, Strand
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.plans import CoachingFate, Plan
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    happened("coaching-declined", Area.COACHING, "A partnership declines coaching: it is an offer.", CoachingDeclined),
    happened(
        "coaching-unfinished",
        Area.COACHING,
        "A coaching that was asked for is not finished by the end of its months.",
        CoachingEnded,
        requested=True,
    ),
    happened(
        "coaching-demand",
        Area.COACHING,
        "More partnerships ask for coaching than there are places; the demand that is not met is recorded.",
        CoachingDemandUnmet,
    ),
    happened(
        "group-session",
        Area.COACHING,
        "Partnerships without a place of their own get the same minimum in group sessions.",
        GroupSessionHeld,
    ),
    refused(
        "no-place-of-its-own",
        Area.COACHING,
        "A partnership coached in a group gets no session of its own.",
        "D24",
        HoldCoachingSession,
    ),
    happened(
        "no-show",
        Area.COACHING,
        "A partnership does not come to a session, which is held later.",
        CoachingSessionMissed,
    ),
)

ASKING = (CoachingFate.COMPLETED, CoachingFate.UNFINISHED, CoachingFate.MISSES_A_SESSION)
FINISHING = (CoachingFate.COMPLETED, CoachingFate.MISSES_A_SESSION)
GROUP = 8


def _asking(stage: Stage) -> Iterator[tuple[Plan, UUID]]:
    """Yield the plans that ask for coaching, each with its coach; those of a group have one coach."""
    for strand in Strand:
        plans = [p for p in stage.plans if p.coaching in ASKING and p.pairing.geography.strand is strand]
        coaches = stage.cast.of(Role.COACH, strand)
        places = stage.rules.coaching.places[strand]
        for number, plan in enumerate(plans):
            turn = number if number < places else (number - places) // GROUP
            yield plan, coaches[turn % len(coaches)].subject


def _coached(stage: Stage, *fates: CoachingFate) -> Iterator[tuple[Plan, UUID]]:
    return ((plan, coach) for plan, coach in _asking(stage) if plan.coaching in fates)


def answer_offer(stage: Stage) -> None:
    """Let the partnerships that want coaching ask for it, and one decline it."""
    for plan, _ in _asking(stage):
        partnership = stage.partnership_id(plan)
        stage.act(RequestCoaching, stage.officer(plan), f"{plan.key}/coaching", partnership_id=partnership)
    for plan in stage.plans:
        if plan.coaching is CoachingFate.DECLINED:
            partnership = stage.partnership_id(plan)
            stage.act(DeclineCoaching, stage.officer(plan), f"{plan.key}/coaching", partnership_id=partnership)


def assign(stage: Stage) -> None:
    """Give each of them a coach of its strand, with a place of its own while there are places."""
    for plan, coach in _asking(stage):
        named = {"partnership_id": stage.partnership_id(plan), "coach": coach}
        stage.act(AssignCoach, stage.cast.secretariat[0], f"{plan.key}/coach", **named)


def _session(stage: Stage, number: int, *fates: CoachingFate) -> None:
    """Hold a session with each that has a place of its own, and for the others in groups."""
    in_groups: dict[UUID, list[Plan]] = {}
    for plan, coach in _coached(stage, *fates):
        if stage.partnership(plan).in_group:
            in_groups.setdefault(coach, []).append(plan)
            continue
        minutes = 15 * stage.cast.chance(f"{plan.key}/session/{number}").randint(4, 8)
        held = {"minutes": minutes, "note": f"Fictitious: session {number}, the pilot action became clearer."}
        partnership = stage.partnership_id(plan)
        stage.act(HoldCoachingSession, coach, f"{plan.key}/session/{number}", partnership_id=partnership, **held)
    for coach, plans in in_groups.items():
        for group in (plans[first : first + GROUP] for first in range(0, len(plans), GROUP)):
            partnerships = tuple(stage.partnership_id(plan) for plan in group)
            held = {"minutes": 120, "note": f"Fictitious: group session {number}, the plans were compared."}
            key = f"{group[0].key}/group-session/{number}"
            stage.act(HoldGroupSession, coach, key, partnership_ids=partnerships, **held)


def first_session(stage: Stage) -> None:
    """Hold the first session with everybody who asked; one in a group is refused a session of its own (D24)."""
    for plan, coach in _asking(stage):
        if stage.partnership(plan).in_group:
            named = {"partnership_id": stage.partnership_id(plan), "minutes": 60, "note": "Fictitious."}
            stage.refused("D24", HoldCoachingSession, coach, f"{plan.key}/session/alone", **named)
            break
    _session(stage, 1, *ASKING)


def miss_a_session(stage: Stage) -> None:
    """Let a partnership not come to its second session."""
    for plan, coach in _coached(stage, CoachingFate.MISSES_A_SESSION):
        named = {"partnership_id": stage.partnership_id(plan)}
        stage.act(RecordMissedSession, coach, f"{plan.key}/missed", **named)


def second_session(stage: Stage) -> None:
    """Hold the second session with those who go on, also with the one who did not come before."""
    _session(stage, 2, *FINISHING)


def complete(stage: Stage) -> None:
    """Let the coaches finish; one tries before the minimum of sessions is held, and is refused (D24)."""
    for number in range(3, stage.rules.coaching.sessions + 1):
        _session(stage, number, *FINISHING)
    for plan, coach in _coached(stage, *FINISHING):
        named = {"partnership_id": stage.partnership_id(plan)}
        stage.act(CompleteCoaching, coach, f"{plan.key}/coached", **named)
    for plan, coach in _coached(stage, CoachingFate.UNFINISHED):
        named = {"partnership_id": stage.partnership_id(plan)}
        stage.refused("D24", CompleteCoaching, coach, f"{plan.key}/coached", **named)
