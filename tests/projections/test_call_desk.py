"""The desk of a call: who waits for whom, what is late, and for how long each matter waited on whom."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationOpened,
    EvaluationReopened,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.grant.events import GrantAccepted
from domain.ids import evaluation_id
from domain.messages import Event
from domain.partnership.events import CoachAssigned, CoachingRequested
from domain.pilot_action.events import ApplicationFoundEligible
from projections.call_desk import CallDesk, DeskRow, desk
from projections.read_model import Follower
from tests.projections.story import CALL, LINE, Story, action_of, id_of, rules, text

CITY = "Bremen"
CALENDAR = rules().calendar
EVALUATION = evaluation_id(action_of(CITY))


def shown(engine: Engine, story: Story, now: datetime) -> dict[str, DeskRow]:
    """Return the desk's rows by the name of their matter."""
    Follower(engine, CallDesk(), story.read).catch_up()
    with engine.connect() as connection:
        return {row.title: row for row in desk(connection, CALL, now)}


def only(engine: Engine, story: Story, now: datetime = CALENDAR.published) -> DeskRow:
    """Return the one matter that is still open on the desk."""
    [row] = shown(engine, story, now).values()
    return row


def waits(row: DeskRow) -> list[tuple[str, str]]:
    """Return what a matter waits for."""
    return sorted((wait.party.value, wait.words) for wait in row.waits)


@pytest.fixture
def story() -> Story:
    begun = Story()
    begun.publish()
    return begun


def test_a_new_partnership_waits_for_its_partners_and_for_the_roadmap(engine: Engine, story: Story) -> None:
    story.form(CITY)
    assert waits(only(engine, story)) == [
        ("applicant", "write the roadmap"),
        ("partner", "confirm that it takes part"),
    ]


def test_a_request_for_coaching_waits_for_the_authority_and_then_for_the_coach(engine: Engine, story: Story) -> None:
    story.form(CITY)
    story.tell(id_of(CITY), CoachingRequested)
    assert ("authority", "assign a coach") in waits(only(engine, story))
    story.tell(id_of(CITY), CoachAssigned, coach=id_of("coach"))
    assert ("coach", "finish the coaching") in waits(only(engine, story))
    assert ("authority", "assign a coach") not in waits(only(engine, story))


