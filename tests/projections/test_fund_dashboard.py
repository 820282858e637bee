"""The dashboard's figures add up, its lists have as many rows, and sealed outcomes stay sealed."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from domain.grant.events import (
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    GrantDeclined,
    GrantLapsed,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
)
from domain.ids import grant_id
from domain.messages import Event
from domain.partnership.events import PartnershipEnded, PartnershipMerged
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from projections import lists
from projections.dashboard_tables import COUNTED, MONEY
from projections.dashboard_view import By, DashboardRow, GroupRow, dashboard, grouped, kept_grants
from projections.fund_dashboard import FundDashboard
from projections.read_model import Follower
from tests.projections.story import (
    CALL,
    ENDINGS,
    Ending,
    Story,
    action_of,
    id_of,
    judged_call,
    submitted_call,
    text,
    whole_call,
)
from tests.projections.tables import follow, rebuild

ENDS = ("withdrawn", "inadmissible", "ineligible", "awarded", "reserve", "rejected")


def shown(engine: Engine, story: Story, call_id: UUID = CALL) -> DashboardRow:
    """Return the dashboard at the story's end."""
    rebuild(engine, story, FundDashboard)
    with engine.connect() as connection:
        row = dashboard(connection, call_id)
    assert row is not None
    return row


def test_the_figures_of_a_settled_call(engine: Engine) -> None:
    row = shown(engine, whole_call())
    assert row.model_dump(exclude={"id"}) == {
        "title": "Competitive fund 2026",
        "stage": "settled",
        "sealed": False,
        "partnerships": 11,
        "generated": 1,
        "coached": 11,
        "drafted": 11,
        "submitted": 10,
        "withdrawn": 1,
        "inadmissible": 1,
        "ineligible": 1,
        "eligible": 7,
        "evaluated": 0,
        "ranked": 7,
        "awarded": 4,
        "reserve": 1,
        "rejected": 2,
        "accepted": 2,
        "declined": 1,
        "lapsed": 1,
        "closed": 2,
        "envelope_cents": 3_000_000,
        "committed_cents": 2_000_000,
        "ordered_cents": 1_490_000,
        "delivered_cents": 1_490_000,
        "disbursed_cents": 1_490_000,
        "unspent_cents": 510_000,
        "largest_grant_disbursed_cents": 1_000_000,
        "refusals": {"D07": 1, "D12": 1, "stage": 1},
    }


def test_money_follows_invoices_refusals_reversals_and_cancellations(engine: Engine) -> None:
    story, stream = judged_call(), grant_id(action_of("Milan"))
    story.release(ENDINGS)
    story.offer("Milan")
    story.answer("Milan", GrantAccepted)
    story.deliver("Milan", 1, 400_000, 390_000)
    story.deliver("Milan", 2, 100_000, 90_000, certified=False)

    def after(kind: type[Event], order: int, **fields: object) -> tuple[int, int, int, int]:
        story.tell(stream, kind, order=order, **fields)
        row = shown(engine, story)
        return row.ordered_cents, row.delivered_cents, row.disbursed_cents, row.largest_grant_disbursed_cents

    less = {"cents": 80_000, "evidence": "invoice.pdf", "borne_cents": 80_000, "borne_outside_cents": 0}
    assert after(InvoiceRecorded, 2, **less) == (490_000, 470_000, 390_000, 390_000)
    more = {"cents": 900_000, "evidence": "invoice.pdf", "borne_cents": 610_000, "borne_outside_cents": 290_000}
    assert after(InvoiceRecorded, 2, **more) == (1_000_000, 1_000_000, 390_000, 390_000)
    assert after(ResourceDisbursed, 2, cents=610_000, released_cents=0) == (1_000_000, 1_000_000, 1_000_000, 1_000_000)
    wrong = {"proposed_by": stream, "delivered_cents": 90_000, "disbursed_cents": 610_000, "kept_cents": 100_000}
    assert after(DeliveryReversed, 2, **wrong) == (490_000, 390_000, 390_000, 390_000)
    again = {"cents": 90_000, "evidence": "report.pdf", "acknowledge_by": datetime(2026, 7, 1, tzinfo=UTC)}
    assert after(ResourceDelivered, 2, **again) == (490_000, 480_000, 390_000, 390_000)
    assert after(InvoiceRecorded, 2, **more) == (1_000_000, 1_000_000, 390_000, 390_000)
    assert after(DeliveryRefused, 2, cents=90_000, reason=text()) == (490_000, 390_000, 390_000, 390_000)
    opposite = {"proposed_by": stream, "delivered_cents": 390_000, "disbursed_cents": 390_000, "kept_cents": 395_000}
    assert after(DeliveryReversed, 1, **opposite) == (495_000, 0, 0, 0)
    cancelled = {"cause": "not_needed", "freed_cents": 395_000, "reason": text()}
    assert after(OrderCancelled, 1, **cancelled) == (100_000, 0, 0, 0)


