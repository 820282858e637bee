"""B4: a read model catches up with 100,000 events, and is built anew, against one transaction for each event.

On PostgreSQL the other side is the library's own `ProjectionRunner`, doing the least that it can: one counter and its
own tracking row. On SQLite, where that runner does not work, it is our own read model in batches of one event.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from fund_service.composition import Parts
from fund_service.event_store import EventLog
from projections.build import Build
from projections.fund_dashboard import FundDashboard
from projections.read_model import Follower, Read
from tests.benchmarks.commands import record
from tests.benchmarks.measure import Figure, compare, timed
from tests.benchmarks.stores import Place
from tests.given import HAMBURG, until

EVENTS = 100_000
SOME = 3_000
"""So many events the slower side takes in each round."""
STORY = until("ended").log
OF_ONE = (HAMBURG.home, HAMBURG.partner, HAMBURG.partnership, HAMBURG.pilot_action, HAMBURG.evaluation, HAMBURG.grant)
"""What is new in each copy of the story."""


def figures(store: str, place: Place) -> Iterator[Figure]:
    """Yield catching up and rebuilding on one kind of store."""
    with place() as parts:
        _fill(parts)
        postgresql = parts.views.dialect.name == "postgresql"
        name = "the library's ProjectionRunner" if postgresql else "one transaction for each event"
        for what, batch in (("catch-up", _caught_up), ("rebuild", _rebuilt)):
            yield compare(
                "B4",
                f"{what} of a read model with {EVENTS:,} events, {store}",
                f"{name} ({SOME:,} events)",
                "events/s",
                30 if postgresql else 10,
                lambda follow=batch: follow(parts, 1000, EVENTS),
                (lambda: _run(parts)) if postgresql else (lambda: _caught_up(parts, 1, SOME)),
            )


def _fill(parts: Parts) -> None:
    """Record the usual story of one city, and copies of it with ids of their own, as the store holds them."""
    record(parts, STORY)
    stored = list(parts.log.recorder.select_notifications(0, EVENTS))
    copied = [one for one in stored if UUID(str(one.originator_id)) in OF_ONE]
    for _ in range((EVENTS - len(stored)) // len(copied) + 1):
        anew = {id: uuid4() for id in OF_ONE}
        parts.log.recorder.insert_events([_copy(one, anew) for one in copied])


def _copy(stored: StoredEvent, anew: Mapping[UUID, UUID]) -> StoredEvent:
    state = stored.state
    for old, new in anew.items():
        state = state.replace(str(old).encode(), str(new).encode())
    return StoredEvent(anew[UUID(str(stored.originator_id))], stored.originator_version, stored.topic, state)


def _limited(parts: Parts, batch: int, events: int) -> Follower:
    return Follower(parts.views, FundDashboard(), _beginning(parts, events), batch)


def _beginning(parts: Parts, events: int) -> Read:
    """Read the first events of the log only."""
    last = parts.log.recorder.select_notifications(0, events)[-1].id
    return lambda after, limit: [one for one in parts.log.read(after, limit) if one.position <= last]


def _caught_up(parts: Parts, batch: int, events: int) -> float:
    """Return how many events a second an empty read model takes in."""
    _emptied(parts)
    follower = _limited(parts, batch, events)
    with timed() as watch:
        done = follower.catch_up()
    return done / watch.seconds


def _rebuilt(parts: Parts, batch: int, events: int) -> float:
    """Return how many events a second a full read model takes in that is built anew beside, and replaces the old."""
    _limited(parts, batch, events).catch_up()
    build = Build(parts.views, FundDashboard(), _beginning(parts, events), batch)
    with timed() as watch:
        build.ask(events)
        while build.step():
            pass
    return events / watch.seconds


def _emptied(parts: Parts) -> None:
    FundDashboard.metadata.drop_all(parts.views)


COUNTED = "CREATE TABLE IF NOT EXISTS counted (topic TEXT PRIMARY KEY, number BIGINT)"
COUNT = "INSERT INTO counted VALUES (%s, 1) ON CONFLICT (topic) DO UPDATE SET number = counted.number + 1"


class Counter(PostgresTrackingRecorder):
    """A view as the library's documentation shows it: one counter, kept in the transaction of the tracking row."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Name the table."""
        super().__init__(*given, **named)
        self.sql_create_statements.append(SQL(COUNTED).format())

    def count(self, topic: str, tracking: Tracking) -> None:
        """Count one event."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(COUNT, (topic,))


class Counting(Projection[Counter]):
    """Counts every event by its topic."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Count one event."""
        self.view.count(domain_event.event.TOPIC, tracking)


def _run(parts: Parts) -> float:
    """Return how many events a second the library's runner takes in."""

    class Log(EventLog):
        def __init__(self, env: Any) -> None:
            super().__init__(parts.store.log(), parts.vault)

    last = parts.log.recorder.select_notifications(0, SOME)[-1].id
    with parts.log.recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute("DROP TABLE IF EXISTS counted; DROP TABLE IF EXISTS counting_tracking")
    with (
        ProjectionRunner(
            application_class=Log, projection_class=Counting, view_class=Counter, env=parts.store.log()
        ) as runner,
        timed() as watch,
    ):
        runner.wait(last, timeout=600)
    return SOME / watch.seconds
