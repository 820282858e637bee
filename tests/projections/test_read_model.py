"""The follower takes every event in exactly once, and its tables can always be built anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import BigInteger, Column, Engine, MetaData, Table, select, text

from domain.messages import Recorded
from fund_service.store import Store
from projections.fund_dashboard import APPLICATIONS, FundDashboard
from projections.read_model import Follower, Moment, Rows, Tables, Words
from tests.projections.ledger import Ledger
from tests.projections.story import Story, whole_call
from tests.projections.tables import content, follow


class Breaking(FundDashboard):
    """A dashboard that breaks at one event."""

    breaks_at = 0

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take in one event, or break."""
        if recorded.position == self.breaks_at:
            raise ZeroDivisionError
        super().project(tables, recorded)


def test_a_follower_takes_in_what_is_new_and_says_how_far_it_is(engine: Engine) -> None:
    story = Story()
    story.publish()
    follower = Follower(engine, Ledger(), story.read)
    assert (follower.position(), follower.catch_up(), follower.catch_up()) == (0, 3, 0)
    story.form("Dublin")
    assert (follower.catch_up(), follower.position()) == (1, story.log[-1].position)
    assert content(engine, Ledger()) == {
        "ledger_events": [(recorded.position, 1) for recorded in story.log],
        "ledger_sum": [(1, 4)],
    }


@pytest.mark.parametrize("batch", [1, 7])
def test_rows_and_position_change_together_or_not_at_all(engine: Engine, batch: int) -> None:
    story, model = whole_call(), Breaking()
    model.breaks_at = story.log[100].position
    follower = Follower(engine, model, story.read, batch)
    with pytest.raises(ZeroDivisionError):
        follower.catch_up()
    at_the_break = content(engine, model)
    assert follower.position() == story.log[100 // batch * batch - 1].position

    with pytest.raises(ZeroDivisionError):
        follower.catch_up()
    assert content(engine, model) == at_the_break

    model.breaks_at = 0
    assert follower.catch_up() == len(story.log) - 100 // batch * batch
    assert content(engine, model) == content(engine, FundDashboard())


def test_two_followers_at_once_take_every_event_in_once(engine: Engine) -> None:
    story, together = whole_call(), Barrier(2)

    def follow_at_once(_: int) -> int:
        follower = Follower(engine, Ledger(), story.read, batch=3)
        together.wait(timeout=60)
        return follower.catch_up()

    with ThreadPoolExecutor(2) as people:
        done = list(people.map(follow_at_once, range(2)))
    assert sum(done) == len(story.log)
    assert content(engine, Ledger())["ledger_sum"] == [(1, len(story.log))]


def test_a_follower_that_starts_again_goes_on_where_it_was(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, FundDashboard)
    assert Follower(engine, FundDashboard(), story.read).catch_up() == 0


def test_a_lost_table_is_built_anew_at_start(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, FundDashboard)
    right = content(engine, FundDashboard())
    APPLICATIONS.drop(engine)
    assert Follower(engine, FundDashboard(), story.read).catch_up() == len(story.log)
    assert content(engine, FundDashboard()) == right


def test_instants_come_back_in_utc_and_texts_without_nul(engine: Engine) -> None:
    table = Table(
        "kept", MetaData(), Column("id", BigInteger, primary_key=True), Column("at", Moment), Column("said", Words)
    )
    table.create(engine)
    noon = datetime.fromisoformat("2026-03-20T17:00:00+01:00")
    with engine.begin() as connection:
        rows = Rows(connection, table)
        rows.change(1, at=noon, said="a\0b")
        rows.put({"id": 2})
        rows.flush()
        found = connection.execute(select(table).order_by(table.c.id)).all()
    assert found == [(1, noon, "a�b"), (2, None, None)]
    assert found[0].at.tzinfo is UTC


def test_sqlite_lets_people_read_while_it_writes_and_does_not_wait_for_the_disk(sqlite_store: Store) -> None:
    with sqlite_store.engine("views").connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 1}
