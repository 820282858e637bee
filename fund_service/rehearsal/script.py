"""The script of a rehearsal: who does what at which moment of the call's calendar, in order."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from fund_service.rehearsal import (
    anybody,
    applying,
    awarding,
    clarifying,
    coaching,
    correcting,
    delivering,
    founding,
    judging,
    rewriting,
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
    cases = (*anybody.CASES, *submission, *clarifying.CASES)
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


def _before_applications(stage: Stage) -> Iterator[Scene]:
    dates, between = stage.calendar, stage.between
    hour = timedelta(hours=1)
    yield Scene("Founding", dates.published - hour, "accounts and roles", founding.open_offices)
    yield Scene("Founding", dates.published, "the call is published", founding.publish)
    formed = between(dates.published, dates.coaching_opens, 0.3)
    yield Scene("Partnerships", formed, "cities and regions are registered", founding.register_places)
    yield Scene("Partnerships", formed + hour, "partnerships are formed", founding.form_partnerships)
    confirmed = between(dates.published, dates.coaching_opens, 0.8)
    yield Scene("Partnerships", confirmed, "partners abroad confirm", founding.confirm_memberships)
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.05, "partnerships ask for coaching", coaching.request),
        (0.12, "coaches are assigned", coaching.assign),
        (0.25, "first sessions", coaching.first_session),
        (0.30, "roadmaps are written", founding.draft_roadmaps),
        (0.45, "roadmaps are agreed", founding.agree_roadmaps),
        (0.50, "somebody tries without the right", anybody.try_without_the_right),
        (0.60, "second sessions", coaching.second_session),
        (0.65, "a role is revoked in mid-deed", anybody.revoke_a_role),
        (0.75, "coaches finish their work", coaching.complete),
        (0.85, "pilot actions are proposed", applying.propose),
    )
    for share, title, play in steps:
        yield Scene("Coaching", between(dates.coaching_opens, dates.coaching_closes, share), title, play)


def _applications(stage: Stage) -> Iterator[Scene]:
    dates = stage.calendar
    steps: tuple[tuple[float, str, Callable[[Stage], None]], ...] = (
        (0.10, "drafts are written", applying.draft),
        (0.20, "two officers write at once", rewriting.write_at_once),
        (0.25, "sums are typed", rewriting.type_sums),
        (0.45, "versions are put forward", applying.put_forward),
        (0.60, "partners confirm their part", applying.confirm),
        (0.62, "a confirmed version is changed", partial(rewriting.rewrite, time=1)),
        (0.64, "partners are asked again", partial(rewriting.confirm_again, time=1)),
        (0.67, "first applications are submitted", partial(applying.submit, day=0, of_days=3)),
        (0.70, "a corrigendum is proposed", correcting.propose_corrigendum),
        (0.72, "the corrigendum is announced", partial(correcting.confirm, number=correcting.CORRIGENDUM)),
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
    yield Scene("Evaluation", between(checked, due, 0.02), "evaluators are assigned", judging.assign)
    yield Scene("Evaluation", between(checked, due, 0.15), "evaluators declare their interests", judging.declare)
    yield Scene("Evaluation", between(checked, due, 0.50), "first scores", judging.score_first)
    yield Scene("Evaluation", between(checked, due, 0.95), "last scores", judging.score_last)
    yield Scene("Award", between(due, dates.approval_due, 0.04), "the award list is proposed", awarding.propose_list)
    yield Scene("Award", between(due, dates.approval_due, 0.90), "a first approval", awarding.approve_first)
    yield Scene("Award", between(due, dates.approval_due, 0.95), "a second approval", awarding.approve_second)
    for days in (1, 2, 9, 20, 30):
        moment = dates.outcomes_released + timedelta(days=days)
        yield Scene("Award", moment, f"answers to offers, day {days}", partial(awarding.answer, day=days))


def _grants(stage: Stage) -> Iterator[Scene]:
    dates = stage.calendar
    begin, end = dates.outcomes_released, dates.implementation_ends
    for number, (ordered, delivered) in enumerate(((0.18, 0.40), (0.50, 0.85)), 1):
        steps: tuple[tuple[float, str, Callable[..., None]], ...] = (
            (ordered, "orders", delivering.order),
            (delivered, "deliveries", delivering.deliver),
            (delivered + 0.03, "cities acknowledge", delivering.acknowledge),
            (delivered + 0.06, "deliveries are certified", delivering.certify),
        )
        for share, title, play in steps:
            moment = stage.between(begin, end, share)
            yield Scene("Resources", moment, f"{title}, round {number}", partial(play, round_number=number))
    yield Scene("Closing", stage.between(begin, end, 0.97), "first final reports", delivering.report_early)
    last = stage.between(end, dates.final_report_due, 0.3)
    yield Scene("Closing", last, "last final reports", delivering.report_late)
    yield Scene("Closing", dates.settled, "the call is settled", lambda _: None)
