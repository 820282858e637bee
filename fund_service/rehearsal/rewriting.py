"""Scenes of one application: written by two officers, changed, confirmed and submitted again (D08, D10)."""

from collections.abc import Iterator
from typing import Any

from domain.account.commands import GrantRole, OpenAccount
from domain.errors import DraftChanged, Malformed
from domain.people import Role
from domain.pilot_action.commands import ConfirmParticipation, PutForwardVersion, SaveDraftSection, SubmitApplication
from domain.pilot_action.events import ApplicationSubmitted, ConfirmationsVoided
from fund_service.rehearsal.applying import submission
from fund_service.rehearsal.cases import Area, Case, happened, noted
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    noted("draft-at-once", Area.SUBMISSION, "A draft saved by two officers at once: neither loses a word."),
    noted("sum-with-two-meanings", Area.SUBMISSION, "A sum typed 10.000 or 10,000 is asked back in words."),
    happened(
        "confirmation-voided",
        Area.SUBMISSION,
        "A material change after the partner's confirmation voids it and asks again.",
        ConfirmationsVoided,
    ),
    Case(
        "resubmitted-twice",
        Area.SUBMISSION,
        "An application submitted again and again: the last version counts, all are kept.",
        ApplicationSubmitted,
        lambda recorded: isinstance(recorded.event, ApplicationSubmitted) and recorded.event.version > 2,
    ),
)


def _rewriters(stage: Stage) -> Iterator[Plan]:
    return (plan for plan in stage.plans if plan.fate is Fate.REWRITES)


def _text(stage: Stage, plan: Plan, base: int, words: str) -> dict[str, Any]:
    section = stage.rules.form[0]
    answers = {question.id: words for question in section.questions if question.kind == "text"}
    return {"pilot_action_id": stage.pilot_action_id(plan), "section": section.id, "base": base, "answers": answers}


def write_at_once(stage: Stage) -> None:
    """Let two officers of one city save the same section: the second is shown both texts, merges and saves them."""
    for plan in _rewriters(stage):
        city = plan.pairing.coordinator.name
        first, second, secretary = stage.officer(plan), stage.cast.id(f"officer/{city}/2"), stage.cast.secretariat[0]
        account = {"label": fictitious(f"Second officer of {city}"), "unit": city}
        belongs = {"organisation_id": stage.cast.organisation(city)}
        stage.act(OpenAccount, secretary, f"{city}/second-officer", subject=second, **account, **belongs)
        stage.act(GrantRole, secretary, f"{city}/second-officer/role", subject=second, role=Role.APPLICANT)
        mine, theirs = "Fictitious: what the first wrote.", "Fictitious: what the second wrote."
        stage.act(SaveDraftSection, first, f"{plan.key}/at-once/1", **_text(stage, plan, 1, mine))
        key, text = f"{plan.key}/at-once/2", _text(stage, plan, 1, theirs)
        stage.turned_away("draft-at-once", DraftChanged, SaveDraftSection, second, key, **text)
        stage.act(SaveDraftSection, second, f"{plan.key}/merged", **_text(stage, plan, 2, f"{mine} {theirs}"))


def type_sums(stage: Stage) -> None:
    """Let an officer type sums that can mean two things, be asked back, and type them so that they mean one."""
    for plan in _rewriters(stage):
        (section,) = (s.id for s in stage.rules.form if any(question.kind == "resources" for question in s.questions))
        named = {"pilot_action_id": stage.pilot_action_id(plan), "section": section, "base": 1}
        asked = {"kind": stage.rules.resource_kinds[0].id, "quantity": 1, "why": "Fictitious: a test."}
        for typed in ("10.000", "10,000"):
            resources = ({**asked, "unit_euros": typed},)
            key, officer = f"{plan.key}/typed/{typed}", stage.officer(plan)
            stage.turned_away(
                "sum-with-two-meanings", Malformed, SaveDraftSection, officer, key, **named, resources=resources
            )
        resources = ({**asked, "unit_euros": "9,000.00"},)
        stage.act(SaveDraftSection, stage.officer(plan), f"{plan.key}/typed", **named, resources=resources)


def rewrite(stage: Stage, time: int) -> None:
    """Let the city change its application and put the next version forward: what was confirmed is void (D10)."""
    for plan in _rewriters(stage):
        text = _text(stage, plan, 2 + time, f"Fictitious: written for the {time}. time.")
        stage.act(SaveDraftSection, stage.officer(plan), f"{plan.key}/rewritten/{time}", **text)
        named = {"pilot_action_id": stage.pilot_action_id(plan)}
        stage.act(PutForwardVersion, stage.officer(plan), f"{plan.key}/rewritten/{time}/forward", **named)


def confirm_again(stage: Stage, time: int) -> None:
    """Let the partners confirm the version that they were asked about again."""
    for plan in _rewriters(stage):
        for member in plan.pairing.members[1:]:
            officer, key = stage.cast.officer(member.name), f"{plan.key}/{member.name}/part/{time}"
            stage.act(ConfirmParticipation, officer, key, **stage.part(plan, member))


def submit_again(stage: Stage, time: int) -> None:
    """Let the city submit its last version again (D08)."""
    for plan in _rewriters(stage):
        key = f"{plan.key}/submit/again/{time}"
        stage.act(SubmitApplication, stage.officer(plan), key, **submission(stage, plan))
