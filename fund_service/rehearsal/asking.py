"""Scenes of questions about the call: asked in time or too late, answered for all, alone, or not at all (E01, D29)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from domain.call.commands import AnswerPrivately, AnswerQuestion, AskQuestion, DeclineQuestion
from domain.call.events import QuestionAnswered, QuestionAnsweredPrivately, QuestionDeclined
from fund_service.rehearsal import correcting
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    happened(
        "answered-for-all",
        Area.QUESTIONS,
        "A question is answered for all at one instant, in words that name nobody.",
        QuestionAnswered,
        revision=1,
    ),
    happened("answer-put-right", Area.QUESTIONS, "A published answer is put right.", QuestionAnswered, revision=2),
    happened(
        "answered-alone",
        Area.QUESTIONS,
        "What concerns the asker alone is answered to the asker alone.",
        QuestionAnsweredPrivately,
    ),
    happened(
        "asked-before", Area.QUESTIONS, "A question that was answered already refers to it.", QuestionDeclined, see=1
    ),
    refused(
        "question-too-late", Area.QUESTIONS, "A question that comes when questions end is too late.", "D29", AskQuestion
    ),
)

INSTANT = timedelta(microseconds=1)
FIRST, OWN, AGAIN, LAST = 1, 2, 3, 4
"""The numbers of the questions, in the order in which they are asked."""


def fits(stage: Stage) -> bool:
    """Tell whether this edition leaves time for questions once cities and regions have their accounts."""
    return stage.rules.questions_end > stage.calendar.coaching_opens


def cases(stage: Stage) -> tuple[Case, ...]:
    """Return the cases, where the edition leaves time for them."""
    return CASES if fits(stage) else ()


def scenes(stage: Stage) -> Iterator[tuple[datetime, str, Callable[[Stage], None]]]:
    """Yield when what is played, in the order of the calendar."""
    if not fits(stage):
        return
    begin, end = stage.calendar.coaching_opens, correcting.questions_end(stage)
    yield stage.between(begin, end, 0.2), "questions about the call", ask
    yield stage.between(begin, end, 0.4), "they are answered", answer
    yield stage.between(begin, end, 0.6), "an answer is put right", put_right
    yield end - INSTANT, "the last question in time", ask_last
    yield end, "a question comes too late", ask_too_late
    yield stage.between(end, stage.calendar.applications_close, 0.3), "the last answer", answer_last


def _ask(stage: Stage, place: str, number: int, question: str) -> None:
    named = {"call_id": stage.call_id, "question": f"Fictitious: {question}"}
    stage.act(AskQuestion, stage.cast.officer(place), f"question/{number}", **named)


def _publish(stage: Stage, number: int, question: str, answer: str, revision: int = 1) -> None:
    words = {"question": f"Fictitious: {question}", "answer": f"Fictitious: {answer}", "revision": revision}
    key = f"question/{number}/answer/{revision}"
    stage.act(AnswerQuestion, stage.cast.secretariat[0], key, call_id=stage.call_id, number=number, **words)


def ask(stage: Stage) -> None:
    """Let two cities and a partner abroad ask: the same twice, and about an own case."""
    first, *_, last = (plan.pairing for plan in stage.plans)
    city = first.coordinator.name
    _ask(stage, city, FIRST, f"we are {city}; may a university of ours take part, and does it sign?")
    _ask(stage, first.members[-1].name, OWN, "our account shows the name of another department; is that in order?")
    _ask(stage, last.coordinator.name, AGAIN, "can a university join in, or only a city?")


def answer(stage: Stage) -> None:
    """Let the secretariat answer for all, to one alone, and with a reference to the first answer."""
    office, named = stage.cast.secretariat[0], {"call_id": stage.call_id}
    _publish(stage, FIRST, "May a university take part?", "Yes, as a stakeholder.")
    own = {**named, "number": OWN, "answer": "Fictitious: yes; it will be changed."}
    stage.act(AnswerPrivately, office, f"question/{OWN}/answer", **own)
    again = {**named, "number": AGAIN, "reason": "Fictitious: it was answered for all.", "see": FIRST}
    stage.act(DeclineQuestion, office, f"question/{AGAIN}/refusal", **again)


def put_right(stage: Stage) -> None:
    """Let the secretariat complete what it published."""
    whole = "Yes, as a stakeholder; it signs nothing."
    _publish(stage, FIRST, "May a university take part, and does it sign?", whole, revision=2)


def ask_last(stage: Stage) -> None:
    """Let a question arrive in the last instant: it is in time (D29)."""
    _ask(stage, stage.plans[0].pairing.coordinator.name, LAST, "is the deadline the time of sending or of arrival?")


def ask_too_late(stage: Stage) -> None:
    """Let a question arrive when questions end: it is too late (D29)."""
    named = {"call_id": stage.call_id, "question": "Fictitious: may we ask once more?"}
    stage.refused("D29", AskQuestion, stage.officer(stage.plans[-1]), "question/too-late", **named)


def answer_last(stage: Stage) -> None:
    """Let the secretariat answer the last question for all, in time for all to use the answer."""
    _publish(stage, LAST, "Does the time of sending or of arrival count?", "The time of arrival.")
