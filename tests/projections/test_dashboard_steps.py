"""The dashboard's money in parts adds up to its envelope, and the desk's days count midnights in Brussels."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from projections.dashboard_steps import parts, steps
from projections.dashboard_view import dashboard
from projections.desk_spans import Bucket, middle
from projections.desk_urgency import SOON_DAYS, days_between, together
from projections.desk_waits import Group
from projections.fund_dashboard import FundDashboard
from projections.waiting import Party
from tests.projections.story import CALL, whole_call
from tests.projections.tables import rebuild

NOW = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)
"""Half past eleven in Brussels."""


def a_group(name: str, due: datetime | None, matters: int = 1) -> Group:
    late = due is not None and due <= NOW
    return Group(name, Party.AUTHORITY, "rank", name, due, late, matters, matters)


def test_the_parts_of_the_money_are_the_envelope_and_no_step_counts_more_than_the_figures(engine: Engine) -> None:
    rebuild(engine, whole_call(), FundDashboard)
    with engine.connect() as connection:
        row = dashboard(connection, CALL)
    assert row is not None
    assert sum(part.cents for part in parts(row)) == row.envelope_cents
    assert {step.figure: step.count for step in steps(row)} == {
        "partnerships": row.partnerships + row.generated,
        **{name: getattr(row, name) for name in ("drafted", "submitted", "eligible", "evaluated", "awarded")},
        **{name: getattr(row, name) for name in ("accepted", "closed")},
    }
    over = row.model_copy(update={"committed_cents": row.envelope_cents + 1})
    assert min(part.cents for part in parts(over)) == 0


def test_days_are_the_midnights_of_brussels_between() -> None:
    assert days_between(NOW, datetime(2026, 3, 20, 22, 59, tzinfo=UTC)) == 0
    assert days_between(NOW, datetime(2026, 3, 20, 23, 0, tzinfo=UTC)) == 1
    assert days_between(NOW, datetime(2026, 3, 19, 22, 59, tzinfo=UTC)) == -1


def test_what_waits_until_the_same_instant_stands_together_late_first() -> None:
    late, soon = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 3, 21, 59, tzinfo=UTC)
    beyond = datetime(2026, 4, 3, 22, 0, tzinfo=UTC)
    groups = [a_group("1", soon), a_group("2", None), a_group("3", late), a_group("4", soon), a_group("5", beyond)]
    found = together(groups, NOW)
    assert [[group.name for group in one] for one in found] == [["3"], ["1", "4"]]
    assert days_between(NOW, late) == -19
    assert days_between(NOW, soon) == SOON_DAYS


def test_the_middle_of_those_who_waited_is_told_from_what_is_counted() -> None:
    def counted(*days: float) -> list[Bucket]:
        return [Bucket(tenth, tenth, 1, lambda: 1) for tenth in (round(10 * day) for day in days)]

    assert middle(counted(30.0, 1.0, 2.0), 3) == 2.0
    assert middle(counted(1.0, 2.0), 2) == 1.5
    assert middle(counted(1.0), 3) == 0.0, "two never waited"
    assert middle([Bucket(9, 10, 3, lambda: 2), *counted(3.0)], 4) == 0.95, "two of three began late enough"
