"""The small fund, recorded once, and the command line as a person uses it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fund_service.cli.main import main
from tests.fund_service.cli.small_fund import record


class Said(NamedTuple):
    """What a command ended with, and what it said on both streams."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the small fund. Commands read it; none changes its log."""
    return record(tmp_path_factory.mktemp("small fund"))


@pytest.fixture
def fund(recorded: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `fund` with these arguments on the small fund."""
    monkeypatch.setenv("FUND_DATA", str(recorded))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return run
