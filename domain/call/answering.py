"""What the fund decides about questions on a call: answered for all at one instant, or one alone (E01, D29)."""

from domain.call.aggregate import CALL, Asked, Call, published
from domain.call.commands import AnswerPrivately, AnswerQuestion, AskQuestion, DeclineQuestion
from domain.call.events import QuestionAnswered, QuestionAnsweredPrivately, QuestionAsked, QuestionDeclined
from domain.errors import NotFound, WrongStage
from domain.messages import Change, Decision, World
from domain.rulebook.ours.people import a_reason_is_given
from domain.rulebook.ours.publishing import answer_reaches_all_in_time, question_arrived_in_time
from domain.values import ProtectedText


def ask_question(command: AskQuestion, world: World) -> Decision:
    """Take a question about the call until questions end; its number tells it from others (D29)."""
    call = world.get(CALL, command.call_id)
    rules = published(call)
    question_arrived_in_time(command.at, rules.questions_end)
    event = QuestionAsked(
        **command.stamp(),
        number=len(call.questions) + 1,
        question=ProtectedText(subject=command.by, text=command.question),
        due=rules.answers_due,
    )
    return [Change(command.call_id, event)]


def answer_question(command: AnswerQuestion, world: World) -> Decision:
    """Publish question and answer for all, in words that name nobody, until closing; or put such an answer right.

    What was answered to the asker alone, or declined, may still turn out to concern all.
    """
    call = world.get(CALL, command.call_id)
    rules = published(call)
    asked = _question(call, command.number)
    answer_reaches_all_in_time(command.at, rules.calendar.applications_close)
    if command.revision != asked.revision + 1:
        raise WrongStage(
            f"Revision {asked.revision} of the answer to question {command.number} is published."
            if asked.revision
            else f"No answer to question {command.number} is published yet.",
            f"Read the published answers, then publish revision {asked.revision + 1}.",
        )
    event = QuestionAnswered(
        **command.stamp(),
        number=command.number,
        revision=command.revision,
        question=command.question.strip(),
        answer=command.answer.strip(),
    )
    return [Change(command.call_id, event)]


def answer_privately(command: AnswerPrivately, world: World) -> Decision:
    """Answer the asker alone: the question is about the asker's own case and tells others nothing (D29)."""
    asked = _open_question(world, command)
    answer = ProtectedText(subject=asked.by, text=command.answer)
    event = QuestionAnsweredPrivately(**command.stamp(), number=command.number, asked_by=asked.by, answer=answer)
    return [Change(command.call_id, event)]


def decline_question(command: DeclineQuestion, world: World) -> Decision:
    """Decline to answer, with the reason; where another answer says it already, that one is named (D18, D29)."""
    asked = _open_question(world, command)
    a_reason_is_given(command.reason)
    if command.see is not None and not _question(world.get(CALL, command.call_id), command.see).revision:
        raise WrongStage(f"No answer to question {command.see} is published.", "Name one that is, or none.")
    event = QuestionDeclined(
        **command.stamp(),
        number=command.number,
        asked_by=asked.by,
        reason=ProtectedText(subject=asked.by, text=command.reason.strip()),
        see=command.see,
    )
    return [Change(command.call_id, event)]


def _open_question(world: World, command: AnswerPrivately | DeclineQuestion) -> Asked:
    call = world.get(CALL, command.call_id)
    published(call)
    asked = _question(call, command.number)
    if not asked.open:
        raise WrongStage(f"Question {command.number} is answered or declined already.", "Read what was said to it.")
    return asked


def _question(call: Call, number: int) -> Asked:
    if number not in call.questions:
        raise NotFound(f"There is no question {number} about this call.", "List the questions of the call.")
    return call.questions[number]
