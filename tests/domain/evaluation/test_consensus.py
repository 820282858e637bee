"""Scores that lie too far apart force a consensus, which every evaluator agrees to (D01, D02)."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.call.commands import EstablishRanking
from domain.call.events import RankingEstablished
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import (
    AgreeConsensus,
    AssignEvaluator,
    DecideAllegation,
    DeclareConflict,
    DeclareNoConflict,
    GivenScore,
    GiveScores,
    ProposeConsensus,
    RecordAllegation,
    RecordOverdue,
    ReplaceEvaluator,
)
from domain.evaluation.events import (
    AllegationDismissed,
    ConsensusAgreed,
    ConsensusOverdue,
    ConsensusProposed,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    Score,
    ScoresGiven,
    ScoresOverdue,
)
from domain.values import ProtectedText
from tests.given import (
    CALENDAR,
    COMMITTEE,
    EDDA,
    ELLA,
    EMIL,
    ERIK,
    EVA,
    HAMBURG,
    RULES,
    TICK,
    WORDS,
    Story,
    ask,
    fact,
    until,
)

ON = HAMBURG.evaluation
IDS = [criterion.id for criterion in RULES.criteria]  # weights 25, 25, 20, 15, 15
DECLARED = until("assigned").after(*(ask(DeclareNoConflict, by=one) for one in COMMITTEE))


def points(*numbers: int) -> Mapping[str, Any]:
    """Scores for the criteria in their order."""
    return {name: GivenScore(points=number, justification=WORDS) for name, number in zip(IDS, numbers, strict=True)}


def scored(*sheets: tuple[int, ...]) -> Story:
    """The evaluation after the committee sent these scores."""
    return DECLARED.after(
        *(ask(GiveScores, by=who, scores=points(*sheet)) for who, sheet in zip(COMMITTEE, sheets, strict=True))
    )


def proposing(by: object = EVA, words: str = WORDS, **proposed: int) -> ProposeConsensus:
    """Propose points by criterion."""
    scores = {name: GivenScore(points=number, justification=words) for name, number in proposed.items()}
    command: ProposeConsensus = ask(ProposeConsensus, by=by, scores=scores)
    return command


FOUR = (4, 4, 4, 4, 4)
APART = scored((5, 4, 4, 4, 4), (2, 4, 4, 4, 4), (3, 4, 4, 4, 4))
PROPOSED = APART.after(proposing(relevance=4))
AGREED = PROPOSED.after(ask(AgreeConsensus, by=ELLA), ask(AgreeConsensus, by=EMIL))


# --- when a consensus is forced


@pytest.mark.parametrize(
    ("first", "criteria", "apart"),
    [
        ((2, 4, 4, 4, 4), (), None),
        ((1, 4, 4, 4, 4), ("relevance",), "15/1"),
        ((1, 4, 1, 4, 4), ("relevance", "transferability"), "27/1"),
        ((2, 3, 3, 3, 3), (), None),
        ((3, 3, 3, 2, 2), ("relevance", "quality", "transferability", "partnership", "sustainability"), "26/1"),
        ((2, 2, 4, 4, 2), ("relevance", "quality", "sustainability"), "26/1"),
    ],
    ids=["2 apart", "3 apart", "twice 3 apart", "totals 25 apart", "totals 26 apart", "of them three differ"],
)
def test_a_wide_spread_of_scores_or_totals_forces_a_consensus(
    first: tuple[int, ...], criteria: tuple[str, ...], apart: str | None
) -> None:
    story = scored(first, FOUR, FOUR)
    found = [change.event for change in story.log if isinstance(change.event, DivergenceFound)]
    assert [(event.criteria, event.totals_apart) for event in found] == ([(criteria, apart)] if criteria else [])
    assert story.get(EVALUATION, ON).completed is not bool(criteria)


def test_the_last_scores_find_the_divergence_instead_of_completing_the_evaluation() -> None:
    two = DECLARED.after(ask(GiveScores, scores=points(5, 4, 4, 4, 4)), ask(GiveScores, by=ELLA, scores=points(*FOUR)))
    last = two.when(ask(GiveScores, by=EMIL, scores=points(2, 4, 4, 4, 4)))
    assert [type(change.event) for change in last.changes] == [ScoresGiven, DivergenceFound]


# --- how it is found


def test_an_evaluator_proposes_justified_scores_and_agrees_to_them() -> None:
    [change] = APART.when(proposing(relevance=4)).changes
    score = Score(points=4, justification=ProtectedText(subject=EVA, text=WORDS))
    assert change.event == ConsensusProposed(
        by=EVA,
        effective_at=CALENDAR.scores_due,
        evaluator=EVA,
        number=1,
        digest=change.event.digest,
        scores={"relevance": score},
    )
    PROPOSED.when(ask(AgreeConsensus, by=EVA)).refused("stage", "agreed to this proposal already")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (proposing(relevance=0), None),
        (proposing(relevance=6), "D01"),
        (proposing(relevance=4, words="Short."), "D01"),
        (proposing(), "D02"),
        (proposing(quality=4), "D02"),
        (proposing(relevance=4, quality=4), "D02"),
        (proposing(by=ERIK, relevance=4), "stage"),
    ],
    ids=["0", "6", "not justified", "nothing", "another criterion", "one more", "not on the committee"],
)
def test_a_consensus_covers_what_diverges_on_the_scale_and_justified(command: object, code: str | None) -> None:
    assert APART.when(command).code == code


def test_with_the_last_evaluators_word_the_consensus_completes_the_evaluation() -> None:
    digest = PROPOSED.get(EVALUATION, ON).proposal.digest
    agreed = {"number": 1, "digest": digest}
    PROPOSED.when(ask(AgreeConsensus, by=ELLA)).then(fact(ConsensusAgreed, on=ON, evaluator=ELLA, **agreed))
    last = PROPOSED.after(ask(AgreeConsensus, by=ELLA)).when(ask(AgreeConsensus, by=EMIL))
    assert [type(change.event) for change in last.changes] == [ConsensusAgreed, ConsensusReached, EvaluationCompleted]
    assert last.changes[1].event.points == {"relevance": 4}
    assert AGREED.get(EVALUATION, ON).completed


def test_a_newer_proposal_takes_the_place_of_an_older_one_and_of_the_agreements_to_it() -> None:
    older = PROPOSED.get(EVALUATION, ON).proposal.digest
    newer = PROPOSED.after(ask(AgreeConsensus, by=ELLA), proposing(by=EMIL, relevance=3))
    newer.when(ask(AgreeConsensus, by=EVA, digest=older)).refused("D10")
    assert newer.get(EVALUATION, ON).proposal.agreed_by == {EMIL}
    agreed = newer.after(ask(AgreeConsensus, by=ELLA), ask(AgreeConsensus, by=EVA))
    assert agreed.get(EVALUATION, ON).consensus == {"relevance": 3}
    late = fact(ConsensusAgreed, on=ON, evaluator=ELLA, number=1, digest=older)
    assert newer.after(late).get(EVALUATION, ON).proposal.agreed_by == {EMIL}


def test_only_the_committee_agrees_and_only_to_what_was_proposed() -> None:
    PROPOSED.when(ask(AgreeConsensus, by=ERIK)).refused("stage", "not an evaluator of this application")
    APART.when(ask(AgreeConsensus)).refused("stage", "No consensus is proposed yet")


@pytest.mark.parametrize("command", [proposing(relevance=4), ask(AgreeConsensus)], ids=["proposed", "agreed"])
def test_no_consensus_is_needed_before_a_divergence_or_after_the_consensus(command: object) -> None:
    DECLARED.when(command).refused("stage", "No consensus is needed")
    AGREED.when(command).refused("stage", "No consensus is needed")


def test_a_consensus_goes_with_an_evaluator_who_leaves() -> None:
    left = AGREED.after(ask(DeclareConflict))
    assert left.get(EVALUATION, ON).consensus == {}
    joined = left.after(ask(AssignEvaluator, evaluator=EDDA), ask(DeclareNoConflict, by=EDDA))
    assert joined.after(ask(GiveScores, by=EDDA, scores=points(*FOUR))).get(EVALUATION, ON).completed


def test_an_allegation_holds_up_a_consensus_that_was_reached() -> None:
    story = PROPOSED.after(ask(RecordAllegation), *(ask(AgreeConsensus, by=one) for one in (ELLA, EMIL)))
    evaluation = story.get(EVALUATION, ON)
    assert (evaluation.consensus, evaluation.completed) == ({"relevance": 4}, False)
    assert story.after(ask(DecideAllegation, upheld=False)).get(EVALUATION, ON).completed


def test_an_answered_allegation_leaves_a_divergence_to_be_settled() -> None:
    alleged = APART.after(ask(RecordAllegation))
    assert len(alleged.when(ask(DecideAllegation, upheld=False)).changes) == 1


def test_a_divergence_is_found_when_the_allegation_that_held_it_up_is_answered() -> None:
    alleged = DECLARED.after(ask(RecordAllegation))
    sheets = zip(COMMITTEE, ((5, 4, 4, 4, 4), (2, 4, 4, 4, 4), FOUR), strict=True)
    story = alleged.after(*(ask(GiveScores, by=who, scores=points(*sheet)) for who, sheet in sheets))
    answered = story.when(ask(DecideAllegation, upheld=False))
    assert [type(change.event) for change in answered.changes] == [AllegationDismissed, DivergenceFound]


# --- what it leads to


@pytest.mark.parametrize(
    ("story", "code"),
    [(APART, "D02"), (PROPOSED, "D02"), (AGREED, None), (AGREED.after(ask(RecordAllegation)), "E10")],
    ids=["apart", "proposed", "agreed", "alleged"],
)
def test_an_application_is_ranked_when_its_evaluation_is_complete(story: Story, code: str | None) -> None:
    assert story.when(ask(EstablishRanking)).code == code


def test_the_consensus_counts_in_place_of_the_mean_and_the_scores_stay_visible() -> None:
    [change] = AGREED.when(ask(EstablishRanking)).changes
    assert isinstance(change.event, RankingEstablished)
    relevance, quality, *_ = change.event.rows[0].terms
    assert (relevance.scores, relevance.mean, relevance.points, relevance.consensus) == ((5, 2, 3), "4/1", "20/1", True)
    assert (quality.mean, quality.consensus) == ("4/1", False)
    assert change.event.rows[0].total == "80/1"


# --- what is overdue


def test_missing_scores_are_overdue_at_their_instant_with_the_seats_that_are_empty() -> None:
    waiting = DECLARED.after(ask(GiveScores), ask(DeclareConflict, by=EMIL))
    overdue = {"evaluators": (ELLA,), "empty_seats": 1, "due": CALENDAR.scores_due}
    waiting.when(ask(RecordOverdue)).then(fact(ScoresOverdue, on=ON, **overdue))
    waiting.when(ask(RecordOverdue, at=CALENDAR.scores_due - TICK)).refused("stage", "overdue")
    until("scored").when(ask(RecordOverdue)).refused("stage", "overdue")


@pytest.mark.parametrize(
    ("story", "late"), [(APART, (EVA, ELLA, EMIL)), (PROPOSED, (ELLA, EMIL))], ids=["apart", "proposed"]
)
def test_a_missing_consensus_is_overdue_at_its_instant(story: Story, late: tuple[object, ...]) -> None:
    due = CALENDAR.consensus_due
    story.when(ask(RecordOverdue, at=due)).then(fact(ConsensusOverdue, on=ON, evaluators=late, due=due))
    story.when(ask(RecordOverdue, at=due - TICK)).refused("stage", "overdue")
    AGREED.when(ask(RecordOverdue, at=due)).refused("stage", "overdue")


# --- who lets the others wait


def replacing(evaluator: object, **changes: object) -> Any:
    """Replace an evaluator of Hamburg's application by Edda, when the consensus is due."""
    return ask(ReplaceEvaluator, **{"at": CALENDAR.consensus_due, "evaluator": evaluator, "successor": EDDA, **changes})


def test_who_agreed_to_no_consensus_when_it_is_due_is_replaced_and_the_divergence_looked_for_anew() -> None:
    replaced = PROPOSED.after(ask(AgreeConsensus, by=EMIL), replacing(ELLA))
    assert replaced.get(EVALUATION, ON).divergent == ()
    edda = replaced.after(ask(DeclareNoConflict, by=EDDA))
    last = edda.when(ask(GiveScores, by=EDDA, scores=points(*FOUR)))
    assert [type(change.event) for change in last.changes] == [ScoresGiven, EvaluationCompleted]


def test_nobody_is_late_with_a_consensus_before_it_is_due_nor_who_agreed() -> None:
    PROPOSED.when(replacing(ELLA, at=CALENDAR.consensus_due - TICK)).refused("stage", "can be replaced comes on")
    PROPOSED.when(replacing(EVA)).refused("stage", "owes neither scores nor a word")
    assert APART.when(replacing(EVA)).code is None
