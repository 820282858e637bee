"""The ranking explains every total, and says what became of the list."""

import pytest
from sqlalchemy import Engine

from domain.call.events import Award, AwardListProposed, Departure, Outcome
from domain.ids import grant_id
from projections.call_ranking import CallRanking, Ranking, ranking, rounded
from tests.projections.story import (
    CALL,
    ENDINGS,
    LINE,
    OFFICER,
    Story,
    action_of,
    id_of,
    judged_call,
    submitted_call,
    text,
    whole_call,
)
from tests.projections.tables import follow


def ranked(engine: Engine, story: Story, line: str | None = None) -> Ranking | None:
    """Return the ranking at the story's end."""
    follow(engine, story, CallRanking)
    with engine.connect() as connection:
        return ranking(connection, CALL, line)


def test_before_the_ranking_there_is_none(engine: Engine) -> None:
    assert ranked(engine, submitted_call()) is None


@pytest.mark.parametrize(("line", "found"), [(None, True), (LINE, True), ("visits", False)])
def test_without_a_line_the_first_one_is_shown(engine: Engine, line: str | None, found: bool) -> None:
    assert (ranked(engine, judged_call(), line) is not None) == found


def test_the_header_adds_up(engine: Engine) -> None:
    shown = ranked(engine, judged_call())
    assert shown is not None
    assert (shown.envelope_cents, shown.above_cents, shown.left_cents) == (3_000_000, 3_000_000, 0)
    assert (shown.ranked, shown.above_thresholds) == (7, 5)


def test_rows_stand_by_rank_with_names_and_every_term(engine: Engine) -> None:
    shown = ranked(engine, judged_call())
    assert shown is not None
    assert [row.rank for row in shown.rows] == list(range(1, 8))
    assert [row.partnership for row in shown.rows] == [f"{city} with Seoul" for city in ENDINGS]
    assert [row.outcome for row in shown.rows] == list(ENDINGS.values())
    first = shown.rows[0]
    assert (first.id, first.title) == (action_of("Milan"), "Safe ways to school in Milan")
    assert (first.total, first.shown) == ("260/3", "86.67")
    assert [(term.criterion, term.scores, term.mean) for term in first.terms] == [
        ("relevance", (4, 5, 4), "13/3"),
        ("quality", (4, 5, 4), "13/3"),
    ]


def test_the_list_names_who_proposed_and_approved_it(engine: Engine) -> None:
    story = judged_call()
    shown = ranked(engine, story)
    assert shown is not None
    assert shown.award_list is not None
    assert (shown.award_list.version, shown.award_list.proposed_by, shown.award_list.digest) == (1, OFFICER, "list")
    assert shown.award_list.proposed_by_label == "Secretariat 2, fictitious"
    assert [approval.by for approval in shown.award_list.approvals] == [id_of("approver 1"), id_of("approver 2")]
    assert (shown.award_list.adopted_at, shown.award_list.released_at) == (story.log[-1].event.effective_at, None)


def test_a_new_version_of_the_list_voids_approvals(engine: Engine) -> None:
    story = judged_call()
    listed = {"awards": [], "reserve": [], "departures": [], "outcomes": []}
    story.tell(CALL, AwardListProposed, line=LINE, version=2, correction=0, digest="new", **listed)
    shown = ranked(engine, story)
    assert shown is not None
    assert shown.award_list is not None
    assert (shown.award_list.version, shown.award_list.approvals) == (2, ())


def test_a_list_with_a_departure_and_a_part_is_shown_as_it_is(engine: Engine) -> None:
    story = judged_call()
    moved = Departure(pilot_action_id=action_of("Umeå"), rank=4, place=1, reason=text("Nobody else is in the north."))
    parts = [
        Award(pilot_action_id=action_of(city), grant_id=grant_id(action_of(city)), cents=cents)
        for city, cents in (("Umeå", 1_000_000), ("Milan", 400_000))
    ]
    outcomes = [
        Outcome(pilot_action_id=action_of(city), outcome=ending, reason="Anew.")
        for city, ending in (("Umeå", "award"), ("Milan", "award"), ("Turin", "reserve"))
    ]
    listed = {"awards": parts, "reserve": [], "departures": [moved], "outcomes": outcomes}
    story.tell(CALL, AwardListProposed, line=LINE, version=2, correction=0, digest="new", **listed)
    shown = ranked(engine, story)
    assert shown is not None
    assert (shown.above_cents, shown.left_cents) == (1_400_000, 1_600_000)
    rows = {row.id: row for row in shown.rows}
    told = [(row.outcome, row.awarded_cents, row.moved_to) for row in map(rows.__getitem__, map(action_of, CITIES))]
    assert told == [("award", 1_000_000, 1), ("award", 400_000, None), ("reserve", 0, None)]
    assert rows[action_of("Umeå")].rank == 4


CITIES = ("Umeå", "Milan", "Turin")


def test_a_new_ranking_replaces_the_old_one(engine: Engine) -> None:
    story = submitted_call()
    story.rank(ENDINGS)
    story.rank({"Umeå": "award", "Milan": "reserve"})
    shown = ranked(engine, story)
    assert shown is not None
    assert [(row.id, row.outcome) for row in shown.rows] == [
        (action_of("Umeå"), "award"),
        (action_of("Milan"), "reserve"),
    ]
    assert shown.ranked == 2


def test_a_row_says_what_became_of_it(engine: Engine) -> None:
    shown = ranked(engine, whole_call())
    assert shown is not None
    assert [(row.fate, row.promoted) for row in shown.rows] == [
        ("accepted", False),
        ("declined", False),
        ("lapsed", False),
        ("accepted", True),
        (None, False),
        (None, False),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [("1210/15", "80.67"), ("4/1", "4.00"), ("13/3", "4.33"), ("5", "5.00"), ("?", "?"), ("1/0", "1/0")],
)
def test_a_fraction_is_rounded_for_people_only(fraction: str, shown: str) -> None:
    assert rounded(fraction) == shown