def test_a_call_that_is_not_published_has_no_dashboard(engine: Engine) -> None:
    follow(engine, whole_call(), FundDashboard)
    with engine.connect() as connection:
        assert dashboard(connection, id_of("another call")) is None


Deed = Callable[[Story, str], None]

LIVES: Mapping[str, tuple[Ending | None, tuple[Deed, ...]]] = {
    "draft": (None, ()),
    "withdrawn": (None, (Story.withdraw,)),
    "inadmissible": (None, (lambda story, city: story.find(city, ApplicationFoundInadmissible),)),
    "ineligible": (None, (lambda story, city: story.find(city, ApplicationFoundIneligible),)),
    "accepted": ("award", (Story.offer, lambda story, city: story.answer(city, GrantAccepted))),
    "declined": ("award", (Story.offer, lambda story, city: story.answer(city, GrantDeclined))),
    "lapsed": ("award", (Story.offer, lambda story, city: story.answer(city, GrantLapsed))),
    "promoted": ("reserve", (Story.promote, Story.offer)),
    "reserve": ("reserve", ()),
    "rejected": ("not_selected", ()),
}
"""How an application can go on once it was submitted: its place in the ranking, and what happens to it."""

FUNNEL = {"accepted": "awarded", "declined": "awarded", "lapsed": "awarded", "promoted": "awarded"}


def lived(lives: list[tuple[str, bool]]) -> Story:
    """Tell a call in which each city has one of these lives; some withdraw and submit again before."""
    story = Story()
    story.publish()
    cities = {f"City {number}": life for number, life in enumerate(lives)}
    for city, (life, twice) in cities.items():
        story.prepare(city)
        story.draft(city, "action")
        if life != "draft":
            story.apply(city)
        if life != "draft" and twice:
            story.withdraw(city)
            story.apply(city, version=2)
    endings = {city: ending for city, (life, _) in cities.items() if (ending := LIVES[life][0]) is not None}
    story.rank(endings)
    story.release(endings)
    for city, (life, _) in cities.items():
        for deed in LIVES[life][1]:
            deed(story, city)
    story.settle()
    return story


@settings(max_examples=30)
@given(lives=st.lists(st.tuples(st.sampled_from(sorted(LIVES)), st.booleans()), max_size=12))
def test_every_submitted_application_ends_once(shelf: Engine, lives: list[tuple[str, bool]]) -> None:
    row = shown(shelf, lived(lives))
    assert row.submitted == sum(getattr(row, name) for name in ENDS) == sum(life != "draft" for life, _ in lives)
    for name in ENDS:
        assert getattr(row, name) == sum(FUNNEL.get(life, life) == name for life, _ in lives), name
    for name in ("accepted", "declined", "lapsed"):
        assert getattr(row, name) == sum(life == name for life, _ in lives), name


def test_sealed_outcomes_are_not_counted_before_the_release(engine: Engine) -> None:
    row = shown(engine, judged_call())
    assert row.sealed
    assert (row.submitted, row.withdrawn, row.ranked) == (10, 1, 0)
    assert (row.inadmissible, row.ineligible, row.awarded, row.reserve, row.rejected) == (0, 0, 0, 0, 0)


