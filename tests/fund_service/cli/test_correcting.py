"""A published call changes from the command line only by two persons: proposed with reasons, then confirmed (D21)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from fund_service.cli.main import main
from fund_service.clock import RehearsalClock
from fund_service.editions.loader import shipped_editions
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.cli.conftest import Run, Said
from tests.fund_service.small_fund import CALENDAR

WORDS = ("--wording", "21 March 2026, 17:00 Brussels time", "--reason", "The service was away.")


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `fund` where a call is published, a day before it closes, by two officers of the secretariat."""
    place = tmp_path
    monkeypatch.setenv("FUND_DATA", str(place))
    with open_store(Settings(data=place)) as store:
        RehearsalClock(Facts(store.engine("facts"))).move(CALENDAR.applications_close - timedelta(days=1))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    office = ("act", "--as", "Secretariat 1")
    assert run("init").code == 0
    second = ("--set", "subject=new", "--set", "label=Secretariat 2", "--set", "unit=Secretariat")
    assert run(*office, "open-account", *second).code == 0
    role = ("--set", "subject=Secretariat 2", "--set", "role=secretariat")
    assert run(*office, "grant-role", *role).code == 0
    assert run("call", "publish", shipped_editions()["iurc-2026"], "--as", "Secretariat 1").code == 0
    return run


def extend(to: str) -> list[str]:
    """Return the words that ask for a later deadline."""
    return ["call", "extend-deadline", "iurc-2026", "--as", "Secretariat 1", "--to", to, *WORDS]


def test_a_deadline_is_extended_by_two_persons(call: Run) -> None:
    assert call(*extend("2026-03-20T20:00:00+01:00")).code == 0
    confirm = ("call", "correct", "iurc-2026", "--confirm", "1", "--as")
    assert call(*confirm, "Secretariat 1").code == 3
    assert call(*confirm, "Secretariat 2").code == 0
    rules = json.loads(call("call", "show", "iurc-2026", "--json").out)["rules"]
    assert rules["calendar"]["applications_close"] == "2026-03-20T19:00:00Z"
    assert rules["deadline_wording"] == "21 March 2026, 17:00 Brussels time"


def test_other_rules_are_proposed_from_an_edition_file(call: Run, tmp_path: Path) -> None:
    file = tmp_path / "corrected.yaml"
    shipped = shipped_editions()["iurc-2026"].read_text(encoding="utf-8")
    file.write_text(shipped.replace("title: IURC competitive fund 2026", "title: The fund of 2026"), encoding="utf-8")
    propose = ("call", "correct", "iurc-2026", "--as", "Secretariat 1", "--file", file)
    assert call(*propose).code == 3  # no reason is given
    foreseen = json.loads(call(*propose, "--reason", "A shorter title.", "--dry-run", "--json").out)
    assert [event["topic"] for event in foreseen["events"]] == ["call.correction-proposed"]
    assert call(*propose, "--reason", "A shorter title.").code == 0
    assert call("call", "correct", "iurc-2026", "--confirm", "1", "--as", "Secretariat 2").code == 0
    assert json.loads(call("call", "show", "iurc-2026", "--json").out)["title"] == "The fund of 2026"


BAD: list[tuple[list[str], int, str]] = [
    (extend("tomorrow"), 2, "“tomorrow” is no instant. Write it with its offset"),
    (extend("2026-03-20T20:00:00"), 2, "“2026-03-20T20:00:00” is no instant."),
    (extend("2026-03-25T20:00:00+01:00"), 2, "With this deadline, "),
    (extend("2026-03-20T16:00:00+01:00"), 3, ""),
    (["call", "correct", "iurc-2026", "--as", "Secretariat 2"], 2, "It is not clear what you want."),
    (["call", "correct", "iurc-2026", "--as", "Secretariat 2", "--confirm", "1"], 3, "No correction 1 waits"),
    (["call", "correct", "iurc-2031", "--as", "Secretariat 2", "--confirm", "1"], 5, "There is no call “iurc-2031”."),
]


@pytest.mark.parametrize(("words", "code", "sentence"), BAD, ids=[f"{n} {bad[0][1]}" for n, bad in enumerate(BAD)])
def test_what_cannot_be_corrected_is_said_in_a_sentence(call: Run, words: list[str], code: int, sentence: str) -> None:
    said = call(*words)
    assert said.err.startswith(sentence)
    assert "Traceback" not in said.err
    assert (said.code, said.out) == (code, "")
