"""The script of a rehearsal: who does what at which moment of the call's calendar, in order."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from fund_service.rehearsal import (
    anybody,
    applying,
    asking,
    awarding,
    belonging,
    clarifying,
    coaching,
    comparing,
    correcting,
    delivering,
    disputes,
    founding,
    judging,
    mishaps,
    rewriting,
    side_calls,
)
from fund_service.rehearsal.cases import Area, Case
from fund_service.rehearsal.stage import Stage


class Scene(NamedTuple):
    """What people do at one moment; whatever the fund does by itself until then happens before."""

    phase: str
    at: datetime
    title: str
    play: Callable[[Stage], None]


def all_cases(stage: Stage) -> tuple[Case, ...]:
    """Return every awkward case that this rehearsal plays, by area."""
    submission = (*applying.cases(stage, correcting.deadline(stage)), *rewriting.CASES, *correcting.CASES)
    cases = (
        *belonging.CASES,
        *asking.cases(stage),
        *coaching.CASES,
        *submission,
        *clarifying.CASES,
        *disputes.CASES,
        *delivering.CASES,
        *comparing.CASES,
        *mishaps.CASES,
        *awarding.CASES,
        *side_calls.cases(stage),
        *anybody.CASES,
    )
    return tuple(sorted(cases, key=lambda case: list(Area).index(case.area)))


def script(stage: Stage) -> Iterator[Scene]:
    """Yield the scenes in the calendar's order."""
    scenes = sorted(_scenes(stage), key=lambda scene: scene.at)
    yield from scenes


def _scenes(stage: Stage) -> Iterator[Scene]:
    yield from _before_applications(stage)
    yield from _applications(stage)
    yield from _evaluation_and_award(stage)
    yield from _grants(stage)
    for at, title, play in asking.scenes(stage):
        yield Scene("Questions", at, title, play)
    for at, title, play in side_calls.scenes(stage):
        yield Scene("Side calls", at, title, play)


def _before_applications(stage: Stage) -> Iterator[Scene]:
    dates, between = stage.calendar, stage.between
    hour = timedelta(hours=1)
    yield Scene("Founding", dates.published - hour, "accounts and roles", founding.open_offices)
    yield Scene("Founding", dates.published, "the call is published", founding.publish)
    formed = between(dates.published, dates.coaching_opens, 0.3)
    yield Scene("Partnerships", formed, "cities and regions are registered", founding.register_places)
    yield Scene("Partnerships", formed + hour, "partnerships are formed", founding.form_partnerships)
    yield Scene("Partnerships", formed + 2 * hour, "a city and its region are linked", belonging.link)
    confirmed = between(dates.published, dates.coaching_opens, 0.8)
    yield Scene("Partnerships", confirmed, "partners abroad confirm", founding.confirm_memberships)
    yield Scene("Partnerships", confirmed + hour, "a memorandum is recorded", belonging.record_memorandum)
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.05, "partnerships ask for coaching, or decline it", coaching.answer_offer),
        (0.12, "coaches are assigned", coaching.assign),
        (0.25, "first sessions", coaching.first_session),
        (0.30, "roadmaps are written", founding.draft_roadmaps),
        (0.45, "roadmaps are agreed", founding.agree_roadmaps),
        (0.50, "somebody tries without the right", anybody.try_without_the_right),
        (0.55, "one does not come to its session", coaching.miss_a_session),
        (0.60, "second sessions", coaching.second_session),
        (0.65, "a role is revoked in mid-deed", anybody.revoke_a_role),
        (0.75, "coaches finish their work", coaching.complete),
        (0.85, "pilot actions are proposed", applying.propose),
        (0.90, "cities with several partnerships choose", belonging.choose),
    )
    for share, title, play in steps:
        yield Scene("Coaching", between(dates.coaching_opens, dates.coaching_closes, share), title, play)
    merged = between(dates.coaching_closes, dates.applications_open, 0.5)
    yield Scene("Partnerships", merged, "two partnerships become one", belonging.merge)


def _applications(stage: Stage) -> Iterator[Scene]:
    dates = stage.calendar
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.10, "drafts are written", applying.draft),
        (0.20, "two officers write at once", rewriting.write_at_once),
        (0.25, "sums are typed", rewriting.type_sums),
        (0.20, "an expert behind a pilot action is named", disputes.name_expert),
        (0.45, "versions are put forward", applying.put_forward),
        (0.60, "partners confirm their part", applying.confirm),
        (0.62, "a partner confirms by letter", belonging.confirm_by_letter),
        (0.62, "a confirmed version is changed", partial(rewriting.rewrite, time=1)),
        (0.64, "partners are asked again", partial(rewriting.confirm_again, time=1)),
        (0.67, "first applications are submitted", partial(applying.submit, day=0, of_days=3)),
        (0.70, "a corrigendum is proposed", correcting.propose_corrigendum),
        (
            correcting.ANNOUNCED,
            "the corrigendum is announced",
            partial(correcting.confirm, number=correcting.CORRIGENDUM),
        ),
        (0.77, "more applications are submitted", partial(applying.submit, day=1, of_days=3)),
        (0.79, "what was submitted before is confirmed anew", correcting.confirm_anew),
        (0.81, "a submitted version is changed", partial(rewriting.rewrite, time=2)),
        (0.83, "partners are asked once more", partial(rewriting.confirm_again, time=2)),
        (0.85, "it is submitted once more", partial(rewriting.submit_again, time=2)),
        (0.87, "most applications are in", partial(applying.submit, day=2, of_days=3)),
        (0.92, "some applications are refused at the door", applying.submit_forbidden),
        (applying.WITHDRAWAL, "applications are withdrawn", applying.withdraw),
        (0.97, "a withdrawal is taken back", applying.take_withdrawal_back),
    )
    for share, title, play in steps:
        moment = stage.between(dates.applications_open, dates.applications_close, share)
        yield Scene("Applications", moment, title, play)
    closing, near = correcting.deadline(stage), correcting.corrected_deadline(stage)
    half = (closing - near) / 2
    extend = partial(correcting.confirm, number=correcting.EXTENSION)
    yield Scene("Applications", near - 2 * half, "an extension is proposed", correcting.propose_extension)
    yield Scene("Applications", near - half, "the extension is announced", extend)
    yield Scene("Applications", closing - applying.INSTANT, "the last instant before closing", applying.submit_last)
    yield Scene("Applications", closing, "the closing instant is too late", applying.submit_too_late)


