"""The evaluation's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from domain.errors import WrongStage
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    ConsensusAgreed,
    ConsensusOverdue,
    ConsensusProposed,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationEvent,
    EvaluationOpened,
    EvaluationReopened,
    EvaluationStopped,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorsReminded,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    FewerEvaluatorsProposed,
    NoConflictDeclared,
    Score,
    ScoresGiven,
    ScoresOverdue,
)
from domain.messages import Aggregate, World
from domain.values import Digest


@dataclass(frozen=True, slots=True)
class Seat:
    """One evaluator's place in the committee: unit, outside or not, declaration, and points by criterion once sent."""

    unit: str
    outside: bool
    declared: bool = False
    points: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The consensus that was proposed last: its points by criterion, and who agreed to it."""

    number: int
    digest: Digest
    points: dict[str, int]
    agreed_by: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Allegation:
    """An alleged conflict of interest that is not answered yet: whose, and who recorded it."""

    evaluator: UUID
    recorded_by: UUID


@dataclass(frozen=True, slots=True)
class Fewer:
    """A proposal to go on with so many evaluators, and who made it."""

    evaluators: int
    proposed_by: UUID


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The committee of one application, its scores and, where one is forced, its consensus.

    Who left its seat stands in `conflicted` (a conflict of interest) or `left` (withdrew, or was replaced); the scores
    no longer count. `suffice` is the number of evaluators that an override allows, None where the call's number holds.
    `divergent` are the criteria that need a consensus, `consensus` the points that were agreed for them. `stopped`: the
    application is out of the competition.
    """

    pilot_action_id: UUID | None = None
    call_id: UUID | None = None
    line: str = ""
    partnership_id: UUID | None = None
    seats: dict[UUID, Seat] = field(default_factory=dict)
    conflicted: frozenset[UUID] = frozenset()
    left: frozenset[UUID] = frozenset()
    fewer: Fewer | None = None
    suffice: int | None = None
    alleged: int = 0
    allegations: dict[int, Allegation] = field(default_factory=dict)
    divergent: tuple[str, ...] = ()
    proposal: Proposal | None = None
    proposals: int = 0
    consensus: dict[str, int] = field(default_factory=dict)
    completed: bool = False
    stopped: bool = False

    def everybody(self) -> frozenset[UUID]:
        """Return all who ever had a seat, also those who left it."""
        return self.conflicted | self.left | self.seats.keys()

    def sheets(self) -> list[dict[str, int]]:
        """Return each evaluator's points by criterion, in the order in which they took their seats."""
        return [seat.points for seat in self.seats.values() if seat.points is not None]

    def scores(self) -> dict[str, tuple[int, ...]]:
        """Return the points by criterion, in the order in which the evaluators took their seats."""
        sheets = self.sheets()
        return {
            criterion: tuple(sheet.get(criterion, 0) for sheet in sheets) for sheet in sheets[:1] for criterion in sheet
        }

    def required(self, by_call: int) -> int:
        """Return how many evaluators score here: as many as the call requires, or fewer by an override (D02, D18)."""
        return by_call if self.suffice is None else self.suffice

    def unscored(self) -> tuple[UUID, ...]:
        """Return the evaluators whose scores are missing."""
        return tuple(who for who, seat in self.seats.items() if seat.points is None)

    def agreed(self) -> frozenset[UUID]:
        """Return who agreed to the consensus that was proposed last; nobody where none was."""
        return self.proposal.agreed_by if self.proposal else frozenset()

    def may_read_content(self, subject: UUID) -> bool:
        """Tell whether the application is open to an evaluator: one of its own, who declared to have no conflict (D06).

        Whoever shows an application's content to evaluators asks this first.
        """
        seat = self.seats.get(subject)
        return seat is not None and seat.declared

    def seat_of(self, evaluator: UUID) -> Seat:
        """Return an evaluator's seat. Raises WrongStage."""
        if evaluator not in self.seats:
            raise WrongStage("This subject is not an evaluator of this application.", "Ask the secretariat.")
        return self.seats[evaluator]


