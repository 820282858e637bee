"""From scores to a ranking: exact totals, thresholds, ties told apart, the line at the envelope, the reserve."""

from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.call.events import RankingRow
from domain.call.ranking import Purse, Scored, draw_line, rank, rank_again, standing
from domain.call.rules import CallRules
from domain.people import Geography
from fund_service.editions.loader import edition

RULES = edition("iurc-2026")  # weights 25, 25, 20, 15, 15; total threshold 70; each mean at least 3; 5 reserve places
ASIA, AUSTRALASIA, LATIN_AMERICA = Geography.ASIA, Geography.AUSTRALASIA, Geography.LATIN_AMERICA


def scored(
    number: int,
    *,
    geography: Geography = ASIA,
    cents: int = 1_000_000,
    smallest: int | None = None,
    **scores: tuple[int, ...],
) -> Scored:
    """An application with a mean of 4 for every criterion that is not named; without `smallest`, for all or nothing."""
    every = {criterion.id: scores.get(criterion.id, (4, 4, 4)) for criterion in RULES.criteria}
    return Scored(UUID(int=number), geography, cents, cents if smallest is None else smallest, every)


def ranked(*applications: Scored, envelope: int = 8_000_000, rules: CallRules = RULES) -> tuple[RankingRow, ...]:
    return rank(applications, rules, rules.lines[0].model_copy(update={"envelope_cents": envelope}))


def numbers(rows: tuple[RankingRow, ...]) -> list[int]:
    return [row.pilot_action_id.int for row in rows]


def steps(row: RankingRow) -> list[tuple[str, str]]:
    return [(step.step, step.value) for step in row.tie]


def test_scores_come_to_the_same_before_they_are_ranked_as_in_the_ranking() -> None:
    one = scored(1, relevance=(4, 4, 5), quality=(1, 5, 4))._replace(consensus={"quality": 3})
    [row] = ranked(one)
    now = standing(one.scores, one.consensus, RULES)
    assert tuple(now.terms.values()) == row.terms
    assert (str(now.total), now.passed) == (row.total, True)


def test_scores_that_are_not_all_there_have_a_total_so_far_and_no_verdict() -> None:
    now = standing({"relevance": (5,), "quality": (2,)}, {}, RULES)
    assert [(name, term.points, term.passed) for name, term in now.terms.items()] == [
        ("relevance", "25/1", True),
        ("quality", "10/1", False),
    ]
    assert (now.total, now.passed) == (35, None)
    every = {criterion.id: (3,) for criterion in RULES.criteria}
    assert standing(every, {}, RULES).passed is False
    assert standing({**every, "relevance": (5,)}, {}, RULES).passed is True, "70 of 100, the threshold itself"


def test_a_total_is_the_exact_weighted_sum_and_every_term_is_told() -> None:
    [row] = ranked(
        scored(
            1,
            relevance=(4, 4, 5),
            quality=(4, 4, 4),
            transferability=(3, 4, 4),
            partnership=(5, 5, 4),
            sustainability=(3, 3, 4),
        )
    )
    assert row.total == "241/3"
    assert [(term.criterion, term.scores, term.mean, term.weight, term.points) for term in row.terms] == [
        ("relevance", (4, 4, 5), "13/3", 25, "65/3"),
        ("quality", (4, 4, 4), "4/1", 25, "20/1"),
        ("transferability", (3, 4, 4), "11/3", 20, "44/3"),
        ("partnership", (5, 5, 4), "14/3", 15, "14/1"),
        ("sustainability", (3, 3, 4), "10/3", 15, "10/1"),
    ]


def test_a_consensus_takes_the_place_of_the_mean_and_the_scores_stay_visible() -> None:
    [row] = ranked(scored(1, quality=(5, 2, 3))._replace(consensus={"quality": 4}))
    assert row.total == "80/1"
    assert [(term.criterion, term.scores, term.mean) for term in row.terms if term.consensus] == [
        ("quality", (5, 2, 3), "4/1")
    ]


def test_a_consensus_below_the_threshold_is_called_one_in_the_reason() -> None:
    [row] = ranked(scored(1, quality=(5, 2, 3))._replace(consensus={"quality": 2}))
    assert row.reason == "Quality and feasibility: consensus 2.00 is below the threshold of 3."


def test_a_consensus_is_called_one_where_it_breaks_a_tie() -> None:
    rows = ranked(scored(1, relevance=(1, 4, 4))._replace(consensus={"relevance": 4}), scored(2))
    values = {row.pilot_action_id.int: steps(row)[0] for row in rows}
    assert values == {
        1: ("Relevance to the roadmap", "consensus 4.00"),
        2: ("Relevance to the roadmap", "mean 4.00"),
    }