def test_a_list_has_as_many_rows_as_its_figure_says(engine: Engine) -> None:
    row = shown(engine, whole_call())
    with engine.connect() as connection:
        partnerships = list(lists.partnerships(connection, CALL))
        applications = list(lists.applications(connection, CALL))
        assert lists.partnerships(connection, CALL).count() == len(partnerships)
        assert [row for row, _ in lists.applications(connection, CALL).some(2, 3)] == applications[2:5]
        assert lists.applications(connection, id_of("another call")).count() == 0
        assert list(lists.partnerships(connection, id_of("another call"))) == []
        assert list(lists.applications(connection, id_of("another call"))) == []
        everywhere = [*lists.partnerships(connection)], [*lists.applications(connection)]
        assert (partnerships, applications) == everywhere
    assert len(partnerships) == row.partnerships + row.generated
    outcomes = [application.outcome for application in applications]
    words = {"awarded": "award", "reserve": "reserve", "rejected": "not_selected"}
    for name in ENDS[1:]:
        assert outcomes.count(words.get(name, name)) == getattr(row, name), name
    assert [application.status for application in applications].count("withdrawn") == row.withdrawn


def test_the_grants_that_were_kept_are_told_by_what_is_left_to_order(engine: Engine) -> None:
    follow(engine, whole_call(), FundDashboard)
    with engine.connect() as connection:
        rows = [row for row in lists.support(connection, CALL) if row.stage not in ("declined", "lapsed")]
        kept, ids = kept_grants(connection, CALL, 2)
    assert kept.count == len(rows) > 1
    for name in ("cents", "ordered_cents", "disbursed_cents", "left_cents"):
        assert getattr(kept, name) == sum(getattr(row, name) for row in rows), name
    left = {row.id: row.left_cents for row in rows}
    assert [left[id] for id in ids] == sorted(left.values(), reverse=True)[:2]


@pytest.mark.parametrize(
    ("tell", "stage"),
    [
        (lambda s: s.publish(), "coaching"),
        (lambda s: s.open(), "open for applications"),
        (lambda s: s.close(), "being judged"),
        (lambda s: s.release({}), "outcomes released"),
        (lambda s: s.settle(), "settled"),
    ],
)
def test_the_list_of_calls_says_where_each_stands(engine: Engine, tell: Callable[[Story], None], stage: str) -> None:
    story = Story()
    story.publish()
    tell(story)
    follow(engine, story, FundDashboard)
    with engine.connect() as connection:
        [row] = lists.calls(connection)
    assert (row.id, row.edition, row.stage) == (CALL, "test", stage)


