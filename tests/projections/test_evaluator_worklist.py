"""An evaluator's worklist: declare, score, agree; by names alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.call.events import CallCancelled
from domain.evaluation.events import (
    AllegationUpheld,
    ConflictDeclared,
    ConsensusAgreed,
    ConsensusProposed,
    ConsensusReached,
    DivergenceFound,
    EvaluationOpened,
    EvaluationStopped,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.ids import evaluation_id
from domain.messages import Event
from projections.evaluator_worklist import EvaluatorWork, EvaluatorWorklist, evaluator_work
from tests.projections.story import CALL, LINE, OFFICER, PARTNER, Story, action_of, id_of, rules, text
from tests.projections.tables import follow

CITY = "Bremen"
ME, OTHER = id_of("evaluator 1"), id_of("evaluator 2")
STREAM = evaluation_id(action_of(CITY))
CALENDAR = rules().calendar


@pytest.fixture
def story() -> Story:
    begun = Story()
    begun.publish()
    begun.prepare(CITY)
    begun.apply(CITY)
    about = {"pilot_action_id": action_of(CITY), "partnership_id": id_of(CITY)}
    begun.tell(STREAM, EvaluationOpened, call_id=CALL, line=LINE, **about)
    for one in (ME, OTHER):
        begun.tell(STREAM, EvaluatorAssigned, evaluator=one, unit="A", outside=True)
    return begun


def only(engine: Engine, story: Story, now: datetime = CALENDAR.scores_due) -> EvaluatorWork:
    """Return the one application of the first evaluator."""
    follow(engine, story, EvaluatorWorklist)
    with engine.connect() as connection:
        [row] = evaluator_work(connection, ME, now)
    return row


def scored(story: Story) -> None:
    """Let the first evaluator declare and score."""
    story.tell(STREAM, NoConflictDeclared, evaluator=ME)
    story.tell(STREAM, ScoresGiven, evaluator=ME, scores={})


def test_an_application_is_known_by_its_names_alone(engine: Engine, story: Story) -> None:
    row = only(engine, story)
    assert (row.id, row.title) == (action_of(CITY), f"Safe ways to school in {CITY}")
    assert (row.partnership, row.members) == (f"{CITY} with {PARTNER}", (CITY, PARTNER))


def test_an_evaluator_declares_then_scores_and_is_done(engine: Engine, story: Story) -> None:
    assert only(engine, story).step == "declare"
    story.tell(STREAM, NoConflictDeclared, evaluator=ME)
    assert only(engine, story).step == "score"
    story.tell(STREAM, ScoresGiven, evaluator=ME, scores={})
    row = only(engine, story)
    assert (row.step, row.due, row.late) == ("done", None, False)


def test_a_step_is_late_from_the_instant_at_which_it_is_due(engine: Engine, story: Story) -> None:
    assert not only(engine, story, CALENDAR.scores_due - timedelta(microseconds=1)).late
    assert only(engine, story, CALENDAR.scores_due).late


def test_a_consensus_waits_for_whoever_has_not_agreed_to_the_last_proposal(engine: Engine, story: Story) -> None:
    scored(story)
    story.tell(STREAM, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    row = only(engine, story)
    assert (row.step, row.due) == ("agree to a consensus", CALENDAR.consensus_due)
    story.tell(STREAM, ConsensusProposed, evaluator=ME, number=1, digest="1", scores={})
    assert only(engine, story).step == "done"
    story.tell(STREAM, ConsensusProposed, evaluator=OTHER, number=2, digest="2", scores={})
    assert only(engine, story).step == "agree to a consensus"
    story.tell(STREAM, ConsensusAgreed, evaluator=ME, number=2, digest="2")
    assert only(engine, story).step == "done"


def test_nothing_is_left_to_agree_to_once_a_consensus_is_reached(engine: Engine, story: Story) -> None:
    scored(story)
    story.tell(STREAM, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    story.tell(STREAM, ConsensusReached, points={"relevance": 4})
    assert only(engine, story).step == "done"


@pytest.mark.parametrize(
    ("leaving", "told"),
    [
        (ConflictDeclared, {"reason": text()}),
        (EvaluatorWithdrew, {"reason": text()}),
        (EvaluatorReplaced, {"reason": text()}),
        (AllegationUpheld, {"number": 1, "recorded_by": OFFICER, "reasons": text()}),
    ],
)
def test_who_left_has_nothing_to_do(engine: Engine, story: Story, leaving: type[Event], told: dict[str, Any]) -> None:
    story.tell(STREAM, leaving, evaluator=ME, **told)
    row = only(engine, story)
    assert (row.step, row.due) == ("left", None)


def test_nobody_judges_what_was_withdrawn(engine: Engine, story: Story) -> None:
    story.withdraw(CITY)
    assert only(engine, story).step == "done"


def test_nobody_judges_what_was_taken_out(engine: Engine, story: Story) -> None:
    story.tell(STREAM, EvaluationStopped, pilot_action_id=action_of(CITY), call_id=CALL, line=LINE)
    assert only(engine, story).step == "done"


def test_nobody_judges_in_a_cancelled_call(engine: Engine, story: Story) -> None:
    story.tell(CALL, CallCancelled, proposed_by=OFFICER, reason="No money.", pilot_action_ids=[], lines=[])
    assert only(engine, story).step == "done"
