"""What happens to an evaluation."""

from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.values import Instant, ProtectedText, Value


class EvaluationOpened(Event):
    """The evaluation of an eligible application began."""

    TOPIC: ClassVar[str] = "evaluation.opened"
    SAYS: ClassVar[str] = "The evaluation began."
    pilot_action_id: UUID
    call_id: UUID
    partnership_id: UUID


class EvaluatorAssigned(Event):
    """The secretariat assigned an evaluator; `outside` the applicant's cluster and geography team or not (D02)."""

    TOPIC: ClassVar[str] = "evaluation.evaluator-assigned"
    SAYS: ClassVar[str] = "An evaluator was assigned."
    evaluator: UUID
    unit: str
    outside: bool


class NoConflictDeclared(Event):
    """The evaluator declared to have no conflict of interest; from now on the content is shown (D06, E08)."""

    TOPIC: ClassVar[str] = "evaluation.no-conflict-declared"
    SAYS: ClassVar[str] = "The evaluator declared to have no conflict of interest."
    evaluator: UUID


class ConflictDeclared(Event):
    """The evaluator declared a conflict of interest and leaves this evaluation (D06, E08)."""

    TOPIC: ClassVar[str] = "evaluation.conflict-declared"
    SAYS: ClassVar[str] = "The evaluator declared a conflict of interest and leaves this evaluation."
    evaluator: UUID
    reason: ProtectedText


class Score(Value):
    """The points of one evaluator for one criterion, 0 to 5, with the justification (D01)."""

    points: int
    justification: ProtectedText


class ScoresGiven(Event):
    """An evaluator sent the scores for every criterion; they cannot be changed afterwards."""

    TOPIC: ClassVar[str] = "evaluation.scores-given"
    SAYS: ClassVar[str] = "An evaluator sent the scores."
    evaluator: UUID
    scores: dict[str, Score]


class EvaluatorsReminded(Event):
    """Evaluators whose scores are missing were reminded."""

    TOPIC: ClassVar[str] = "evaluation.evaluators-reminded"
    SAYS: ClassVar[str] = "A reminder went out: scores are due {due}."
    evaluators: tuple[UUID, ...]
    due: Instant


class EvaluationCompleted(Event):
    """Every evaluator sent the scores."""

    TOPIC: ClassVar[str] = "evaluation.completed"
    SAYS: ClassVar[str] = "Every evaluator sent the scores."
    pilot_action_id: UUID
    call_id: UUID
    line: str


EvaluationEvent = (
    EvaluationOpened
    | EvaluatorAssigned
    | NoConflictDeclared
    | ConflictDeclared
    | ScoresGiven
    | EvaluatorsReminded
    | EvaluationCompleted
)