def _evaluation_and_award(stage: Stage) -> Iterator[Scene]:
    dates, between = stage.calendar, stage.between
    checked, due = dates.eligibility_checked, dates.scores_due
    hour = (checked - correcting.deadline(stage)) / 60
    yield Scene("Evaluation", checked - hour, "questions about clerical errors", clarifying.ask)
    replied = min(checked + hour, between(checked, dates.clarifications_due, 0.02))
    yield Scene("Evaluation", replied, "a clerical error is cleared up", clarifying.answer)
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.01, "who has a tie is refused as an evaluator", disputes.refuse_the_bound),
        (0.02, "evaluators are assigned", judging.assign),
        (0.15, "evaluators declare their interests", judging.declare),
        (0.20, "a conflict of interest is declared", disputes.declare_conflict),
        (0.30, "a member leaves its partnership", belonging.leave),
        (0.35, "who follows an officer that left is decided", belonging.succeed),
        (0.50, "first scores", judging.score_first),
        (0.60, "conflicts of interest are alleged and decided", disputes.allege),
        (0.65, "an evaluator leaves half-way", disputes.leave),
        (0.95, "last scores", judging.score_last),
    )
    for share, title, play in steps:
        yield Scene("Evaluation", between(checked, due, share), title, play)
    late: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.10, "a late evaluator is replaced", disputes.replace),
        (0.30, "a consensus is proposed", disputes.propose_consensus),
        (0.45, "the others agree to the consensus", disputes.agree_consensus),
    )
    for share, title, play in late:
        yield Scene("Evaluation", between(due, dates.consensus_due, share), title, play)
    yield Scene("Award", between(due, dates.approval_due, 0.04), "the award list is proposed", awarding.propose_list)
    tied = between(due, dates.approval_due, 0.80)
    yield Scene("Award", tied, "approvers with ties are refused", awarding.approve_with_ties)
    yield Scene("Award", between(due, dates.approval_due, 0.90), "a first approval", awarding.approve_first)
    yield Scene("Award", between(due, dates.approval_due, 0.95), "a second approval", awarding.approve_second)
    for days in (1, 2, 9, 20, 30):
        moment = dates.outcomes_released + timedelta(days=days)
        yield Scene("Award", moment, f"answers to offers, day {days}", partial(awarding.answer, day=days))


def _grants(stage: Stage) -> Iterator[Scene]:
    dates = stage.calendar
    begin, end = dates.outcomes_released, dates.implementation_ends
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.18, "orders, round 1", partial(delivering.order, round_number=1)),
        (0.19, "unusual orders", mishaps.order_more),
        (0.30, "orders are cancelled and replaced", mishaps.cancel),
        (0.40, "deliveries, round 1", delivering.deliver),
        (0.41, "a city refuses a delivery", mishaps.refuse),
        (0.42, "it is delivered anew", partial(mishaps.deliver_anew, part="refused", order=1, less=0)),
        (0.43, "cities acknowledge, round 1", delivering.acknowledge),
        (0.455, "a silent city acknowledges, round 1", partial(delivering.acknowledge, late=True)),
        (0.457, "somebody tries to certify an own order", mishaps.certify_own),
        (0.46, "deliveries are certified, round 1", delivering.certify),
        (0.47, "a wrong entry is reversed", mishaps.reverse),
        (0.475, "it is entered anew", partial(mishaps.deliver_anew, part="wrong", order=2, less=2_500)),
        (0.48, "the city acknowledges it", delivering.acknowledge),
        (0.49, "it is certified", delivering.certify),
        (0.50, "orders, round 2", partial(delivering.order, round_number=2)),
        (0.85, "deliveries, round 2", delivering.deliver),
        (0.86, "an invoice is too high", mishaps.invoice),
        (0.88, "cities acknowledge, round 2", delivering.acknowledge),
        (0.905, "a silent city acknowledges, round 2", partial(delivering.acknowledge, late=True)),
        (0.91, "deliveries are certified, round 2", delivering.certify),
    )
    for share, title, play in steps:
        yield Scene("Resources", stage.between(begin, end, share), title, play)
    yield Scene("Closing", stage.between(begin, end, 0.97), "first final reports", delivering.report_early)
    last = stage.between(end, dates.final_report_due, 0.3)
    yield Scene("Closing", last, "last final reports", delivering.report_late)
    overdue = stage.between(dates.final_report_due, dates.settled, 0.3)
    yield Scene("Closing", overdue, "an overdue final report", delivering.report_overdue)
    yield Scene("Closing", dates.settled, "the call is settled", lambda _: None)
