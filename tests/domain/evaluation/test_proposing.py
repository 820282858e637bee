"""Which evaluators are proposed for the free seats: nobody who could not take one, and nobody too often."""

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as any_of

from domain.errors import WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import AssignEvaluator, DeclareConflict, DeclareNoConflict, WithdrawEvaluator
from domain.evaluation.events import EvaluationStopped
from domain.evaluation.proposing import ProposedCommittee, propose_committees
from domain.partnership.events import CoachAssigned
from tests.cast import CALENDAR, Pair
from tests.given import CALL_ID, COLIN, EDDA, ELLA, EMIL, ERIK, EVA, HAMBURG, LINE, SUE, Story, ask, fact, until

LISBON = Pair("Lisbon", "Nagoya", place=2)
EVERYBODY = (EVA, ELLA, EMIL, ERIK, EDDA)
BOTH = until("eligible", HAMBURG, LISBON)
IDLE = dict.fromkeys(EVERYBODY, 0)


def proposed(story: Story, loads: dict = IDLE, most: int = 8, *pairs: Pair) -> list[ProposedCommittee]:  # type: ignore[type-arg]
    return list(
        propose_committees(
            [one.pilot_action for one in pairs or (HAMBURG,)], loads, most, CALENDAR.eligibility_checked, story
        )
    )


def members(committee: ProposedCommittee) -> list[object]:
    return [one.evaluator for one in committee.members]


def test_one_from_outside_comes_first_then_a_second_unit_then_who_knows_the_cluster() -> None:
    (committee,) = proposed(BOTH)
    assert members(committee) == [EMIL, EVA, ELLA]
    assert [one.why for one in committee.members] == [
        ("from outside the cluster and geography team, as one must be (D02)",),
        ("knows the cluster or the geography", "of a second unit, as one must be (E07)"),
        ("knows the cluster or the geography",),
    ]
    assert (committee.missing, committee.against) == (0, {})


def test_who_has_less_to_do_comes_before_who_has_more() -> None:
    (committee,) = proposed(BOTH, {**IDLE, EVA: 3, EDDA: 1, EMIL: 2})
    assert members(committee) == [ERIK, EDDA, ELLA]
    assert [one.load for one in committee.members] == [1, 2, 1]


def test_what_is_proposed_for_one_application_counts_for_the_next() -> None:
    first, second = proposed(BOTH, IDLE, 8, HAMBURG, LISBON)
    assert members(second) == [ERIK, EDDA, EVA]
    assert {one.evaluator: one.load for one in (*first.members, *second.members)} == {
        EMIL: 1, EVA: 2, ELLA: 1, ERIK: 1, EDDA: 1,
    }  # fmt: skip


def test_a_seat_for_which_nobody_is_free_stays_free_with_the_reasons() -> None:
    (committee,) = proposed(BOTH, {**IDLE, EMIL: 2, ERIK: 2}, 2)
    assert members(committee) == [EVA, EDDA]
    assert committee.missing == 1
    assert committee.against[EMIL] == "Has 2 of at most 2 applications."
    assert "from outside" in committee.against[ELLA]


def test_somebody_from_outside_is_said_to_be_so_where_one_sits_there_already() -> None:
    assigned = BOTH.after(ask(AssignEvaluator, evaluator=EMIL))
    (committee,) = proposed(assigned, {EMIL: 1, ERIK: 0, EVA: 0, ELLA: 0})
    assert members(committee) == [EVA, ELLA]
    (committee,) = proposed(assigned, {EMIL: 1, ERIK: 0, EVA: 1})
    assert [one.why[0] for one in committee.members] == [
        "from outside the cluster and geography team",
        "knows the cluster or the geography",
    ]


def test_a_full_committee_needs_nobody() -> None:
    (committee,) = proposed(until("assigned"))
    assert committee == ProposedCommittee(HAMBURG.pilot_action, (), 0, {})


def test_for_an_application_out_of_the_competition_nobody_is_proposed() -> None:
    about = {"pilot_action_id": HAMBURG.pilot_action, "call_id": CALL_ID, "line": LINE}
    stopped = BOTH.after(fact(EvaluationStopped, on=HAMBURG.evaluation, **about))
    with pytest.raises(WrongStage, match="out of the competition"):
        proposed(stopped)


def test_neither_a_coach_nor_who_declared_a_conflict_or_left_is_proposed() -> None:
    coached = BOTH.after(fact(CoachAssigned, on=HAMBURG.partnership, coach=EVA, in_group=False))
    assert EVA not in members(proposed(coached)[0])
    left = until("assigned").after(ask(DeclareConflict, by=EMIL), ask(WithdrawEvaluator, by=EVA))
    (committee,) = proposed(left, {EMIL: 0, EVA: 0, ERIK: 0, EDDA: 0})
    assert set(members(committee)) == {ERIK, EDDA}


def test_who_is_no_evaluator_is_not_proposed() -> None:
    (committee,) = proposed(BOTH, {COLIN: 0, SUE: 0})
    assert committee.members == ()
    assert set(committee.against.values()) == {"This subject is not an evaluator."}


STORIES = (
    BOTH,
    BOTH.after(ask(AssignEvaluator, evaluator=EVA)),
    BOTH.after(fact(CoachAssigned, on=HAMBURG.partnership, coach=EMIL, in_group=False)),
    until("assigned").after(ask(DeclareConflict, by=ELLA)),
    until("assigned").after(ask(DeclareNoConflict), ask(WithdrawEvaluator, by=EMIL)),
)


@whatever(
    story=any_of.sampled_from(STORIES),
    loads=any_of.lists(any_of.integers(0, 4), min_size=5, max_size=5),
    order=any_of.permutations(EVERYBODY),
    most=any_of.integers(0, 4),
)
def test_whatever_is_proposed_can_be_done_as_it_is_proposed(
    story: Story, loads: list[int], order: list[object], most: int
) -> None:
    given_loads = dict(zip(order, loads, strict=True))
    pairs = [one for one in (HAMBURG, LISBON) if story.find(EVALUATION, one.evaluation) is not None]
    committees = proposed(story, given_loads, most, *pairs)
    assert committees == proposed(story, given_loads, most, *pairs)
    for pair, committee in zip(pairs, committees, strict=True):
        for one in committee.members:
            assert one.load <= most
            assert one.load > given_loads[one.evaluator]
            command = ask(AssignEvaluator, pair, evaluator=one.evaluator)
            assert story.when(command).code is None
            story = story.after(command)
        taken = story.get(EVALUATION, pair.evaluation)
        assert len(taken.seats) + committee.missing == 3
