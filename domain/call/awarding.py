"""What the fund decides about awards: the ranking, the award list, the release, the reserve."""

from collections.abc import Sequence
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, AwardList, Call, Window, published
from domain.call.calendar import reached, window_is
from domain.call.commands import (
    ApproveAwardList,
    EstablishRanking,
    ExpireReserve,
    ProposeAwardList,
    ReleaseOutcomes,
    ReviewReserve,
)
from domain.call.events import (
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    Outcome,
    OutcomesReleased,
    RankingEstablished,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.ranking import Scored, rank
from domain.call.rules import CallRules, SupportLine
from domain.errors import NotFound, WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.completion import require_complete
from domain.ids import evaluation_id, grant_id
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION, Stage
from domain.rulebook.ours import (
    agreement_names_the_current_version,
    approver_is_independent,
    outcomes_wait_for_the_release,
)


def _line(call: Call, line_id: str) -> SupportLine:
    line = published(call).line(line_id)
    if line is None:
        raise NotFound(f"The call has no support line {line_id!r}.", "See its lines with `fund call show`.")
    return line


def establish_ranking(command: EstablishRanking, world: World) -> Decision:
    """Rank the eligible applications of a line once every evaluator sent the scores (D01–D04)."""
    call = world.get(CALL, command.call_id)
    rules, line = published(call), _line(call, command.line)
    window_is(call.applications, Window.CLOSED, "applications")
    if call.list_of(line.id).version:
        raise WrongStage("An award list follows from this ranking already.")
    scored = _scored(world, call, line, rules)
    rows = rank(scored, rules, line)
    event = RankingEstablished(
        **command.stamp(),
        line=line.id,
        envelope_cents=line.envelope_cents,
        ranked=len(rows),
        above_thresholds=sum(row.passed for row in rows),
        rows=rows,
    )
    return [Change(command.call_id, event)]


def _scored(world: World, call: Call, line: SupportLine, rules: CallRules) -> list[Scored]:
    scored = []
    for pilot_action_id, entry in call.register.items():
        pilot = world.get(PILOT_ACTION, pilot_action_id)
        if entry.line != line.id or pilot.stage not in (Stage.SUBMITTED, Stage.ELIGIBLE):
            continue
        evaluation = world.find(EVALUATION, evaluation_id(pilot_action_id))
        require_complete(evaluation, rules)
        version = pilot.version(pilot.submitted)
        if evaluation and version:
            known = (pilot_action_id, entry.geography, version.requested_cents)
            scored.append(Scored(*known, evaluation.scores(), evaluation.consensus))
    return scored


def _awards(rows: Sequence[RankingRow], outcome: str) -> tuple[Award, ...]:
    return tuple(
        Award(pilot_action_id=row.pilot_action_id, grant_id=grant_id(row.pilot_action_id), cents=row.requested_cents)
        for row in rows
        if row.outcome == outcome
    )


def propose_award_list(command: ProposeAwardList, world: World) -> Decision:
    """Propose the award list that follows from the ranking (D04, D05)."""
    call = world.get(CALL, command.call_id)
    line = _line(call, command.line)
    ranking = call.list_of(line.id)
    if not ranking.ranked:
        raise WrongStage("The applications are not ranked yet.", "Wait for the ranking.")
    if ranking.version:
        raise WrongStage("An award list is proposed already.")
    awards, reserve = _awards(ranking.rows, "award"), _awards(ranking.rows, "reserve")
    version = ranking.version + 1
    listed = [f"{award.pilot_action_id}:{award.cents}" for award in (*awards, *reserve)]
    event = AwardListProposed(
        **command.stamp(),
        line=line.id,
        version=version,
        digest=world.digest("award list", str(command.call_id), line.id, str(version), *listed),
        awards=awards,
        reserve=reserve,
    )
    return [Change(command.call_id, event)]


def approve_award_list(command: ApproveAwardList, world: World) -> Decision:
    """Approve the current version; the second approval adopts it and reserves the sum in the envelope (D05)."""
    call = world.get(CALL, command.call_id)
    line = _line(call, command.line)
    current = call.list_of(line.id)
    if not current.version or current.adopted:
        raise WrongStage("No award list waits for approval.")
    agreement_names_the_current_version(command.digest, current.digest)
    approver_is_independent(_approver_ties(command.by, current, world))
    named = command.stamp(line=line.id, version=current.version)
    changes = [Change(command.call_id, AwardListApproved(**named, digest=current.digest))]
    if current.approvals:
        reserved = sum(award.cents for award in current.awards)
        adopted = AwardListAdopted(**named, reserved_cents=reserved)
        changes.append(Change(command.call_id, adopted))
    return changes


def _approver_ties(approver: UUID, current: AwardList, world: World) -> list[str]:
    ties = []
    if current.proposed_by == approver:
        ties.append("proposed this award list")
    if approver in current.approvals:
        ties.append("approved this version already")
    organisation = world.get(ACCOUNT, approver).organisation_id
    for row in current.rows:
        pilot = world.get(PILOT_ACTION, row.pilot_action_id)
        evaluation = world.find(EVALUATION, evaluation_id(row.pilot_action_id))
        if evaluation and approver in evaluation.seats:
            ties.append("evaluated an application on it")
        if approver in pilot.writers:
            ties.append("wrote an application on it")
        partnership = world.find(PARTNERSHIP, pilot.partnership_id) if pilot.partnership_id else None
        if partnership and partnership.coach == approver:
            ties.append("coached a partnership on it")
        if partnership and organisation in partnership.member_ids():
            ties.append("work for a member of a partnership on it")
    return list(dict.fromkeys(ties))


def release_outcomes(command: ReleaseOutcomes, world: World) -> Decision:
    """Release all outcomes of a line at one instant, not before the published one (D17)."""
    call = world.get(CALL, command.call_id)
    line = _line(call, command.line)
    current = call.list_of(line.id)
    if not current.adopted or current.released:
        raise WrongStage("The award list is not adopted, or its outcomes are released already.")
    outcomes_wait_for_the_release(command.at, published(call).calendar.outcomes_released)
    outcomes = tuple(
        Outcome(pilot_action_id=row.pilot_action_id, outcome=row.outcome, reason=row.reason) for row in current.rows
    )
    event = OutcomesReleased(**command.stamp(), line=line.id, awards=current.awards, outcomes=outcomes)
    return [Change(command.call_id, event)]


def review_reserve(command: ReviewReserve, world: World) -> Decision:
    """Offer what is free to the reserve in rank order; the first that does not fit ends it: none jumps (D04)."""
    call = world.get(CALL, command.call_id)
    line = _line(call, command.line)
    current = call.list_of(line.id)
    if not current.released or current.expired:
        raise WrongStage("There is no reserve list in force.")
    if command.at >= published(call).reserve_expires(line):
        raise WrongStage("The months of the reserve list are over.")
    if current.reviewed_on is not None and command.day <= current.reviewed_on:
        raise WrongStage(f"The reserve was reviewed for {current.reviewed_on} already.", "It is reviewed once a day.")
    free = line.envelope_cents - call.taken_cents(line.id)
    promoted: list[Award] = []
    for award in current.reserve:
        if sum(earlier.cents for earlier in promoted) + award.cents > free:
            break
        promoted.append(award)
    event = ReserveReviewed(**command.stamp(), line=line.id, day=command.day, free_cents=free, promoted=tuple(promoted))
    return [Change(command.call_id, event)]


def expire_reserve(command: ExpireReserve, world: World) -> Decision:
    """End the reserve list after its months (D04)."""
    call = world.get(CALL, command.call_id)
    line = _line(call, command.line)
    current = call.list_of(line.id)
    if not current.released or current.expired:
        raise WrongStage("There is no reserve list in force.")
    reached(command.at, published(call).reserve_expires(line), "The end of the reserve list")
    remaining = tuple(award.pilot_action_id for award in current.reserve)
    return [Change(command.call_id, ReserveExpired(**command.stamp(), line=line.id, remaining=remaining))]
