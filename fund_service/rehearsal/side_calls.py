"""Small invented calls beside the main one, on its calendar, for what it would play only by chance (D03, D04, D18).

`unspent`: nobody above the thresholds. `cancelled`: by two persons while applications come in. `awards`: ties, an award
list that is sent back, a departure from rank, parts of a request that are offered, refused and agreed. Who applies to
which is in `side_plans.py`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from domain.call.commands import (
    ApproveAwardList,
    CancelCall,
    ProposeAwardList,
    ProposeCancellation,
    ReturnAwardList,
)
from domain.call.events import (
    AwardListProposed,
    AwardListReturned,
    CallCancelled,
    CallSettled,
    RankingEstablished,
    RankingRow,
    ReserveReviewed,
)
from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict, GiveScores
from domain.grant.aggregate import Stage as GrantStage
from domain.grant.commands import AcceptGrant, DeclineGrant, FileFinalReport
from domain.grant.events import GrantAccepted, GrantDeclined, PartOffered
from domain.messages import Event
from domain.people import Role
from domain.pilot_action.commands import SubmitApplication
from domain.receipt import CommandHandled
from fund_service.rehearsal import applying, founding
from fund_service.rehearsal.cases import Area, Case, happened, refused, shown
from fund_service.rehearsal.cast import Person
from fund_service.rehearsal.plans import Plan
from fund_service.rehearsal.side_plans import (
    AGREES_TO_A_PART,
    AWARDS,
    CANCELLED,
    REFUSES_A_PART,
    SIDE_CALLS,
    SideCall,
    side_plan,
    side_stage,
)
from fund_service.rehearsal.stage import Stage


def cases(main: Stage) -> tuple[Case, ...]:
    """Return the awkward cases that the side calls play."""
    unspent, cancelled, awards = (side_stage(main, side) for side in SIDE_CALLS)
    refuses, agrees = (awards.grant_id(side_plan(awards, one)) for one in (REFUSES_A_PART, AGREES_TO_A_PART))
    again = SubmitApplication.__name__, "stage", cancelled.pilot_action_id(cancelled.plans[0])

    def case(id: str, sentence: str, kind: type[Event], seen: Callable[[UUID, Any], bool]) -> Case:
        return shown(id, Area.AWARD, sentence, kind, seen)

    def told_apart_by(step: str) -> Callable[[UUID, Any], bool]:
        return lambda call, event: call == awards.call_id and any(_last_step(row) == step for row in event.rows)

    by_criterion = told_apart_by(awards.rules.criteria[0].name)
    return (
        case("tie-criterion", "A tie is broken by a published criterion.", RankingEstablished, by_criterion),
        case("tie-lot", "A tie is broken by the seeded lot.", RankingEstablished, told_apart_by("Lot")),
        happened("list-returned", Area.AWARD, "An approver sends the award list back with remarks.", AwardListReturned),
        refused(
            "approval-voided", Area.AWARD, "A new version voids the approvals of the old.", "D10", ApproveAwardList
        ),
        refused("departure-reasonless", Area.AWARD, "No departure from rank without reasons.", "E14", ProposeAwardList),
        case(
            "departure",
            "A departure from rank within the thresholds has its reasons.",
            AwardListProposed,
            lambda _, event: bool(event.departures),
        ),
        happened("part-offered", Area.AWARD, "A part of a request is offered.", PartOffered),
        case("part-refused", "The applicant refuses the part.", GrantDeclined, lambda grant, _: grant == refuses),
        case(
            "part-passed-down",
            "The part that was refused passes to the next in rank.",
            ReserveReviewed,
            lambda _, event: any(award.grant_id == agrees for award in event.promoted),
        ),
        case("part-agreed", "The next in rank agrees to a part.", GrantAccepted, lambda grant, _: grant == agrees),
        case(
            "envelope-unspent",
            "Nobody is above the thresholds, and the envelope stays unspent.",
            CallSettled,
            lambda call, event: call == unspent.call_id and event.spent_cents == 0,
        ),
        refused("cancelled-alone", Area.AWARD, "Nobody cancels a call alone.", "D18", CancelCall),
        refused(
            "cancelled-reasonless", Area.AWARD, "No call is cancelled without reasons.", "D18", ProposeCancellation
        ),
        happened("cancelled", Area.AWARD, "A call is cancelled with reasons by two persons.", CallCancelled),
        case(
            "cancelled-closed",
            "Nothing is submitted to a cancelled call.",
            CommandHandled,
            lambda _, receipt: (receipt.command, receipt.refused, receipt.about) == again,
        ),
    )


def _last_step(row: RankingRow) -> str | None:
    return row.tie[-1].step if row.tie else None


def scenes(main: Stage) -> Iterator[tuple[datetime, str, Callable[[Stage], None]]]:
    """Yield when what is played in the side calls; each scene has its own stage, whatever it is given."""
    for side in SIDE_CALLS:
        stage = side_stage(main, side)
        for at, title, play in _scenes(stage, side):
            yield at, f"{side.key}: {title}", partial(_on, stage, play)


def _on(stage: Stage, play: Callable[[Stage], None], _: Stage) -> None:
    play(stage)


Steps = Iterator[tuple[datetime, str, Callable[[Stage], None]]]


def _scenes(stage: Stage, side: SideCall) -> Steps:
    yield from _applying(stage)
    if side is CANCELLED:
        dates = stage.calendar
        yield stage.between(dates.applications_open, dates.applications_close, 0.80), "it is cancelled", _cancel
        return
    yield from _judging(stage)
    yield from _deciding_on_parts(stage) if side is AWARDS else _deciding_on_nothing(stage)


def _applying(stage: Stage) -> Steps:
    dates, between = stage.calendar, stage.between
    hour = timedelta(hours=1)
    yield dates.published, "it is published", founding.publish
    formed = between(dates.published, dates.coaching_opens, 0.35)
    yield formed, "its cities are registered", founding.register_places
    yield formed + hour, "its partnerships are formed", founding.form_partnerships
    yield between(dates.published, dates.coaching_opens, 0.85), "partners abroad confirm", founding.confirm_memberships
    coaching = partial(between, dates.coaching_opens, dates.coaching_closes)
    yield coaching(0.32), "roadmaps are written", founding.draft_roadmaps
    yield coaching(0.47), "roadmaps are agreed", founding.agree_roadmaps
    yield coaching(0.86), "pilot actions are proposed", applying.propose
    window = partial(between, dates.applications_open, dates.applications_close)
    yield window(0.12), "drafts are written", applying.draft
    yield window(0.46), "versions are put forward", applying.put_forward
    yield window(0.62), "partners confirm their part", applying.confirm
    yield window(0.72), "applications are submitted", partial(applying.submit, day=0, of_days=1)


def _judging(stage: Stage) -> Steps:
    judging = partial(stage.between, stage.calendar.eligibility_checked, stage.calendar.scores_due)
    yield judging(0.03), "evaluators are assigned", _assign
    yield judging(0.16), "evaluators declare their interests", _declare
    yield judging(0.60), "evaluators send their scores", _score


def _deciding_on_nothing(stage: Stage) -> Steps:
    deciding = partial(stage.between, stage.calendar.scores_due, stage.calendar.approval_due)
    yield deciding(0.06), "an empty award list is proposed", _propose
    yield deciding(0.62), "a first approval", partial(_approve, approver=0)
    yield deciding(0.66), "a second approval", partial(_approve, approver=1)


def _deciding_on_parts(stage: Stage) -> Steps:
    deciding = partial(stage.between, stage.calendar.scores_due, stage.calendar.approval_due)
    yield deciding(0.06), "the award list is proposed", _propose
    yield deciding(0.30), "a first approval", partial(_approve, approver=0)
    yield deciding(0.40), "the list is sent back", _send_back
    yield deciding(0.50), "a list that departs from the ranking", _depart
    yield deciding(0.56), "an approval of the old list is void", _approve_the_old_one
    yield deciding(0.62), "the first approval again", partial(_approve, approver=0)
    yield deciding(0.66), "a second approval", partial(_approve, approver=1)
    for days in (1, 3):
        yield stage.calendar.outcomes_released + timedelta(days=days), f"answers, day {days}", _answer
    dates = stage.calendar
    yield stage.between(dates.outcomes_released, dates.implementation_ends, 0.90), "final reports", _report


def _cancel(stage: Stage) -> None:
    """Cancel the call: not without reasons, not alone, and then nothing can be submitted (D18)."""
    first, second = stage.cast.secretariat
    key, named = f"{stage.call_key}/cancel", {"call_id": stage.call_id}
    stage.refused("D18", ProposeCancellation, first, f"{key}/reasonless", **named, reason=" ")
    reason = "Fictitious: the programme line ends before the award."
    stage.act(ProposeCancellation, first, key, **named, reason=reason)
    stage.refused("D18", CancelCall, first, f"{key}/alone", **named)
    stage.act(CancelCall, second, key, **named)
    for plan in stage.plans:
        again = applying.submission(stage, plan)
        stage.refused("stage", SubmitApplication, stage.officer(plan), f"{plan.key}/submit/cancelled", **again)


def _judged(stage: Stage) -> Iterator[tuple[Plan, list[Person]]]:
    """Yield each plan with its committee: one from outside, two of its strand."""
    everybody = stage.cast.of(Role.EVALUATOR)
    for plan in stage.plans:
        outside = [p for p in everybody if p.strand is None and plan.pairing.cluster not in p.clusters]
        inside = [p for p in everybody if p.strand is plan.pairing.geography.strand]
        yield plan, [outside[0], *inside[:2]]


def _assign(stage: Stage) -> None:
    for plan, committee in _judged(stage):
        for place, person in enumerate(committee):
            named = {"pilot_action_id": stage.pilot_action_id(plan), "evaluator": person.subject}
            stage.act(AssignEvaluator, stage.cast.secretariat[1], f"{plan.key}/evaluator/{place}", **named)


def _declare(stage: Stage) -> None:
    for plan, committee in _judged(stage):
        for person in committee:
            named = {"pilot_action_id": stage.pilot_action_id(plan)}
            stage.act(DeclareNoConflict, person.subject, f"{plan.key}/declaration", **named)


def _score(stage: Stage) -> None:
    """Let all evaluators give the same points, so that totals are exactly as planned."""
    applicants = {one.home: one for side in SIDE_CALLS for one in side.applicants}
    longest = stage.rules.evaluation.justification_length
    for plan, committee in _judged(stage):
        points = applicants[plan.pairing.coordinator.name.removesuffix(" (invented)")].points
        words = "Fictitious justification of these points.".ljust(longest, ".")
        scores = {
            criterion.id: {"points": given, "justification": words}
            for criterion, given in zip(stage.rules.criteria, points, strict=True)
        }
        for person in committee:
            named = {"pilot_action_id": stage.pilot_action_id(plan), "scores": scores}
            stage.act(GiveScores, person.subject, f"{plan.key}/scores", **named)


def _propose(stage: Stage) -> None:
    named = {"call_id": stage.call_id, "line": stage.line}
    stage.act(ProposeAwardList, stage.cast.secretariat[1], f"{stage.call_key}/list/1", **named)


def _approve(stage: Stage, approver: int) -> None:
    current = stage.call().list_of(stage.line)
    named = {"call_id": stage.call_id, "line": stage.line, "digest": current.digest}
    by = stage.cast.of(Role.APPROVER)[approver].subject
    stage.act(ApproveAwardList, by, f"{stage.call_key}/approval/{current.version}", **named)


def _send_back(stage: Stage) -> None:
    """Let the second approver send the list back with remarks."""
    named = {"call_id": stage.call_id, "line": stage.line, "digest": stage.call().list_of(stage.line).digest}
    remarks = "Fictitious: Latin America gets nothing. Look at the two applications from there again."
    by = stage.cast.of(Role.APPROVER)[1].subject
    stage.act(ReturnAwardList, by, f"{stage.call_key}/list/1/remarks", **named, remarks=remarks)


def _depart(stage: Stage) -> None:
    """Move the application that the lot put first to place 3: refused without reasons (E14)."""
    ranking = stage.call().list_of(stage.line)
    drawn = next(row.pilot_action_id for row in ranking.rows if _last_step(row) == "Lot")
    departure = {"pilot_action_id": drawn, "place": 3, "reason": ""}
    named, secretary = {"call_id": stage.call_id, "line": stage.line}, stage.cast.secretariat[1]
    key = f"{stage.call_key}/list/2"
    stage.refused("E14", ProposeAwardList, secretary, f"{key}/reasonless", **named, departures=(departure,))
    departure["reason"] = "Fictitious: otherwise a whole geography would have no pilot action."
    stage.act(ProposeAwardList, secretary, key, **named, departures=(departure,))


def _approve_the_old_one(stage: Stage) -> None:
    """Let the first approver repeat the approval of the version that was sent back: it is void (D10)."""
    sent_back = AwardListReturned.TOPIC
    events = (stage.fund.log.recorded(stored) for stored in stage.fund.log.headers() if stored.topic == sent_back)
    old = next(recorded.event for recorded in events if recorded.stream == stage.call_id)
    assert isinstance(old, AwardListReturned)
    named = {"call_id": stage.call_id, "line": stage.line, "digest": old.digest}
    first = stage.cast.of(Role.APPROVER)[0].subject
    stage.refused("D10", ApproveAwardList, first, f"{stage.call_key}/approval/old", **named)


def _answer(stage: Stage) -> None:
    """Let one applicant refuse the part that it is offered, and all others accept what they are offered."""
    refuses = side_plan(stage, REFUSES_A_PART)
    for plan in stage.plans:
        grant = stage.grant(plan)
        if grant is None or grant.stage is not GrantStage.OFFERED:
            continue
        named = {"grant_id": stage.grant_id(plan)}
        if plan is refuses:
            reason = "Fictitious: the part is too small for what we planned."
            stage.act(DeclineGrant, stage.officer(plan), f"{plan.key}/answer", **named, reason=reason)
        else:
            stage.act(AcceptGrant, stage.officer(plan), f"{plan.key}/answer", **named)


def _report(stage: Stage) -> None:
    words = {"report": "Fictitious: nothing was ordered.", "lessons": "Fictitious: order early."}
    for plan in stage.plans:
        grant = stage.grant(plan)
        if grant is not None and grant.stage is GrantStage.ACCEPTED:
            named = {"grant_id": stage.grant_id(plan)}
            stage.act(FileFinalReport, stage.officer(plan), f"{plan.key}/report", **named, **words)
