"""Scenes of a call that changes: a corrigendum, what it asks to be confirmed anew, an extension (D07, D21)."""

from datetime import datetime, timedelta

from domain.call.commands import ConfirmCorrection, ProposeCorrection
from domain.call.events import CallCorrected
from domain.call.rules import CallRules
from domain.pilot_action.aggregate import Stage as Standing
from domain.pilot_action.commands import SubmitApplication
from domain.pilot_action.events import ApplicationSubmitted
from domain.values import in_brussels
from fund_service.rehearsal.applying import submission
from fund_service.rehearsal.cases import Area, Case, happened, inadmissible, refused
from fund_service.rehearsal.plans import Fate
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    refused(
        "extension-by-one", Area.SUBMISSION, "A deadline is not extended by one person alone.", "D18", ConfirmCorrection
    ),
    happened(
        "extension",
        Area.SUBMISSION,
        "The deadline is extended by two persons before closing, announced to all at one instant.",
        CallCorrected,
        material=False,
    ),
    happened(
        "corrigendum",
        Area.SUBMISSION,
        "A corrigendum with a longer deadline, announced to all at one instant.",
        CallCorrected,
        material=True,
    ),
    Case(
        "confirmed-anew",
        Area.SUBMISSION,
        "What was submitted before the corrigendum is confirmed anew.",
        ApplicationSubmitted,
        lambda recorded: isinstance(recorded.event, ApplicationSubmitted) and recorded.event.correction > 0,
    ),
    inadmissible(
        "not-confirmed-anew",
        Area.SUBMISSION,
        "What was not confirmed anew after the corrigendum is inadmissible.",
        "D21",
    ),
)

CORRIGENDUM, EXTENSION = 1, 2
ANNOUNCED = 0.72
"""At this share of the time for applications the corrigendum is announced."""


def _later(stage: Stage, rules: CallRules, at_most: timedelta) -> CallRules:
    """Return rules with a later deadline that leaves the later steps where they are."""
    room = stage.calendar.eligibility_checked - stage.rules.window_closed_at
    closes = rules.calendar.applications_close + min(at_most, room / 4)
    return rules.with_deadline(closes, f"{in_brussels(closes)} time; that instant itself is too late (D07).")


def _corrected(stage: Stage) -> CallRules:
    first, *others = stage.rules.form
    asked, *more = first.questions
    clearer = asked.model_copy(update={"help": f"Corrected (fictitious): {asked.help}"[:1000]})
    form = (first.model_copy(update={"questions": (clearer, *more)}), *others)
    return _later(stage, stage.rules.model_copy(update={"form": form}), timedelta(hours=2))


def _extended(stage: Stage) -> CallRules:
    return _later(stage, _corrected(stage), timedelta(hours=1))


def corrected_deadline(stage: Stage) -> datetime:
    """Return the deadline (UTC) after the corrigendum."""
    return _corrected(stage).calendar.applications_close


def deadline(stage: Stage) -> datetime:
    """Return the deadline (UTC) after the corrigendum and the extension: at this instant the call closes."""
    return _extended(stage).calendar.applications_close


def questions_end(stage: Stage) -> datetime:
    """Return when questions end (UTC): with the corrected deadline, where that is known by then (D29)."""
    dates, first = stage.calendar, stage.rules.questions_end
    announced = stage.between(dates.applications_open, dates.applications_close, ANNOUNCED)
    return _corrected(stage).questions_end if announced < first else first


def _propose(stage: Stage, rules: CallRules, number: int, reason: str) -> None:
    named = {"call_id": stage.call_id, "rules": rules, "reason": reason}
    stage.act(ProposeCorrection, stage.cast.secretariat[0], f"correction/{number}", **named)


def propose_corrigendum(stage: Stage) -> None:
    """Let an officer propose to correct a question of the form, with a longer deadline as it is material."""
    _propose(stage, _corrected(stage), CORRIGENDUM, "A question of the form was unclear (fictitious).")


def propose_extension(stage: Stage) -> None:
    """Let an officer propose a longer deadline after an outage, and try in vain to do without a second person."""
    _propose(stage, _extended(stage), EXTENSION, "The service was away for a while (fictitious).")
    named = {"call_id": stage.call_id, "correction": EXTENSION}
    stage.refused("D18", ConfirmCorrection, stage.cast.secretariat[0], f"correction/{EXTENSION}/alone", **named)


def confirm(stage: Stage, number: int) -> None:
    """Let a second person confirm a correction: from now on it is in force, and everybody is told."""
    named = {"call_id": stage.call_id, "correction": number}
    stage.act(ConfirmCorrection, stage.cast.secretariat[1], f"correction/{number}/confirm", **named)


def confirm_anew(stage: Stage) -> None:
    """Let those who had submitted before the corrigendum submit again, but for one (D21)."""
    for plan in stage.plans:
        pilot = stage.pilot(plan)
        outdated = pilot.stage is Standing.SUBMITTED and pilot.correction < CORRIGENDUM
        if outdated and plan.fate is not Fate.NOT_CONFIRMED_ANEW:
            stage.act(SubmitApplication, stage.officer(plan), f"{plan.key}/submit/anew", **submission(stage, plan))
