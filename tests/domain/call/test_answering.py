"""Questions about a call: asked until seven days before closing, answered for all at one instant (E01, D29)."""

from datetime import timedelta

import pytest

from domain.call.aggregate import CALL
from domain.call.commands import (
    AnswerPrivately,
    AnswerQuestion,
    AskQuestion,
    CancelCall,
    ConfirmCorrection,
    DeclineQuestion,
    ProposeCancellation,
    ProposeCorrection,
)
from domain.call.events import QuestionAnswered, QuestionAnsweredPrivately, QuestionAsked, QuestionDeclined
from domain.errors import NotFound
from domain.messages import Command
from domain.values import ProtectedText
from tests.given import CALL_ID, CLOSES, EXTENDED, HAMBURG, RULES, SUE, TICK, ask, fact, named, until

FORMED = until("formed")
ENDS = RULES.questions_end
ASKED = FORMED.after(ask(AskQuestion))
TWO = ASKED.after(ask(AskQuestion, by=HAMBURG.partner_officer))
ANSWERED = ASKED.after(ask(AnswerQuestion))
ANSWERS = (AnswerPrivately, DeclineQuestion)


def test_a_question_is_numbered_and_its_words_stay_under_the_askers_key() -> None:
    words = ProtectedText(subject=HAMBURG.officer, text="May a port be a partner?")
    asked = fact(QuestionAsked, number=1, question=words, due=RULES.answers_due)
    FORMED.when(ask(AskQuestion)).then(asked)
    assert TWO.get(CALL, CALL_ID).questions[2].by == HAMBURG.partner_officer


def test_questions_end_seven_days_before_closing_and_answers_are_due_three_days_before() -> None:
    assert ENDS + timedelta(days=7) == CLOSES
    assert RULES.answers_due + timedelta(days=3) == CLOSES
    assert FORMED.when(ask(AskQuestion, at=ENDS - TICK)).code is None
    FORMED.when(ask(AskQuestion, at=ENDS)).refused("D29", "Questions about this call ended")


def test_days_before_closing_keep_the_time_of_day_when_the_clocks_change() -> None:
    dates = dict(RULES.calendar.points())
    later = {name: point + timedelta(days=10) for name, point in dates.items()}
    rules = RULES.model_copy(update={"calendar": RULES.calendar.model_copy(update=later)})
    closes, ends = (one.astimezone(rules.time_zone) for one in (rules.calendar.applications_close, rules.questions_end))
    assert closes.utcoffset() != ends.utcoffset()
    assert (closes.date() - ends.date(), closes.time()) == (timedelta(days=7), ends.time())


def test_questions_end_later_when_the_deadline_is_extended() -> None:
    extended = FORMED.after(ask(ProposeCorrection), ask(ConfirmCorrection))
    assert extended.when(ask(AskQuestion, at=EXTENDED.questions_end - TICK)).code is None
    extended.when(ask(AskQuestion, at=EXTENDED.questions_end)).refused("D29")


def test_an_answer_is_published_for_all_in_words_that_are_the_secretariats_own() -> None:
    words = {"question": "May a public port take part?", "answer": "Yes, as a stakeholder."}
    ASKED.when(ask(AnswerQuestion)).then(fact(QuestionAnswered, number=1, revision=1, **words))
    padded = {name: f" {text}\n" for name, text in words.items()}
    ASKED.when(ask(AnswerQuestion, **padded)).then(fact(QuestionAnswered, number=1, revision=1, **words))


def test_an_answer_for_all_is_published_before_closing() -> None:
    assert ASKED.when(ask(AnswerQuestion, at=CLOSES - TICK)).code is None
    ASKED.when(ask(AnswerQuestion, at=CLOSES)).refused("D29", "Applications closed")


def test_a_published_answer_is_put_right_by_its_next_revision_alone() -> None:
    ASKED.when(ask(AnswerQuestion, revision=2)).refused("stage", "No answer to question 1 is published")
    ANSWERED.when(ask(AnswerQuestion)).refused("stage", "Revision 1 of the answer to question 1 is published")
    assert ANSWERED.when(ask(AnswerQuestion, revision=2)).code is None


def test_what_concerns_the_asker_alone_is_answered_to_the_asker_alone_also_after_closing() -> None:
    answer = ProtectedText(subject=HAMBURG.officer, text="Your account is open now.")
    told = fact(QuestionAnsweredPrivately, number=1, asked_by=HAMBURG.officer, answer=answer)
    ASKED.when(ask(AnswerPrivately, at=CLOSES)).then(told)


def test_a_question_is_declined_with_a_reason_and_refers_to_a_published_one_alone() -> None:
    reason = ProtectedText(subject=HAMBURG.partner_officer, text="It was asked before.")
    story = TWO.after(ask(AnswerQuestion))
    declining = ask(DeclineQuestion, number=2, reason="It was asked before. ", see=1)
    story.when(declining).then(fact(QuestionDeclined, number=2, asked_by=HAMBURG.partner_officer, reason=reason, see=1))
    ASKED.when(ask(DeclineQuestion, reason=" ")).refused("D18", "No reason")
    TWO.when(declining).refused("stage", "No answer to question 1 is published")
    TWO.when(ask(DeclineQuestion, number=2, see=7)).raises(NotFound, "no question 7")


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_question_is_answered_privately_or_declined_once(kind: type[Command]) -> None:
    for story in (ANSWERED, *(ASKED.after(ask(other)) for other in ANSWERS)):
        story.when(ask(kind)).refused("stage", "answered or declined already")


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_was_said_to_the_asker_alone_may_still_be_answered_for_all(kind: type[Command]) -> None:
    assert ASKED.after(ask(kind)).when(ask(AnswerQuestion)).code is None


@pytest.mark.parametrize("kind", [AnswerQuestion, *ANSWERS])
def test_only_what_was_asked_is_answered(kind: type[Command]) -> None:
    ASKED.when(ask(kind, number=2)).raises(NotFound, "no question 2")


@pytest.mark.parametrize("kind", [AskQuestion, AnswerQuestion, *ANSWERS])
def test_nothing_is_asked_or_answered_in_a_cancelled_call(kind: type[Command]) -> None:
    cancelled = ASKED.after(ask(ProposeCancellation), ask(CancelCall))
    cancelled.when(ask(kind)).refused("stage", "was cancelled")
    ASKED.when(ask(kind, call_id=named("no call"))).raises(NotFound)


def test_an_answer_says_nothing_of_who_asked() -> None:
    [(_, event)] = ANSWERED.log[len(ASKED.log) :]
    assert HAMBURG.officer not in vars(event).values()
    assert event.by == SUE
