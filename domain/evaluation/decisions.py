"""What the fund decides about the committee's work: who may judge, what a score needs, who is reminded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import CALL, rules_of
from domain.errors import WrongStage
from domain.evaluation.aggregate import Evaluation, Seat, evolve, under_way
from domain.evaluation.commands import AssignEvaluator, GiveScores, RecordOverdue, RemindEvaluators
from domain.evaluation.completion import conclusion, justified, needs_consensus
from domain.evaluation.events import (
    ConsensusOverdue,
    EvaluatorAssigned,
    EvaluatorsReminded,
    ScoresGiven,
    ScoresOverdue,
)
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import entity_of
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.people import Role
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage
from domain.rulebook.eu import committee_comes_from_two_units, only_announced_criteria_are_scored
from domain.rulebook.ours.evaluating import declaration_comes_first, one_evaluator_is_from_outside
from domain.rulebook.ours.people import evaluator_is_independent
from domain.slot import SLOT, slot_id

_OUT_OF_THE_RUNNING = frozenset({Stage.WITHDRAWN, Stage.INADMISSIBLE, Stage.INELIGIBLE})


def assign_evaluator(command: AssignEvaluator, world: World) -> Decision:
    """Assign an independent evaluator; a full committee has two units and one from outside (D02, D05, E07)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    seat = new_seat(command.evaluator, command.pilot_action_id, evaluation, command.at, world)
    event = EvaluatorAssigned(**command.stamp(), evaluator=command.evaluator, unit=seat.unit, outside=seat.outside)
    return [Change(stream, event)]


def new_seat(evaluator: UUID, pilot_action_id: UUID, evaluation: Evaluation, at: datetime, world: World) -> Seat:
    """Return the seat that an evaluator can take now. Raises WrongStage and, under D02, D05 and E07, RuleViolated."""
    required = evaluation.required(rules_of(world, evaluation.call_id).evaluation.evaluators)
    if evaluator in evaluation.seats or len(evaluation.seats) >= required:
        raise WrongStage(f"This evaluator sits on it already, or all {required} seats are taken.")
    if evaluator in evaluation.left:
        raise WrongStage("This evaluator left this evaluation and does not come back.", "Choose another one.")
    account = world.get(ACCOUNT, evaluator)
    if Role.EVALUATOR not in account.roles:
        raise WrongStage("This subject is not an evaluator.", "Choose a subject with the role evaluator.")
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    partnership = world.get(PARTNERSHIP, pilot.partnership_id or pilot_action_id)
    evaluator_is_independent(_ties(evaluator, account, pilot, partnership, evaluation, at, world))
    seat = Seat(account.unit, _is_outside(account, partnership))
    committee = [*evaluation.seats.values(), seat]
    if len(committee) == required:
        committee_is_mixed(committee)
    return seat


def committee_is_mixed(committee: Sequence[Seat]) -> None:
    """Require a full committee to come from two units, one of it from outside (D02, E07)."""
    committee_comes_from_two_units([member.unit for member in committee])
    one_evaluator_is_from_outside([member.outside for member in committee])


def _is_outside(account: Account, partnership: Partnership) -> bool:
    in_cluster = bool(partnership.cluster) and partnership.cluster in account.clusters
    return not in_cluster and account.roles.get(Role.EVALUATOR) is not partnership.geography.strand


def _ties(
    evaluator: UUID,
    account: Account,
    pilot: PilotAction,
    partnership: Partnership,
    evaluation: Evaluation,
    at: datetime,
    world: World,
) -> list[str]:
    """Return what binds the evaluator to this application, in words (D05, D06)."""
    ties = []
    if evaluator in evaluation.conflicted:
        ties.append("declared a conflict of interest")
    if evaluator in partnership.coaches:
        ties.append("coached this partnership")
    if evaluator in pilot.writers:
        ties.append("proposed this pilot action or wrote its application")
    if partnership.cluster in account.manages:
        ties.append("managed its cluster")
    if Role.APPROVER in account.roles or account.deputyship(Role.APPROVER, at) is not None:
        ties.append("approve the awards")
    if account.organisation_id in partnership.involved:
        ties.append("work for a member of this partnership")
    elif account.organisation_id and pilot.call_id:
        entity = entity_of(world, pilot.call_id, account.organisation_id)
        slot = world.find(SLOT, slot_id(pilot.call_id, pilot.line, entity))
        if slot and slot.held_by:
            own = slot.held_by == evaluation.pilot_action_id
            ties.append("work for an entity with the applicant" if own else "work for a rival applicant")
        elif account.organisation_id in _rivals(pilot.call_id, pilot, world):
            ties.append("work for a partner of a rival applicant")
    return ties


def _rivals(call_id: UUID, pilot: PilotAction, world: World) -> Iterator[UUID]:
    """Yield every member of a partnership whose application competes with this one in its line."""
    for pilot_action_id, entry in world.get(CALL, call_id).register.items():
        rival = world.get(PILOT_ACTION, pilot_action_id)
        competes = entry.line == pilot.line and rival.stage not in _OUT_OF_THE_RUNNING
        if competes and rival.partnership_id and rival.partnership_id != pilot.partnership_id:
            yield from world.get(PARTNERSHIP, rival.partnership_id).member_ids()


def give_scores(command: GiveScores, world: World) -> Decision:
    """Take an evaluator's scores: declared first, every announced criterion, each justified (D01, D06, E06)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    seat = evaluation.seat_of(command.by)
    if seat.points is not None:
        raise WrongStage("Your scores are in; they cannot be changed.")
    declaration_comes_first(evaluation.may_read_content(command.by))
    rules = rules_of(world, evaluation.call_id)
    only_announced_criteria_are_scored(command.scores, [criterion.id for criterion in rules.criteria])
    scores = justified(command.scores, rules, command.by)
    given = ScoresGiven(**command.stamp(), evaluator=command.by, scores=scores)
    return [Change(stream, given), *conclusion(command, evolve(evaluation, given), rules)]


def remind_evaluators(command: RemindEvaluators, world: World) -> Decision:
    """Remind the evaluators whose scores are missing."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    late = evaluation.unscored()
    if not late:
        raise WrongStage("Every evaluator sent the scores; no reminder is due.")
    due = rules_of(world, evaluation.call_id).calendar.scores_due
    return [Change(stream, EvaluatorsReminded(**command.stamp(), evaluators=late, due=due))]


def record_overdue(command: RecordOverdue, world: World) -> Decision:
    """Record who is late once scores, and then a consensus, are due (D25)."""
    stream = evaluation_id(command.pilot_action_id)
    evaluation = under_way(world, stream)
    rules = rules_of(world, evaluation.call_id)
    required, due = evaluation.required(rules.evaluation.evaluators), rules.calendar.scores_due
    if len(evaluation.sheets()) < required and command.at >= due:
        empty = max(0, required - len(evaluation.seats))
        overdue = ScoresOverdue(**command.stamp(), evaluators=evaluation.unscored(), empty_seats=empty, due=due)
        return [Change(stream, overdue)]
    due = rules.calendar.consensus_due
    if needs_consensus(evaluation) and command.at >= due:
        late = tuple(who for who in evaluation.seats if who not in evaluation.agreed())
        return [Change(stream, ConsensusOverdue(**command.stamp(), evaluators=late, due=due))]
    raise WrongStage("No scores and no consensus are overdue.")
