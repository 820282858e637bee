"""Scenes of judging that do not go smoothly: ties, conflicts of interest, who leaves or is late, scores that lie apart.

Only generated partnerships play them (D02, D05, D06, D18, E08, E10).
"""

from collections.abc import Iterator
from uuid import UUID

from domain.account.commands import GrantRole, RevokeRole
from domain.call.commands import EstablishRanking
from domain.call.events import RankingEstablished
from domain.evaluation.commands import (
    AgreeConsensus,
    AssignEvaluator,
    ConfirmFewerEvaluators,
    DecideAllegation,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    ProposeConsensus,
    ProposeFewerEvaluators,
    RecordAllegation,
    ReplaceEvaluator,
    WithdrawEvaluator,
)
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictDeclared,
    ConsensusReached,
    DivergenceFound,
    EvaluatorReplaced,
    EvaluatorsReminded,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    NoConflictDeclared,
    ScoresOverdue,
)
from domain.messages import Recorded
from domain.people import Role, Strand
from domain.pilot_action.commands import NameExpert
from domain.receipt import CommandHandled
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.judging import about, committee, evaluated, external, give, score, spare
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage

_TIES = {
    "coach": ("The coach", "coached this partnership"),
    "cluster": ("Who manages the cluster", "managed its cluster"),
    "expert": ("The expert who proposed the pilot action", "proposed this pilot action"),
    "member": ("Who works for a member", "work for a member"),
    "rival": ("Who works for a rival applicant, its coordinator or its partner abroad,", "a rival applicant"),
    "approver": ("An approver", "approve the awards"),
}
"""Who is bound to an application, as the summary says it, and the words of the refusal."""


def _bound(id: str) -> Case:
    who, words = _TIES[id]

    def seen(recorded: Recorded) -> bool:
        match recorded.event:
            case CommandHandled(command="AssignEvaluator", refused="D05", detail=detail):
                return words in detail
            case _:
                return False

    return Case(f"evaluator-{id}", Area.EVALUATION, f"{who} is refused as an evaluator.", CommandHandled, seen)


def _misses_a_threshold(recorded: Recorded) -> bool:
    return isinstance(recorded.event, RankingEstablished) and not all(row.passed for row in recorded.event.rows)


_JUDGING = Area.EVALUATION
CASES: tuple[Case, ...] = (
    *(_bound(id) for id in _TIES),
    happened("nil-declaration", _JUDGING, "An evaluator declares to have no conflict of interest.", NoConflictDeclared),
    refused(
        "content-after-declaration",
        _JUDGING,
        "Nothing is open to an evaluator before the declaration.",
        "D06",
        GiveScores,
    ),
    happened("conflict-declared", _JUDGING, "An evaluator declares a conflict and is replaced.", ConflictDeclared),
    happened(
        "allegation-upheld",
        _JUDGING,
        "A conflict found later voids the scores; an external is added.",
        AllegationUpheld,
    ),
    happened("allegation-dismissed", _JUDGING, "An alleged conflict is found not to exist.", AllegationDismissed),
    refused("allegation-two-people", _JUDGING, "Who records it does not decide it.", "D18", DecideAllegation),
    happened("evaluator-reminded", _JUDGING, "A late evaluator is reminded.", EvaluatorsReminded),
    happened("scores-overdue", _JUDGING, "Scores are overdue, and that is noted.", ScoresOverdue),
    refused("ranking-waits", _JUDGING, "The ranking waits for scores that are missing.", "D02", EstablishRanking),
    happened("evaluator-replaced", _JUDGING, "A late evaluator is replaced after the due instant.", EvaluatorReplaced),
    happened("evaluator-withdrew", _JUDGING, "An evaluator leaves half-way; the scores are void.", EvaluatorWithdrew),
    refused("override-two-people", _JUDGING, "Nobody overrides the rules alone.", "D18", ConfirmFewerEvaluators),
    happened("fewer-evaluators", _JUDGING, "Two evaluators suffice, by two officers.", FewerEvaluatorsConfirmed),
    happened("scores-apart", _JUDGING, "Scores more than two points apart force a consensus.", DivergenceFound),
    happened("consensus", _JUDGING, "Every evaluator agrees to the consensus.", ConsensusReached),
    Case("below-threshold", _JUDGING, "An application misses a threshold.", RankingEstablished, _misses_a_threshold),
)


def _expert(stage: Stage) -> UUID:
    """Return an evaluator of the other strand who helped to write the pilot action of a generated partnership."""
    return next(person.subject for person in stage.cast.of(Role.EVALUATOR) if person.strand is Strand.LAC)


def name_expert(stage: Stage) -> None:
    """Let the secretariat name the expert who proposed a pilot action (S45)."""
    for plan in stage.plans:
        if plan.fate is Fate.EVALUATOR_LATE:
            named = about(stage, plan, expert=_expert(stage))
            stage.act(NameExpert, stage.cast.secretariat[0], f"{plan.key}/expert", **named)


def refuse_the_bound(stage: Stage) -> None:
    """Let the secretariat try those who have a tie to an application: nobody of them judges it (D05)."""
    secretary = stage.cast.secretariat[1]
    for plan in evaluated(stage, Fate.EVALUATOR_LATE):
        for place, (subject, is_evaluator) in enumerate(_bound_to(stage, plan)):
            key, role = f"{plan.key}/bound/{place}", {"subject": subject, "role": Role.EVALUATOR}
            if not is_evaluator:
                stage.act(GrantRole, secretary, f"{key}/role", **role)
            stage.refused("D05", AssignEvaluator, secretary, key, **about(stage, plan, evaluator=subject))
            if not is_evaluator:
                stage.act(RevokeRole, secretary, f"{key}/revoke", **role, reason="Fictitious: it was a trial.")


