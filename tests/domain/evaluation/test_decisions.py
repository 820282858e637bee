"""What the fund decides about an evaluation: who may judge, what must be declared, what a score needs."""

from typing import Any
from uuid import UUID

import pytest

from domain.account.commands import RevokeRole
from domain.account.events import AccountOpened, ClusterLeadRecorded, RoleGranted
from domain.call.events import ApplicationRegistered
from domain.errors import NotFound
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import (
    AssignEvaluator,
    DeclareConflict,
    DeclareNoConflict,
    GivenScore,
    GiveScores,
    RemindEvaluators,
)
from domain.evaluation.events import (
    ConflictDeclared,
    EvaluationCompleted,
    EvaluatorAssigned,
    EvaluatorsReminded,
    NoConflictDeclared,
    Score,
    ScoresGiven,
)
from domain.messages import Command
from domain.partnership.events import CoachAssigned, PartnershipFormed
from domain.people import Geography, Role, Strand
from domain.pilot_action.commands import NameExpert
from domain.pilot_action.events import (
    ApplicationFoundIneligible,
    ApplicationWithdrawn,
    DraftSectionSaved,
    PilotActionProposed,
)
from domain.slot import SlotFreed
from domain.values import ProtectedText
from tests.given import (
    CALENDAR,
    CALL_ID,
    COLIN,
    COMMITTEE,
    EDDA,
    ELLA,
    EMIL,
    ERIK,
    EVA,
    HAMBURG,
    LINE,
    RULES,
    WORDS,
    Fact,
    Pair,
    Past,
    Story,
    ask,
    fact,
    given,
    named,
    until,
)

LISBON = Pair("Lisbon", "Lima")
ELIGIBLE, ASSIGNED = until("eligible", HAMBURG, LISBON), until("assigned")
DECLARED = ASSIGNED.after(*(ask(DeclareNoConflict, by=one) for one in COMMITTEE))
SCORED = until("scored")
NORA = named("Nora, a new evaluator")


def nora(organisation: UUID | None = None, strand: Strand | None = None, **more: Any) -> tuple[Fact, ...]:
    """Nora gets an account and becomes an evaluator."""
    return (
        fact(AccountOpened, on=NORA, label="N", **{"unit": "Unit three", "organisation_id": organisation, **more}),
        fact(RoleGranted, on=NORA, role=Role.EVALUATOR, strand=strand),
    )


def assigning(evaluator: UUID) -> Command:
    """Assign an evaluator to Hamburg's application."""
    return ask(AssignEvaluator, evaluator=evaluator)


# --- who may judge


def test_an_evaluator_is_assigned_with_unit_and_standing() -> None:
    ELIGIBLE.when(assigning(EVA)).then(
        fact(EvaluatorAssigned, on=HAMBURG.evaluation, evaluator=EVA, unit="Unit one", outside=False)
    )


@pytest.mark.parametrize(
    ("geography", "cluster", "strand", "clusters", "outside"),
    [
        (Geography.ASIA, "climate", Strand.AA, (), False),
        (Geography.AUSTRALASIA, "climate", Strand.AA, (), False),
        (Geography.ASIA, "climate", Strand.LAC, (), True),
        (Geography.LATIN_AMERICA, "climate", Strand.LAC, (), False),
        (Geography.LATIN_AMERICA, "climate", Strand.AA, (), True),
        (Geography.ASIA, "climate", None, (), True),
        (Geography.ASIA, "climate", None, ("energy", "climate"), False),
        (Geography.ASIA, "climate", None, ("energy",), True),
        (Geography.ASIA, "", None, ("",), True),
    ],
)
def test_an_evaluator_is_from_outside_who_is_neither_of_the_cluster_nor_of_the_geographys_team(
    geography: Geography, cluster: str, strand: Strand | None, clusters: tuple[str, ...], outside: bool
) -> None:
    story = ELIGIBLE.retold(PartnershipFormed, geography=geography, cluster=cluster)
    [change] = story.after(*nora(strand=strand, clusters=clusters)).when(assigning(NORA)).changes
    assert change.event.outside is outside


