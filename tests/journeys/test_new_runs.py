"""A rehearsal whose processes go on in a new run at every step ends as one with long histories does."""

from pathlib import Path

import pytest

from fund_service.temporal_server import find_binary
from tests.journeys.demo import by_stream, log, rehearsed

FEW = ("--partnerships", "2")

SHORT_HISTORIES = """#!/bin/sh
exec "{binary}" "$@" --dynamic-config-value limit.historyCount.suggestContinueAsNew=10 \\
    --dynamic-config-value 'history.workflowIdReuseMinimalInterval="0s"'
"""


def test_a_rehearsal_with_a_new_run_at_every_step_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = rehearsed(tmp_path / "usual", *FEW)
    server = tmp_path / "temporal"
    server.write_text(SHORT_HISTORIES.format(binary=find_binary(None)))
    server.chmod(0o755)
    monkeypatch.setenv("FUND_TEMPORAL", str(server))
    other = rehearsed(tmp_path / "other", *FEW)
    assert {**other, "seconds": 0} == {**usual, "seconds": 0}
    assert by_stream(log(tmp_path / "other")) == by_stream(log(tmp_path / "usual"))
