"""One of each kind at a time: the second is told who holds the lock, and a lock ends with its process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import Unavailable
from fund_service.locks import file_lock

HOLD = """
import sys, time
from pathlib import Path
from fund_service.locks import file_lock
with file_lock(Path(sys.argv[1]), "relay"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_only_one_holds_a_lock_until_it_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "service.lock"
    for _ in range(2):
        with file_lock(path, "service"):
            sentence = rf"^Another `fund up` or `fund demo` runs in .* \(process {os.getpid()}\)\. End it with Ctrl-C"
            with pytest.raises(Unavailable, match=sentence), file_lock(path, "service"):
                pass
            with file_lock(tmp_path / "relay.lock", "relay"):
                pass


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "relay.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(Unavailable, match=rf"Another relay runs .* \(process {holder.pid}\)"),
            file_lock(path, "relay"),
        ):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with file_lock(path, "relay"):
        pass


def test_a_lock_that_cannot_be_opened_is_told_with_the_cure(tmp_path: Path) -> None:
    sentence = r"relay\.lock cannot be opened: is a directory\. Let this user write there"
    (tmp_path / "relay.lock").mkdir()
    with pytest.raises(Unavailable, match=sentence), file_lock(tmp_path / "relay.lock", "relay"):
        pass