def test_an_evaluator_has_the_role_and_an_account() -> None:
    ELIGIBLE.when(assigning(COLIN)).refused("stage", "not an evaluator")
    ELIGIBLE.after(ask(RevokeRole, subject=EVA, role=Role.EVALUATOR)).when(assigning(EVA)).refused("stage")
    ELIGIBLE.when(assigning(NORA)).raises(NotFound)


WROTE = {"section": "risks", "version": 2, "answers": {}, "resources": None}
WHY = ProtectedText(subject=LISBON.officer, text="Too early.")
WITHDREW = (
    fact(ApplicationWithdrawn, on=LISBON.pilot_action, reason=WHY),
    fact(SlotFreed, on=LISBON.slot, pilot_action_id=LISBON.pilot_action),
)
IN_ANOTHER_LINE = {"pilot_action_id": LISBON.pilot_action, "line": "visits", "geography": Geography.ASIA}
TIES: dict[str, tuple[tuple[Past, ...], str]] = {
    "coach": ((fact(CoachAssigned, on=HAMBURG.partnership, coach=NORA),), "coached this partnership"),
    "writer": (
        (fact(DraftSectionSaved, on=HAMBURG.pilot_action, by=NORA, **WROTE),),
        "proposed this pilot action or wrote its application",
    ),
    "expert": (
        (ask(NameExpert, expert=NORA),),
        "proposed this pilot action or wrote its application",
    ),
    "manager": ((fact(ClusterLeadRecorded, on=NORA, cluster="energy"),), "managed its cluster"),
    "approver": ((fact(RoleGranted, on=NORA, role=Role.APPROVER, strand=None),), "approve the awards"),
    "coordinator": (nora(HAMBURG.home), "work for a member of this partnership"),
    "partner abroad": (nora(HAMBURG.partner), "work for a member of this partnership"),
    "rival": (nora(LISBON.home), "work for a rival applicant"),
    "rival's partner": (nora(LISBON.partner), "work for a partner of a rival applicant"),
}


@pytest.mark.parametrize("tie", TIES)
def test_nobody_with_a_tie_judges(tie: str) -> None:
    past, words = TIES[tie]
    ELIGIBLE.retold(PartnershipFormed, cluster="energy").after(*nora(), *past).when(assigning(NORA)).refused(
        "D05", f"application: you {words}."
    )


def test_who_proposed_the_pilot_action_does_not_judge_it() -> None:
    story = ELIGIBLE.retold(PilotActionProposed, by=NORA)
    story.after(*nora()).when(assigning(NORA)).refused("D05", "proposed this pilot action")


def test_who_declared_a_conflict_does_not_come_back() -> None:
    conflicted = ASSIGNED.after(ask(DeclareConflict, by=EMIL))
    conflicted.when(assigning(EMIL)).refused("D05", "you declared a conflict of interest.")


def test_every_tie_is_told() -> None:
    past = [step for tie in ("rival", "coach", "approver") for step in TIES[tie][0]]
    ELIGIBLE.after(*nora(), *past).when(assigning(NORA)).refused(
        "D05", "you coached this partnership and approve the awards and work for a rival applicant."
    )


@pytest.mark.parametrize(
    "past",
    [
        nora(named("an uninvolved city")),
        (*nora(LISBON.home), *WITHDREW),
        (*nora(LISBON.partner), *WITHDREW),
        (*nora(LISBON.partner), fact(ApplicationFoundIneligible, on=LISBON.pilot_action, correction=0, findings=())),
        (*nora(LISBON.partner), fact(ApplicationRegistered, on=CALL_ID, **IN_ANOTHER_LINE)),
        (fact(ClusterLeadRecorded, on=NORA, cluster="energy"),),
        (fact(CoachAssigned, on=LISBON.partnership, coach=NORA),),
        (fact(DraftSectionSaved, on=LISBON.pilot_action, by=NORA, **WROTE),),
        (fact(RoleGranted, on=NORA, role=Role.COACH, strand=None),),
    ],
    ids=[
        "no applicant",
        "withdrew",
        "its partner",
        "fell away",
        "another line",
        "manages another cluster",
        "coached a rival",
        "wrote for a rival",
        "coaches others",
    ],
)
def test_what_does_not_bind_to_this_application_is_no_tie(past: tuple[Past, ...]) -> None:
    assert ELIGIBLE.after(*nora(), *past).when(assigning(NORA)).code is None


