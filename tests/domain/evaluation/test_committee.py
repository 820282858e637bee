"""What the fund decides when a committee changes: who leaves, who is replaced, and when fewer must do."""

import pytest

from domain.errors import NotFound
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import (
    AssignEvaluator,
    ConfirmFewerEvaluators,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    ProposeFewerEvaluators,
    ReplaceEvaluator,
    WithdrawEvaluator,
)
from domain.evaluation.events import (
    EvaluationCompleted,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    FewerEvaluatorsProposed,
)
from domain.values import ProtectedText
from tests.given import (
    CALENDAR,
    COLIN,
    COMMITTEE,
    EDDA,
    ELLA,
    EMIL,
    ERIK,
    EVA,
    HAMBURG,
    SAM,
    SUE,
    TICK,
    ask,
    fact,
    until,
)

ASSIGNED = until("assigned")
DECLARED = ASSIGNED.after(*(ask(DeclareNoConflict, by=one) for one in COMMITTEE))
SCORED = until("scored")
TWO_LEFT = DECLARED.after(ask(WithdrawEvaluator, by=ELLA))  # Eva of unit one, Emil of unit two and from outside
ON = HAMBURG.evaluation


# --- who leaves half-way


def test_an_evaluator_leaves_half_way_and_the_scores_no_longer_count() -> None:
    story = DECLARED.after(ask(GiveScores))
    reason = ProtectedText(subject=EVA, text="I am ill.")
    story.when(ask(WithdrawEvaluator)).then(fact(EvaluatorWithdrew, on=ON, evaluator=EVA, reason=reason))
    left = story.after(ask(WithdrawEvaluator)).get(EVALUATION, ON)
    assert (set(left.seats), left.left, left.scores()) == ({ELLA, EMIL}, {EVA}, {})


def test_nobody_leaves_a_complete_evaluation_half_way() -> None:
    SCORED.when(ask(WithdrawEvaluator)).refused("stage", "evaluation is complete")


def test_who_left_does_not_come_back_to_score_otherwise() -> None:
    left = DECLARED.after(ask(GiveScores), ask(WithdrawEvaluator))
    left.when(ask(AssignEvaluator)).refused("stage", "does not come back")


def test_a_free_seat_is_taken_by_somebody_who_fits() -> None:
    left = DECLARED.after(ask(WithdrawEvaluator, by=EMIL))
    left.when(ask(AssignEvaluator, evaluator=ERIK)).refused("E07")
    left.when(ask(AssignEvaluator, evaluator=EDDA)).refused("D02")
    assert TWO_LEFT.when(ask(AssignEvaluator, evaluator=EDDA)).code is None


# --- who is late


def replacing(successor: object = EDDA, **changes: object) -> ReplaceEvaluator:
    """Replace Eva, who is late."""
    command: ReplaceEvaluator = ask(ReplaceEvaluator, successor=successor, **changes)
    return command


def test_a_late_evaluator_is_replaced_by_another_one() -> None:
    reason = ProtectedText(subject=EVA, text="No scores came.")
    DECLARED.when(replacing()).then(
        fact(EvaluatorReplaced, on=ON, evaluator=EVA, reason=reason),
        fact(EvaluatorAssigned, on=ON, evaluator=EDDA, unit="Unit two", outside=False),
    )
    after = DECLARED.after(replacing()).get(EVALUATION, ON)
    assert (set(after.seats), after.left) == ({ELLA, EMIL, EDDA}, {EVA})


def test_nobody_is_late_before_the_scores_are_due() -> None:
    DECLARED.when(replacing(at=CALENDAR.scores_due - TICK)).refused("stage", "can be replaced comes on Fri 27 March")
    assert DECLARED.when(replacing(at=CALENDAR.scores_due)).code is None


def test_who_sent_the_scores_is_not_replaced() -> None:
    DECLARED.after(ask(GiveScores)).when(replacing()).refused("stage", "owes neither scores nor a word")


