"""The evaluation's state."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from domain.evaluation.events import (
    ConflictDeclared,
    EvaluationCompleted,
    EvaluationEvent,
    EvaluationOpened,
    EvaluatorAssigned,
    EvaluatorsReminded,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.messages import Aggregate


@dataclass(frozen=True, slots=True)
class Seat:
    """One evaluator's place in the committee: unit, outside or not, declaration, and points by criterion once sent."""

    unit: str
    outside: bool
    declared: bool = False
    points: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The committee of one application; evaluators with a conflict have left their seat and stand in `conflicted`."""

    pilot_action_id: UUID | None = None
    call_id: UUID | None = None
    partnership_id: UUID | None = None
    seats: dict[UUID, Seat] = field(default_factory=dict)
    conflicted: frozenset[UUID] = frozenset()
    completed: bool = False

    def scores(self) -> dict[str, tuple[int, ...]]:
        """Return the points by criterion, in the order in which the evaluators took their seats."""
        sheets = [seat.points for seat in self.seats.values() if seat.points is not None]
        return {
            criterion: tuple(sheet.get(criterion, 0) for sheet in sheets) for sheet in sheets[:1] for criterion in sheet
        }


def evolve(evaluation: Evaluation, event: EvaluationEvent) -> Evaluation:
    """Fold one event."""
    match event:
        case EvaluationOpened():
            return replace(
                evaluation,
                pilot_action_id=event.pilot_action_id,
                call_id=event.call_id,
                partnership_id=event.partnership_id,
            )
        case EvaluatorAssigned():
            return _seated(evaluation, event.evaluator, Seat(event.unit, event.outside))
        case NoConflictDeclared():
            seat = evaluation.seats.get(event.evaluator, Seat("", outside=False))
            return _seated(evaluation, event.evaluator, replace(seat, declared=True))
        case ConflictDeclared():
            left = {who: seat for who, seat in evaluation.seats.items() if who != event.evaluator}
            return replace(evaluation, seats=left, conflicted=evaluation.conflicted | {event.evaluator})
        case ScoresGiven():
            seat = evaluation.seats.get(event.evaluator, Seat("", outside=False))
            points = {criterion: score.points for criterion, score in event.scores.items()}
            return _seated(evaluation, event.evaluator, replace(seat, points=points))
        case EvaluatorsReminded():
            return evaluation
        case EvaluationCompleted():
            return replace(evaluation, completed=True)
        case _:
            assert_never(event)


def _seated(evaluation: Evaluation, evaluator: UUID, seat: Seat) -> Evaluation:
    return replace(evaluation, seats={**evaluation.seats, evaluator: seat})


EVALUATION = Aggregate("evaluation", Evaluation(), evolve)