@pytest.mark.parametrize("evaluator", [EVA, ERIK], ids=["sits on it", "all seats are taken"])
def test_a_committee_has_three_different_members(evaluator: UUID) -> None:
    ASSIGNED.when(assigning(evaluator)).refused("stage", "sits on it already, or all 3 seats are taken")
    ELIGIBLE.after(assigning(EVA)).when(assigning(EVA)).refused("stage")


@pytest.mark.parametrize(
    ("last", "code"),
    [(EMIL, None), (ERIK, "E07"), (EDDA, "D02")],
    ids=["another unit, outside", "the same unit", "nobody from outside"],
)
def test_the_last_seat_goes_to_somebody_who_makes_two_units_and_one_from_outside(last: UUID, code: str | None) -> None:
    two = ELIGIBLE.after(assigning(EVA), assigning(ELLA))
    assert two.when(assigning(last)).code == code


def test_who_takes_the_seat_of_one_with_a_conflict_must_fit_too() -> None:
    left = ASSIGNED.after(ask(DeclareConflict, by=EMIL))
    left.when(assigning(ERIK)).refused("E07")
    left.when(assigning(EDDA)).refused("D02")
    assert left.after(*nora()).when(assigning(NORA)).code is None


# --- what must be declared


def test_an_evaluator_declares_to_have_no_conflict_once() -> None:
    ASSIGNED.when(ask(DeclareNoConflict)).then(fact(NoConflictDeclared, on=HAMBURG.evaluation, evaluator=EVA))
    DECLARED.when(ask(DeclareNoConflict)).refused("stage", "declared already")


@pytest.mark.parametrize("story", [ASSIGNED, DECLARED, DECLARED.after(ask(GiveScores))])
def test_an_evaluator_with_a_conflict_leaves_and_the_scores_no_longer_count(story: Story) -> None:
    reason = ProtectedText(subject=EVA, text="My sister works there.")
    story.when(ask(DeclareConflict)).then(fact(ConflictDeclared, on=HAMBURG.evaluation, evaluator=EVA, reason=reason))
    left = story.after(ask(DeclareConflict)).get(EVALUATION, HAMBURG.evaluation)
    assert (EVA in left.seats, left.conflicted, left.scores()) == (False, {EVA}, {})


@pytest.mark.parametrize("kind", [DeclareNoConflict, DeclareConflict, GiveScores])
def test_only_its_evaluators_speak_about_an_application(kind: type[Command]) -> None:
    ASSIGNED.when(ask(kind, by=ERIK)).refused("stage", "not an evaluator of this application")
    ASSIGNED.after(ask(DeclareConflict)).when(ask(kind)).refused("stage", "not an evaluator of this application")


# --- what a score needs

IDS = [criterion.id for criterion in RULES.criteria]


def scores(points: int = 4, words: str = WORDS, *, criteria: list[str] = IDS, **others: GivenScore) -> dict[str, Any]:
    """The same score for every criterion but for the others."""
    return {**dict.fromkeys(criteria, GivenScore(points=points, justification=words)), **others}


def test_scores_are_taken_with_their_justifications_protected() -> None:
    told = {
        name: Score(points=number, justification=ProtectedText(subject=EVA, text=f"{WORDS} {number}"))
        for number, name in enumerate(IDS)
    }
    given_scores = {
        name: GivenScore(points=number, justification=f"{WORDS} {number}") for number, name in enumerate(IDS)
    }
    DECLARED.when(ask(GiveScores, scores=given_scores)).then(
        fact(ScoresGiven, on=HAMBURG.evaluation, evaluator=EVA, scores=told)
    )


