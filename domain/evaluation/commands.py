"""What can be asked of an evaluation. The evaluation is named by its pilot action."""

from uuid import UUID

from pydantic import Field

from domain.messages import Command
from domain.values import Value


class GivenScore(Value):
    """Points for one criterion with the justification."""

    points: int = Field(strict=True)
    justification: str = Field(max_length=4000)


class AssignEvaluator(Command):
    """Assign an evaluator to an application."""

    pilot_action_id: UUID
    evaluator: UUID


class DeclareNoConflict(Command):
    """Declare to have no conflict of interest, before anything is shown."""

    pilot_action_id: UUID


class DeclareConflict(Command):
    """Declare a conflict of interest and leave the evaluation."""

    pilot_action_id: UUID
    reason: str = Field(min_length=1, max_length=1000)


class GiveScores(Command):
    """Send the scores for every criterion."""

    pilot_action_id: UUID
    scores: dict[str, GivenScore]


class RemindEvaluators(Command):
    """Remind the evaluators whose scores are missing (a calendar point)."""

    pilot_action_id: UUID
