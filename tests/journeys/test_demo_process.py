"""`fund demo` as a process: it stays up, ends clean on Ctrl-C, goes on where it was, and tells the same story again.

Interrupted and killed it plays over HTTP, each person by an own token: by `Fund.handle` it tells the same.
"""

import json
import shutil
import subprocess
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fund_service.composition import open_parts
from fund_service.settings import read_settings
from tests.journeys.demo import FEW, Rehearsed, by_stream, command, demo, interrupt, log, read_until, rehearsed

OVER_HTTP = (*FEW, "--over-http")


@pytest.fixture(scope="module")
def played(undisturbed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place of this file's own, in which the call was rehearsed."""
    return shutil.copytree(undisturbed.place, tmp_path_factory.mktemp("played"), dirs_exist_ok=True)


def test_it_stays_up_answers_refuses_a_second_and_ends_clean_on_ctrl_c(played: Path) -> None:
    with demo(played, *FEW) as process:
        said = read_until(process, "Ctrl-C")
        address = json.loads((played / "ports.json").read_text())["api"]
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            assert json.load(answer)["ready"]
        assert "fictitious" in said
        second = subprocess.run(command(played, "--once", *FEW), capture_output=True, text=True, timeout=120)
        assert second.returncode == 7
        assert "runs in" in second.stderr
        assert interrupt(process) == 0


def test_interrupted_or_killed_it_goes_on_where_it_was_to_the_same_end(undisturbed: Rehearsed, tmp_path: Path) -> None:
    with demo(tmp_path, *OVER_HTTP) as process:
        read_until(process, "Coaching")
        assert interrupt(process) == 130
    interrupted = len(log(tmp_path))
    with demo(tmp_path, *OVER_HTTP) as process:
        read_until(process, "Applications")
        process.kill()
    whole = log(undisturbed.place)
    assert 0 < interrupted < len(log(tmp_path)) < len(whole) == undisturbed.summary["events"]
    assert undisturbed.ends_as(rehearsed(tmp_path, *OVER_HTTP))
    assert by_stream(log(tmp_path)) == by_stream(whole)
    with open_parts(read_settings(data=tmp_path)) as parts:
        assert parts.tokens.of(None, datetime.now(UTC)) == []


@pytest.mark.soak
def test_another_seed_tells_another_story(played: Path, tmp_path: Path) -> None:
    rehearsed(tmp_path, *FEW, "--seed", "another")
    applications = [
        {recorded.stream for recorded in log(place) if recorded.event.TOPIC.startswith("pilot-action.")}
        for place in (played, tmp_path)
    ]
    assert all(applications)
    assert applications[0].isdisjoint(applications[1])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--seed", "7", *FEW), "with seed 2026, not 7"),
        (("--partnerships", "3"), "with partnerships 2, not 3"),
        (("--partnerships", "0"), "0 partnerships cannot be rehearsed"),
        (("--partnerships", "6001"), "6001 partnerships cannot be rehearsed"),
    ],
)
def test_a_used_place_refuses_another_rehearsal_with_the_cure(
    played: Path, options: tuple[str, ...], sentence: str
) -> None:
    done = subprocess.run(command(played, "--once", *options), capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
