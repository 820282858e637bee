"""A rehearsal on PostgreSQL, with a new run of each process at every step, or over HTTP: it tells the same.

Every run of the tests plays the former two together with kills (`tests/reliability/test_kills.py`), and the last with
interruptions (`test_demo_process.py`); in the soak each is alone, so that the cause of a failure is known.
"""

from pathlib import Path

import pytest

from tests.journeys.demo import FEW, Rehearsed, by_stream, log, rehearsed


def tells_the_same(undisturbed: Rehearsed, data: Path, *options: str) -> None:
    """Rehearse in another place, and compare the two summaries and logs."""
    assert undisturbed.ends_as(rehearsed(data, *options))
    assert by_stream(log(data)) == by_stream(log(undisturbed.place))


@pytest.mark.soak
def test_on_postgresql_it_tells_the_same(
    undisturbed: Rehearsed, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = log(undisturbed.place)
    monkeypatch.setenv("FUND_STORE", database)
    assert undisturbed.ends_as(rehearsed(tmp_path / "other", *FEW))
    assert by_stream(log(tmp_path / "other")) == by_stream(events)


@pytest.mark.soak
@pytest.mark.usefixtures("short_histories")
def test_with_a_new_run_at_every_step_it_tells_the_same(undisturbed: Rehearsed, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path / "other", *FEW)


@pytest.mark.soak
def test_over_http_it_tells_the_same(tmp_path: Path) -> None:
    size = ("--partnerships", "12", "--seed", "over-http")
    by_handle = tmp_path / "by-handle"
    tells_the_same(Rehearsed(by_handle, rehearsed(by_handle, *size)), tmp_path / "over-http", *size, "--over-http")
