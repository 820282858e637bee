"""Scenes of applying: drafts, versions, confirmations, and the door that closes (S01, D07–D10, D19, D26)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.call.rules import Section
from domain.pilot_action.commands import (
    ConfirmParticipation,
    ProposePilotAction,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
    WithdrawApplication,
)
from domain.pilot_action.events import ApplicationSubmitted, ApplicationWithdrawn
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.plans import CAP_PLAYER, LAST_INSTANT, Fate, Plan
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    refused("above-cap", Area.SUBMISSION, "A request of one cent above the cap is refused.", "S01", PutForwardVersion),
    refused("too-late", Area.SUBMISSION, "What arrives at the closing instant is too late.", "D07", SubmitApplication),
    happened("withdrawn", Area.SUBMISSION, "An application is withdrawn.", ApplicationWithdrawn),
)

FORBIDDEN = {Fate.SECOND_OF_ITS_CITY: "D09", Fate.ENTITY_OF_ANOTHER: "D09", Fate.ROADMAP_NOT_AGREED: "D26"}


def cases(stage: Stage, deadline: datetime) -> tuple[Case, ...]:
    """Return the cases that show in what arrived when."""
    back = {stage.pilot_action_id(plan) for plan in stage.plans if plan.fate is Fate.TAKES_WITHDRAWAL_BACK}
    late = stage.between(stage.calendar.applications_open, stage.calendar.applications_close, WITHDRAWAL)
    return (
        *CASES,
        Case(
            "last-instant",
            Area.SUBMISSION,
            "What arrives in the last instant before closing is in time.",
            ApplicationSubmitted,
            lambda recorded: recorded.event.effective_at == deadline - INSTANT,
        ),
        Case(
            "withdrawal-taken-back",
            Area.SUBMISSION,
            "A withdrawal is taken back before closing.",
            ApplicationSubmitted,
            lambda recorded: recorded.stream in back and recorded.event.effective_at >= late,
        ),
    )


INSTANT = timedelta(microseconds=1)
WITHDRAWAL = 0.95
"""At this share of the time for applications some are withdrawn."""


def _applicants(stage: Stage) -> Iterator[Plan]:
    return (plan for plan in stage.plans if plan.applies)


def _plays_the_cap(plan: Plan) -> bool:
    return plan.pairing.number == CAP_PLAYER and not plan.player


def _is_last(plan: Plan) -> bool:
    return (plan.pairing.number == LAST_INSTANT and not plan.player) or plan.fate is Fate.CLARIFIES


def propose(stage: Stage) -> None:
    """Let the applicants propose their pilot actions."""
    for plan in _applicants(stage):
        topic = plan.pairing.topic or "cooperation"
        named = {
            "pilot_action_id": stage.pilot_action_id(plan),
            "partnership_id": stage.partnership_id(plan),
            "line": stage.line,
            "title": f"A joint pilot on {topic} (fictitious)",
        }
        stage.act(ProposePilotAction, stage.officer(plan), f"{plan.key}/propose", **named)


def _requests(stage: Stage, plan: Plan, cents: int) -> list[dict[str, Any]]:
    """Return resources in kind that add up to a sum: expert days, an event, and a prototype for the rest."""
    days, event = 4 * 60_000, 2 * 90_000
    return [
        {"kind": "expert_days", "quantity": 4, "unit_cents": 60_000, "why": "Fictitious: advice on the spot."},
        {"kind": "event_logistics", "quantity": 2, "unit_cents": 90_000, "why": "Fictitious: two workshops."},
        {"kind": "prototype_licence", "quantity": 1, "unit_cents": cents - days - event, "why": "Fictitious: a test."},
    ]


def _save(stage: Stage, plan: Plan, section: Section, cents: int, base: int) -> None:
    texts = [question for question in section.questions if question.kind == "text"]
    answers = {q.id: f"Fictitious answer of {plan.pairing.name} to: {q.label}"[: q.max_length] for q in texts}
    asks_resources = len(texts) < len(section.questions)
    stage.act(
        SaveDraftSection,
        stage.officer(plan),
        f"{plan.key}/draft/{section.id}/{base + 1}",
        pilot_action_id=stage.pilot_action_id(plan),
        section=section.id,
        base=base,
        answers=answers,
        resources=_requests(stage, plan, cents) if asks_resources else None,
        smallest_useful_cents=plan.smallest_useful_cents if asks_resources else None,
    )


def draft(stage: Stage) -> None:
    """Let the applicants fill in the form, section by section; one asks for a cent above the cap."""
    for plan in _applicants(stage):
        fill_in(stage, plan, stage.rules.form, 1 if _plays_the_cap(plan) else 0)


def fill_in(stage: Stage, plan: Plan, sections: Iterable[Section], more_cents: int = 0) -> None:
    """Let an applicant fill in sections that are empty, and ask for what it plans, or for so many cents more."""
    for section in sections:
        _save(stage, plan, section, plan.requested_cents + more_cents, 0)


def put_forward(stage: Stage) -> None:
    """Let the applicants put a version forward; the cent above the cap is refused and corrected (S01)."""
    for plan in _applicants(stage):
        named = {"pilot_action_id": stage.pilot_action_id(plan)}
        if _plays_the_cap(plan):
            stage.refused("S01", PutForwardVersion, stage.officer(plan), f"{plan.key}/forward/above-cap", **named)
            for section in stage.rules.form:
                if any(question.kind == "resources" for question in section.questions):
                    _save(stage, plan, section, plan.requested_cents, 1)
        stage.act(PutForwardVersion, stage.officer(plan), f"{plan.key}/forward", **named)


def confirm(stage: Stage) -> None:
    """Let the partners confirm their part in the version, but for the one who stays silent (D10)."""
    for plan in _applicants(stage):
        if plan.fate in (Fate.PARTNER_SILENT, Fate.CONFIRMS_BY_LETTER) or not stage.digest(plan):
            continue
        for member in plan.pairing.members[1:]:
            officer, key = stage.cast.officer(member.name), f"{plan.key}/{member.name}/part"
            stage.act(ConfirmParticipation, officer, key, **stage.part(plan, member))


def submission(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Return what a submission names: the version that was put forward last, and all declarations."""
    return {
        "pilot_action_id": stage.pilot_action_id(plan),
        "digest": stage.digest(plan),
        "declarations": tuple(declaration.id for declaration in stage.rules.declarations),
    }


