"""The scanner: clean, infected, away; none is said openly. With a simulated clamd; in the soak with Debian's own."""

import io
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Malformed, Unavailable
from domain.files import Scan
from fund_service.attachments.scanning import Clamd, Infected, NoScanner, scanner_of
from tests.fund_service.attachments.simulated_clamd import simulated_clamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every scanner finds, by agreement; in two parts, so that no scanner finds this file."""


def test_without_a_scanner_nobody_looked() -> None:
    none = scanner_of(None)
    assert isinstance(none, NoScanner)
    assert (none.scan(io.BytesIO(EICAR)), none.version()) == (Scan.NOT_SCANNED, None)


@pytest.mark.parametrize("over", ["TCP", "a socket"])
def test_a_clean_file_is_clean_and_an_infected_one_is_refused(over: str, tmp_path: Path) -> None:
    with simulated_clamd(None if over == "TCP" else tmp_path / "clamd") as (address, _):
        clamd = Clamd(address)
        content = io.BytesIO(b"x" * 200_000)
        content.seek(100)
        assert clamd.scan(content) is Scan.CLEAN
        assert content.tell() == 0
        with pytest.raises(Infected, match=r"found Simulated\.EICAR-1"):
            clamd.scan(io.BytesIO(EICAR))
        assert clamd.version() == "ClamAV 0.0.0 (simulated)"


def test_a_scanner_that_is_away_falls_silent_or_hears_no_more_takes_no_file(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    for away in (f"127.0.0.1:{port}", str(tmp_path / "nothing")):
        with pytest.raises(Unavailable, match="scanner is away"):
            Clamd(away).scan(io.BytesIO(b"x"))
    with simulated_clamd(answers=False) as (address, _), pytest.raises(Unavailable, match="scanner is away"):
        Clamd(address).scan(io.BytesIO(b"x"))
    with simulated_clamd(longest=10) as (address, _), pytest.raises(Unavailable, match="scanner"):
        Clamd(address).scan(io.BytesIO(b"x" * 1000))
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(Unavailable, match="scanner is away"):
        Clamd(f"127.0.0.1:{deaf.getsockname()[1]}", seconds=0.05).scan(io.BytesIO(b"x"))


@pytest.mark.parametrize("address", ["", "clamd", "host:", "host:port", "clamd.ctl"])
def test_an_address_that_cannot_be_read_is_told(address: str) -> None:
    with pytest.raises(Malformed, match="FUND_CLAMD"):
        scanner_of(address)


@pytest.fixture
def real_clamd(tmp_path: Path) -> Iterator[str]:
    """Run Debian's clamd with a database of one signature, that of the harmless text."""
    program = shutil.which("clamd")
    assert program is not None, "clamd is missing; run: apt-get install -y --no-install-recommends clamav-daemon"
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "test.ndb").write_text(f"Test-Eicar:0:0:{EICAR.hex()}\n")
    place = tmp_path / "clamd.ctl"
    settings = {
        "DatabaseDirectory": tmp_path / "db",
        "LocalSocket": place,
        "Foreground": "yes",
        "TemporaryDirectory": tmp_path,
        "OfficialDatabaseOnly": "no",
    }
    (tmp_path / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    running = subprocess.Popen(
        [program, "--config-file", str(tmp_path / "clamd.conf")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        told = []
        for line in running.stdout:  # it says when it listens
            told.append(line)
            if place.exists():
                break
        assert place.exists(), "".join(told)
        yield str(place)
    finally:
        running.terminate()
        running.communicate(timeout=30)


@pytest.mark.soak
def test_debians_clamd_finds_the_harmless_text_and_nothing_else(real_clamd: str) -> None:
    clamd = Clamd(real_clamd)
    assert clamd.scan(io.BytesIO(b"%PDF-1.7\n%%EOF\n")) is Scan.CLEAN
    with pytest.raises(Infected, match="Test-Eicar"):
        clamd.scan(io.BytesIO(EICAR))
    assert str(clamd.version()).startswith("ClamAV")
