"""Whatever does not work is said in one sentence, with the exit code that tells programs why."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import typer

from domain import errors
from domain.errors import (
    Conflict,
    FundError,
    KeyReused,
    Malformed,
    NotFound,
    NotPermitted,
    RuleViolated,
    Unavailable,
    WrongStage,
)
from fund_service.cli.main import EXIT_CODES, app, main, run
from tests.fund_service.cli.conftest import Run

BAD_INPUT = [
    ("call", 2, "Missing command. See `fund call --help`."),
    ("rankng iurc-2026", 2, "No such command 'rankng'. Did you mean 'ranking'? See `fund --help`."),
    ("ranking", 2, "Missing argument 'CALL'. See `fund ranking --help`."),
    ("call list --jso", 2, "No such option: --jso"),
    ("events --limit many", 2, "Invalid value for '--limit'"),
    ("events --limit 0", 2, "Invalid value for '--limit'"),
    ("events --since -1", 2, "Invalid value for '--since'"),
    ("events --since 99999999999999999999", 2, "Invalid value for '--since'"),
    ("events --limit 99999999999999999999", 2, "Invalid value for '--limit'"),
    ("demo --partnerships 0", 2, "0 partnerships cannot be rehearsed. Choose a number from 1 to 6,000."),
    ("demo --seed \ud800", 2, "This seed cannot be used. Write at most 40 letters, digits, hyphens and dots."),
    ("init --store sqlite:////nowhere/at/all.db", 7, "The place of the store /nowhere/at/all.db cannot be opened"),
    ("init --store sqlite:///\0", 2, "The store (--store, FUND_STORE) cannot be read."),
    ("init --data \ud800", 2, "Invalid value for '--data': it is no path; write the name of a file or a directory."),
    ("call list --json --csv", 2, "You ask for JSON and for CSV. Choose --json or --csv."),
    ("call list --csv --xlsx rows.xlsx", 2, "You ask for CSV and for XLSX. Choose --csv or --xlsx."),
    ("ranking iurc-2026 --json --csv", 2, "You ask for JSON and for CSV. Choose --json or --csv."),
    ("call list --where stage", 2, "“stage” is no condition. Write field=value, or field~part"),
    ("call list --where state=open", 2, "There is no field “state”. Use one of: id, title, edition, stage."),
    ("call list --sort -state", 2, "There is no field “state”. Use one of: id, title, edition, stage."),
    ("show city malaga", 2, "There is no kind “city”. Use one of: organisation, account, call"),
    ("show grant 1", 2, "“1” is too short for an id. Write at least its first 4 characters."),
    ("ranking iurc-2026 --line visits", 2, "The call has no support line “visits”. Choose one of: pilot_action."),
    ("rules S99", 5, "There is no rule “S99”. Look it up in the list of rules."),
    ("ranking iurc-2031", 5, "There is no call “iurc-2031”. List them with `fund call list`."),
    ("show partnership 0123abcd", 5, "There is no partnership “0123abcd”. List them with `fund partnerships list`."),
    ("home atlantis", 5, "There is no organisation “atlantis”. Write its name or its id"),
    ("timeline ffffffff-0000-0000-0000-000000000000", 5, "There is no record “ffffffff-0000"),
    ("ranking iurc-2026 --explain 9", 5, "There is no rank 9. The ranks go from 1 to 4."),
    ("ranking iurc-2026 --explain 0", 5, "There is no rank 0. The ranks go from 1 to 4."),
    ("home iurc-2026", 5, "There is no organisation “iurc-2026”."),
    ("call list --data /dev/null", 7, "/dev/null is not a directory. Name another one with --data or FUND_DATA."),
]


@pytest.mark.parametrize(("line", "code", "sentence"), BAD_INPUT, ids=[ascii(line) for line, *_ in BAD_INPUT])
def test_bad_input_gets_one_sentence_and_its_exit_code(fund: Run, line: str, code: int, sentence: str) -> None:
    said = fund(*line.split())
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
    assert (said.code, said.out) == (code, "")


def test_an_empty_place_is_not_the_directory_where_one_stands(fund: Run) -> None:
    assert fund("call", "list", "--data", "").err.startswith("Invalid value for '--data': it is no path")


def test_a_sentence_does_not_repeat_a_whole_book(fund: Run) -> None:
    assert fund("home", "x" * 100_000).err.startswith(f"There is no organisation “{'x' * 80}…”. Write its name")


def test_a_setting_that_cannot_be_read_is_named(fund: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUND_PORT", "many")
    said = fund("call", "list")
    assert said.err.startswith("The setting port (FUND_PORT) cannot be 'many'. It is: The port of the API")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_a_setting_that_is_empty_counts_as_not_set(fund: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUND_STORE", "")
    assert fund("call", "list").code == 0


RAISED: list[tuple[FundError, int]] = [
    (Malformed("It cannot be read.", "Mend it."), 2),
    (RuleViolated("S01", "It cannot be read.", "Mend it."), 3),
    (WrongStage("It cannot be read.", "Mend it."), 3),
    (NotPermitted("It cannot be read.", "Mend it."), 4),
    (NotFound("It cannot be read.", "Mend it."), 5),
    (Conflict("It cannot be read.", "Mend it."), 6),
    (KeyReused("It cannot be read.", "Mend it."), 6),
    (Unavailable("It cannot be read.", "Mend it."), 7),
]


def program(error: BaseException) -> typer.Typer:
    """Return a program whose only command raises this."""
    made = typer.Typer(rich_markup_mode=None)

    @made.command()
    def fail() -> None:
        raise error

    return made


@pytest.mark.parametrize(("error", "code"), RAISED, ids=[type(error).__name__ for error, _ in RAISED])
def test_every_error_of_the_fund_has_its_exit_code(
    error: FundError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(program(error), []) == code
    clause = " (S01)" if isinstance(error, RuleViolated) else ""
    assert capsys.readouterr() == ("", f"It cannot be read. Mend it.{clause}\n")


def test_no_error_of_the_fund_is_without_an_exit_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FundError)]
    below = {kind for kind in kinds if not any(base in EXIT_CODES for base in kind.__mro__[:-4])} - {FundError}
    assert below == set()


def test_an_unexpected_fault_is_shown_whole_and_called_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program(ZeroDivisionError("division by zero")), []) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" in err
    assert err.endswith("This is a fault of the fund, not yours. Please report it with the lines above.\n")


def test_ctrl_c_ends_with_130_and_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program(KeyboardInterrupt()), []) == 130
    assert capsys.readouterr() == ("", "")


PROGRAM = (sys.executable, "-c", "import sys; from fund_service.cli.main import main; sys.exit(main())")


def test_ctrl_c_while_modules_are_loaded_ends_without_a_word_too() -> None:
    interrupted = """
