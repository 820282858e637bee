"""The command line as a person uses it, on the small fund."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fund_service.cli.main import main


class Said(NamedTuple):
    """What a command ended with, and what it said on both streams."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def fund(recorded: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `fund` with these arguments on the small fund."""
    monkeypatch.setenv("FUND_DATA", str(recorded))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return run
