"""A rehearsal whose processes go on in a new run at every step, on PostgreSQL, or over HTTP: it tells the same.

Every run of the tests plays them together with kills (`tests/reliability/test_kills.py`) and interruptions
(`test_demo_process.py`); here each is alone, so that the cause of a failure is known.
"""

from pathlib import Path

import pytest

from tests.journeys.demo import FEW, Rehearsed, by_stream, log, rehearsed

pytestmark = pytest.mark.soak


def tells_the_same(undisturbed: Rehearsed, data: Path, *options: str, store: str | None = None) -> None:
    """Rehearse in another place, and compare the two summaries and logs."""
    stored = () if store is None else ("--store", store)
    assert undisturbed.ends_as(rehearsed(data, *options, *stored))
    assert by_stream(log(data, store)) == by_stream(log(undisturbed.place))


@pytest.mark.usefixtures("short_histories")
def test_with_a_new_run_at_every_step_it_tells_the_same(undisturbed: Rehearsed, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path / "other", *FEW)


def test_on_postgresql_it_tells_the_same(undisturbed: Rehearsed, database: str, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path / "other", *FEW, store=database)


def test_over_http_it_tells_the_same(tmp_path: Path) -> None:
    size = ("--partnerships", "12", "--seed", "over http")
    by_handle = tmp_path / "by-handle"
    tells_the_same(Rehearsed(by_handle, rehearsed(by_handle, *size)), tmp_path / "over-http", *size, "--over-http")
