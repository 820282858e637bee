"""A read model is built anew beside the one that people read, who see all of the old or all of the new."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import BigInteger, Column, Engine, MetaData, Table, delete, insert, inspect, select, update

from domain.errors import Unavailable
from domain.messages import Recorded
from projections.build import BESIDE, Build, Difference, builds_under_way
from projections.database import one_moment
from projections.fund_dashboard import APPLICATIONS, FundDashboard
from projections.read_model import BeingBuilt, Follower, ReadModel, Tables
from tests.projections.ledger import Ledger
from tests.projections.story import Story, id_of, whole_call
from tests.projections.tables import content, follow, rebuild

SOON = 60.0


class NewerLedger(ReadModel):
    """The ledger after its tables changed: it counts from a thousand, in one table only."""

    name = "ledger"
    version = 2
    metadata = MetaData()
    SUM = Table(
        "ledger_sum", metadata, Column("id", BigInteger, primary_key=True), Column("number", BigInteger, default=1000)
    )

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Count one event."""
        tables[self.SUM].change(1, number=tables[self.SUM].row(1)["number"] + 1)


def asked(engine: Engine, story: Story, kind: type[ReadModel] = Ledger, batch: int = 50) -> Build:
    """Return a build that was asked for."""
    build = Build(engine, kind(), story.read, batch)
    build.ask(len(story.log))
    return build


def left_behind(engine: Engine) -> list[str]:
    """Return the tables that no one should see after a build."""
    return [name for name in inspect(engine).get_table_names() if name.startswith(BESIDE)]


def spoil(engine: Engine, story: Story) -> None:
    """Change what people read in the ledger: one row, one too few, one too many."""
    with engine.begin() as connection:
        connection.execute(
            update(Ledger.EVENTS).where(Ledger.EVENTS.c.position == story.log[0].position).values(times=7)
        )
        connection.execute(delete(Ledger.EVENTS).where(Ledger.EVENTS.c.position == story.log[1].position))
        connection.execute(insert(Ledger.EVENTS), [{"position": 100_000, "times": 1}])


def test_a_build_finds_and_mends_what_does_not_follow_from_the_log(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, Ledger)
    right = content(engine, Ledger())
    spoil(engine, story)
    build = asked(engine, story)
    while build.step():
        pass
    assert content(engine, Ledger()) == right
    assert build.differences() == (Difference(table="ledger_events", changed=1, missing=1, extra=1),)


def test_columns_of_every_kind_are_compared_and_copied(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, FundDashboard)
    right = content(engine, FundDashboard())
    with engine.begin() as connection:
        connection.execute(delete(APPLICATIONS))
        connection.execute(insert(APPLICATIONS), [{"id": id_of("a stranger")}])
    rebuild(engine, story, FundDashboard)
    assert content(engine, FundDashboard()) == right


