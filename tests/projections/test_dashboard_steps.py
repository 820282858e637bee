"""The dashboard's money in parts adds up to its envelope, and the desk's days count midnights in Brussels."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine

from projections.dashboard_steps import parts, steps
from projections.dashboard_view import dashboard
from projections.desk_urgency import SOON_DAYS, days_between, urgent, waited
from projections.desk_view import DeskRow, Wait
from projections.fund_dashboard import FundDashboard
from projections.waiting import Party
from tests.projections.story import CALL, whole_call
from tests.projections.tables import rebuild

NOW = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)
"""Half past eleven in Brussels."""


def a_row(number: int, *dues: datetime | None, applicant: float = 0.0) -> DeskRow:
    waits = tuple(
        Wait(party=Party.AUTHORITY, words="rank", since=NOW, due=due, late=due is not None and due <= NOW, which="")
        for due in dues
    )
    days = {f"days_{party}": 0.0 for party in Party} | {"days_applicant": applicant}
    return DeskRow(id=UUID(int=number), title=str(number), partnership=str(number), waits=waits, **days)


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
    rows = [a_row(1, soon, None), a_row(2, late), a_row(3, soon), a_row(4, beyond)]
    found = urgent(rows, NOW)
    assert [(one.late, one.days, [about.title for about in one.about]) for one in found] == [
        (True, -19, ["2"]),
        (False, SOON_DAYS, ["1", "3"]),
    ]


def test_who_waited_how_long_is_told_in_the_median() -> None:
    rows = [a_row(number, applicant=days) for number, days in enumerate((1.0, 2.0, 30.0))]
    assert [one.days for one in waited(rows)] == [2.0, 0.0, 0.0, 0.0, 0.0]
    assert waited([]) == []
