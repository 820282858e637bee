"""What is counted of a desk is what one counts who reads all of it, at any instant and after every event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from domain.messages import Event
from projections.call_desk import CallDesk
from projections.desk_spans import waited
from projections.desk_urgency import SOON_DAYS, days_between, urgent
from projections.desk_view import WaitRow
from projections.desk_waits import Desk
from projections.read_model import Follower
from projections.waiting import Party
from tests.any_event import IDS, LOGS
from tests.projections.story import CALL, Story, rules, whole_call
from tests.projections.tables import rebuild
from tests.projections.whole_desk import DeskRow, desk, one_by_one

CALENDAR = rules().calendar
INSTANTS = sorted({at + timedelta(minutes=by) for _, at in CALENDAR.points() for by in (-1, 0, 7, 100_000)})


def assert_counted(connection: Connection, call_id: UUID, now: datetime) -> None:
    """Counts, medians and rows are those of the whole desk."""
    whole, counted = desk(connection, call_id, now), Desk.of(connection, call_id, now)
    if counted is None:
        assert whole == []
        return
    rows, matters = one_by_one(whole), [row for row in whole if row.id != call_id]
    assert sorted(counted.rows(), key=repr) == sorted(rows, key=repr)
    assert (counted.rows().count(), counted.matters) == (len(rows), len(matters))
    assert counted.idle == sum(row.party is None for row in rows)
    for party in Party:
        assert counted.rows(party).count() == sum(row.party is party for row in rows)
    assert counted.rows(late=True).count() == sum(row.late for row in rows)
    assert {one.party: one.days for one in waited(counted)} == medians(matters)
    found = {(one.due, one.words, one.party): one.matters for one in urgent(counted)}
    assert found == soon(whole, now)


def medians(rows: Sequence[DeskRow]) -> dict[Party, float]:
    """Return the median of the days that the matters waited on each party."""
    return {party: median(getattr(row, f"days_{party}") for row in rows) for party in Party} if rows else {}


def soon(rows: Sequence[DeskRow], now: datetime) -> dict[tuple[datetime, str, Party], int]:
    """Return how many matters wait for each deed that is late or due within a fortnight."""
    found: dict[tuple[datetime, str, Party], set[UUID]] = {}
    for row in rows:
        for wait in row.waits:
            if wait.due is not None and days_between(now, wait.due) <= SOON_DAYS:
                found.setdefault((wait.due, wait.words, wait.party), set()).add(row.id)
    return {key: len(ids) for key, ids in found.items()}


def test_after_every_event_and_at_every_point_of_the_calendar_the_counts_are_those_of_the_rows(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    follower = Follower(engine, CallDesk(), growing.read)
    for recorded in whole.log:
        growing.log.append(recorded)
        follower.catch_up()
        with engine.connect() as connection:
            for now in INSTANTS if recorded.position % 40 == 0 else INSTANTS[recorded.position % len(INSTANTS) :][:1]:
                assert_counted(connection, CALL, now)


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(log=LOGS, batch=st.integers(1, 8))
def test_events_in_any_order_are_counted(shelf: Engine, log: list[tuple[UUID, Event]], batch: int) -> None:
    story = Story()
    for stream, event in log:
        story.record(stream, event)
    rebuild(shelf, story, CallDesk, batch)
    with shelf.connect() as connection:
        for id in IDS:
            for now in INSTANTS[::7]:
                assert_counted(connection, id, now)


@pytest.mark.parametrize("most", [1, 2, 7])
def test_a_few_rows_at_a_time_are_all_rows_in_their_order(engine: Engine, most: int) -> None:
    rebuild(engine, whole_call(), CallDesk)
    with engine.connect() as connection:
        for now in INSTANTS:
            counted = Desk.of(connection, CALL, now)
            assert counted is not None
            rows = counted.rows()
            paged: list[WaitRow] = [row for at in range(0, rows.count(), most) for row, _ in rows.some(at, most)]
            assert paged == list(rows)
            assert [row.due for row in rows if row.due] == sorted(row.due for row in rows if row.due)
