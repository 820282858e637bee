"""Committees and scores, as far as each may see them: an evaluator sees the others' once its own are in."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, announced
from domain.evaluation.aggregate import EVALUATION, Evaluation, Proposal
from domain.evaluation.events import ConsensusProposed, Score, ScoresGiven
from domain.ids import evaluation_id
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.values import Digest, Value
from fund_service.api.asking import Asking
from fund_service.api.reading import Answered, Routes
from fund_service.api.seeing import not_found
from fund_service.permissions.views import View

Written = Mapping[str, Score]
"""Scores with their justifications, by criterion."""


class GivenScore(Value):
    """An evaluator's points for one criterion, 0 to 5, with the justification."""

    points: int
    justification: str


class SeatState(Value):
    """A seat on the committee. `scores` are told where the reader may see them, None where not or not yet given."""

    evaluator: UUID
    outside: bool
    declared: bool
    scored: bool
    scores: dict[str, GivenScore] | None


class EvaluatorState(Value):
    """An evaluator of an application by name; `outside` the applicant's cluster and geography team or not (D02)."""

    id: UUID
    label: str
    outside: bool


class CommentState(Value):
    """What an evaluator wrote of one criterion, with its points, 0 to 5.

    `evaluator` numbers those who evaluate the application, None for what all agreed on instead of their scores (D02);
    `label` names it to who may know.
    """

    criterion: str
    name: str
    evaluator: int | None
    label: str
    points: int
    comment: str


class ConsensusState(Value):
    """The consensus that was proposed last: by criterion its points and why, and who agreed to it."""

    digest: Digest
    points: dict[str, int]
    justifications: dict[str, str]
    agreed_by: tuple[UUID, ...]


class EvaluationState(Value):
    """The evaluation of one application. `divergent` are the criteria that need a consensus, `consensus` what was
    agreed for them, `proposal` what waits for agreement.
    """

    id: UUID
    version: int
    pilot_action_id: UUID
    seats: tuple[SeatState, ...]
    divergent: tuple[str, ...]
    proposal: ConsensusState | None
    consensus: dict[str, int]
    completed: bool
    stopped: bool


def evaluation_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.one("/pilot-actions/{pilot_action_id}/evaluation", EvaluationState, View.EVALUATION, name="readEvaluation")
    def evaluation(asking: Asking, pilot_action_id: UUID) -> Answered[EvaluationState]:
        """Read the evaluation of an application: its committee, its scores, its consensus."""
        state = evaluation_now(asking, pilot_action_id)
        return state, state.version

    @routes.listing(
        "/pilot-actions/{pilot_action_id}/evaluators", EvaluatorState, View.EVALUATORS, name="listEvaluators"
    )
    def evaluators(asking: Asking, pilot_action_id: UUID) -> Iterable[EvaluatorState]:
        """List who evaluates an application; its members read it in an open call alone, once outcomes are released."""
        return evaluators_now(asking, pilot_action_id)

    @routes.listing("/pilot-actions/{pilot_action_id}/comments", CommentState, View.COMMENTS, name="listComments")
    def comments(asking: Asking, pilot_action_id: UUID) -> Iterable[CommentState]:
        """List what the evaluators wrote of an application; its members read it once outcomes are released."""
        return comments_now(asking, pilot_action_id)


def evaluators_now(asking: Asking, pilot_action_id: UUID) -> Iterator[EvaluatorState]:
    """Yield who evaluates an application, for who may know that."""
    evaluation = asking.world.find(EVALUATION, evaluation_id(pilot_action_id)) or Evaluation()
    for who, seat in evaluation.seats.items():
        yield EvaluatorState(id=who, label=asking.world.get(ACCOUNT, who).label, outside=seat.outside)


def comments_now(asking: Asking, pilot_action_id: UUID) -> Iterator[CommentState]:
    """Yield what was written by criterion, the consensus first, for who may read that."""
    stream, pilot = evaluation_id(pilot_action_id), asking.world.get(PILOT_ACTION, pilot_action_id)
    evaluation = asking.world.find(EVALUATION, stream)
    if evaluation is None or pilot.call_id is None:
        return
    given, proposed = _written(asking, stream)
    agreed = proposed[evaluation.proposal.digest] if evaluation.proposal is not None else {}
    labels = {one.id: one.label for one in evaluators_now(asking, pilot_action_id)}
    told = labels if asking.sees(View.EVALUATORS, pilot_action_id) else {}
    for criterion in announced(asking.world.get(CALL, pilot.call_id)).criteria:
        about = {"criterion": criterion.id, "name": criterion.name}
        if criterion.id in evaluation.consensus:
            score = agreed[criterion.id]
            yield CommentState(
                **about, evaluator=None, label="", points=score.points, comment=score.justification.shown
            )
        for number, (who, seat) in enumerate(evaluation.seats.items(), 1):
            if seat.points is not None:
                score, label = given[who][criterion.id], told.get(who, "")
                yield CommentState(
                    **about, evaluator=number, label=label, points=score.points, comment=score.justification.shown
                )


def evaluation_now(asking: Asking, pilot_action_id: UUID) -> EvaluationState:
    """Return an evaluation as far as who asks may see it, who may see that there is one. Raises NotFound."""
    stream = evaluation_id(pilot_action_id)
    evaluation = asking.world.find(EVALUATION, stream)
    if evaluation is None:
        raise not_found(View.EVALUATION, pilot_action_id)
    given, proposed = _written(asking, stream)
    everything = _sees_everything(asking, evaluation)
    seats = tuple(
        SeatState(
            evaluator=who,
            outside=seat.outside,
            declared=seat.declared,
            scored=seat.points is not None,
            scores=_scores(given[who]) if seat.points is not None and (everything or who == asking.by) else None,
        )
        for who, seat in evaluation.seats.items()
    )
    return EvaluationState(
        id=stream,
        version=asking.world.version(EVALUATION, stream),
        pilot_action_id=pilot_action_id,
        seats=seats,
        divergent=evaluation.divergent if everything else (),
        proposal=_proposal(evaluation.proposal, proposed) if everything and evaluation.proposal is not None else None,
        consensus=evaluation.consensus if everything else {},
        completed=evaluation.completed,
        stopped=evaluation.stopped,
    )


def _written(asking: Asking, stream: UUID) -> tuple[Mapping[UUID, Written], Mapping[Digest, Written]]:
    """Return the scores of each evaluator as given last, and those of each proposal by its digest."""
    events = [one.event for one in asking.context.parts.log.history(stream)]
    given = {event.evaluator: event.scores for event in events if isinstance(event, ScoresGiven)}
    return given, {event.digest: event.scores for event in events if isinstance(event, ConsensusProposed)}


def _proposal(proposal: Proposal, proposed: Mapping[Digest, Written]) -> ConsensusState:
    return ConsensusState(
        digest=proposal.digest,
        points=proposal.points,
        justifications={name: one.justification for name, one in _scores(proposed[proposal.digest]).items()},
        agreed_by=tuple(sorted(proposal.agreed_by)),
    )


def _sees_everything(asking: Asking, evaluation: Evaluation) -> bool:
    """Tell whether the reader may see all scores: an evaluator once its own are in, the offices that may read them."""
    seat = evaluation.seats.get(asking.by)
    return seat is None or seat.points is not None


def _scores(scores: Written) -> dict[str, GivenScore]:
    return {
        criterion: GivenScore(points=score.points, justification=score.justification.shown)
        for criterion, score in scores.items()
    }
