"""Scenes of coaching: asked for, assigned, held, finished; some want none and some do not finish (S13, D24)."""

from collections.abc import Iterator
from uuid import UUID

from domain.partnership.commands import AssignCoach, CompleteCoaching, HoldCoachingSession, RequestCoaching
from domain.people import Role
from fund_service.rehearsal.plans import CoachingFate, Plan
from fund_service.rehearsal.stage import Stage


def _coached(stage: Stage, *fates: CoachingFate) -> Iterator[tuple[int, Plan, UUID]]:
    """Yield the plans with these fates, each with its coach."""
    for number, plan in enumerate(stage.plans):
        if plan.coaching in fates:
            coaches = stage.cast.of(Role.COACH, plan.pairing.geography.strand)
            yield number, plan, coaches[number % len(coaches)].subject


def request(stage: Stage) -> None:
    """Let the partnerships that want it ask for coaching."""
    for _, plan, _ in _coached(stage, CoachingFate.COMPLETED, CoachingFate.UNFINISHED):
        partnership = stage.partnership_id(plan)
        stage.act(RequestCoaching, stage.officer(plan), f"{plan.key}/coaching", partnership_id=partnership)


def assign(stage: Stage) -> None:
    """Give each of them a coach of its strand."""
    for _, plan, coach in _coached(stage, CoachingFate.COMPLETED, CoachingFate.UNFINISHED):
        named = {"partnership_id": stage.partnership_id(plan), "coach": coach}
        stage.act(AssignCoach, stage.cast.secretariat[0], f"{plan.key}/coach", **named)


def _session(stage: Stage, number: int, *fates: CoachingFate) -> None:
    for _, plan, coach in _coached(stage, *fates):
        minutes = 15 * stage.cast.chance(f"{plan.key}/session/{number}").randint(4, 8)
        held = {"minutes": minutes, "note": f"Fictitious: session {number}, the pilot action became clearer."}
        stage.act(
            HoldCoachingSession,
            coach,
            f"{plan.key}/session/{number}",
            partnership_id=stage.partnership_id(plan),
            **held,
        )


def first_session(stage: Stage) -> None:
    """Hold the first session with everybody who asked."""
    _session(stage, 1, CoachingFate.COMPLETED, CoachingFate.UNFINISHED)


def second_session(stage: Stage) -> None:
    """Hold the second session with those who go on."""
    _session(stage, 2, CoachingFate.COMPLETED)


def complete(stage: Stage) -> None:
    """Let the coaches finish; one tries before the minimum of sessions is held, and is refused (D24)."""
    for _, plan, coach in _coached(stage, CoachingFate.COMPLETED):
        partnership = stage.partnership_id(plan)
        for number in range(3, stage.rules.coaching.sessions + 1):
            note = {"minutes": 60, "note": "Fictitious: one more session."}
            stage.act(HoldCoachingSession, coach, f"{plan.key}/session/{number}", partnership_id=partnership, **note)
        stage.act(CompleteCoaching, coach, f"{plan.key}/coached", partnership_id=partnership)
    for _, plan, coach in _coached(stage, CoachingFate.UNFINISHED):
        partnership = stage.partnership_id(plan)
        stage.refused("D24", CompleteCoaching, coach, f"{plan.key}/coached", partnership_id=partnership)