def test_a_total_of_exactly_70_with_means_of_exactly_3_passes() -> None:
    [row] = ranked(scored(1, transferability=(3, 3, 3), partnership=(2, 3, 4), sustainability=(3, 3, 3)))
    assert (row.total, row.passed, row.outcome) == ("70/1", True, "award")
    assert row.reason == "Rank 1 of 1 above the thresholds, and the money suffices."


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (
            {"relevance": (3, 4, 4), "transferability": (3, 3, 3), "partnership": (3,), "sustainability": (3,)},
            "Total 68.33 is below the threshold of 70.",
        ),
        ({"quality": (2, 3, 3)}, "Quality and feasibility: mean 2.67 is below the threshold of 3."),
        (
            {"relevance": (1,), "sustainability": (2,)},
            (
                "Total 59.00 is below the threshold of 70. Relevance to the roadmap: mean 1.00 is below the threshold "
                "of 3. Sustainability and co-funding: mean 2.00 is below the threshold of 3."
            ),
        ),
        (
            {"relevance": (4,) * 4999 + (3,), "transferability": (3,), "partnership": (3,), "sustainability": (3,)},
            "Total 69.99 is below the threshold of 70.",  # 69.999, never shown as the threshold that it misses
        ),
    ],
    ids=["total", "one mean", "both", "hardly below"],
)
def test_what_misses_a_threshold_is_told_in_plain_words(scores: dict[str, tuple[int, ...]], reason: str) -> None:
    good = scored(1)
    [row] = ranked(good._replace(scores={**good.scores, **scores}))
    assert (row.passed, row.outcome, row.reason) == (False, "not_selected", reason)


def test_who_missed_a_threshold_comes_last_and_gets_neither_money_nor_a_reserve_place() -> None:
    best_total = scored(1, relevance=(5,), quality=(5,), transferability=(5,), partnership=(5,), sustainability=(2,))
    rows = ranked(best_total, scored(2), scored(3, relevance=(5,)))
    assert numbers(rows) == [3, 2, 1]
    assert [row.outcome for row in rows] == ["award", "award", "not_selected"]
    assert [row.adds_up_to_cents for row in rows] == [1_000_000, 2_000_000, 2_000_000]


def test_totals_that_differ_need_no_tie_break() -> None:
    assert [row.tie for row in ranked(scored(1), scored(2, quality=(4, 4, 5)))] == [(), ()]


def test_a_tie_goes_first_to_the_higher_relevance() -> None:
    rows = ranked(scored(1, relevance=(4, 4, 4), quality=(4, 4, 5)), scored(2, relevance=(4, 4, 5), quality=(4, 4, 4)))
    assert numbers(rows) == [2, 1]
    assert [steps(row) for row in rows] == [
        [("Relevance to the roadmap", "mean 4.33 (13/3)")],
        [("Relevance to the roadmap", "mean 4.00")],
    ]


def test_a_tie_in_relevance_goes_to_the_higher_transferability() -> None:
    rows = ranked(
        scored(1, transferability=(4,), partnership=(5,), sustainability=(5, 4, 4)),
        scored(2, transferability=(5,), partnership=(4,), sustainability=(4, 4, 4)),
    )
    assert numbers(rows) == [2, 1]
    assert [steps(row)[1] for row in rows] == [
        ("Transferability and replication", "mean 5.00"),
        ("Transferability and replication", "mean 4.00"),
    ]


def test_a_tie_in_the_criteria_goes_to_the_geography_with_the_fewest_awards_so_far() -> None:
    rows = ranked(scored(1, relevance=(5,)), scored(2), scored(3, geography=LATIN_AMERICA))
    assert numbers(rows) == [1, 3, 2]
    assert [steps(row)[2:] for row in rows] == [
        [],
        [("Awards so far in the geography", "Latin America 0 (against Asia 1)")],
        [("Awards so far in the geography", "Asia 1 (against Latin America 0)")],
    ]


def test_every_award_counts_for_the_next_place_of_the_same_tie() -> None:
    rows = ranked(*(scored(number) for number in (1, 2, 3)), *(scored(n, geography=AUSTRALASIA) for n in (4, 5, 6)))
    assert all(first.geography != second.geography for first, second in pairwise(rows) if first.rank % 2)


def test_a_reserve_place_does_not_count_as_an_award() -> None:
    rows = ranked(scored(1, relevance=(5,)), scored(2), scored(3, geography=LATIN_AMERICA), envelope=0)
    assert steps(rows[1])[2][1] == f"{rows[1].geography} 0 (against {rows[2].geography} 0)"


