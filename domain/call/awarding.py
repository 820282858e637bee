"""What the fund decides about awards: the award list, the release, the reserve."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.account.deputies import in_whose_place
from domain.call.aggregate import CALL, AwardList, Call, line_of, published
from domain.call.calendar import reached
from domain.call.commands import (
    ApproveAwardList,
    DepartureFromRank,
    ExpireReserve,
    ProposeAwardList,
    ReleaseOutcomes,
    ReturnAwardList,
    ReviewReserve,
)
from domain.call.events import (
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    Departure,
    Outcome,
    OutcomesReleased,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.ranking import Purse, draw_line
from domain.call.rules import SupportLine
from domain.errors import NotFound, WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id, grant_id
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import Role
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.rulebook.eu import departure_has_reasons, departure_stays_above_the_thresholds
from domain.rulebook.ours.applying import agreement_names_the_current_version
from domain.rulebook.ours.awarding import awards_are_within_the_envelope, outcomes_wait_for_the_release
from domain.rulebook.ours.people import approver_is_independent
from domain.values import ProtectedText


def propose_award_list(command: ProposeAwardList, world: World) -> Decision:
    """Propose the award list that follows from the ranking, but for reasoned departures (D04, D05, E11, E14)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    ranking = call.list_of(line.id)
    if not ranking.ranked:
        raise WrongStage("The applications are not ranked yet.", "Wait for the ranking.")
    if ranking.in_hand:
        raise WrongStage("An award list is proposed already.", "An approver can send it back with remarks.")
    departures = tuple(_departure(command, asked, ranking.rows) for asked in command.departures)
    rows = rows_of_list(ranking.rows, departures, line)
    awards, reserve = _awards(rows, "award"), _awards(rows, "reserve")
    version = ranking.version + 1
    listed = [f"{award.pilot_action_id}:{award.cents}" for award in (*awards, *reserve)]
    moved = [f"{one.pilot_action_id}:{one.place}:{one.reason.text}" for one in departures]
    event = AwardListProposed(
        **command.stamp(),
        line=line.id,
        version=version,
        correction=call.in_force,
        digest=world.digest("award list", str(command.call_id), line.id, str(version), *listed, *moved),
        awards=awards,
        reserve=reserve,
        departures=departures,
        outcomes=tuple(outcome_of(row, departures) for row in rows),
    )
    return [Change(command.call_id, event)]


def _departure(command: ProposeAwardList, asked: DepartureFromRank, rows: Sequence[RankingRow]) -> Departure:
    row = next((row for row in rows if row.pilot_action_id == asked.pilot_action_id), None)
    if row is None:
        raise NotFound("The application that you want to move is not in this ranking.", "Look it up in the ranking.")
    departure_has_reasons(asked.reason)
    departure_stays_above_the_thresholds(row.rank, asked.place, sum(row.passed for row in rows))
    reason = ProtectedText(subject=command.by, text=asked.reason)
    return Departure(pilot_action_id=asked.pilot_action_id, rank=row.rank, place=asked.place, reason=reason)


def rows_of_list(
    rows: Sequence[RankingRow], departures: Sequence[Departure], line: SupportLine
) -> tuple[RankingRow, ...]:
    """Return the rows of a ranking as an award list has them: after its departures, with the line drawn anew (E14)."""
    return draw_line(_moved(rows, departures), line)


def _moved(rows: Sequence[RankingRow], departures: Sequence[Departure]) -> list[RankingRow]:
    order = list(rows)
    for departure in departures:
        row = next(row for row in order if row.pilot_action_id == departure.pilot_action_id)
        order.remove(row)
        order.insert(departure.place - 1, row)
    return order


def _awards(rows: Sequence[RankingRow], outcome: str) -> tuple[Award, ...]:
    """Return the rows with this outcome as awards: of what the line gave them, or of the request while they wait."""
    return tuple(
        Award(
            pilot_action_id=row.pilot_action_id,
            grant_id=grant_id(row.pilot_action_id),
            cents=row.awarded_cents or row.requested_cents,
        )
        for row in rows
        if row.outcome == outcome
    )


def outcome_of(row: RankingRow, departures: Sequence[Departure]) -> Outcome:
    """Return what the applicant of a row is told (E11)."""
    reason = row.reason
    for departure in departures:
        if departure.pilot_action_id == row.pilot_action_id:
            reason += f" It was moved to place {departure.place}, for recorded reasons (E14)."
    return Outcome(pilot_action_id=row.pilot_action_id, outcome=row.outcome, reason=reason)


