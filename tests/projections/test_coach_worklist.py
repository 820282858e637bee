"""A coach's worklist: the sessions held, the next step, and until when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.call.events import CallCancelled
from domain.messages import Event
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingEnded,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
)
from projections.coach_worklist import CoachWork, CoachWorklist, coach_work
from tests.projections.story import CALL, OFFICER, Story, id_of, rules, text
from tests.projections.tables import follow

COACH = id_of("coach")
CLOSES = rules().calendar.coaching_closes


@pytest.fixture
def story() -> Story:
    begun = Story()
    begun.publish()
    begun.form("Bremen")
    begun.tell(id_of("Bremen"), CoachAssigned, coach=COACH)
    return begun


def only(engine: Engine, story: Story, now: datetime = CLOSES) -> CoachWork:
    """Return the coach's one partnership."""
    follow(engine, story, CoachWorklist)
    with engine.connect() as connection:
        [row] = coach_work(connection, COACH, now)
    return row


def test_every_session_of_the_minimum_is_a_step_and_then_the_end(engine: Engine, story: Story) -> None:
    assert only(engine, story).next_step == "hold session 1 of 2"
    story.tell(id_of("Bremen"), CoachingSessionHeld, number=1, minutes=60, note=text())
    assert only(engine, story).next_step == "hold session 2 of 2"
    story.tell(id_of("Bremen"), GroupSessionHeld, number=2, minutes=60, partnerships=3, note=text())
    row = only(engine, story)
    assert (row.sessions, row.minimum, row.next_step) == (2, 2, "finish the coaching")


def test_a_step_is_late_from_the_end_of_the_months_of_coaching(engine: Engine, story: Story) -> None:
    assert not only(engine, story, CLOSES - timedelta(microseconds=1)).late
    assert only(engine, story, CLOSES).late


@pytest.mark.parametrize(("kind", "told"), [(CoachingCompleted, {}), (CoachingEnded, {"requested": 1, "sessions": 0})])
def test_coaching_that_is_over_has_no_next_step(
    engine: Engine, story: Story, kind: type[Event], told: dict[str, int]
) -> None:
    story.tell(id_of("Bremen"), kind, **told)
    row = only(engine, story)
    assert (row.next_step, row.due, row.late, row.done) == (None, None, False, True)


def test_nothing_is_left_to_do_in_a_cancelled_call(engine: Engine, story: Story) -> None:
    story.tell(CALL, CallCancelled, proposed_by=OFFICER, reason="No money.", pilot_action_ids=[], lines=[])
    assert only(engine, story).done


def test_a_session_to_which_nobody_came_counts_apart(engine: Engine, story: Story) -> None:
    story.tell(id_of("Bremen"), CoachingSessionMissed)
    row = only(engine, story)
    assert (row.sessions, row.missed, row.next_step) == (0, 1, "hold session 1 of 2")
