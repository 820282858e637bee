"""What happens to an evaluation."""

from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.values import Digest, Instant, ProtectedText, Value


class EvaluationOpened(Event):
    """The evaluation of an eligible application began."""

    TOPIC: ClassVar[str] = "evaluation.opened"
    SAYS: ClassVar[str] = "The evaluation began."
    pilot_action_id: UUID
    call_id: UUID
    line: str
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


class EvaluatorWithdrew(Event):
    """The evaluator left half-way; scores that were sent no longer count (D06)."""

    TOPIC: ClassVar[str] = "evaluation.evaluator-withdrew"
    SAYS: ClassVar[str] = "An evaluator left this evaluation half-way."
    evaluator: UUID
    reason: ProtectedText


class EvaluatorReplaced(Event):
    """The secretariat gave the seat of a late evaluator to another one; scores that were sent no longer count (E08).

    Late is who sent no scores, or agreed to no consensus, by its due instant (D25).
    """

    TOPIC: ClassVar[str] = "evaluation.evaluator-replaced"
    SAYS: ClassVar[str] = "An evaluator who was late was replaced."
    evaluator: UUID
    reason: ProtectedText


class FewerEvaluatorsProposed(Event):
    """One officer proposed to go on with fewer evaluators than the call requires; a second one confirms (D18)."""

    TOPIC: ClassVar[str] = "evaluation.fewer-evaluators-proposed"
    SAYS: ClassVar[str] = "It was proposed to go on with {evaluators} evaluators; a second person confirms it."
    evaluators: int
    reason: ProtectedText


class FewerEvaluatorsConfirmed(Event):
    """A second officer confirmed what `proposed_by` proposed: the scores of so many evaluators suffice (D02, D18)."""

    TOPIC: ClassVar[str] = "evaluation.fewer-evaluators-confirmed"
    SAYS: ClassVar[str] = "It was confirmed: here the scores of {evaluators} evaluators suffice."
    evaluators: int
    proposed_by: UUID


class ConflictAlleged(Event):
    """An officer recorded that somebody alleges an evaluator's conflict of interest; it will be answered (E10)."""

    TOPIC: ClassVar[str] = "evaluation.conflict-alleged"
    SAYS: ClassVar[str] = "A conflict of interest of an evaluator was alleged."
    number: int
    evaluator: UUID
    allegation: ProtectedText


class AllegationUpheld(Event):
    """The alleged conflict exists: the evaluator leaves, and the scores no longer count (D06, E10).

    Another officer decides than the one who recorded it (D18).
    """

    TOPIC: ClassVar[str] = "evaluation.allegation-upheld"
    SAYS: ClassVar[str] = "The alleged conflict of interest was found to exist; the evaluator leaves this evaluation."
    number: int
    evaluator: UUID
    recorded_by: UUID
    reasons: ProtectedText


class AllegationDismissed(Event):
    """The alleged conflict does not exist; the allegation is answered with reasons (E10).

    Another officer decides than the one who recorded it (D18).
    """

    TOPIC: ClassVar[str] = "evaluation.allegation-dismissed"
    SAYS: ClassVar[str] = "The alleged conflict of interest was found not to exist, with reasons."
    number: int
    evaluator: UUID
    recorded_by: UUID
    reasons: ProtectedText


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


class ScoresOverdue(Event):
    """Scores are missing after their due instant: of these evaluators, and for so many empty seats (D25)."""

    TOPIC: ClassVar[str] = "evaluation.scores-overdue"
    SAYS: ClassVar[str] = "Scores are overdue: they were due {due}."
    evaluators: tuple[UUID, ...]
    empty_seats: int
    due: Instant


class DivergenceFound(Event):
    """The scores lie too far apart: on these criteria the evaluators must find a consensus (D02).

    `totals_apart` is the highest minus the lowest weighted total of an evaluator, as an exact fraction 'n/d' of 100.
    """

    TOPIC: ClassVar[str] = "evaluation.divergence-found"
    SAYS: ClassVar[str] = "The scores lie too far apart; the evaluators must find a consensus."
    criteria: tuple[str, ...]
    totals_apart: str


class ConsensusProposed(Event):
    """An evaluator of the committee proposed consensus scores and agrees to them; the digest names them (D01, D02)."""

    TOPIC: ClassVar[str] = "evaluation.consensus-proposed"
    SAYS: ClassVar[str] = "Proposal {number} for a consensus was made."
    evaluator: UUID
    number: int
    digest: Digest
    scores: dict[str, Score]


class ConsensusAgreed(Event):
    """An evaluator of the committee agreed to a proposed consensus (D10)."""

    TOPIC: ClassVar[str] = "evaluation.consensus-agreed"
    SAYS: ClassVar[str] = "An evaluator agreed to proposal {number} for a consensus."
    evaluator: UUID
    number: int
    digest: Digest


class ConsensusReached(Event):
    """Every evaluator agreed: these points replace the mean of the scores for their criteria (D01)."""

    TOPIC: ClassVar[str] = "evaluation.consensus-reached"
    SAYS: ClassVar[str] = "The evaluators reached a consensus."
    points: dict[str, int]


class ConsensusOverdue(Event):
    """The evaluators have found no consensus by its due instant; these have agreed to nothing yet (D25)."""

    TOPIC: ClassVar[str] = "evaluation.consensus-overdue"
    SAYS: ClassVar[str] = "A consensus is overdue: it was due {due}."
    evaluators: tuple[UUID, ...]
    due: Instant


class EvaluationCompleted(Event):
    """Every evaluator sent the scores, and there is a consensus where one was forced."""

    TOPIC: ClassVar[str] = "evaluation.completed"
    SAYS: ClassVar[str] = "The evaluation is complete."
    pilot_action_id: UUID
    call_id: UUID
    line: str


class EvaluationReopened(Event):
    """A complete evaluation was opened again before the ranking: a conflict of interest came up (D06, E10)."""

    TOPIC: ClassVar[str] = "evaluation.reopened"
    SAYS: ClassVar[str] = "The evaluation was opened again."
    pilot_action_id: UUID
    call_id: UUID
    line: str


class EvaluationStopped(Event):
    """The application was taken out of the competition: nobody evaluates it any more, and its scores do not count."""

    TOPIC: ClassVar[str] = "evaluation.stopped"
    SAYS: ClassVar[str] = "The evaluation was stopped: the application is out of the competition."
    pilot_action_id: UUID
    call_id: UUID
    line: str


EvaluationEvent = (
    EvaluationOpened
    | EvaluatorAssigned
    | NoConflictDeclared
    | ConflictDeclared
    | EvaluatorWithdrew
    | EvaluatorReplaced
    | FewerEvaluatorsProposed
    | FewerEvaluatorsConfirmed
    | ConflictAlleged
    | AllegationUpheld
    | AllegationDismissed
    | ScoresGiven
    | EvaluatorsReminded
    | ScoresOverdue
    | DivergenceFound
    | ConsensusProposed
    | ConsensusAgreed
    | ConsensusReached
    | ConsensusOverdue
    | EvaluationCompleted
    | EvaluationReopened
    | EvaluationStopped
)