def evolve(evaluation: Evaluation, event: EvaluationEvent) -> Evaluation:
    """Fold one event."""
    match event:
        case EvaluationOpened():
            return replace(
                evaluation,
                pilot_action_id=event.pilot_action_id,
                call_id=event.call_id,
                line=event.line,
                partnership_id=event.partnership_id,
            )
        case EvaluatorAssigned():
            return replace(_seated(evaluation, event.evaluator, Seat(event.unit, event.outside)), fewer=None)
        case NoConflictDeclared():
            return _seated(evaluation, event.evaluator, replace(_known(evaluation, event.evaluator), declared=True))
        case ScoresGiven():
            seat = replace(_known(evaluation, event.evaluator), points=_points(event.scores))
            return _seated(evaluation, event.evaluator, seat)
        case ConflictDeclared():
            return _conflicted(evaluation, event.evaluator)
        case EvaluatorWithdrew() | EvaluatorReplaced():
            return replace(_without(evaluation, event.evaluator), left=evaluation.left | {event.evaluator})
        case FewerEvaluatorsProposed():
            return replace(evaluation, fewer=Fewer(event.evaluators, event.by))
        case FewerEvaluatorsConfirmed():
            return replace(evaluation, fewer=None, suffice=event.evaluators)
        case EvaluatorsReminded() | ScoresOverdue() | ConsensusOverdue():
            return evaluation
        case EvaluationCompleted():
            return replace(evaluation, completed=True)
        case EvaluationReopened():
            return replace(evaluation, completed=False)
        case EvaluationStopped():
            return replace(evaluation, stopped=True)
        case ConflictAlleged() | AllegationUpheld() | AllegationDismissed():
            return _evolve_allegations(evaluation, event)
        case _:
            return _evolve_consensus(evaluation, event)


def _evolve_allegations(
    evaluation: Evaluation, event: ConflictAlleged | AllegationUpheld | AllegationDismissed
) -> Evaluation:
    others = {number: one for number, one in evaluation.allegations.items() if number != event.number}
    match event:
        case ConflictAlleged():
            others[event.number] = Allegation(event.evaluator, event.by)
            return replace(evaluation, alleged=event.number, allegations=others)
        case AllegationUpheld():
            return _conflicted(replace(evaluation, allegations=others), event.evaluator)
        case AllegationDismissed():
            return replace(evaluation, allegations=others)
        case _:
            assert_never(event)


def _evolve_consensus(
    evaluation: Evaluation, event: DivergenceFound | ConsensusProposed | ConsensusAgreed | ConsensusReached
) -> Evaluation:
    match event:
        case DivergenceFound():
            return replace(evaluation, divergent=event.criteria)
        case ConsensusProposed():
            agreed = frozenset({event.evaluator})
            proposal = Proposal(event.number, event.digest, _points(event.scores), agreed)
            return replace(evaluation, proposal=proposal, proposals=event.number)
        case ConsensusAgreed():
            current = evaluation.proposal
            if current is None or current.digest != event.digest:
                return evaluation
            return replace(evaluation, proposal=replace(current, agreed_by=current.agreed_by | {event.evaluator}))
        case ConsensusReached():
            return replace(evaluation, consensus=event.points)
        case _:
            assert_never(event)


def _points(scores: Mapping[str, Score]) -> dict[str, int]:
    return {criterion: score.points for criterion, score in scores.items()}


def _known(evaluation: Evaluation, evaluator: UUID) -> Seat:
    return evaluation.seats.get(evaluator, Seat("", outside=False))


def _seated(evaluation: Evaluation, evaluator: UUID, seat: Seat) -> Evaluation:
    return replace(evaluation, seats={**evaluation.seats, evaluator: seat})


def _without(evaluation: Evaluation, evaluator: UUID) -> Evaluation:
    """Return the evaluation with this seat free; a consensus was one of those who sat there, and is void too."""
    seats = {who: seat for who, seat in evaluation.seats.items() if who != evaluator}
    return replace(evaluation, seats=seats, fewer=None, divergent=(), proposal=None, consensus={})


def _conflicted(evaluation: Evaluation, evaluator: UUID) -> Evaluation:
    return replace(_without(evaluation, evaluator), conflicted=evaluation.conflicted | {evaluator})


EVALUATION = Aggregate("evaluation", Evaluation(), evolve)


def under_way(world: World, stream: UUID) -> Evaluation:
    """Return an evaluation whose application is in the competition. Raises NotFound and WrongStage."""
    evaluation = world.get(EVALUATION, stream)
    if evaluation.stopped:
        raise WrongStage("The application is out of the competition; nobody evaluates it any more.")
    return evaluation
