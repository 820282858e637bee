"""The log's key may lie outside the service: a program signs, and what it answers is never believed unverified."""

import asyncio
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import Malformed
from domain.log_key import LOG_KEY, LOG_KEY_ID
from fund_service.audit import keeper
from fund_service.audit.checkpoints import kept_key, key_file, latest_signed, own_key, sign_now, witness_log
from fund_service.audit.exporting import export
from fund_service.audit.keeper import keeping
from fund_service.audit.offline.notes import signed_checkpoint
from fund_service.audit.offline.package import Trusted
from fund_service.audit.offline.verifying import verified
from fund_service.audit.outside_signer import OutsideSigner, SignerAway
from fund_service.cli.checks import checks
from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.small_fund import CALL_ID

HOLDER = Path(__file__).with_name("key_holder.py")
NAME = "iurc-fund/outside"


@pytest.fixture
def command(tmp_path: Path) -> str:
    """Return the command line of a signer with a key of its own, whose path holds a space."""
    secret = tmp_path / "a secret"
    secret.write_bytes(bytes(range(32)))
    return shlex.join([sys.executable, str(HOLDER), str(secret)])


@pytest.fixture
def place(recorded: Path, tmp_path: Path) -> Path:
    """Return a small fund, of the test's own, whose log was never signed."""
    return Path(shutil.copytree(recorded, tmp_path / "fund"))


async def until(holds: Callable[[], object]) -> None:
    while not holds():  # noqa: ASYNC110 -- nobody tells when
        await asyncio.sleep(0.01)


def program(*lines: str) -> str:
    """Return the command line of a program."""
    return shlex.join([sys.executable, "-c", "\n".join(["import os, sys, signal", *lines])])


KEY = "os.write(1, bytes(range(32))) and sys.exit() if '--public-key' in sys.argv else None"


def test_a_log_that_a_program_signs_is_proven_by_its_key_and_no_key_lies_in_the_fund(
    place: Path, command: str, tmp_path: Path
) -> None:
    with open_parts(Settings(data=place, log_signer=command)) as parts:
        signer = own_key(parts)
        with (tmp_path / "bundle.zip").open("wb") as target:
            export(parts, CALL_ID, target)
        assert not key_file(parts).exists()
        assert str(kept_key(parts).key) == str(signer.key)
        known = parts.fund.look(LOG_KEY, LOG_KEY_ID)
    assert known is not None
    assert known.verifiers == (str(signer.key),)
    steps = verified(tmp_path / "bundle.zip", Trusted([signer.key]))
    assert all(step.holds for step in steps), steps


def test_a_fund_goes_over_from_a_key_in_a_file_to_a_program_as_to_a_new_key(place: Path, command: str) -> None:
    with open_parts(Settings(data=place)) as parts:
        old = own_key(parts).key
        sign_now(parts, witness_log(parts), own_key(parts))
    with open_parts(Settings(data=place, log_signer=command)) as parts:
        kept, new = sign_now(parts, witness_log(parts), own_key(parts)), own_key(parts).key
        known = parts.fund.look(LOG_KEY, LOG_KEY_ID)
    assert known is not None
    assert known.verifiers == (str(old), str(new))
    assert [one.key for one in signed_checkpoint(kept.note, [old, new])[1]] == [new]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["sys.exit(3)"], "ended with code 3 when it was asked for its public key."),
        (["os.write(1, b'x' * 31)"], "gave 31 bytes for its public key, which has 32."),
        (["signal.pause()"], "did not give its public key within 0.5 seconds."),
        ([KEY, "sys.exit(4)"], "ended with code 4 when it was asked for a signature."),
        ([KEY, "os.write(1, b'x' * 65)"], "gave 65 bytes for a signature, which has 64."),
        ([KEY, "os.write(1, b'x' * 64)"], "signed by another key than it names, or something else than it was given."),
    ],
)
def test_what_is_no_answer_of_a_signer_is_told_in_a_sentence_without_what_it_was_given(
    lines: list[str], told: str
) -> None:
    seconds = 0.5 if "pause" in lines[0] else 30
    with pytest.raises(SignerAway) as away:
        OutsideSigner(NAME, f"{program(*lines)} --pin 123456", seconds).sign(b"message")
    assert str(away.value).startswith(f"The signer of the log, {Path(sys.executable).name}, {told}")
    assert "123456" not in str(away.value)


