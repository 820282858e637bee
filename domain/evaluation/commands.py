"""What can be asked of an evaluation. The evaluation is named by its pilot action."""

from uuid import UUID

from pydantic import Field

from domain.messages import Command
from domain.values import Digest, Value


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


class WithdrawEvaluator(Command):
    """Leave the evaluation half-way, for another reason than a conflict of interest.

    Who leaves sees the application no more, and the scores do not count. The secretariat finds another evaluator.
    """

    pilot_action_id: UUID
    reason: str = Field(min_length=1, max_length=1000)


class ReplaceEvaluator(Command):
    """Give the seat of an evaluator to another one whose scores, or whose word on a consensus, are late."""

    pilot_action_id: UUID
    evaluator: UUID
    successor: UUID
    reason: str = Field(min_length=1, max_length=1000)


class ProposeFewerEvaluators(Command):
    """Propose, with reasons, to go on with fewer evaluators than the call requires (D18)."""

    pilot_action_id: UUID
    evaluators: int = Field(strict=True)
    reason: str = Field(min_length=1, max_length=1000)


class ConfirmFewerEvaluators(Command):
    """Confirm as the second person to go on with fewer evaluators (D18)."""

    pilot_action_id: UUID


class RecordAllegation(Command):
    """Record that somebody alleges an evaluator's conflict of interest (E10)."""

    pilot_action_id: UUID
    evaluator: UUID
    allegation: str = Field(min_length=1, max_length=4000)


class DecideAllegation(Command):
    """Answer an alleged conflict of interest with reasons; upheld, the evaluator leaves (E10)."""

    pilot_action_id: UUID
    number: int
    upheld: bool
    reasons: str = Field(min_length=1, max_length=4000)


class GiveScores(Command):
    """Send the scores for every criterion."""

    pilot_action_id: UUID
    scores: dict[str, GivenScore]


class ProposeConsensus(Command):
    """Propose a consensus score for every criterion on which the scores lie too far apart (D02)."""

    pilot_action_id: UUID
    scores: dict[str, GivenScore]


class AgreeConsensus(Command):
    """Agree to the proposed consensus that the digest names."""

    pilot_action_id: UUID
    digest: Digest


class RemindEvaluators(Command):
    """Remind the evaluators whose scores are missing (a calendar point)."""

    pilot_action_id: UUID


class RecordOverdue(Command):
    """Record that scores or a consensus are overdue (a calendar point)."""

    pilot_action_id: UUID