@pytest.mark.parametrize(
    ("evaluator", "successor", "code"),
    [
        (EMIL, ERIK, "E07"),
        (EMIL, EDDA, "D02"),
        (EVA, ELLA, "stage"),
        (EVA, EVA, "stage"),
        (EVA, COLIN, "stage"),
        (ERIK, EDDA, "stage"),
    ],
    ids=["same unit", "nobody from outside", "sits there", "the same person", "no evaluator", "not on it"],
)
def test_the_successor_fits_as_everybody_must(evaluator: object, successor: object, code: str) -> None:
    DECLARED.when(replacing(successor, evaluator=evaluator)).refused(code)


# --- when fewer must do


def test_one_officer_proposes_and_another_confirms_to_go_on_with_two() -> None:
    reason = ProtectedText(subject=SUE, text="Nobody else is free.")
    TWO_LEFT.when(ask(ProposeFewerEvaluators)).then(fact(FewerEvaluatorsProposed, on=ON, evaluators=2, reason=reason))
    proposed = TWO_LEFT.after(ask(ProposeFewerEvaluators))
    proposed.when(ask(ConfirmFewerEvaluators, by=SUE)).refused("D18")
    proposed.when(ask(ConfirmFewerEvaluators, by=SAM)).then(
        fact(FewerEvaluatorsConfirmed, on=ON, evaluators=2, proposed_by=SUE)
    )
    confirmed = proposed.after(ask(ConfirmFewerEvaluators))
    assert confirmed.get(EVALUATION, ON).required(3) == 2
    confirmed.when(ask(ConfirmFewerEvaluators)).refused("stage", "Nobody proposed")


def test_with_an_override_the_scores_of_two_complete_the_evaluation() -> None:
    override = (ask(ProposeFewerEvaluators), ask(ConfirmFewerEvaluators))
    last = TWO_LEFT.after(*override, ask(GiveScores)).when(ask(GiveScores, by=EMIL))
    assert type(last.changes[-1].event) is EvaluationCompleted
    scored = TWO_LEFT.after(ask(GiveScores), ask(GiveScores, by=EMIL), ask(ProposeFewerEvaluators))
    assert [type(change.event) for change in scored.when(ask(ConfirmFewerEvaluators)).changes] == [
        FewerEvaluatorsConfirmed,
        EvaluationCompleted,
    ]


@pytest.mark.parametrize("number", [1, 3, 4])
def test_an_override_keeps_at_least_two_and_fewer_than_required(number: int) -> None:
    TWO_LEFT.when(ask(ProposeFewerEvaluators, evaluators=number)).refused("D02")


def test_an_override_names_those_who_are_left() -> None:
    DECLARED.when(ask(ProposeFewerEvaluators)).refused("stage", "The committee has 3 evaluators, not 2.")
    one = TWO_LEFT.after(ask(WithdrawEvaluator))
    one.when(ask(ProposeFewerEvaluators)).refused("stage", "has 1 evaluators, not 2")


@pytest.mark.parametrize(("leaving", "code"), [(EMIL, "E07"), (ELLA, None)])
def test_two_evaluators_still_come_from_two_units_and_one_from_outside(leaving: object, code: str | None) -> None:
    two = DECLARED.after(ask(WithdrawEvaluator, by=leaving))
    assert two.when(ask(ProposeFewerEvaluators)).code == code


@pytest.mark.parametrize(
    "change", [ask(AssignEvaluator, evaluator=EDDA), ask(DeclareConflict)], ids=["one more", "one less"]
)
def test_a_proposed_override_ends_when_the_committee_changes(change: object) -> None:
    changed = TWO_LEFT.after(ask(ProposeFewerEvaluators), change)
    changed.when(ask(ConfirmFewerEvaluators)).refused("stage", "Nobody proposed")


@pytest.mark.parametrize("kind", [WithdrawEvaluator, ProposeFewerEvaluators, ConfirmFewerEvaluators])
def test_there_is_no_committee_before_the_application_was_found_eligible(kind: type) -> None:
    until("closed").when(ask(kind)).raises(NotFound)
    until("closed").when(replacing()).raises(NotFound)