def test_what_nothing_else_tells_apart_is_drawn_by_a_lot_that_anybody_can_draw_again() -> None:
    rows = ranked(*map(scored, range(1, 9)))
    lots = [sha256(f"{RULES.tie_break.lot_seed}{row.pilot_action_id}".encode()).hexdigest() for row in rows]
    assert lots == sorted(lots)
    assert [steps(row)[-1] for row in rows] == [("Lot", lot[:16]) for lot in lots]


def test_without_the_step_of_the_geographies_the_lot_follows_the_criteria() -> None:
    rules = RULES.model_copy(
        update={"tie_break": RULES.tie_break.model_copy(update={"fewest_awards_in_geography": False})}
    )
    rows = ranked(scored(1), scored(2), scored(3, geography=LATIN_AMERICA), rules=rules)
    lots = [dict(steps(row))["Lot"] for row in rows]
    assert lots == sorted(lots)
    assert all("Awards so far in the geography" not in dict(steps(row)) for row in rows)


def test_a_request_that_fits_to_the_cent_is_awarded_and_one_cent_more_is_not() -> None:
    pair = scored(1, relevance=(5,), cents=400_000), scored(2, cents=600_000)
    assert [row.outcome for row in ranked(*pair, envelope=1_000_000)] == ["award", "award"]
    assert [row.outcome for row in ranked(*pair, envelope=999_999)] == ["award", "reserve"]


def test_a_smaller_request_never_jumps_over_the_first_that_no_longer_fits() -> None:
    rows = ranked(
        scored(1, relevance=(5,), cents=600_000),
        scored(2, quality=(4, 4, 5), cents=500_000),
        scored(3, cents=100),
        envelope=1_000_000,
    )
    assert [(row.outcome, row.adds_up_to_cents) for row in rows] == [
        ("award", 600_000),
        ("reserve", 1_100_000),
        ("reserve", 1_100_100),
    ]


@pytest.mark.parametrize(
    ("smallest", "outcomes", "given"),
    [
        (400_001, ["award", "reserve", "reserve"], [600_000, 0, 0]),
        (400_000, ["award", "award", "reserve"], [600_000, 400_000, 0]),
        (1, ["award", "award", "reserve"], [600_000, 400_000, 0]),
    ],
    ids=["a cent too little", "just useful", "anything is useful"],
)
def test_the_first_that_no_longer_fits_gets_what_is_left_if_that_is_a_useful_part(
    smallest: int, outcomes: list[str], given: list[int]
) -> None:
    rows = ranked(
        scored(1, relevance=(5,), cents=600_000),
        scored(2, quality=(4, 4, 5), cents=500_000, smallest=smallest),
        scored(3, cents=100),
        envelope=1_000_000,
    )
    assert [row.outcome for row in rows] == outcomes
    assert [row.awarded_cents for row in rows] == given


def test_a_part_is_told_as_what_it_is() -> None:
    [row] = ranked(scored(1, cents=500_000, smallest=1), envelope=400_000)
    assert row.reason == (
        "Rank 1 of 1 above the thresholds, and the money that is left suffices for a part: €4,000.00 of the €5,000.00 "
        "that were asked for. It needs the applicant's agreement."
    )


def test_where_no_cent_is_left_there_is_no_part() -> None:
    rows = ranked(scored(1, relevance=(5,)), scored(2, smallest=1), envelope=1_000_000)
    assert [row.outcome for row in rows] == ["award", "reserve"]


def test_the_line_is_drawn_anew_in_another_order_or_for_another_envelope() -> None:
    first, second, last = rows = ranked(
        scored(1, relevance=(5,)), scored(2, smallest=1), scored(3, relevance=(1,)), envelope=1_500_000
    )
    line = RULES.lines[0].model_copy(update={"envelope_cents": 1_500_000})
    assert draw_line(rows, line) == rows
    turned = draw_line((second, first, last), line)
    assert [(row.rank, row.outcome, row.awarded_cents) for row in turned] == [
        (2, "award", 1_000_000),
        (1, "reserve", 0),
        (3, "not_selected", 0),
    ]
    assert turned[2].reason == last.reason
    assert draw_line(rows, line.model_copy(update={"envelope_cents": 1}))[0].outcome == "reserve"


@given(
    st.integers(-1, 30),
    st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10)).map(lambda pair: (max(pair), min(pair))), max_size=6),
)
def test_a_purse_keeps_every_cent_and_nobody_gets_anything_below_the_first_that_did_not_fit(
    cents: int, asked: list[tuple[int, int]]
) -> None:
    purse, ended, total = Purse(cents), False, 0
    for requested, smallest in asked:
        got = purse.give(requested, smallest)
        total += got
        assert total + purse.left_cents == max(cents, 0)
        assert got in (0, requested) or smallest <= got < requested
        assert not (ended and got)
        ended = ended or got < requested