def submit(stage: Stage, day: int, of_days: int) -> None:
    """Let a share of the applicants submit on each of some days."""
    for plan in _applicants(stage):
        if plan.fate in FORBIDDEN or plan.fate is Fate.TOO_LATE or _is_last(plan):
            continue
        first = plan.fate in (Fate.NOT_CONFIRMED_ANEW, Fate.REWRITES)
        if (0 if first else stage.cast.chance(f"{plan.key}/day").randrange(of_days)) == day:
            stage.act(SubmitApplication, stage.officer(plan), f"{plan.key}/submit", **submission(stage, plan))


def submit_forbidden(stage: Stage) -> None:
    """Let others try: a second application of a city (D09) and one without an agreed roadmap (D26) are refused."""
    for plan in _applicants(stage):
        if plan.fate in FORBIDDEN:
            named, key = submission(stage, plan), f"{plan.key}/submit"
            stage.refused(FORBIDDEN[plan.fate], SubmitApplication, stage.officer(plan), key, **named)


def withdraw(stage: Stage) -> None:
    """Let two applicants withdraw; one of them thinks better of it."""
    for plan in stage.plans:
        if plan.fate in (Fate.WITHDRAWS, Fate.TAKES_WITHDRAWAL_BACK):
            named = {"pilot_action_id": stage.pilot_action_id(plan), "reason": "Fictitious: other priorities."}
            stage.act(WithdrawApplication, stage.officer(plan), f"{plan.key}/withdraw", **named)


def take_withdrawal_back(stage: Stage) -> None:
    """Let one applicant submit again what it withdrew (D08)."""
    for plan in stage.plans:
        if plan.fate is Fate.TAKES_WITHDRAWAL_BACK:
            key = f"{plan.key}/submit/back"
            stage.act(SubmitApplication, stage.officer(plan), key, **submission(stage, plan))


def submit_last(stage: Stage) -> None:
    """Let applications arrive in the last instant before closing: they are in time (D07)."""
    for plan in stage.plans:
        if _is_last(plan):
            stage.act(SubmitApplication, stage.officer(plan), f"{plan.key}/submit", **submission(stage, plan))


def submit_too_late(stage: Stage) -> None:
    """Let one application arrive at the closing instant: it is too late (D07)."""
    for plan in stage.plans:
        if plan.fate is Fate.TOO_LATE:
            named = submission(stage, plan)
            stage.refused("D07", SubmitApplication, stage.officer(plan), f"{plan.key}/submit", **named)
