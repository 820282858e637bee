"""Each part of the service runs as a process of its own: it says when it is ready, is the only one, and ends clean."""

import subprocess
import sys
import time
from pathlib import Path

from tests.reliability.company import PARTS, Member, members, wait_until_ready

FUND = str(Path(sys.executable).with_name("fund"))


def test_every_part_says_when_it_is_ready_is_the_only_one_and_ends_clean(tmp_path: Path) -> None:
    with members(tmp_path, PARTS) as running:
        wait_until_ready(running)
        said = {part: member.ready() for part, member in running.items()}
        assert {part: (told["part"], told["process"]) for part, told in said.items() if told} == {
            part: (part, member.process.pid) for part, member in running.items()
        }
        assert said["work"] == {**said["work"], "temporal": said["temporal"]["temporal"]}
        for part in ("temporal", "project"):
            second = subprocess.run([FUND, part, "--data", str(tmp_path)], capture_output=True, text=True, timeout=60)
            assert second.returncode == 7
            assert second.stderr.startswith("Another ")
            assert f"process {running[part].process.pid}" in second.stderr
        assert {part: member.end() for part, member in reversed(running.items())} == dict.fromkeys(PARTS, 0)


def test_a_part_without_temporal_says_so_once_waits_and_can_be_ended(tmp_path: Path) -> None:
    member = Member("work", tmp_path)
    log = tmp_path / "work.log"
    while "Temporal is away" not in log.read_text():
        assert member.process.poll() is None
        time.sleep(0.02)
    assert member.end() == 0
    assert log.read_text().count("\n") == 1
