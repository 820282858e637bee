"""A question about a clerical error stands before whoever answers it, and its answer before the secretariat."""

from pathlib import Path

from fund_service.web.wishes import DO
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, action_of
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import somebody

ACTION = f"/pilot-actions/{action_of(APPLICANTS[0])}"
QUESTION, ANSWER = "Which street is meant?", "Via Po."


def test_an_applicant_reads_the_question_where_it_answers_and_the_secretariat_reads_the_answer(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.CLOSED], tmp_path / "fund")) as opened:
        office, officer = somebody(opened, "Secretariat 1"), somebody(opened, "Officer of Turin")
        asked = office.send(f"{DO}{ACTION}/clarification", {"key": "asked", "question": QUESTION})
        assert asked.status_code == 303
        opened.parts.projector.catch_up()
        assert QUESTION in officer.see(f"{DO}{ACTION}/clarification/answer").said
        assert f"The secretariat asks {QUESTION} Answer None yet. It is due" in officer.see(ACTION).said
        answered = officer.send(f"{DO}{ACTION}/clarification/answer", {"key": "answered", "answer": ANSWER})
        assert answered.status_code == 303
        opened.parts.projector.catch_up()
        assert f"The secretariat asks {QUESTION} Answer {ANSWER}" in office.see(f"{ACTION}/copy").said
        told = opened.get("Officer of Turin", ACTION).json()["clarification"]
        assert (told["question"], told["answer"]) == (QUESTION, ANSWER)
        assert opened.get("Coach 1", ACTION).json()["clarification"] is None, "it knows of the application alone"
        officer.language = "es"
        assert "La secretaría pregunta" in officer.see(ACTION).said
