"""Read models that follow together: each event once, in one reading, however far each of them was before."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from domain.messages import Recorded
from projections.fund_dashboard import FundDashboard
from projections.read_model import Follower
from projections.together import follow_together, reached
from tests.projections.ledger import Ledger
from tests.projections.story import whole_call
from tests.projections.tables import content


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_who_is_behind_goes_first_and_every_event_is_taken_in_once(engine: Engine, batch: int) -> None:
    story = whole_call()
    ahead, behind = Follower(engine, FundDashboard(), story.read), Follower(engine, Ledger(), story.read)
    with engine.begin() as connection:
        assert ahead.take_in(connection, 0, story.log[:10]) == 10
    assert reached(engine, [ahead, behind]) == 0

    follow_together(engine, [ahead, behind], story.read, batch)
    assert reached(engine, [ahead, behind]) == story.log[-1].position
    assert content(engine, Ledger()) == {
        "ledger_events": [(recorded.position, 1) for recorded in story.log],
        "ledger_sum": [(1, len(story.log))],
    }
    assert ahead.catch_up() == behind.catch_up() == 0


def test_they_read_the_log_once_for_all(engine: Engine) -> None:
    story, read = whole_call(), list[int]()

    def reading(after: int, limit: int) -> Sequence[Recorded]:
        read.append(after)
        return story.read(after, limit)

    followers = [Follower(engine, Ledger(), story.read), Follower(engine, FundDashboard(), story.read)]
    follow_together(engine, followers, reading)
    assert read == [0, story.log[-1].position]
