"""What Go's checksum database is verified with verifies a bundle too, and finds what was altered (P12)."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fund_service.audit.offline.package import Trusted
from tests.fund_service.audit.forging import FORGERIES, packed, unpacked

PROGRAM = Path(__file__).with_name("verify.go")
SEED = 12
Verify = Callable[[bytes], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def verify(trusted: Trusted, tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """Return a verifier that was built of Go's own packages."""
    if shutil.which("go") is None or not Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("Go is missing; `apt-get install golang-go golang-golang-x-mod-dev` lets its packages verify too")
    place = tmp_path_factory.mktemp("go")
    builds = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": f"{place}/cache", "GOFLAGS": "-trimpath"}
    program = place / "verify"
    subprocess.run(["go", "build", "-o", program, PROGRAM], env={**os.environ, **builds}, check=True, timeout=300)

    def run(bundle: bytes) -> "subprocess.CompletedProcess[str]":
        (place / "bundle.zip").write_bytes(bundle)
        given = [program, place / "bundle.zip", str(trusted.keys[0])]
        return subprocess.run(given, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_go_proves_every_record_of_a_bundle(verify: Verify, bundle: bytes) -> None:
    found = verify(bundle)
    assert (found.returncode, found.stderr) == (0, "")
    count = len(unpacked(bundle)["events.jsonl"].splitlines())
    assert found.stdout == f"{count} of {count} records stand in the log\n"


def test_go_finds_whatever_somebody_alters(verify: Verify, bundle: bytes) -> None:
    chance, files = random.Random(SEED), unpacked(bundle)
    forged = [(forge, forge(files, chance)) for forge in FORGERIES for _ in range(10)]
    assert [forge.__name__ for forge, altered in forged if verify(packed(altered)).returncode == 0] == []