def test_after_the_money_come_the_reserve_places_and_then_nothing() -> None:
    rows = ranked(*map(scored, range(1, 9)), envelope=1_000_000)
    assert [row.outcome for row in rows] == ["award", *["reserve"] * 5, *["not_selected"] * 2]
    assert rows[2].reason == "Above the thresholds, but the money ended above this rank: reserve place 2 of 5."
    assert rows[7].reason == (
        "Above the thresholds, but the money ended above this rank and the reserve places are taken."
    )


def test_a_call_without_applications_has_an_empty_ranking() -> None:
    assert ranked() == ()


# Few different scores and sums, so that ties of every kind are frequent.
ENTRIES = st.lists(
    st.builds(
        lambda scores, geography, cents: (scores, geography, cents),
        st.fixed_dictionaries(
            {c.id: st.sampled_from([(3, 3, 3), (4, 4, 4), (3, 4, 5), (2, 3, 3)]) for c in RULES.criteria}
        ),
        st.sampled_from(Geography),
        st.sampled_from([(250_000, 250_000), (600_000, 1), (1_000_000, 400_000)]),
    ),
    max_size=10,
)
CALLS = ENTRIES.map(lambda entries: [Scored(UUID(int=number), g, *c, s) for number, (s, g, c) in enumerate(entries, 1)])
ENVELOPES = st.integers(min_value=0, max_value=10_000_000)
BETTER = ["not_selected", "reserve", "award"]


@given(CALLS, ENVELOPES, st.randoms(use_true_random=False))
def test_the_order_of_the_input_plays_no_part(applications: list[Scored], envelope: int, chance: object) -> None:
    shuffled = list(applications)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranked(*shuffled, envelope=envelope) == ranked(*applications, envelope=envelope)


@given(CALLS, ENVELOPES, ENVELOPES, st.booleans())
def test_a_ranking_tells_all_that_it_is_made_from(
    applications: list[Scored], envelope: int, other: int, agreed: bool
) -> None:
    if agreed:
        applications = [one._replace(consensus={"quality": 4}) for one in applications]
    line = RULES.lines[0].model_copy(update={"envelope_cents": other})
    rows = ranked(*applications, envelope=envelope)
    assert rank_again(rows, RULES, line) == ranked(*applications, envelope=other)


@given(CALLS, ENVELOPES)
def test_everybody_has_one_rank_of_their_own_and_a_higher_total_stands_higher(
    applications: list[Scored], envelope: int
) -> None:
    rows = ranked(*applications, envelope=envelope)
    assert [row.rank for row in rows] == list(range(1, len(applications) + 1))
    assert sorted(numbers(rows)) == list(range(1, len(applications) + 1))
    standing = [(row.passed, Fraction(row.total)) for row in rows]
    assert standing == sorted(standing, reverse=True)


@given(CALLS, ENVELOPES)
def test_awards_stay_within_the_envelope_and_follow_the_rank(applications: list[Scored], envelope: int) -> None:
    rows = ranked(*applications, envelope=envelope)
    assert sum(row.awarded_cents for row in rows) <= envelope
    assert all((row.awarded_cents > 0) == (row.outcome == "award") for row in rows)
    assert all(row.awarded_cents <= row.requested_cents for row in rows)
    parts = [row for row in rows if 0 < row.awarded_cents < row.requested_cents]
    assert all(row.smallest_useful_cents <= row.awarded_cents for row in parts)
    assert parts in ([], [[row for row in rows if row.outcome == "award"][-1]] if parts else [])
    assert [row.outcome for row in rows] == sorted((row.outcome for row in rows), key=BETTER.index, reverse=True)
    assert all(row.passed for row in rows if row.outcome != "not_selected")


@given(CALLS.filter(bool), ENVELOPES, st.data())
def test_raising_one_score_never_lowers_the_own_rank_or_outcome(
    applications: list[Scored], envelope: int, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(applications) - 1))
    criterion = data.draw(st.sampled_from(sorted(applications[at].scores)))
    lower, *others = applications[at].scores[criterion]
    raised = {**applications[at].scores, criterion: (data.draw(st.integers(lower + 1, 5)), *others)}
    after = [*applications[:at], applications[at]._replace(scores=raised), *applications[at + 1 :]]
    before_row, after_row = (
        next(row for row in ranked(*call, envelope=envelope) if row.pilot_action_id.int == at + 1)
        for call in (applications, after)
    )
    assert after_row.rank <= before_row.rank
    assert BETTER.index(after_row.outcome) >= BETTER.index(before_row.outcome)
