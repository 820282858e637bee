"""What changed between two moments is told with its events, and with what each thing was before and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Malformed
from fund_service.audit.differing import Asked, ThingChanged, differences
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from projections.timeline import mentioned
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, OFFICE, action_of
from tests.fund_service.staged_fund import Stage, copied


@pytest.fixture(scope="module")
def granted(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return the fund with all its stages behind it."""
    with open_parts(Settings(data=copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("diff") / "fund"))) as parts:
        yield parts


def _between(parts: Parts, begin: int, end: int, asked: Asked | None = None) -> list[ThingChanged]:
    moments = [parts.moment(str(one), None) for one in (begin, end)]
    before, after = (parts.as_of(one) for one in moments if one is not None)
    return differences(before, after, asked or Asked())


def test_every_event_between_stands_once_under_its_thing_and_nothing_else_does(granted: Parts) -> None:
    end = granted.log.end()
    rows = _between(granted, 200, end)
    told = sorted(event.position for row in rows for event in row.events)
    due = [
        one.position
        for one in granted.log.read(200, 9999)
        if one.event.TOPIC != "receipt.command-handled" or getattr(one.event, "refused", None)
    ]
    assert told == due
    assert all(row.first == row.events[0].position for row in rows)
    assert _between(granted, end, end) == []


def test_a_field_that_differs_stands_with_what_it_was_and_what_it_is(granted: Parts) -> None:
    events = granted.log.read(0, 9999)
    accepted = next(one for one in events if one.event.TOPIC == "grant.accepted")
    (row,) = (one for one in _between(granted, accepted.position - 1, accepted.position) if one.kind == "grant")
    assert row.name == "Cool schoolyards"
    assert row.change == "The grant “Cool schoolyards” changed: 1 event."
    stage = next(field for field in row.fields if field.field == "stage")
    assert (stage.before, stage.after) == ("offered", "accepted")
    assert row.events[0].by_label == "Officer of Turin"


def test_a_thing_that_was_not_there_before_is_new(granted: Parts) -> None:
    (row,) = _between(granted, 1, granted.log.end(), Asked(about=None, hears=lambda one: one.stream == OFFICE))
    assert row.kind == "account"
    (place,) = [one for one in _between(granted, 1, granted.log.end()) if one.name == "Turin"]
    assert place.change.startswith("The organisation “Turin” is new: ")
    assert {field.before for field in place.fields} == {""}


def test_of_a_thing_and_of_a_call_alone_what_belongs_to_it_is_told(granted: Parts) -> None:
    action, end = action_of(APPLICANTS[0]), granted.log.end()
    about = _between(granted, 1, end, Asked(about=action))
    assert {"pilot-action", "evaluation", "grant"} <= {row.kind for row in about}
    assert not any(row.id == action_of(APPLICANTS[1]) for row in about)
    of_call = _between(granted, 1, end, Asked(call_id=CALL_ID))
    assert {row.kind for row in of_call} == {"call", "partnership", "pilot-action", "evaluation", "grant"}


def test_what_is_asked_for_of_a_thing_or_a_call_is_what_is_of_it_among_everything(granted: Parts) -> None:
    action, (begin, end) = action_of(APPLICANTS[0]), (150, granted.log.end() - 20)
    everything = _between(granted, begin, end)
    events = {one.position: one for one in granted.log.read(begin, end)}
    of_action = {at for at, one in events.items() if action in mentioned(one)}
    about = {event.position for row in _between(granted, begin, end, Asked(about=action)) for event in row.events}
    assert about == of_action & {event.position for row in everything for event in row.events}
    of_call = [row for row in everything if row.kind not in ("account", "organisation", "slot", "receipt", "log-key")]
    assert _between(granted, begin, end, Asked(call_id=CALL_ID)) == of_call


def test_what_one_may_not_see_has_no_fields(granted: Parts) -> None:
    rows = _between(granted, 1, granted.log.end(), Asked(sees=lambda kind, id: kind != "grant"))
    assert all(not row.fields for row in rows if row.kind == "grant")
    assert any(row.fields for row in rows)


def test_moments_in_the_wrong_order_and_too_far_apart_are_refused(
    granted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Malformed, match="Position 100 is not before position 50"):
        _between(granted, 100, 50)
    monkeypatch.setattr("fund_service.audit.differing.MOST", 10)
    with pytest.raises(Malformed, match="More than 10 events lie between"):
        _between(granted, 1, 400)