def _bound_to(stage: Stage, plan: Plan) -> Iterator[tuple[UUID, bool]]:
    """Yield everybody with a tie to an application, and whether they are evaluators otherwise."""
    coach = stage.partnership(plan).coach
    if coach is not None:
        yield coach, False
    for person in stage.cast.of(Role.EVALUATOR):
        if plan.pairing.cluster in person.manages:
            yield person.subject, True
    yield _expert(stage), True
    yield stage.cast.of(Role.APPROVER)[-1].subject, False
    yield stage.cast.officer(plan.pairing.members[-1].name), False
    for rival in evaluated(stage, Fate.SCORED_APART):
        for member in rival.pairing.members:
            yield stage.cast.officer(member.name), False


def declare_conflict(stage: Stage) -> None:
    """Let one evaluator declare a conflict; another one takes the seat (D06, E08)."""
    for plan in evaluated(stage, Fate.EVALUATORS_IN_CONFLICT):
        reason = about(stage, plan, reason="Fictitious: a relative works in one of the cities.")
        stage.act(DeclareConflict, committee(stage, plan)[1], f"{plan.key}/conflict", **reason)
        _join(stage, plan, spare(stage, plan), "in-place-of-a-conflict")


def _join(stage: Stage, plan: Plan, evaluator: UUID, key: str) -> None:
    named = about(stage, plan, evaluator=evaluator)
    stage.act(AssignEvaluator, stage.cast.secretariat[1], f"{plan.key}/evaluator/{key}", **named)
    stage.act(DeclareNoConflict, evaluator, f"{plan.key}/declaration", **about(stage, plan))


def allege(stage: Stage) -> None:
    """Record two allegations, one of which is true; who recorded them may not decide them (E10)."""
    first, second = stage.cast.secretariat
    for plan in evaluated(stage, Fate.EVALUATORS_IN_CONFLICT):
        accused = (committee(stage, plan)[0], spare(stage, plan))
        for number, (evaluator, upheld) in enumerate(zip(accused, (True, False), strict=True), 1):
            text = {"allegation": "Fictitious: somebody wrote that this evaluator advised one of the cities."}
            key = f"{plan.key}/allegation/{number}"
            stage.act(RecordAllegation, first, key, **about(stage, plan, evaluator=evaluator, **text))
            answer = about(
                stage, plan, number=number, upheld=upheld, reasons="Fictitious: the contracts were looked up."
            )
            stage.refused("D18", DecideAllegation, first, f"{key}/alone", **answer)
            stage.act(DecideAllegation, second, f"{key}/answer", **answer)
        _join(stage, plan, external(stage, plan), "external")
        give(stage, plan, external(stage, plan), 0)


def leave(stage: Stage) -> None:
    """Let one evaluator leave half-way; nobody else is free, and two officers let two evaluators do (D18)."""
    first, second = stage.cast.secretariat
    for plan in evaluated(stage, Fate.TOO_FEW_EVALUATORS):
        leaving = about(stage, plan, reason="Fictitious: illness.")
        stage.act(WithdrawEvaluator, committee(stage, plan)[1], f"{plan.key}/leave", **leaving)
        override = about(stage, plan, evaluators=2, reason="Fictitious: nobody without a conflict is free in time.")
        stage.act(ProposeFewerEvaluators, first, f"{plan.key}/fewer", **override)
        stage.refused("D18", ConfirmFewerEvaluators, first, f"{plan.key}/fewer/alone", **about(stage, plan))
        stage.act(ConfirmFewerEvaluators, second, f"{plan.key}/fewer/confirmed", **about(stage, plan))


def replace(stage: Stage) -> None:
    """Replace the evaluator who is late, after the due instant; the successor sends the scores at once (D02, D25)."""
    for plan in evaluated(stage, Fate.EVALUATOR_LATE):
        successor = spare(stage, plan)
        change = {
            "evaluator": committee(stage, plan)[2],
            "successor": successor,
            "reason": "Fictitious: no scores came.",
        }
        stage.act(ReplaceEvaluator, stage.cast.secretariat[1], f"{plan.key}/replace", **about(stage, plan, **change))
        stage.act(DeclareNoConflict, successor, f"{plan.key}/declaration", **about(stage, plan))
        give(stage, plan, successor, 2)


def propose_consensus(stage: Stage) -> None:
    """Let one evaluator propose a consensus where the scores lie apart (D02)."""
    for plan in evaluated(stage, Fate.SCORED_APART):
        criterion = stage.rules.criteria[0].id
        named = about(stage, plan, scores={criterion: score(stage, criterion, 4)})
        stage.act(ProposeConsensus, committee(stage, plan)[0], f"{plan.key}/consensus", **named)


def agree_consensus(stage: Stage) -> None:
    """Let the others agree to it (D01, D02)."""
    for plan in evaluated(stage, Fate.SCORED_APART):
        evaluation = stage.evaluation(plan)
        proposal = evaluation.proposal if evaluation else None
        for evaluator in committee(stage, plan)[1:]:
            named = about(stage, plan, digest=proposal.digest if proposal else "")
            stage.act(AgreeConsensus, evaluator, f"{plan.key}/consensus/agreement", **named)