def test_a_proposal_takes_over_the_partnerships_clock_and_its_place_on_the_desk(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    row = only(engine, story)
    assert row.id == action_of(CITY)
    assert waits(row) == [("applicant", "submit the application")]


def test_what_is_put_forward_waits_for_every_partner(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.put_forward(CITY)
    assert ("partner", "confirm its part in the application") in waits(only(engine, story))
    story.confirm(CITY)
    assert waits(only(engine, story)) == [("applicant", "submit the application")]


def test_a_draft_is_late_from_the_closing_instant_until_the_call_is_closed_and_then_waits_no_more(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    closes = CALENDAR.applications_close
    assert not only(engine, story, closes - timedelta(microseconds=1)).late
    assert only(engine, story, closes).late
    story.open()
    story.close()
    row = only(engine, story, closes + timedelta(days=30))
    assert (row.waits, row.late) == ((), False)


def eligible(story: Story) -> Story:
    """Let the city's application be found eligible."""
    story.prepare(CITY)
    story.apply(CITY)
    story.find(CITY, ApplicationFoundEligible)
    stream = evaluation_id(action_of(CITY))
    about = {"pilot_action_id": action_of(CITY), "partnership_id": id_of(CITY)}
    story.tell(stream, EvaluationOpened, call_id=CALL, line=LINE, **about)
    return story


def test_an_eligible_application_waits_for_every_seat_and_then_for_every_evaluator(
    engine: Engine, story: Story
) -> None:
    eligible(story)
    stream = evaluation_id(action_of(CITY))
    everybody = [id_of(f"evaluator {number}") for number in range(rules().evaluation.evaluators)]
    for one in everybody:
        assert ("authority", "assign the evaluators") in waits(only(engine, story))
        story.tell(stream, EvaluatorAssigned, evaluator=one, unit="A", outside=True)
    assert waits(only(engine, story)) == [("evaluator", "declare interests")] * len(everybody)
    for one in everybody:
        story.tell(stream, NoConflictDeclared, evaluator=one)
    assert waits(only(engine, story)) == [("evaluator", "send the scores")] * len(everybody)
    for one in everybody:
        story.tell(stream, ScoresGiven, evaluator=one, scores={})
    assert waits(only(engine, story)) == []


def judged(story: Story, *, scored: bool) -> list[UUID]:
    """Let a full committee declare, and score unless it is still to do so."""
    eligible(story)
    everybody = [id_of(f"evaluator {number}") for number in range(rules().evaluation.evaluators)]
    for one in everybody:
        story.tell(EVALUATION, EvaluatorAssigned, evaluator=one, unit="A", outside=True)
        story.tell(EVALUATION, NoConflictDeclared, evaluator=one)
        if scored:
            story.tell(EVALUATION, ScoresGiven, evaluator=one, scores={})
    return everybody


@pytest.mark.parametrize(
    ("leaving", "told"),
    [
        (ConflictDeclared, {"reason": text()}),
        (EvaluatorWithdrew, {"reason": text()}),
        (EvaluatorReplaced, {"reason": text()}),
        (AllegationUpheld, {"number": 1, "reasons": text()}),
    ],
)
def test_a_seat_that_an_evaluator_leaves_is_waited_for(
    engine: Engine, story: Story, leaving: type[Event], told: dict[str, Any]
) -> None:
    first, *others = judged(story, scored=False)
    story.tell(EVALUATION, leaving, evaluator=first, **told)
    sending = [("evaluator", "send the scores")] * len(others)
    assert waits(only(engine, story)) == [("authority", "assign the evaluators"), *sending]
    story.tell(EVALUATION, EvaluatorAssigned, evaluator=id_of("successor"), unit="A", outside=True)
    assert waits(only(engine, story)) == [("evaluator", "declare interests"), *sending]


def test_no_further_evaluator_is_waited_for_where_fewer_suffice(engine: Engine, story: Story) -> None:
    first, *_ = judged(story, scored=True)
    story.tell(EVALUATION, EvaluatorWithdrew, evaluator=first, reason=text())
    assert waits(only(engine, story)) == [("authority", "assign the evaluators")]
    story.tell(EVALUATION, FewerEvaluatorsConfirmed, evaluators=2)
    assert waits(only(engine, story)) == []


def test_scores_that_lie_apart_wait_for_a_consensus_until_it_is_due(engine: Engine, story: Story) -> None:
    judged(story, scored=True)
    story.tell(EVALUATION, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    [wait] = only(engine, story).waits
    assert (wait.party, wait.words, wait.due) == ("evaluator", "find a consensus", CALENDAR.consensus_due)
    story.tell(EVALUATION, ConsensusReached, points={"relevance": 4})
    assert waits(only(engine, story)) == []


def test_an_alleged_conflict_waits_for_its_answer_before_the_ranking(engine: Engine, story: Story) -> None:
    first, *_ = judged(story, scored=True)
    named = {"pilot_action_id": action_of(CITY), "call_id": CALL, "line": LINE}
    story.tell(EVALUATION, EvaluationCompleted, **named)
    assert waits(only(engine, story)) == [("authority", "rank, list and release")]
    story.tell(EVALUATION, EvaluationReopened, **named)
    story.tell(EVALUATION, ConflictAlleged, number=1, evaluator=first, allegation=text())
    assert waits(only(engine, story)) == [("authority", "answer an alleged conflict of interest")]
    story.tell(EVALUATION, AllegationDismissed, number=1, evaluator=first, reasons=text())
    assert waits(only(engine, story)) == []


def test_what_is_late_stands_first(engine: Engine, story: Story) -> None:
    story.form(CITY)
    story.prepare("Graz")
    rows = list(shown(engine, story, CALENDAR.applications_close).values())
    assert [row.late for row in rows] == [True, False]


def test_an_offer_waits_for_its_answer_and_a_delivery_for_the_city(engine: Engine, story: Story) -> None:
    eligible(story)
    story.offer(CITY)
    [answer] = [wait for wait in only(engine, story).waits if wait.words == "answer the offer"]
    assert answer.due is not None
    story.answer(CITY, GrantAccepted)
    accepted = [("applicant", "file the final report"), ("authority", "assign the evaluators")]
    assert waits(only(engine, story)) == [*accepted, ("authority", "order and deliver")]
    story.deliver(CITY, 1, 500_000, 400_000, certified=False)
    assert ("applicant", "acknowledge a delivery") in waits(only(engine, story))
    story.finish(CITY, 400_000)
    assert waits(only(engine, story)) == []


def test_a_call_that_was_never_published_has_an_empty_desk(engine: Engine) -> None:
    assert shown(engine, Story(), CALENDAR.published) == {}
