"""What the fund decides about a call: its windows, its ranking, its award list, its reserve, its settlement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, AwardList, Call, SumState, Window, published
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    CloseCoachingWindow,
    EstablishRanking,
    ExpireReserve,
    OpenApplicationWindow,
    OpenCoachingWindow,
    ProposeAwardList,
    PublishCall,
    ReleaseOutcomes,
    ReviewReserve,
    SettleCall,
)
from domain.call.events import (
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
    Outcome,
    OutcomesReleased,
    RankingEstablished,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.ranking import Scored, rank
from domain.call.rules import SupportLine
from domain.errors import NotFound, WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id, grant_id
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION, Stage
from domain.rulebook.ours import (
    agreement_names_the_current_version,
    approver_is_independent,
    enough_evaluators_scored,
    outcomes_wait_for_the_release,
)
from domain.values import in_brussels


def publish_call(command: PublishCall, world: World) -> Decision:
    """Publish a call with all its rules; they stay in force for it."""
    if world.find(CALL, command.call_id):
        raise WrongStage("This call is published already.", "A published call changes only by a correction (D21).")
    return [Change(command.call_id, CallPublished(**command.stamp(), rules=command.rules))]


def _reached(at: datetime, point: datetime, step: str) -> None:
    if at < point:
        raise WrongStage(f"{step} comes on {in_brussels(point)}.", "Wait for that moment.")


def _window_is(actual: Window, wanted: Window, name: str) -> None:
    if actual is not wanted:
        raise WrongStage(f"The window for {name} is {actual}.")


def _line(call: Call, line_id: str) -> SupportLine:
    line = published(call).line(line_id)
    if line is None:
        raise NotFound(f"The call has no support line {line_id!r}.", "See its lines with `fund call show`.")
    return line


def open_coaching_window(command: OpenCoachingWindow, world: World) -> Decision:
    """Open the months of coaching at their calendar point (S13)."""
    call = world.get(CALL, command.call_id)
    _window_is(call.coaching, Window.AHEAD, "coaching")
    _reached(command.at, published(call).calendar.coaching_opens, "Coaching")
    return [Change(command.call_id, CoachingWindowOpened(**command.stamp()))]


def close_coaching_window(command: CloseCoachingWindow, world: World) -> Decision:
    """Close the months of coaching at their calendar point (S13)."""
    call = world.get(CALL, command.call_id)
    _window_is(call.coaching, Window.OPEN, "coaching")
    _reached(command.at, published(call).calendar.coaching_closes, "The end of coaching")
    return [Change(command.call_id, CoachingWindowClosed(**command.stamp()))]


def open_application_window(command: OpenApplicationWindow, world: World) -> Decision:
    """Open the door for applications at its calendar point (S14)."""
    call = world.get(CALL, command.call_id)
    _window_is(call.applications, Window.AHEAD, "applications")
    _reached(command.at, published(call).calendar.applications_open, "The opening for applications")
    return [Change(command.call_id, ApplicationWindowOpened(**command.stamp()))]


def close_application_window(command: CloseApplicationWindow, world: World) -> Decision:
    """Record that the closing instant passed; the door itself is closed by each request's arrival (D07)."""
    call = world.get(CALL, command.call_id)
    _window_is(call.applications, Window.OPEN, "applications")
    _reached(command.at, published(call).calendar.applications_close, "The closing instant")
    return [Change(command.call_id, ApplicationWindowClosed(**command.stamp()))]


def establish_ranking(command: EstablishRanking, world: World) -> Decision:
    """Rank the eligible applications of a line once every evaluator sent the scores (D01–D04)."""
    call = world.get(CALL, command.call_id)
    rules, line = published(call), _line(call, command.line)
    _window_is(call.applications, Window.CLOSED, "applications")
    if call.list_of(line.id).version:
        raise WrongStage("An award list follows from this ranking already.")
    scored = _scored(world, call, line, rules.evaluation.evaluators)
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


def _scored(world: World, call: Call, line: SupportLine, evaluators: int) -> list[Scored]:
    scored = []
    for pilot_action_id, entry in call.register.items():
        pilot = world.get(PILOT_ACTION, pilot_action_id)
        if entry.line != line.id or pilot.stage not in (Stage.SUBMITTED, Stage.ELIGIBLE):
            continue
        evaluation = world.find(EVALUATION, evaluation_id(pilot_action_id))
        sent = sum(seat.points is not None for seat in evaluation.seats.values()) if evaluation else 0
        enough_evaluators_scored(sent, evaluators)
        version = pilot.version(pilot.submitted)
        if evaluation and version:
            scored.append(Scored(pilot_action_id, entry.geography, version.requested_cents, evaluation.scores()))
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
    _reached(command.at, published(call).reserve_expires(line), "The end of the reserve list")
    remaining = tuple(award.pilot_action_id for award in current.reserve)
    return [Change(command.call_id, ReserveExpired(**command.stamp(), line=line.id, remaining=remaining))]


def settle_call(command: SettleCall, world: World) -> Decision:
    """Settle the call when every grant is closed (D25)."""
    call = world.get(CALL, command.call_id)
    rules = published(call)
    if call.settled:
        raise WrongStage("The call is settled already.")
    _reached(command.at, rules.calendar.settled, "The settlement")
    running = [e for e in call.ledger.values() if e.state not in (SumState.FREED, SumState.RETURNED)]
    if running:
        raise WrongStage(f"{len(running)} grants are not closed yet.", "Close them first.")
    event = CallSettled(
        **command.stamp(),
        envelope_cents=sum(line.envelope_cents for line in rules.lines),
        spent_cents=sum(entry.spent_cents for entry in call.ledger.values()),
    )
    return [Change(command.call_id, event)]
