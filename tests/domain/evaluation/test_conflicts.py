"""What the fund decides about conflicts of interest: declared, or alleged by somebody else and answered."""

import pytest

from domain.errors import NotFound
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import (
    AssignEvaluator,
    DecideAllegation,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    RecordAllegation,
    WithdrawEvaluator,
)
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    EvaluationCompleted,
    EvaluationReopened,
)
from domain.values import ProtectedText
from tests.given import (
    CALL_ID,
    COMMITTEE,
    EDDA,
    ELLA,
    EMIL,
    ERIK,
    EVA,
    HAMBURG,
    LINE,
    SAM,
    SUE,
    Story,
    ask,
    fact,
    until,
)

ASSIGNED = until("assigned")
DECLARED = ASSIGNED.after(*(ask(DeclareNoConflict, by=one) for one in COMMITTEE))
SCORED, RANKED = until("scored"), until("ranked")
ALLEGED = SCORED.after(ask(RecordAllegation))
ON = HAMBURG.evaluation
REOPENED = fact(EvaluationReopened, on=ON, pilot_action_id=HAMBURG.pilot_action, call_id=CALL_ID, line=LINE)


def kinds(story: Story, command: object) -> list[type]:
    """The kinds of events that follow from a request."""
    return [type(change.event) for change in story.when(command).changes]


# --- what is open to whom


def test_the_content_is_open_only_to_an_evaluator_who_declared_to_have_no_conflict() -> None:
    one = ASSIGNED.after(ask(DeclareNoConflict)).get(EVALUATION, ON)
    assert [one.may_read_content(who) for who in (EVA, ELLA, ERIK)] == [True, False, False]


@pytest.mark.parametrize("leaving", [DeclareConflict, WithdrawEvaluator])
def test_the_content_closes_to_who_leaves(leaving: type) -> None:
    assert not DECLARED.after(ask(leaving)).get(EVALUATION, ON).may_read_content(EVA)


# --- a conflict that comes up late


def test_a_conflict_found_after_the_last_scores_opens_the_evaluation_again() -> None:
    reason = ProtectedText(subject=EVA, text="My sister works there.")
    SCORED.when(ask(DeclareConflict)).then(REOPENED, fact(ConflictDeclared, on=ON, evaluator=EVA, reason=reason))
    left = SCORED.after(ask(DeclareConflict)).get(EVALUATION, ON)
    assert (left.completed, set(left.seats)) == (False, {ELLA, EMIL})


def test_a_successor_completes_it_again() -> None:
    joined = SCORED.after(ask(DeclareConflict), ask(AssignEvaluator, evaluator=EDDA), ask(DeclareNoConflict, by=EDDA))
    assert joined.after(ask(GiveScores, by=EDDA)).get(EVALUATION, ON).completed


@pytest.mark.parametrize("kind", [DeclareConflict, RecordAllegation])
def test_what_is_ranked_is_not_opened_again(kind: type) -> None:
    RANKED.when(ask(kind)).refused("stage", "application is ranked")


# --- an allegation


def test_an_alleged_conflict_is_recorded_protected_and_numbered() -> None:
    text = ProtectedText(subject=EVA, text="Her sister works there.")
    alleged = {"evaluator": EVA, "allegation": text}
    DECLARED.when(ask(RecordAllegation)).then(fact(ConflictAlleged, on=ON, number=1, **alleged))
    SCORED.when(ask(RecordAllegation)).then(REOPENED, fact(ConflictAlleged, on=ON, number=1, **alleged))
    ALLEGED.when(ask(RecordAllegation)).then(fact(ConflictAlleged, on=ON, number=2, **alleged))


def test_only_an_evaluator_of_the_application_is_accused() -> None:
    DECLARED.when(ask(RecordAllegation, evaluator=ERIK)).refused("stage", "not an evaluator of this application")


def test_another_officer_decides_an_allegation_once() -> None:
    ALLEGED.when(ask(DecideAllegation, by=SUE)).refused("D18")
    assert ALLEGED.when(ask(DecideAllegation, by=SAM)).code is None
    ALLEGED.after(ask(DecideAllegation)).when(ask(DecideAllegation)).refused("stage", "answered already")
    ALLEGED.when(ask(DecideAllegation, number=2)).refused("stage", "no such allegation")


def test_an_allegation_that_is_upheld_voids_the_scores_and_frees_the_seat() -> None:
    reasons = ProtectedText(subject=EVA, text="She does.")
    ALLEGED.when(ask(DecideAllegation)).then(
        fact(AllegationUpheld, on=ON, number=1, evaluator=EVA, recorded_by=SUE, reasons=reasons)
    )
    left = ALLEGED.after(ask(DecideAllegation)).get(EVALUATION, ON)
    assert (set(left.seats), left.conflicted, left.completed) == ({ELLA, EMIL}, {EVA}, False)


def test_an_allegation_that_is_dismissed_is_answered_and_the_scores_count_again() -> None:
    reasons = ProtectedText(subject=EVA, text="She does.")
    dismissing = ask(DecideAllegation, upheld=False)
    DECLARED.after(ask(RecordAllegation)).when(dismissing).then(
        fact(AllegationDismissed, on=ON, number=1, evaluator=EVA, recorded_by=SUE, reasons=reasons)
    )
    assert kinds(ALLEGED, dismissing) == [AllegationDismissed, EvaluationCompleted]


def test_no_evaluation_is_complete_before_every_allegation_is_answered() -> None:
    open_one = DECLARED.after(ask(RecordAllegation), ask(RecordAllegation, evaluator=EMIL))
    scored = open_one.after(*(ask(GiveScores, by=one) for one in COMMITTEE))
    assert not scored.get(EVALUATION, ON).completed
    answered = scored.after(ask(DecideAllegation, upheld=False))
    assert not answered.get(EVALUATION, ON).completed
    assert answered.after(ask(DecideAllegation, number=2, upheld=False)).get(EVALUATION, ON).completed


@pytest.mark.parametrize("kind", [RecordAllegation, DecideAllegation])
def test_nothing_is_alleged_where_there_is_no_evaluation(kind: type) -> None:
    until("closed").when(ask(kind)).raises(NotFound)
