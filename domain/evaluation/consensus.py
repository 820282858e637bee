"""What the fund decides about a consensus: proposed by one evaluator, agreed by every one (D01, D02)."""

from collections.abc import Iterator

from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.evaluation.aggregate import Evaluation, evolve, under_way
from domain.evaluation.commands import AgreeConsensus, ProposeConsensus
from domain.evaluation.completion import conclusion, justified, needs_consensus
from domain.evaluation.events import ConsensusAgreed, ConsensusProposed, ConsensusReached
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.rulebook.ours.applying import agreement_names_the_current_version
from domain.rulebook.ours.evaluating import consensus_covers_what_diverges


def propose_consensus(command: ProposeConsensus, world: World) -> Decision:
    """Propose a justified score for each criterion that needs one; a newer proposal takes the place of an older one."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = _divided(under_way(world, stream))
    evaluation.seat_of(command.by)
    rules = rules_of(world, evaluation.call_id)
    consensus_covers_what_diverges(command.scores, evaluation.divergent)
    number = evaluation.proposals + 1
    event = ConsensusProposed(
        **command.stamp(),
        evaluator=command.by,
        number=number,
        digest=world.digest("consensus", str(command.pilot_action_id), str(number), *_content(command)),
        scores=justified(command.scores, rules, command.by),
    )
    return [Change(stream, event)]


def _content(command: ProposeConsensus) -> Iterator[str]:
    for name in sorted(command.scores):
        yield from (name, str(command.scores[name].points), command.scores[name].justification)


def _divided(evaluation: Evaluation) -> Evaluation:
    if not needs_consensus(evaluation):
        raise WrongStage("No consensus is needed on this application.")
    return evaluation


def agree_consensus(command: AgreeConsensus, world: World) -> Decision:
    """Agree to the current proposal; with the last evaluator's word it is the consensus (D01, D02, D10)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = _divided(under_way(world, stream))
    evaluation.seat_of(command.by)
    current = evaluation.proposal
    if current is None:
        raise WrongStage("No consensus is proposed yet.", "Propose one.")
    agreement_names_the_current_version(command.digest, current.digest)
    if command.by in current.agreed_by:
        raise WrongStage("You have agreed to this proposal already.")
    agreed = ConsensusAgreed(**command.stamp(), evaluator=command.by, number=current.number, digest=current.digest)
    if evaluation.seats.keys() - current.agreed_by - {command.by}:
        return [Change(stream, agreed)]
    reached = ConsensusReached(**command.stamp(), points=current.points)
    rules = rules_of(world, evaluation.call_id)
    return [Change(stream, agreed), Change(stream, reached), *conclusion(command, evolve(evaluation, reached), rules)]