def test_a_signer_that_signs_something_else_than_it_was_given_is_not_believed(command: str, tmp_path: Path) -> None:
    holder = OutsideSigner(NAME, command)
    assert len(holder.sign(b"message")) == 64
    (tmp_path / "a secret").write_bytes(bytes(32))
    with pytest.raises(SignerAway, match="signed by another key than it names"):
        holder.sign(b"message")


@pytest.mark.parametrize("wrong", [" ", "'unclosed"])
def test_what_is_no_command_line_is_told_with_the_setting(wrong: str) -> None:
    with pytest.raises(Malformed, match="FUND_LOG_SIGNER"):
        OutsideSigner(NAME, wrong)


def test_a_program_that_is_not_there_is_told_and_nothing_of_a_command_line_goes_through_a_shell(tmp_path: Path) -> None:
    with pytest.raises(SignerAway, match="The signer of the log, nothing, cannot be started: no such file"):
        OutsideSigner(NAME, f"{tmp_path}/nothing ; touch {tmp_path}/touched")
    with pytest.raises(SignerAway, match="bytes for its public key"):
        OutsideSigner(NAME, f"/bin/echo x; touch {tmp_path}/touched")
    assert not (tmp_path / "touched").exists()


def test_a_key_in_a_file_and_a_program_together_are_refused(place: Path, command: str, tmp_path: Path) -> None:
    with (
        open_parts(Settings(data=place, log_signer=command, log_key=tmp_path / "log.key")) as parts,
        pytest.raises(Malformed, match="FUND_LOG_KEY and FUND_LOG_SIGNER"),
    ):
        own_key(parts)


def test_the_service_does_not_start_with_a_signer_that_cannot_sign(place: Path) -> None:
    async def start() -> None:
        with open_parts(Settings(data=place, log_signer=program(KEY, "sys.exit(4)"))) as parts:
            async with keeping(parts):
                pass

    with pytest.raises(SignerAway, match="ended with code 4"):
        asyncio.run(start())


def test_a_signer_that_goes_away_stops_nothing_and_signs_when_it_is_back(
    place: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keeper, "SIGNER_SECONDS", 0.01)
    secret = tmp_path / "a secret"
    known = secret.read_bytes()

    async def run() -> None:
        with open_parts(Settings(data=place, log_signer=command)) as parts:
            async with asyncio.timeout(120), keeping(parts) as (running, *_):
                secret.write_bytes(b"gone")
                await until(lambda: "Who signs the log is away" in caplog.text)
                secret.write_bytes(known)
                await until(lambda: "Who signs the log is back" in caplog.text)
                assert latest_signed(parts) is not None
                assert not running.done()

    asyncio.run(run())


def test_the_doctor_has_a_probe_signed(place: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen() -> tuple[bool, str]:
        [found] = [one for one in checks(place) if one.id == "signer"]
        return found.well, found.seen

    assert [one for one in checks(place) if one.id == "signer"] == []
    monkeypatch.setenv("FUND_LOG_SIGNER", command)
    with open_parts(Settings(data=place)) as parts:
        key = own_key(parts).key
    assert seen() == (True, f"the program of FUND_LOG_SIGNER signs as {key}")
    monkeypatch.setenv("FUND_LOG_SIGNER", program(KEY, "sys.exit(4)"))
    assert seen()[1].startswith("The signer of the log, ")
    assert not seen()[0]


def test_a_key_that_lies_with_a_signer_is_not_replaced_by_one_in_a_file(
    place: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUND_LOG_SIGNER", command)
    assert main(["audit", "rotate-key", "--data", str(place)]) == 2
    assert "lies with its signer" in capsys.readouterr().err
    assert not (place / "log.key").exists()
