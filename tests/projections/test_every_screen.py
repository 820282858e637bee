"""What holds for every screen: it follows from the log alone, and no fact breaks it."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.messages import Event
from projections import lists, timeline
from projections.applicant_view import homes
from projections.call_ranking import ranking
from projections.coach_worklist import coach_work
from projections.dashboard_tables import COUNTED, MONEY
from projections.dashboard_view import By, dashboard, grouped
from projections.desk_view import next_point
from projections.desk_waits import Desk
from projections.evaluator_worklist import evaluator_work
from projections.next_deeds import OF_OFFICES, of_coach, of_evaluator, of_member, of_offices
from projections.read_model import Follower, ReadModel
from projections.screens import SCREENS
from tests.any_event import EVENTS, EVERY_EVENT_ONCE, IDS, LOGS
from tests.projections.story import Story, rules, whole_call
from tests.projections.tables import content, rebuild

NOW = rules().calendar.scores_due
FOUND_AS_IT_IS = (Phase.explicit, Phase.generate)
"""What breaks a screen is told as it was found: each try rebuilds every screen, and to shrink it takes thousands."""


def rebuilt(engine: Engine, kind: type[ReadModel], story: Story, batch: int) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tables hold after a rebuild in batches of this size."""
    rebuild(engine, story, kind, batch)
    return content(engine, kind())


@pytest.mark.parametrize("kind", SCREENS)
@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_a_screen_that_grew_equals_one_that_was_rebuilt(engine: Engine, kind: type[ReadModel], batch: int) -> None:
    whole, growing = whole_call(), Story()
    follower = Follower(engine, kind(), growing.read, batch)
    for recorded in whole.log:
        growing.log.append(recorded)
        if recorded.position % 5 == 0:
            follower.catch_up()
    follower.catch_up()
    grown = content(engine, kind())
    assert grown == rebuilt(engine, kind, whole, batch=1000)
    assert all(rows for rows in grown.values())


def test_read_models_share_no_table() -> None:
    tables = [name for kind in SCREENS for name in kind.metadata.tables]
    assert len({kind.name for kind in SCREENS}) == len(SCREENS)
    assert len(set(tables)) == len(tables)


def told(log: Sequence[tuple[UUID, Event]]) -> Story:
    """Return these events as a log."""
    story = Story()
    for stream, event in log:
        story.record(stream, event)
    return story


@settings(max_examples=15, phases=FOUND_AS_IT_IS)
@given(log=LOGS, batch=st.integers(1, 8))
def test_events_in_any_order_break_no_screen(shelf: Engine, log: list[tuple[UUID, Event]], batch: int) -> None:
    story = told(log)
    for kind in SCREENS:
        assert rebuilt(shelf, kind, story, batch) == rebuilt(shelf, kind, story, batch=1000)
    with shelf.connect() as connection:
        for id in IDS:
            homes(connection, id), ranking(connection, id), dashboard(connection, id), timeline.of(connection, id)
            coach_work(connection, id, NOW), evaluator_work(connection, id, NOW)
            list(found.rows()) if (found := Desk.of(connection, id, NOW)) is not None else []
            (
                list(of_member(homes(connection, id), id)),
                list(of_coach(connection, id, NOW)),
                list(of_evaluator(connection, id, NOW)),
            )
        list(of_offices(connection, NOW, OF_OFFICES)), next_point(connection, NOW)
        lists.calls(connection), list(lists.partnerships(connection)), list(lists.applications(connection))
        for call in lists.calls(connection):
            row = dashboard(connection, call.id)
            assert row is not None
            assert all(getattr(row, name) >= 0 for name in COUNTED)
            ends = ("withdrawn", "inadmissible", "ineligible", "awarded", "reserve", "rejected")
            ended = sum(getattr(row, name) for name in ends)
            assert ended <= row.submitted <= row.drafted
            for by in By:
                groups = grouped(connection, call.id, by) or []
                for name in (*COUNTED, *MONEY):
                    assert sum(getattr(group, name) for group in groups) == getattr(row, name), (by, name)


@settings(max_examples=5, phases=FOUND_AS_IT_IS)
@given(log=EVERY_EVENT_ONCE)
def test_no_event_is_forgotten_and_none_breaks_a_screen(shelf: Engine, log: list[tuple[UUID, Event]]) -> None:
    story = told(log)
    assert {type(recorded.event) for recorded in story.log} == set(EVENTS)
    for kind in SCREENS:
        assert rebuilt(shelf, kind, story, batch=5) == rebuilt(shelf, kind, story, batch=1000)
