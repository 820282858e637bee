"""A rehearsal whose processes go on in a new run at every step, and one on PostgreSQL, end as the undisturbed one.

Both at once in every run of the tests; each alone, so that the cause of a failure is known, in the soak.
"""

from pathlib import Path

import pytest

from fund_service.temporal_server import find_binary
from tests.journeys.demo import FEW, Rehearsed, by_stream, log, rehearsed

SHORT_HISTORIES = """#!/bin/sh
exec "{binary}" "$@" --dynamic-config-value limit.historyCount.suggestContinueAsNew=10 \\
    --dynamic-config-value 'history.workflowIdReuseMinimalInterval="0s"'
"""


@pytest.fixture
def short_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every Temporal server tell its processes to begin a new run after ten events."""
    server = tmp_path / "temporal"
    server.write_text(SHORT_HISTORIES.format(binary=find_binary(None)))
    server.chmod(0o755)
    monkeypatch.setenv("FUND_TEMPORAL", str(server))


def tells_the_same(undisturbed: Rehearsed, data: Path, *options: str) -> None:
    """Rehearse in another place, and compare the two summaries; in a place like the other one the two logs too."""
    assert undisturbed.ends_as(rehearsed(data, *FEW, *options))
    if not options:
        assert by_stream(log(data)) == by_stream(log(undisturbed.place))


@pytest.mark.usefixtures("short_histories")
def test_a_rehearsal_on_postgresql_with_a_new_run_at_every_step_tells_the_same(
    undisturbed: Rehearsed, database: str, tmp_path: Path
) -> None:
    tells_the_same(undisturbed, tmp_path / "other", "--store", database)


@pytest.mark.soak
@pytest.mark.usefixtures("short_histories")
def test_a_rehearsal_with_a_new_run_at_every_step_tells_the_same(undisturbed: Rehearsed, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path / "other")


@pytest.mark.soak
def test_a_rehearsal_on_postgresql_tells_the_same(undisturbed: Rehearsed, database: str, tmp_path: Path) -> None:
    tells_the_same(undisturbed, tmp_path / "other", "--store", database)