def test_partnerships_say_how_far_they_are(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.form("Formed")
    story.form("Written")
    story.agree("Written", "Written")
    story.form("Agreed")
    story.agree("Agreed", "Agreed", "Seoul")
    story.form("Anew")
    story.agree("Anew", "Anew", "Seoul")
    story.agree("Anew", "Anew", version=2)
    story.prepare("Proposed")
    story.prepare("Merged")
    story.tell(id_of("Merged"), PartnershipMerged, into_id=id_of("Both"), into_name="Both")
    story.form("Ended")
    story.tell(id_of("Ended"), PartnershipEnded)
    follow(engine, story, FundDashboard)
    with engine.connect() as connection:
        stages = {row.coordinator: row.stage for row in lists.partnerships(connection)}
    assert stages == {
        "Formed": "formed",
        "Written": "roadmap written",
        "Agreed": "roadmap agreed",
        "Anew": "roadmap written",
        "Proposed": "pilot action proposed",
        "Merged": "merged",
        "Ended": "ended",
    }


def test_what_is_asked_for_shows_only_after_closing(engine: Engine) -> None:
    story = submitted_call()
    story.log = [recorded for recorded in story.log if recorded.event.TOPIC != "call.application-window-closed"]
    follow(engine, story, FundDashboard)
    with engine.connect() as connection:
        rows = {row.id: row for row in lists.applications(connection)}
    assert {row.requested_cents for row in rows.values()} == {None}
    assert rows[action_of("Milan")].status == "submitted"
    assert rows[action_of("Graz")].status == "withdrawn"
    assert rows[action_of("Łódź")].status == "draft"


def regrouped(connection: Connection, by: By) -> tuple[DashboardRow, list[GroupRow]]:
    """Return the dashboard, and the same by groups."""
    row, groups = dashboard(connection, CALL), grouped(connection, CALL, by)
    assert row is not None
    assert groups is not None
    return row, groups


def assert_adds_up(row: DashboardRow, groups: list[GroupRow]) -> None:
    """Every figure of the groups adds up to the figure of the whole."""
    for name in (*COUNTED, *MONEY):
        assert sum(getattr(group, name) for group in groups) == getattr(row, name), name
    refused: Counter[str] = Counter()
    for group in groups:
        refused.update(group.refusals)
    assert refused == row.refusals
    assert {group.sealed for group in groups} <= {row.sealed}


def test_groups_add_up_to_the_whole_after_every_event(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    follower = Follower(engine, FundDashboard(), growing.read)
    for recorded in whole.log:
        growing.log.append(recorded)
        follower.catch_up()
        with engine.connect() as connection:
            for by in By if dashboard(connection, CALL) else ():
                assert_adds_up(*regrouped(connection, by))


def test_a_call_that_is_not_published_has_no_groups(engine: Engine) -> None:
    follow(engine, whole_call(), FundDashboard)
    with engine.connect() as connection:
        assert grouped(connection, id_of("another call"), By.MONTH) is None


def told_by(engine: Engine, story: Story, by: By) -> dict[str, GroupRow]:
    """Return the groups at the story's end, by what they are called."""
    rebuild(engine, story, FundDashboard)
    with engine.connect() as connection:
        return {group.id: group for group in regrouped(connection, by)[1]}


def test_partnerships_are_grouped_by_cluster_geography_and_country_of_the_coordinator(engine: Engine) -> None:
    story = whole_call()
    assert told_by(engine, story, By.CLUSTER)["Mobility"].submitted == 10
    assert told_by(engine, story, By.GEOGRAPHY)["Asia"].committed_cents == 2_000_000
    by_country = told_by(engine, story, By.COUNTRY)
    assert (by_country["IT"].partnerships, by_country["IT"].disbursed_cents) == (1, 490_000)
    assert (by_country[""].submitted, by_country[""].envelope_cents) == (9, 3_000_000)


def test_a_month_begins_at_midnight_in_brussels_and_tells_by_how_much_figures_moved(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.prepare("Milan")
    midnight = datetime(2026, 3, 31, 22, tzinfo=UTC)
    named = {"version": 1, "digest": "1", "requested_cents": 1, "declarations": [], "correction": 0}
    before = midnight - timedelta(microseconds=1)
    story.tell(action_of("Milan"), ApplicationSubmitted, **named, effective_at=before)
    story.tell(action_of("Milan"), ApplicationWithdrawn, reason=text(), effective_at=before)
    story.tell(action_of("Milan"), ApplicationSubmitted, **named, effective_at=midnight)
    months = told_by(engine, story, By.MONTH)
    assert list(months) == ["2026-01", "2026-03", "2026-04"]
    assert (months["2026-03"].submitted, months["2026-03"].withdrawn) == (1, 1)
    assert (months["2026-04"].submitted, months["2026-04"].withdrawn) == (0, -1)


def test_a_refusal_that_only_the_judged_can_meet_is_in_no_group_before_the_release(engine: Engine) -> None:
    story = submitted_call()
    assert told_by(engine, story, By.CLUSTER)[""].refusals == {"D07": 1}
    story.refuse(id_of("Milan"), "D26")
    assert told_by(engine, story, By.CLUSTER)["Mobility"].refusals == {"D26": 1}
    story.release({})
    assert told_by(engine, story, By.CLUSTER)["Mobility"].refusals == {"D07": 1, "D26": 1}
