"""Which evaluators could take the free seats: a proposal with reasons, which the secretariat follows or not.

Nothing is decided here. Each seat is tried as `assign_evaluator` would, so that nobody is proposed whom it refuses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.call.aggregate import rules_of
from domain.errors import Refused
from domain.evaluation.aggregate import Evaluation, Seat, under_way
from domain.evaluation.decisions import new_seat
from domain.ids import evaluation_id
from domain.messages import World


class Proposed(NamedTuple):
    """An evaluator for one seat: so many applications they then have, and what speaks for them."""

    evaluator: UUID
    seat: Seat
    load: int
    why: tuple[str, ...]


class ProposedCommittee(NamedTuple):
    """Who could take the free seats for one application; `missing` seats stay free, `against` says why by evaluator."""

    pilot_action_id: UUID
    members: tuple[Proposed, ...]
    missing: int
    against: Mapping[UUID, str]


def propose_committees(
    pilot_action_ids: Iterable[UUID], loads: Mapping[UUID, int], most: int, at: datetime, world: World
) -> tuple[ProposedCommittee, ...]:
    """Propose evaluators for the free seats of each application in turn, as of an instant.

    `loads` are all evaluators with the number of applications that each has; nobody gets more than `most`. First comes
    who is still needed: one from outside (D02), one of a second unit (E07); then who has least to do, then who knows
    cluster or geography, then the order of `loads`. Raises NotFound, and WrongStage where nobody evaluates any more.
    """
    now = dict(loads)
    return tuple(_committee(id, now, most, at, world) for id in pilot_action_ids)


def _committee(
    pilot_action_id: UUID, loads: dict[UUID, int], most: int, at: datetime, world: World
) -> ProposedCommittee:
    """Propose one committee, and add what it does to the loads."""
    evaluation = under_way(world, evaluation_id(pilot_action_id))
    required = evaluation.required(rules_of(world, evaluation.call_id).evaluation.evaluators)
    members: list[Proposed] = []
    against: dict[UUID, str] = {}
    while len(evaluation.seats) < required:
        fit, against = _tried(pilot_action_id, evaluation, loads, most, at, world)
        if not fit:
            break
        evaluator = min(fit, key=lambda one: _order(fit[one], evaluation, loads[one]))
        loads[evaluator] += 1
        why = tuple(_why(fit[evaluator], evaluation))
        members.append(Proposed(evaluator, fit[evaluator], loads[evaluator], why))
        evaluation = replace(evaluation, seats={**evaluation.seats, evaluator: fit[evaluator]})
    missing = required - len(evaluation.seats)
    return ProposedCommittee(pilot_action_id, tuple(members), max(0, missing), against if missing > 0 else {})


def _tried(
    pilot_action_id: UUID,
    evaluation: Evaluation,
    loads: Mapping[UUID, int],
    most: int,
    at: datetime,
    world: World,
) -> tuple[dict[UUID, Seat], dict[UUID, str]]:
    """Return who can take the next seat, and why the others cannot."""
    fit: dict[UUID, Seat] = {}
    against: dict[UUID, str] = {}
    for evaluator, load in loads.items():
        if load >= most:
            against[evaluator] = f"Has {load} of at most {most} applications."
            continue
        try:
            fit[evaluator] = new_seat(evaluator, pilot_action_id, evaluation, at, world)
        except Refused as refused:
            against[evaluator] = refused.detail
    return fit, against


def _order(seat: Seat, evaluation: Evaluation, load: int) -> tuple[bool, bool, int, bool]:
    outside, unit = _needed(evaluation)
    return outside and not seat.outside, unit and not _is_second_unit(seat, evaluation), load, seat.outside


def _needed(evaluation: Evaluation) -> tuple[bool, bool]:
    """Return whether somebody from outside, and somebody of a second unit, is still needed."""
    seats = evaluation.seats.values()
    return not any(one.outside for one in seats), len({one.unit for one in seats}) == 1


def _is_second_unit(seat: Seat, evaluation: Evaluation) -> bool:
    return all(one.unit != seat.unit for one in evaluation.seats.values())


def _why(seat: Seat, evaluation: Evaluation) -> Iterable[str]:
    outside, unit = _needed(evaluation)
    if seat.outside:
        yield "from outside the cluster and geography team" + (", as one must be (D02)" if outside else "")
    else:
        yield "knows the cluster or the geography"
    if unit and _is_second_unit(seat, evaluation):
        yield "of a second unit, as one must be (E07)"
