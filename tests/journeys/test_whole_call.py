"""The whole 2026 edition on the 52 real pairings, played once; then the log is read."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from domain.call.events import (
    CallCorrected,
    CallPublished,
    OutcomesReleased,
    RankingEstablished,
    ReserveReviewed,
    SumCommitted,
    SumFreed,
    SumReturned,
)
from domain.grant.events import (
    AcceptanceReminded,
    DeliveryAcknowledged,
    DeliveryReversed,
    GrantAccepted,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Event, Recorded
from domain.people import ENGINE
from domain.pilot_action.events import ApplicationSubmitted
from domain.receipt import CommandHandled
from domain.rulebook.programme import CAP_CENTS
from fund_service.audit.replaying import replay
from fund_service.composition import open_parts
from fund_service.settings import read_settings
from projections.dashboard_tables import COUNTED, MONEY
from projections.dashboard_view import By, dashboard, grouped
from projections.database import views_engine
from projections.fund_dashboard import FundDashboard
from projections.read_model import Follower
from tests.journeys.demo import by_stream, log, rehearsed


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("call")


@pytest.fixture(scope="module")
def summary(place: Path) -> dict[str, Any]:
    return rehearsed(place)


@pytest.fixture(scope="module")
def events(place: Path, summary: dict[str, Any]) -> list[Recorded]:
    return log(place)


@pytest.fixture(scope="module")
def main_call(events: list[Recorded]) -> list[Recorded]:
    """The main call's log: without what belongs to the side calls alone."""
    first, *others = [r.stream for r in of(events, CallPublished)]
    aside = {*others, *(r.stream for r in of(events, GrantOffered) if r.event.call_id != first)}
    return [recorded for recorded in events if recorded.stream not in aside]


def of(events: list[Recorded], *kinds: type[Event]) -> list[Recorded]:
    return [recorded for recorded in events if isinstance(recorded.event, kinds)]


def test_every_outcome_occurs_and_they_add_up(summary: dict[str, Any]) -> None:
    assert summary["partnerships"] == 52
    assert summary["generated"] > 0
    applications = dict(summary["applications"])
    submitted = applications.pop("submitted")
    assert submitted == sum(applications.values())
    assert all(count >= 1 for count in [submitted, *applications.values(), *summary["grants"].values()])
    assert summary["grants"]["closed"] == summary["grants"]["accepted"]
    grants = summary["grants"]
    assert applications["awarded"] == grants["accepted"] + grants["lapsed"] + grants["declined"]


def test_the_money_adds_up(summary: dict[str, Any]) -> None:
    assert summary["disbursed_cents"] <= summary["ordered_cents"] <= summary["committed_cents"]
    assert summary["committed_cents"] <= summary["envelope_cents"]
    assert summary["unspent_cents"] == summary["committed_cents"] - summary["disbursed_cents"]
    assert summary["largest_grant_disbursed_cents"] == CAP_CENTS


def test_the_rules_that_were_broken_are_counted(summary: dict[str, Any], events: list[Recorded]) -> None:
    refused = Counter(r.event.refused for r in of(events, CommandHandled) if r.event.refused)
    assert summary["refusals"] == refused
    assert {"S01", "D05", "D06", "D07", "D09", "D12", "D24", "D26"} <= refused.keys()


def test_the_dashboards_groups_add_up_all_along(place: Path, events: list[Recorded]) -> None:
    engine, told, call_id = views_engine(f"sqlite:///{place}/prefixes.db"), 0, of(events, CallPublished)[0].stream
    follower = Follower(
        engine, FundDashboard(), lambda after, limit: [r for r in events[:told] if r.position > after][:limit]
    )
    for told in (*range(250, len(events), 250), len(events)):
        follower.catch_up()
        with engine.connect() as connection:
            row = dashboard(connection, call_id)
            for by in By if row is not None else ():
                groups = grouped(connection, call_id, by) or []
                for name in (*COUNTED, *MONEY):
                    assert sum(getattr(group, name) for group in groups) == getattr(row, name), (told, by, name)
    engine.dispose()


def test_every_awkward_case_was_played_and_can_be_seen(summary: dict[str, Any]) -> None:
    ids = [case["id"] for case in summary["cases"]]
    assert len(ids) == len(set(ids))
    assert [case["sentence"] for case in summary["cases"] if case["times"] == 0] == []


def test_events_are_counted_in_the_store(summary: dict[str, Any], events: list[Recorded]) -> None:
    assert summary["events"] == len(events)
    workflows = 1 + summary["partnerships"] + summary["generated"] + summary["applications"]["awarded"]
    assert summary["workflows"] > workflows