def return_award_list(command: ReturnAwardList, world: World) -> Decision:
    """Send the current version back with remarks, by somebody who could approve it (D05, D10)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    current = _judged_by(command, call, line, world)
    event = AwardListReturned(
        **command.stamp(),
        line=line.id,
        version=current.version,
        digest=current.digest,
        remarks=ProtectedText(subject=command.by, text=command.remarks),
    )
    return [Change(command.call_id, event)]


def _judged_by(command: ReturnAwardList | ApproveAwardList, call: Call, line: SupportLine, world: World) -> AwardList:
    """Return the list that waits for approval, where it is the one that is named and the approver has no tie to it."""
    current = call.list_of(line.id)
    if not current.version or current.adopted:
        raise WrongStage("No award list waits for approval.")
    if current.returned:
        raise WrongStage("This version was sent back with remarks.", "Wait for the next version.")
    if current.voided:
        raise WrongStage("An application on this version was taken out.", "Wait for the next version.")
    agreement_names_the_current_version(command.digest, current.digest)
    approver_is_independent(_approver_ties(command.by, command.at, current, world))
    return current


def approve_award_list(command: ApproveAwardList, world: World) -> Decision:
    """Approve the current version; the second approval adopts it and reserves the sum in the envelope (D04, D05)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    current = _judged_by(command, call, line, world)
    named = command.stamp(line=line.id, version=current.version)
    changes = [Change(command.call_id, AwardListApproved(**named, digest=current.digest))]
    if current.approvals:
        reserved = sum(award.cents for award in current.awards)
        awards_are_within_the_envelope(reserved, line.envelope_cents - call.taken_cents(line.id))
        approved_by = (*current.approvals, command.by)
        adopted = AwardListAdopted(**named, approved_by=approved_by, reserved_cents=reserved)
        changes.append(Change(command.call_id, adopted))
    return changes


def _approver_ties(approver: UUID, at: datetime, current: AwardList, world: World) -> list[str]:
    ties = []
    if current.proposed_by == approver:
        ties.append("proposed this award list")
    if approver in current.approvals:
        ties.append("approved this version already")
    elif in_whose_place(approver, Role.APPROVER, at, world) in _places(current, world):
        ties.append("share one approval with somebody who gave it to this version already")
    account = world.get(ACCOUNT, approver)
    for row in current.rows:
        pilot = world.get(PILOT_ACTION, row.pilot_action_id)
        evaluation = world.find(EVALUATION, evaluation_id(row.pilot_action_id))
        if evaluation and approver in evaluation.everybody():
            ties.append("evaluated an application on it")
        if approver in pilot.writers:
            ties.append("wrote an application on it")
        partnership = world.find(PARTNERSHIP, pilot.partnership_id) if pilot.partnership_id else None
        if partnership and approver in partnership.coaches:
            ties.append("coached a partnership on it")
        if partnership and partnership.cluster and partnership.cluster in account.manages:
            ties.append("manage the cluster of a partnership on it")
        if partnership and account.organisation_id in partnership.involved:
            ties.append("work for a member of a partnership on it")
    return list(dict.fromkeys(ties))


def _places(current: AwardList, world: World) -> set[UUID]:
    """Return in whose places the current version was approved: those of the approvers, or whom they represented."""
    approved = zip(current.approvals, current.approved_at, strict=True)
    return {in_whose_place(who, Role.APPROVER, at, world) for who, at in approved}


def release_outcomes(command: ReleaseOutcomes, world: World) -> Decision:
    """Release all outcomes of a line at one instant, not before the published one (D17)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    current = call.list_of(line.id)
    if not current.adopted or current.released:
        raise WrongStage("The award list is not adopted, or its outcomes are released already.")
    outcomes_wait_for_the_release(command.at, published(call).calendar.outcomes_released)
    named = command.stamp(line=line.id, version=current.version)
    event = OutcomesReleased(**named, awards=current.awards, outcomes=current.outcomes)
    return [Change(command.call_id, event)]


def review_reserve(command: ReviewReserve, world: World) -> Decision:
    """Offer what is free to the reserve in rank order, the first that does not fit whole a useful part of it (D04)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    current = call.list_of(line.id)
    if not current.released or current.expired:
        raise WrongStage("There is no reserve list in force.")
    if command.at >= published(call).reserve_expires(line):
        raise WrongStage("The months of the reserve list are over.")
    if current.reviewed_on is not None and command.day <= current.reviewed_on:
        raise WrongStage(f"The reserve was reviewed for {current.reviewed_on} already.", "It is reviewed once a day.")
    free = line.envelope_cents - call.taken_cents(line.id)
    promoted = tuple(_promoted(current, free))
    event = ReserveReviewed(**command.stamp(), line=line.id, day=command.day, free_cents=free, promoted=promoted)
    return [Change(command.call_id, event)]


def _promoted(current: AwardList, free_cents: int) -> Iterator[Award]:
    smallest = {row.pilot_action_id: row.smallest_useful_cents for row in current.rows}
    purse = Purse(free_cents)
    for award in current.reserve:
        if given := purse.give(award.cents, smallest.get(award.pilot_action_id, award.cents)):
            yield award.model_copy(update={"cents": given})


def expire_reserve(command: ExpireReserve, world: World) -> Decision:
    """End the reserve list after its months (D04)."""
    call = world.get(CALL, command.call_id)
    line = line_of(call, command.line)
    current = call.list_of(line.id)
    if not current.released or current.expired:
        raise WrongStage("There is no reserve list in force.")
    reached(command.at, published(call).reserve_expires(line), "The end of the reserve list")
    told = tuple(award.pilot_action_id for award in current.reserve)
    return [Change(command.call_id, ReserveExpired(**command.stamp(), line=line.id, pilot_action_ids=told))]
