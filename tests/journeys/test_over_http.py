"""A whole call over HTTP, each person by an own token, tells the same as by `Fund.handle`, event by event."""

from pathlib import Path

import pytest

from fund_service.composition import open_parts
from fund_service.settings import read_settings
from tests.journeys.demo import FEW, Rehearsed, by_stream, log, rehearsed


def tells_the_same(undisturbed: Rehearsed, place: Path, *options: str) -> None:
    """Play the call over HTTP in this place, and compare the two logs and summaries."""
    assert undisturbed.ends_as(rehearsed(place, "--over-http", *options))
    assert by_stream(log(place)) == by_stream(log(undisturbed.place))


def test_a_call_over_http_tells_the_same_event_by_event(undisturbed: Rehearsed, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path, *FEW)
    with open_parts(read_settings(data=tmp_path)) as parts:
        assert parts.tokens.of(None, parts.clock.now()) == []


@pytest.mark.soak
def test_a_larger_call_over_http_tells_the_same(tmp_path: Path) -> None:
    size = ("--partnerships", "12", "--seed", "over http")
    by_handle = tmp_path / "by-handle"
    tells_the_same(Rehearsed(by_handle, rehearsed(by_handle, *size)), tmp_path / "over-http", *size)