def test_no_prefix_of_the_log_exceeds_an_envelope_or_the_cap(events: list[Recorded]) -> None:
    envelopes = {r.stream: r.event.envelope_cents for r in of(events, RankingEstablished)}
    committed: Counter[Any] = Counter()
    commitment: dict[Any, int] = {}
    ordered: dict[Any, dict[int, int]] = defaultdict(dict)
    disbursed: Counter[Any] = Counter()
    for recorded in events:
        match recorded.event:
            case SumCommitted():
                committed[recorded.stream] += recorded.event.cents
            case SumReturned():
                committed[recorded.stream] -= recorded.event.returned_cents
            case GrantAccepted():
                commitment[recorded.stream] = recorded.event.cents
            case ResourceOrdered():
                ordered[recorded.stream][recorded.event.order] = recorded.event.cents
            case OrderCancelled():
                ordered[recorded.stream][recorded.event.order] = 0
            case InvoiceRecorded():
                value = ordered[recorded.stream][recorded.event.order]
                ordered[recorded.stream][recorded.event.order] = max(value, recorded.event.borne_cents)
            case DeliveryReversed():
                ordered[recorded.stream][recorded.event.order] = recorded.event.kept_cents
                disbursed[recorded.stream] -= recorded.event.disbursed_cents
            case ResourceDisbursed():
                ordered[recorded.stream][recorded.event.order] = recorded.event.cents
                disbursed[recorded.stream] += recorded.event.cents
        assert all(cents <= envelopes[call] for call, cents in committed.items())
        taken = {grant: sum(ordered[grant].values()) for grant in commitment}
        assert all(disbursed[g] <= taken[g] <= cents <= CAP_CENTS for g, cents in commitment.items())


def test_only_what_the_city_acknowledged_is_disbursed(events: list[Recorded]) -> None:
    acknowledged: dict[Any, int] = {}
    for r in of(events, DeliveryAcknowledged):
        acknowledged.setdefault((r.stream, r.event.order), r.position)
    disbursed = of(events, ResourceDisbursed)
    assert disbursed
    assert all(acknowledged[r.stream, r.event.order] < r.position for r in disbursed)


def test_all_applications_arrived_before_the_closing_instant(events: list[Recorded]) -> None:
    closes = of(events, CallCorrected)[-1].event.closes
    assert closes > of(events, CallPublished)[0].event.rules.calendar.applications_close
    assert all(r.event.effective_at < closes for r in of(events, ApplicationSubmitted))
    refused = [r for r in of(events, CommandHandled) if r.event.refused == "D07"]
    assert [r.event.effective_at for r in refused] == [closes]


def test_an_unanswered_offer_is_reminded_lapses_and_passes_to_the_reserve_in_rank_order(
    main_call: list[Recorded],
) -> None:
    events = main_call
    (lapsed,) = of(events, GrantLapsed)
    (offered,) = [r.event for r in of(events, GrantOffered) if r.stream == lapsed.stream]
    reminded = [r.event.effective_at for r in of(events, AcceptanceReminded) if r.stream == lapsed.stream]
    assert reminded == [offered.remind_at]
    assert lapsed.event.effective_at == offered.accept_by
    rows = of(events, RankingEstablished)[0].event.rows
    reserve = [row.pilot_action_id for row in rows if row.outcome == "reserve"]
    promoted = [a.pilot_action_id for r in of(events, ReserveReviewed) for a in r.event.promoted]
    assert promoted
    assert promoted == reserve[: len(promoted)]
    assert len(of(events, SumFreed)) == 2


def test_outcomes_are_released_at_one_instant_and_no_offer_comes_before(
    events: list[Recorded], main_call: list[Recorded]
) -> None:
    (released,) = of(main_call, OutcomesReleased)
    published = of(events, CallPublished)[0].event.rules.calendar.outcomes_released
    assert {r.event.effective_at for r in of(events, OutcomesReleased)} == {published}
    assert all(r.position > released.position for r in of(main_call, GrantOffered))


def test_processes_act_as_the_engine_and_people_as_themselves(events: list[Recorded]) -> None:
    reminders = [r.event.by for r in events if r.event.TOPIC.endswith("-reminded")]
    assert set(reminders) == {ENGINE}
    assert ENGINE not in {r.event.by for r in of(events, ApplicationSubmitted, GrantAccepted)}


def test_a_second_demo_in_the_same_place_changes_nothing(
    place: Path, summary: dict[str, Any], events: list[Recorded]
) -> None:
    again = rehearsed(place)
    assert {**again, "seconds": 0} == {**summary, "seconds": 0}
    assert by_stream(log(place)) == by_stream(events)


def test_replay_equals_live_and_every_rule_held_at_every_moment(place: Path, summary: dict[str, Any]) -> None:
    with open_parts(read_settings(data=place)) as parts:
        told = replay(parts, lambda done, doing: None)
    assert told.is_well, (told.broken, told.differences)
    assert told.events == summary["events"]
