"""Where nothing was recorded, every command says so and leaves no trace."""

from pathlib import Path

import pytest

from domain.rulebook import RULES
from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.settings import Settings

READING = [
    "call list --json",
    "call show iurc-2026",
    "partnerships list",
    "applications list --csv",
    "ranking iurc-2026",
    "dashboard",
    "timeline malaga",
    "home malaga",
    "show organisation malaga",
    "events --json",
    "rebuild",
    "doctor",
]


@pytest.mark.parametrize("line", READING)
def test_where_nothing_was_recorded_a_command_says_so_and_makes_no_file(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "fund-data"
    assert main([*line.split(), "--data", str(directory)]) == 5
    sentence = f"Nothing is recorded in {directory} yet. Start with `fund demo`, or with `fund init`.\n"
    assert capsys.readouterr() == ("", sentence)
    assert not directory.exists()


def test_an_empty_log_is_nothing_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_parts(Settings(data=tmp_path)):
        pass
    assert main(["call", "list", "--data", str(tmp_path)]) == 5
    assert capsys.readouterr().err.startswith("Nothing is recorded in")


def test_the_rules_need_no_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--data", str(tmp_path / "nowhere")]) == 0
    assert f"\n{len(RULES)} rules\n" in capsys.readouterr().out


def test_the_data_directory_comes_from_the_environment_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUND_DATA", str(tmp_path / "from the environment"))
    assert main(["call", "list"]) == 5
    assert "from the environment" in capsys.readouterr().err
