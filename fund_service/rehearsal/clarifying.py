"""Scenes of clarification after closing: a clerical error cleared up in time, and one that is not (E09, D25)."""

from domain.pilot_action.commands import AnswerClarification, AskClarification
from domain.pilot_action.events import ClarificationAnswered
from fund_service.rehearsal.cases import Area, Case, happened, inadmissible
from fund_service.rehearsal.plans import Fate
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    happened(
        "clarified", Area.SUBMISSION, "A clerical error is cleared up in time and nothing else.", ClarificationAnswered
    ),
    inadmissible(
        "not-clarified", Area.SUBMISSION, "A question about a clerical error is not answered: inadmissible.", "E09"
    ),
)


def ask(stage: Stage) -> None:
    """Let the secretariat ask two applicants about a clerical error."""
    for plan in stage.plans:
        if plan.fate in (Fate.CLARIFIES, Fate.LEAVES_QUESTION_OPEN):
            question = "Fictitious: the second workshop is dated 31 June. Is 30 June meant?"
            named = {"pilot_action_id": stage.pilot_action_id(plan), "question": question}
            stage.act(AskClarification, stage.cast.secretariat[0], f"{plan.key}/question", **named)


def answer(stage: Stage) -> None:
    """Let one of them answer; the other stays silent."""
    for plan in stage.plans:
        if plan.fate is Fate.CLARIFIES:
            named = {"pilot_action_id": stage.pilot_action_id(plan), "answer": "Fictitious: yes, 30 June."}
            stage.act(AnswerClarification, stage.officer(plan), f"{plan.key}/answer", **named)