import os, signal, sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Impatient())
from fund_service.cli.start import start
start()
"""
    ended = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.parametrize("line", ["events --json --limit 1000", "events", "rules --csv"])
def test_a_reader_that_has_had_enough_is_no_error(recorded: Path, line: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [*PROGRAM, *line.split(), "--data", str(recorded)]
    with os.fdopen(writer, "wb") as nobody:
        ended = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 141
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize(("to", "code"), [(">&-", 0), (">&- 2>&-", 0), (">/dev/full", 7)])
def test_an_output_that_goes_nowhere_or_finds_no_space_is_no_fault(to: str, code: int) -> None:
    ended = subprocess.run(["sh", "-c", f'"$@" {to}', "sh", *PROGRAM, "rules"], capture_output=True, check=False)
    assert ended.returncode == code
    assert (b"There is no space left" in ended.stderr) == (code != 0)
    assert b"Traceback" not in ended.stderr


def test_what_somebody_wrote_cannot_steer_the_terminal(fund: Run) -> None:
    steering = "\x1b[2J\x07\u202e\u2066\ud800"
    said = fund("home", f"Turin{steering}")
    assert said.code == 5
    assert said.err.startswith("There is no organisation “Turin�[2J����”.")


def test_help_names_every_exit_code_and_shows_two_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for code, meaning in EXIT_CODES.values():
        assert f"{code}  {meaning}" in shown
    assert "130  ended by Ctrl-C" in shown
    assert shown.count("  fund ") >= 2


def test_without_a_word_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Usage: fund")


def commands() -> list[list[str]]:
    """Return the words of every command."""
    own = [[command.name or command.callback.__name__] for command in app.registered_commands if command.callback]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        own += [[str(group.name), str(command.name)] for command in group.typer_instance.registered_commands]
    return own


APART: Final = dict.fromkeys(("permissions", "audit verifier", "audit ask"), "--data DIR") | dict.fromkeys(
    ("privacy export", "attachments get", "attachments verify"), "--json"
)
"""Some need no fund; what writes a file, or reads through all, tells nothing else."""


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_an_example_and_takes_data_and_json(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Example: fund {' '.join(command)}" in shown
    assert all(option in shown for option in ("--data DIR", "--json") if option != APART.get(" ".join(command)))


def test_help_loads_nothing_heavy() -> None:
    heavy = {"rich", "sqlalchemy", "eventsourcing", "temporalio", "fastapi", "uvicorn", "cryptography"}
    code = "import sys; from fund_service.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy & set(ended.stderr.split()) == set()
