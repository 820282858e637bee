"""What the fund decides about conflicts of interest: declared by an evaluator, or alleged by somebody else."""

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.evaluation.aggregate import evolve, under_way
from domain.evaluation.commands import DecideAllegation, DeclareConflict, DeclareNoConflict, RecordAllegation
from domain.evaluation.completion import conclusion, reopening
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    NoConflictDeclared,
)
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.values import ProtectedText


def declare_no_conflict(command: DeclareNoConflict, world: World) -> Decision:
    """Take the declaration before anything is shown (D06, E08)."""
    stream = evaluation_id(command.pilot_action_id)
    if under_way(world, stream).seat_of(command.by).declared:
        raise WrongStage("You have declared already.")
    return [Change(stream, NoConflictDeclared(**command.stamp(), evaluator=command.by))]


def declare_conflict(command: DeclareConflict, world: World) -> Decision:
    """Let an evaluator with a conflict leave, as long as nothing is ranked; the scores no longer count (D06, E08)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    evaluation.seat_of(command.by)
    reason = ProtectedText(subject=command.by, text=command.reason)
    declared = ConflictDeclared(**command.stamp(), evaluator=command.by, reason=reason)
    return [*reopening(command, evaluation, world), Change(stream, declared)]


def record_allegation(command: RecordAllegation, world: World) -> Decision:
    """Record an alleged conflict of interest; the evaluation is not complete until it is answered (E10)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    evaluation.seat_of(command.evaluator)
    alleged = ConflictAlleged(
        **command.stamp(),
        number=evaluation.alleged + 1,
        evaluator=command.evaluator,
        allegation=ProtectedText(subject=command.evaluator, text=command.allegation),
    )
    return [*reopening(command, evaluation, world), Change(stream, alleged)]


def decide_allegation(command: DecideAllegation, world: World) -> Decision:
    """Answer an allegation, with reasons, as another officer than recorded it; upheld, the seat is free (D06, E10)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    allegation = evaluation.allegations.get(command.number)
    if allegation is None:
        raise WrongStage(
            "There is no such allegation, or it is answered already.", "Name one that waits for an answer."
        )
    two_persons_decide(allegation.recorded_by, command, world)
    kind = AllegationUpheld if command.upheld else AllegationDismissed
    decided = kind(
        **command.stamp(),
        number=command.number,
        evaluator=allegation.evaluator,
        recorded_by=allegation.recorded_by,
        reasons=ProtectedText(subject=allegation.evaluator, text=command.reasons),
    )
    rules = rules_of(world, evaluation.call_id)
    return [Change(stream, decided), *conclusion(command, evolve(evaluation, decided), rules)]