def test_a_build_changes_nothing_that_people_read_before_its_end_and_leaves_no_table(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, Ledger)
    spoil(engine, story)
    old = content(engine, Ledger())
    build = asked(engine, story)
    for _ in range(len(story.log) // 50 + 1):
        assert content(engine, Ledger()) == old
        assert left_behind(engine)
        assert build.step()
    assert not build.step()
    assert content(engine, Ledger()) != old
    assert (left_behind(engine), builds_under_way(engine)) == ([], {})


def test_what_is_recorded_meanwhile_is_compared_too_at_one_position(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    growing.log += whole.log[:120]
    follower = Follower(engine, Ledger(), growing.read)
    follower.catch_up()
    build = asked(engine, growing)
    for end in (130, 140, 150):
        build.step()
        growing.log[:] = whole.log[:end]
        follower.catch_up()
    growing.log[:] = whole.log[:230]  # which nobody follows but the build
    while build.step():
        pass
    assert (build.differences(), follower.position()) == ((), growing.log[-1].position)
    assert content(engine, Ledger())["ledger_sum"] == [(1, 230)]


def test_a_build_ends_where_the_follower_is_although_its_own_read_came_before(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    growing.log += whole.log[:100]
    follower = Follower(engine, Ledger(), growing.read)

    def read_and_follow(after: int, limit: int) -> Sequence[Recorded]:
        batch = growing.read(after, limit)
        if not batch and len(growing.log) == 100:
            growing.log[:] = whole.log
            follower.catch_up()
        return batch

    build = Build(engine, Ledger(), read_and_follow)
    build.ask(100)
    while build.step():
        pass
    assert (build.differences(), follower.position()) == ((), whole.log[-1].position)
    assert content(engine, Ledger())["ledger_sum"] == [(1, len(whole.log))]


def test_screens_that_are_ahead_of_a_restored_log_are_mended(engine: Engine) -> None:
    whole, restored = whole_call(), Story()
    follow(engine, whole, Ledger)
    restored.log += whole.log[:50]
    rebuild(engine, restored, Ledger)
    assert Follower(engine, Ledger(), restored.read).position() == restored.log[-1].position
    assert content(engine, Ledger())["ledger_sum"] == [(1, 50)]


def test_a_build_of_an_empty_log_is_empty(engine: Engine) -> None:
    rebuild(engine, Story(), Ledger)
    assert content(engine, Ledger()) == {"ledger_events": [], "ledger_sum": []}
    assert left_behind(engine) == []


def test_a_build_that_was_interrupted_goes_on_where_it_was(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, Ledger)
    asked(engine, story).step()
    again = asked(engine, story)
    assert builds_under_way(engine)["ledger"].position == story.log[49].position
    while again.step():
        pass
    assert again.differences() == ()


def test_a_build_can_begin_anew(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, Ledger)
    asked(engine, story).step()
    again = Build(engine, Ledger(), story.read)
    again.ask(len(story.log), anew=True)
    assert builds_under_way(engine)["ledger"].position == 0
    while again.step():
        pass
    assert (again.differences(), left_behind(engine)) == ((), [])


def test_two_builds_at_once_take_every_event_in_once(engine: Engine) -> None:
    story, together = whole_call(), Barrier(2)
    follow(engine, story, Ledger)
    spoil(engine, story)

    def build_at_once(_: int) -> None:
        build = asked(engine, story, batch=3)
        together.wait(SOON)
        while build.step():
            pass

    with ThreadPoolExecutor(2) as people:
        list(people.map(build_at_once, range(2)))
    assert content(engine, Ledger())["ledger_events"] == [(recorded.position, 1) for recorded in story.log]
    assert left_behind(engine) == []


def test_who_reads_during_a_build_sees_all_of_the_old_or_all_of_the_new(engine: Engine) -> None:
    story, over = whole_call(), Event()
    follow(engine, story, Ledger)
    new = content(engine, Ledger())
    spoil(engine, story)
    with engine.begin() as connection:
        connection.execute(update(Ledger.SUM).values(events=0))
    old = content(engine, Ledger())

    def read() -> list[dict[str, list[tuple[int, ...]]]]:
        seen = []
        while not (seen and over.is_set()):
            with one_moment(engine) as connection:
                tables = (Ledger.SUM, Ledger.EVENTS)
                rows = {one.name: [tuple(row) for row in connection.execute(one.select())] for one in tables}
            seen.append({name: sorted(found) for name, found in rows.items()})
        return seen

    with ThreadPoolExecutor(3) as people:
        reading = [people.submit(read) for _ in range(3)]
        build = asked(engine, story, batch=10)
        while build.step():
            pass
        over.set()
        seen = [what for one in reading for what in one.result(SOON)]
    assert all(what in (old, new) for what in seen)
    assert content(engine, Ledger()) == new


def test_the_old_version_is_read_until_the_new_one_is_complete(engine: Engine) -> None:
    story = whole_call()
    old = Follower(engine, Ledger(), story.read)
    old.catch_up()
    new = Follower(engine, NewerLedger(), story.read)
    with pytest.raises(
        Unavailable, match=r"ledger is kept in version 1 by another .* knows version 2\. Whoever runs"
    ) as no:
        new.catch_up()
    assert not isinstance(no.value, BeingBuilt)
    build = asked(engine, story, NewerLedger)
    build.step()
    done = 100 * story.log[49].position // len(story.log)
    with pytest.raises(BeingBuilt, match=rf"^The screen ledger is being built anew: {done} % is done\. Try again"):
        new.position()
    assert (old.is_current(), old.position(), new.is_current()) == (True, story.log[-1].position, False)
    while build.step():
        pass
    assert (new.position(), build.differences()) == (story.log[-1].position, ())
    assert content(engine, NewerLedger()) == {"ledger_sum": [(1, 1000 + len(story.log))]}
    with pytest.raises(Unavailable, match="kept in version 2 by another version of the fund"):
        old.catch_up()


def test_who_reads_the_old_version_reads_it_to_the_end(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, Ledger)
    build = asked(engine, story, NewerLedger, batch=10_000)
    assert build.step()
    with one_moment(engine) as reader:
        assert len(reader.execute(select(Ledger.SUM)).all()) == 1
        build.step()  # which on PostgreSQL lets the reader go first
        assert len(reader.execute(select(Ledger.EVENTS)).all()) == len(story.log)
    while build.step():
        pass
    assert content(engine, NewerLedger()) == {"ledger_sum": [(1, 1000 + len(story.log))]}


def test_read_models_stand_side_by_side(engine: Engine) -> None:
    story = whole_call()
    follow(engine, story, FundDashboard, Ledger)
    right = content(engine, FundDashboard())
    rebuild(engine, story, Ledger)
    assert content(engine, FundDashboard()) == right
