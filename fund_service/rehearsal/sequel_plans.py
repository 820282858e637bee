"""Who takes part in the call that visitors of a demonstration meet: invented cities for them, real pairings beside."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from fund_service.rehearsal.next_edition import next_edition
from fund_service.rehearsal.plans import CoachingFate, Fate, Plan
from fund_service.rehearsal.stage import Stage

KEY: Final = "sequel"
DRAFTS, SUBMITS, WAITS, READY = "Lindenau-am-See", "Brackwater", "Monteluce", "Quellmark"
"""Invented coordinators: with half a draft, submitted, waiting for the partner, complete but not submitted.

The last one is offered support, and never answers.
"""
_HOMES: Final = (DRAFTS, SUBMITS, WAITS, READY)
_REAL: Final = 4
_FIRST: Final = 1000
"""Numbers from here on are no other partnership's."""
_QUALITY: Final = (4.3, 4.4, 3.9, 4.7)


def sequel_stage(main: Stage) -> Stage:
    """Return the stage of the next edition's call, with the main one's fund and cast."""
    chosen = (*_invented(main.plans), *_real(main.plans))
    plans = tuple(_again(main, number, plan) for number, plan in enumerate(chosen))
    return replace(main, plans=plans, rules=next_edition(main.rules), call_key=KEY)


def plan_of(stage: Stage, home: str) -> Plan:
    """Return the plan that an invented city leads."""
    return next(plan for plan in stage.plans if plan.pairing.coordinator.name.startswith(home))


def real_plans(stage: Stage) -> tuple[Plan, ...]:
    """Return the plans of real pairings."""
    return tuple(plan for plan in stage.plans if not plan.player)


def _invented(plans: Sequence[Plan]) -> Iterator[Plan]:
    for home in _HOMES:
        yield next(plan for plan in plans if plan.player and plan.pairing.coordinator.name.startswith(home))


def _real(plans: Sequence[Plan]) -> list[Plan]:
    """Return the first real pairings that applied, no city of which takes part twice."""
    chosen: list[Plan] = []
    seen: set[str] = set()
    for plan in plans:
        names = {place.name for place in plan.pairing.members}
        if not plan.player and plan.fate is Fate.ORDINARY and not names & seen:
            seen |= names
            chosen.append(plan)
    return chosen[:_REAL]


def _again(main: Stage, number: int, plan: Plan) -> Plan:
    """Return a plan for the next call: an ordinary one, but for the city that leaves its offer unanswered."""
    pairing = plan.pairing.model_copy(update={"number": _FIRST + number})
    requested = 1_000_000 - 50 * main.cast.chance(f"sequel/{number}").randrange(4_000)
    quality = _QUALITY[number % len(_QUALITY)]
    fate = Fate.OFFER_UNANSWERED if plan.player and plan.pairing.coordinator.name.startswith(READY) else Fate.ORDINARY
    return Plan(pairing, plan.player, fate, CoachingFate.COMPLETED, quality, requested)
