"""A rehearsal whose processes go on in a new run at every step ends as one with long histories does."""

from pathlib import Path

import pytest

from fund_service.temporal_server import find_binary
from tests.journeys.demo import FEW, Rehearsed, by_stream, log, rehearsed

SHORT_HISTORIES = """#!/bin/sh
exec "{binary}" "$@" --dynamic-config-value limit.historyCount.suggestContinueAsNew=10 \\
    --dynamic-config-value 'history.workflowIdReuseMinimalInterval="0s"'
"""


def test_a_rehearsal_with_a_new_run_at_every_step_tells_the_same(
    undisturbed: Rehearsed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = tmp_path / "temporal"
    server.write_text(SHORT_HISTORIES.format(binary=find_binary(None)))
    server.chmod(0o755)
    monkeypatch.setenv("FUND_TEMPORAL", str(server))
    assert undisturbed.ends_as(rehearsed(tmp_path / "other", *FEW))
    assert by_stream(log(tmp_path / "other")) == by_stream(log(undisturbed.place))
