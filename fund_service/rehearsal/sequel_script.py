"""The script of the call that visitors meet: played by the letter until they come, and improvised from then on."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from fund_service.rehearsal import applying, awarding, coaching, delivering, founding
from fund_service.rehearsal import sequel_scenes as scenes
from fund_service.rehearsal.script import Scene
from fund_service.rehearsal.sequel_plans import DRAFTS, WAITS
from fund_service.rehearsal.stage import Stage

ANSWERS: Final = "Answers"
RESOURCES: Final = "Resources"
_HOUR: Final = timedelta(hours=1)
Steps = tuple[tuple[float, str, Callable[[Stage], None]], ...]


def story_so_far(stage: Stage) -> Iterator[Scene]:
    """Yield what is played by the letter before visitors come, in the calendar's order."""
    dates, between = stage.calendar, stage.between
    yield Scene("Founding", dates.published, "the next call is published", founding.publish)
    formed = between(dates.published, dates.coaching_opens, 0.3)
    yield Scene("Partnerships", formed, "partnerships are formed", founding.form_partnerships)
    yield Scene("Partnerships", formed + _HOUR, "partners abroad confirm", founding.confirm_memberships)
    steps: Steps = (
        (0.05, "partnerships ask for coaching", coaching.answer_offer),
        (0.12, "coaches are assigned", coaching.assign),
        (0.25, "first sessions", coaching.first_session),
        (0.30, "roadmaps are written", founding.draft_roadmaps),
        (0.45, "roadmaps are agreed", founding.agree_roadmaps),
        (0.60, "second sessions", coaching.second_session),
        (0.75, "coaches finish their work", coaching.complete),
        (0.85, "pilot actions are proposed", applying.propose),
    )
    for share, title, play in steps:
        yield Scene("Coaching", between(dates.coaching_opens, dates.coaching_closes, share), title, play)
    steps = (
        (0.10, "drafts are written, one of them by half", scenes.draft),
        (0.20, "versions are put forward", partial(scenes.put_forward, but=(DRAFTS,))),
        (0.30, "partners confirm their part", partial(scenes.confirm, but=(WAITS,))),
        (0.35, "a city asks about the call", scenes.ask),
        (0.40, "first applications are submitted", scenes.submit_first),
    )
    for share, title, play in steps:
        yield Scene("Applications", _window(stage, share), title, play)
    yield Scene("Applications", visit(stage), "visitors come", lambda _: None)


def visit(stage: Stage) -> datetime:
    """Return when visitors come (UTC)."""
    return _window(stage, 0.45)


def others(stage: Stage) -> Iterator[Scene]:
    """Yield what others do from then on, in the calendar's order."""
    yield from sorted(_others(stage), key=lambda scene: scene.at)


def _others(stage: Stage) -> Iterator[Scene]:
    dates, between = stage.calendar, stage.between
    steps: Steps = (
        (0.53, "the question about the call is answered", scenes.answer),
        (0.60, "the half-written draft is finished", scenes.finish),
        (0.68, "what is complete is put forward", scenes.put_forward),
        (0.75, "partners confirm their part", scenes.confirm),
        (0.85, "more applications are submitted", scenes.submit),
        (0.93, "whoever is late finishes, confirms and submits", scenes.catch_up),
    )
    for share, title, play in steps:
        yield Scene("Applications", _window(stage, share), title, play)
    steps = (
        (0.02, "evaluators are assigned", scenes.assign),
        (0.15, "evaluators declare their interests", scenes.declare),
        (0.50, "first scores", partial(scenes.score, seats=2)),
        (0.95, "last scores", scenes.score),
    )
    for share, title, play in steps:
        yield Scene("Evaluation", between(dates.eligibility_checked, dates.scores_due, share), title, play)
    steps = (
        (0.10, "late scores", scenes.score),
        (0.30, "a consensus is proposed where scores lie apart", scenes.propose_consensus),
        (0.45, "the others agree to the consensus", scenes.agree_consensus),
    )
    for share, title, play in steps:
        yield Scene("Evaluation", between(dates.scores_due, dates.consensus_due, share), title, play)
    for hours, title, play in _awards():
        yield Scene("Award", dates.approval_due + hours * _HOUR, title, play)
    for days in (1, 2, 9, 20, 30):
        moment = dates.outcomes_released + timedelta(days=days)
        yield Scene(ANSWERS, moment, f"answers to offers, day {days}", partial(awarding.answer, day=days))
    yield from _grants(stage)


def _awards() -> Iterator[tuple[int, str, Callable[[Stage], None]]]:
    """Yield what is done how many hours after the approval is due, and before; a visitor may have done it."""
    yield -8, "the award list is proposed", scenes.propose
    yield -6, "a first approval", partial(scenes.approve, approver=1)
    yield -1, "a second approval", partial(scenes.approve, approver=0)
    yield 1, "an award list that is still missing is proposed", scenes.propose
    yield 2, "an approval that is still missing", partial(scenes.approve, approver=1)
    yield 3, "another approval that is still missing", partial(scenes.approve, approver=2)


def _grants(stage: Stage) -> Iterator[Scene]:
    dates = stage.calendar
    steps: Steps = (
        (0.18, "resources are ordered", partial(delivering.order, round_number=1)),
        (0.40, "what was ordered is delivered", delivering.deliver),
        (0.43, "cities acknowledge what they received", delivering.acknowledge),
        (0.46, "deliveries are certified", delivering.certify),
        (0.50, "more resources are ordered", partial(delivering.order, round_number=2)),
        (0.85, "the rest is delivered", delivering.deliver),
        (0.88, "cities acknowledge the rest", delivering.acknowledge),
        (0.91, "the last deliveries are certified", delivering.certify),
        (0.97, "first final reports", delivering.report_early),
    )
    for share, title, play in steps:
        moment = stage.between(dates.outcomes_released, dates.implementation_ends, share)
        yield Scene(RESOURCES, moment, title, play)
    last = stage.between(dates.implementation_ends, dates.final_report_due, 0.3)
    yield Scene(RESOURCES, last, "last final reports", delivering.report_late)


def _window(stage: Stage, share: float) -> datetime:
    return stage.between(stage.calendar.applications_open, stage.calendar.applications_close, share)
