"""What the fund decides about the ranking of a line: from the scores, and anew where an application drops out."""

from typing import Any
from uuid import UUID

from domain.call.aggregate import CALL, Call, Window, line_of, published
from domain.call.calendar import window_is
from domain.call.commands import EstablishRanking
from domain.call.events import AwardListVoided, RankingEstablished
from domain.call.ranking import Scored, rank
from domain.call.rules import CallRules, SupportLine
from domain.errors import WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.completion import required_complete
from domain.ids import evaluation_id
from domain.messages import Change, Command, Decision, States, World
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage


def establish_ranking(command: EstablishRanking, world: World) -> Decision:
    """Rank the eligible applications of a line once every evaluator sent the scores (D01–D04)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    window_is(call.applications, Window.CLOSED, "applications")
    if call.list_of(line.id).version:
        raise WrongStage("An award list follows from this ranking already.")
    return [Change(command.call_id, _ranking(command, call, line, world))]


def ranked_without(command: Any, pilot: PilotAction, call_id: UUID, world: World) -> Decision:
    """Return what follows for a line that is ranked when the application that the command names drops out (D04, D23).

    It is ranked anew without that one; a list that was proposed no longer counts, and what it reserved is free again.
    """
    call = world.get(CALL, call_id)
    line, listed = line_of(call, pilot.line), call.list_of(pilot.line)
    if not listed.ranked:
        return []
    anew = Change(call_id, _ranking(command, call, line, world, without=command.pilot_action_id))
    if not listed.in_hand:
        return [anew]
    voided = AwardListVoided(
        **command.stamp(),
        line=line.id,
        version=listed.version,
        pilot_action_id=command.pilot_action_id,
        freed_cents=sum(award.cents for award in listed.awards) if listed.adopted else 0,
    )
    return [Change(call_id, voided), anew]


def _ranking(
    command: Command, call: Call, line: SupportLine, world: World, without: UUID | None = None
) -> RankingEstablished:
    rules = published(call)
    scored = [one for one in scored_applications(world, call, rules, line) if one.pilot_action_id != without]
    return RankingEstablished(
        **command.stamp(),
        line=line.id,
        correction=call.in_force,
        envelope_cents=line.envelope_cents,
        rows=rank(scored, rules, line),
    )


def scored_applications(world: States, call: Call, rules: CallRules, line: SupportLine) -> list[Scored]:
    """Return the applications of a line that are in the competition, with the scores that count (D01, D02).

    Raises RuleViolated where these are not complete.
    """
    scored = []
    for pilot_action_id, entry in call.register.items():
        pilot = world.get(PILOT_ACTION, pilot_action_id)
        version = pilot.version(pilot.submitted)
        if entry.line != line.id or version is None or pilot.stage not in (Stage.SUBMITTED, Stage.ELIGIBLE):
            continue
        evaluation = required_complete(world.find(EVALUATION, evaluation_id(pilot_action_id)), rules)
        asked = version.requested_cents, version.smallest_useful_cents
        judged = evaluation.scores(), evaluation.consensus
        scored.append(Scored(pilot_action_id, entry.geography, *asked, *judged))
    return scored