def test_the_declaration_comes_before_the_scores() -> None:
    ASSIGNED.when(ask(GiveScores)).refused("D06")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (scores(0), None),
        (scores(5), None),
        (scores(beauty=GivenScore(points=4, justification=WORDS)), "E06"),
        (scores(criteria=IDS[1:]), "E06"),
        ({}, "E06"),
        (scores(relevance=GivenScore(points=-1, justification=WORDS)), "D01"),
        (scores(relevance=GivenScore(points=6, justification=WORDS)), "D01"),
        (scores(words="x" * 50), None),
        (scores(sustainability=GivenScore(points=4, justification="x" * 49)), "D01"),
        (scores(sustainability=GivenScore(points=4, justification=f"{'x' * 49}  ")), "D01"),
    ],
    ids=["0", "5", "one more", "one missing", "none", "-1", "6", "50 characters", "49 characters", "49 and spaces"],
)
def test_every_announced_criterion_and_no_other_is_scored_on_the_scale_and_justified(
    sent: dict[str, Any], code: str | None
) -> None:
    assert DECLARED.when(ask(GiveScores, scores=sent)).code == code


def test_scores_cannot_be_changed() -> None:
    DECLARED.after(ask(GiveScores)).when(ask(GiveScores)).refused("stage", "cannot be changed")


def test_the_last_scores_complete_the_evaluation() -> None:
    two = DECLARED.after(ask(GiveScores), ask(GiveScores, by=ELLA))
    assert len(DECLARED.after(ask(GiveScores)).when(ask(GiveScores, by=ELLA)).changes) == 1
    answer = two.when(ask(GiveScores, by=EMIL))
    on = HAMBURG.evaluation
    completed = fact(EvaluationCompleted, pilot_action_id=HAMBURG.pilot_action, call_id=CALL_ID, line=LINE)
    assert [type(change.event) for change in answer.changes] == [ScoresGiven, EvaluationCompleted]
    assert answer.changes[1] == completed.change(by=EMIL, at=answer.command.at, on=on)


def test_an_empty_seat_keeps_the_evaluation_open_until_somebody_new_has_scored() -> None:
    left = DECLARED.after(ask(GiveScores), ask(DeclareConflict, by=EMIL))
    assert len(left.when(ask(GiveScores, by=ELLA)).changes) == 1
    all_but_nora = left.after(ask(GiveScores, by=ELLA), *nora(), assigning(NORA), ask(DeclareNoConflict, by=NORA))
    assert not all_but_nora.get(EVALUATION, HAMBURG.evaluation).completed
    assert all_but_nora.after(ask(GiveScores, by=NORA)).get(EVALUATION, HAMBURG.evaluation).completed


# --- reminders, and what is not there


def test_a_reminder_goes_to_those_whose_scores_are_missing() -> None:
    DECLARED.after(ask(GiveScores, by=ELLA)).when(ask(RemindEvaluators)).then(
        fact(EvaluatorsReminded, on=HAMBURG.evaluation, evaluators=(EVA, EMIL), due=CALENDAR.scores_due)
    )
    SCORED.when(ask(RemindEvaluators)).refused("stage", "no reminder is due")


@pytest.mark.parametrize("kind", [AssignEvaluator, DeclareNoConflict, DeclareConflict, GiveScores, RemindEvaluators])
def test_there_is_no_evaluation_before_the_application_was_found_eligible(kind: type[Command]) -> None:
    until("closed").when(ask(kind)).raises(NotFound)


def test_the_evaluation_of_an_application_without_a_call_is_not_found() -> None:
    unopened = given(fact(EvaluatorAssigned, on=HAMBURG.evaluation, evaluator=EVA, unit="", outside=False))
    unopened.when(ask(RemindEvaluators)).raises(NotFound)
