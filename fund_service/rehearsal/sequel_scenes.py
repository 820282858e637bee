"""What people do in the call that visitors meet, each deed only where it is still to be done."""

from collections.abc import Iterable, Iterator
from typing import Any

from domain.call.commands import AnswerQuestion, ApproveAwardList, AskQuestion, ProposeAwardList
from domain.evaluation.aggregate import Evaluation
from domain.evaluation.commands import (
    AgreeConsensus,
    AssignEvaluator,
    DeclareNoConflict,
    GiveScores,
    ProposeConsensus,
)
from domain.people import Role
from domain.pilot_action.aggregate import Stage as Standing
from domain.pilot_action.commands import ConfirmParticipation, PutForwardVersion, SubmitApplication
from fund_service.rehearsal import applying, judging
from fund_service.rehearsal.plans import Plan
from fund_service.rehearsal.sequel_plans import DRAFTS, SUBMITS, plan_of, real_plans
from fund_service.rehearsal.stage import Stage


def _led_by(plan: Plan, homes: tuple[str, ...]) -> bool:
    return any(plan.pairing.coordinator.name.startswith(home) for home in homes)


def draft(stage: Stage) -> None:
    """Let all fill in the form, and one of them the first half of it."""
    for plan in stage.plans:
        sections = stage.rules.form
        applying.fill_in(stage, plan, sections[: len(sections) // 2] if _led_by(plan, (DRAFTS,)) else sections)


def finish(stage: Stage) -> None:
    """Let all fill in what is still empty."""
    for plan in stage.plans:
        saved = stage.pilot(plan).sections
        applying.fill_in(stage, plan, tuple(section for section in stage.rules.form if section.id not in saved))


def put_forward(stage: Stage, but: tuple[str, ...] = ()) -> None:
    """Let all put a first version forward, but for some."""
    for plan in stage.plans:
        if stage.pilot(plan).current is None and not _led_by(plan, but):
            named = {"pilot_action_id": stage.pilot_action_id(plan)}
            stage.act(PutForwardVersion, stage.officer(plan), f"{plan.key}/forward", **named)


def confirm(stage: Stage, but: tuple[str, ...] = ()) -> None:
    """Let the partners confirm their part in the last version, but for some."""
    for plan in stage.plans:
        version = stage.pilot(plan).current
        if version is None or _led_by(plan, but):
            continue
        for member in plan.pairing.members[1:]:
            if stage.cast.organisation(member.name) not in version.confirmed_by:
                officer, key = stage.cast.officer(member.name), f"{plan.key}/{member.name}/part"
                stage.act(ConfirmParticipation, officer, key, **stage.part(plan, member))


def submit_first(stage: Stage) -> None:
    """Let one invented city and two real ones submit."""
    _submit(stage, (plan_of(stage, SUBMITS), *real_plans(stage)[:2]))


def submit(stage: Stage) -> None:
    """Let all submit what they put forward."""
    _submit(stage, stage.plans)


def _submit(stage: Stage, plans: Iterable[Plan]) -> None:
    for plan in plans:
        pilot = stage.pilot(plan)
        if pilot.stage is Standing.DRAFT and pilot.current is not None:
            named = applying.submission(stage, plan)
            stage.act(SubmitApplication, stage.officer(plan), f"{plan.key}/submit", **named)


def catch_up(stage: Stage) -> None:
    """Let all do what is still missing for an application to be submitted and confirmed."""
    finish(stage)
    put_forward(stage)
    confirm(stage)
    submit(stage)


def ask(stage: Stage) -> None:
    """Let the last of them ask about the call."""
    question = {"call_id": stage.call_id, "question": "Fictitious: may a university of ours take part?"}
    stage.act(AskQuestion, stage.officer(stage.plans[-1]), f"{stage.call_key}/question", **question)


def answer(stage: Stage) -> None:
    """Let the other officer of the secretariat answer what nobody answered."""
    for number, asked in stage.call().questions.items():
        if asked.open:
            words = {"question": "Fictitious: May others take part?", "answer": "Fictitious: yes, as stakeholders."}
            named = {"call_id": stage.call_id, "number": number, "revision": 1, **words}
            stage.act(AnswerQuestion, stage.cast.secretariat[1], f"{stage.call_key}/answer/{number}", **named)


def _evaluations(stage: Stage) -> Iterator[tuple[Plan, Evaluation]]:
    for plan in stage.plans:
        evaluation = stage.evaluation(plan)
        if evaluation is not None and not evaluation.completed and not evaluation.stopped:
            yield plan, evaluation


def assign(stage: Stage) -> None:
    """Give three evaluators to each application that has none."""
    for plan, evaluation in _evaluations(stage):
        for evaluator in judging.committee(stage, plan) if not evaluation.seats else ():
            key = f"{plan.key}/evaluator/{evaluator}"
            named = judging.about(stage, plan, evaluator=evaluator)
            stage.act(AssignEvaluator, stage.cast.secretariat[1], key, **named)


def declare(stage: Stage) -> None:
    """Let every evaluator who did not declare yet declare to have no conflict of interest."""
    for plan, evaluation in _evaluations(stage):
        for who, seat in evaluation.seats.items():
            if not seat.declared:
                stage.act(DeclareNoConflict, who, f"{plan.key}/declaration", **judging.about(stage, plan))


def score(stage: Stage, seats: int | None = None) -> None:
    """Let the first so many evaluators of each application send their scores, or all of them."""
    declare(stage)
    for plan, evaluation in _evaluations(stage):
        for place, (who, seat) in enumerate(list(evaluation.seats.items())[:seats]):
            if seat.points is None:
                scores = judging.scores(stage, plan, place)
                stage.act(GiveScores, who, f"{plan.key}/scores", **judging.about(stage, plan, scores=scores))


def propose_consensus(stage: Stage) -> None:
    """Let one evaluator propose a consensus where scores lie apart."""
    for plan, evaluation in _evaluations(stage):
        if evaluation.divergent and evaluation.proposal is None:
            agreed = {criterion: judging.score(stage, criterion, 4) for criterion in evaluation.divergent}
            for who in evaluation.seats:
                stage.act(ProposeConsensus, who, f"{plan.key}/consensus", **judging.about(stage, plan, scores=agreed))
                if _proposed(stage, plan):
                    break


def _proposed(stage: Stage, plan: Plan) -> bool:
    evaluation = stage.evaluation(plan)
    return evaluation is not None and evaluation.proposal is not None


def agree_consensus(stage: Stage) -> None:
    """Let the others agree to what was proposed."""
    for plan, evaluation in _evaluations(stage):
        for who in evaluation.seats if evaluation.proposal is not None else ():
            assert evaluation.proposal is not None
            named = judging.about(stage, plan, digest=evaluation.proposal.digest)
            stage.act(AgreeConsensus, who, f"{plan.key}/consensus/agreement", **named)


def _on_the_list(stage: Stage, **named: Any) -> dict[str, Any]:
    return {"call_id": stage.call_id, "line": stage.line, **named}


def propose(stage: Stage) -> None:
    """Let the other officer of the secretariat propose the award list, where there is none to be approved."""
    current = stage.call().list_of(stage.line)
    if not current.version or current.returned or current.voided:
        key = f"{stage.call_key}/list"
        stage.act(ProposeAwardList, stage.cast.secretariat[1], key, **_on_the_list(stage))


def approve(stage: Stage, approver: int) -> None:
    """Let one of the approvers approve the current version of the award list."""
    current, by = stage.call().list_of(stage.line), stage.cast.of(Role.APPROVER)[approver].subject
    named = _on_the_list(stage, digest=current.digest)
    stage.act(ApproveAwardList, by, f"{stage.call_key}/approval", **named)
