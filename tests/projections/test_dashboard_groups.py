"""The figures by groups that are kept are those that one counts who reads every partnership, application and grant."""

from collections import Counter
from uuid import UUID

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from domain.messages import Event
from projections.dashboard_figures import FIGURES
from projections.dashboard_tables import APPLICATIONS, GROUPED, GROUPS, ORGANISATIONS, PARTNERSHIPS
from projections.fund_dashboard import FundDashboard
from projections.read_model import Follower, Row, fetch
from tests.any_event import LOGS
from tests.projections.story import Story, whole_call
from tests.projections.tables import rebuild


def assert_kept(connection: Connection) -> None:
    """The groups are those that the rows give."""
    kept = {(row["call_id"], row["by"], row["group"], row["line"]): row for row in fetch(connection, select(GROUPS))}
    counted = recounted(connection)
    assert {key: of for key, of in counted.items() if any(of.values())}.keys() == kept.keys()
    for key, row in kept.items():
        assert {name: row[name] for name in counted[key]} == counted[key], key


def recounted(connection: Connection) -> dict[tuple[UUID, str, str, str], Counter[str]]:
    """Return the figures by groups, from every row and what it lies under."""
    rows = {table: {row["id"]: row for row in fetch(connection, select(table))} for table in (*FIGURES, ORGANISATIONS)}
    found: dict[tuple[UUID, str, str, str], Counter[str]] = {}

    def partnership(table: object, row: Row) -> Row | None:
        if table is PARTNERSHIPS:
            return row
        above, name = (PARTNERSHIPS, "partnership_id") if table is APPLICATIONS else (APPLICATIONS, "pilot_action_id")
        over = rows[above].get(row[name])
        return partnership(above, over) if over is not None and over["call_id"] == row["call_id"] else None

    for table, figures_of in FIGURES.items():
        for row in rows[table].values():
            over = partnership(table, row)
            place = rows[ORGANISATIONS].get(over["coordinator_id"], {}) if over is not None else {}
            groups = {**(over or {}), "country": place.get("country", "")}
            for by in GROUPED if row["call_id"] is not None else ():
                key = row["call_id"], by, groups.get(by, ""), row["line"]
                for figure, count in figures_of(row).items():
                    found.setdefault(key, Counter())[figure] += count
    return found


def test_after_every_event_the_groups_are_those_of_the_rows(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    follower = Follower(engine, FundDashboard(), growing.read)
    for recorded in whole.log:
        growing.log.append(recorded)
        follower.catch_up()
        with engine.connect() as connection:
            assert_kept(connection)


@settings(max_examples=30, phases=(Phase.explicit, Phase.generate))
@given(log=LOGS, batch=st.integers(1, 8))
def test_events_in_any_order_are_counted_in_their_groups(
    shelf: Engine, log: list[tuple[UUID, Event]], batch: int
) -> None:
    story = Story()
    for stream, event in log:
        story.record(stream, event)
    rebuild(shelf, story, FundDashboard, batch)
    with shelf.connect() as connection:
        assert_kept(connection)
