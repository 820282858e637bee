"""Anything can be asked of the fund from the command line, as somebody, or only foreseen."""

import json
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest

from domain.catalogue import COMMANDS
from fund_service.cli.asking import command_named, kebab
from fund_service.cli.main import main
from fund_service.clock import RehearsalClock
from fund_service.composition import open_parts
from fund_service.editions.loader import shipped_editions
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.cli.conftest import Run, Said
from tests.fund_service.small_fund import CALENDAR

TURIN = [
    *("act", "--as", "Secretariat 1", "register-organisation", "--set", "organisation_id=new", "--set", "name=Turin"),
    *("--set", "kind=city", "--set", "side=EU", "--set", "country=IT"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where nothing is recorded."""
    return tmp_path / "live"


@pytest.fixture
def live(place: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `fund` in a live fund where the first secretariat is recorded."""
    monkeypatch.setenv("FUND_DATA", str(place))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    assert run("init").code == 0
    return run


def end_of(place: Path) -> int:
    """Return the log's end."""
    with open_parts(Settings(data=place)) as parts:
        return parts.log.end()


def test_the_first_secretariat_is_recorded_once(live: Run, place: Path) -> None:
    before = end_of(place)
    said = live("init")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("The first secretariat is recorded already. Ask an officer")
    assert end_of(place) == before + 1  # the receipt of the refusal


def test_the_officer_of_the_secretariat_is_told_by_id(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["init", "--label", "Office 7", "--json", "--data", str(place)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert UUID(told["id"])
    assert main(["show", "account", told["id"], "--data", str(place)]) == 0
    assert "label: Office 7" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("label", "says"), [("", "label: is empty; fill it in."), ("\ud800", "A value is not text in UTF-8.")]
)
def test_a_label_that_cannot_be_read_leaves_no_trace(
    place: Path, capsys: pytest.CaptureFixture[str], label: str, says: str
) -> None:
    assert main(["init", "--label", label, "--data", str(place)]) == 2
    assert capsys.readouterr().err.startswith(says)
    assert not place.exists()


@pytest.mark.parametrize("text", ["order-resource", "order_resource", "OrderResource", "ORDERRESOURCE"])
def test_a_command_is_found_however_it_is_written(text: str) -> None:
    assert command_named(text).__name__ == "OrderResource"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_listed_and_its_fields_are_told(command: type, fund: Run) -> None:
    said = fund("act", kebab(command), "--fields")
    assert said.code == 0
    assert "field" in said.out


def test_the_list_of_commands_says_who_may_ask(fund: Run) -> None:
    rows = json.loads(fund("act", "--list", "--json").out)
    assert len(rows) == len(COMMANDS)
    assert {
        "id": "certify-delivery",
        "who": "a certifier",
        "says": "Certify a delivery that the city acknowledged.",
    } in rows


def test_what_was_asked_is_recorded_and_told_as_a_sentence(live: Run) -> None:
    said = live(*TURIN, "--key", "turin")
    assert said.code == 0
    assert "Recorded: Turin was registered." in said.out
    assert "Its key is turin" in said.out
    assert "name: Turin" in live("show", "organisation", "turin").out


def test_the_same_key_is_carried_out_once_and_another_request_under_it_is_a_conflict(live: Run, place: Path) -> None:
    asked = [word.replace("=new", "=cafe0000-0000-4000-8000-000000000001") for word in TURIN]
    live(*asked, "--key", "turin")
    end = end_of(place)
    again = live(*asked, "--key", "turin")
    assert (again.code, end_of(place)) == (0, end)
    assert "carried out before" in again.out
    assert live(*TURIN, "--key", "turin").code == 6


def test_a_dry_run_tells_the_events_and_records_nothing(live: Run, place: Path) -> None:
    end = end_of(place)
    told = json.loads(live(*TURIN, "--dry-run", "--json").out)
    assert told["recorded"] is False
    assert [event["sentence"] for event in told["events"]] == [
        "Turin was registered.",
        "The secretariat is asked for its population; nobody is refused for it.",
    ]
    assert end_of(place) == end


def test_a_dry_run_tells_the_process_that_would_start_with_its_clocks(live: Run) -> None:
    edition = shipped_editions()["iurc-2026"]
    told = json.loads(live("call", "publish", edition, "--as", "Secretariat 1", "--dry-run", "--json").out)
    process, award = told["processes"]
    assert process["starts"]
    assert award["id"].startswith("award-")
    assert process["id"].startswith("call-")
    assert process["clocks"]["applications_close"] == "2026-03-20T16:00:00Z"
    assert "final_report_due" not in process["clocks"]


def test_a_dry_run_tells_which_process_would_hear_of_it(fund: Run, recorded: Path, tmp_path: Path) -> None:
    copy = copytree(recorded, tmp_path / "in time")
    with open_store(Settings(data=copy)) as store:
        RehearsalClock(Facts(store.engine("facts"))).move(CALENDAR.outcomes_released + timedelta(days=3))
    events = json.loads(fund("events", "--json", "--limit", 1000).out)
    malaga = [event["stream"] for event in events if event["topic"] == "grant.offered"][1]
    decline = ("decline-grant", "--set", "reason=Other plans.", "--set", f"grant_id={malaga}")
    said = fund("act", "--as", "Officer of Málaga", *decline, "--dry-run", "--data", copy)
    assert "At Fri 3 Apr 2026, 12:00 (Brussels time) this would happen" in said.out
    assert "is told: hears grant.declined" in said.out


def test_a_dry_run_is_refused_as_the_deed_would_be_with_the_rule(fund: Run, recorded: Path) -> None:
    end = end_of(recorded)
    pair = {"name": "Alone", "coordinator_id": "Turin Metropolitan Area", "member_ids": "Turin Metropolitan Area"}
    asked = {"partnership_id": "new", "call_id": "iurc-2026", "geography": "Asia", **pair}
    words = [word for name, value in asked.items() for word in ("--set", f"{name}={value}")]
    said = fund("act", "form-partnership", "--as", "Secretariat 1", *words, "--dry-run")
    assert said == Said(3, "", "The partnership has 1 of at least 2 members. Add a city or region as a member. (S07)\n")
    assert end_of(recorded) == end


def test_a_call_is_published_from_its_file_once_with_warnings(live: Run) -> None:
    edition = shipped_editions()["iurc-2026"]
    said = live("call", "publish", edition, "--as", "Secretariat 1")
    assert said.code == 0
    assert "Warning: It is" in said.err
    assert "iurc-2026" in live("call", "list").out
    again = live("call", "publish", edition, "--as", "Secretariat 1")
    assert again.code == 3
    assert again.err.splitlines()[-1].startswith("This call is published already.")


def order(fields: str) -> list[str]:
    """Return an order of a resource with some fields written differently."""
    return ["act", "order-resource", "--as", "Secretariat 1", "--set", "kind=study", *fields.split("|")]


BAD: list[tuple[list[str], int, str]] = [
    (["act"], 2, "You name no command. List them with `fund act --list`."),
    (["act", "order-resorce"], 2, "There is no command “order-resorce”. Did you mean “order-resource”?"),
    (["act", "order-resource"], 2, "You do not say who asks."),
    (["act", "order-resource", "--as", "nobody at all"], 5, "There is no account “nobody at all”."),
    (["act", "open-account", "--as", "Evaluator 1"], 2, "subject: is missing; add it."),
    (["act", "settle-call", "--as", "engine"], 4, "Nobody acts for the fund's own processes."),
    (
        ["act", "settle-call", "--as", "Secretariat 1", "--set", "call_id=iurc-2026"],
        4,
        "You may not do this; only the fund's",
    ),
    (["act", "settle-call", "--as", "Secretariat 1", "--set", "call_id=iurc-2031"], 5, "There is no call “iurc-2031”."),
    (["act", "settle-call", "--as", "Secretariat 1", "--set", "call_id"], 2, "“call_id” gives no field a value."),
    (
        ["act", "settle-call", "--as", "Secretariat 1", "--set", "line=x"],
        2,
        "settle-call has no field “line”. It has: call_id.",
    ),
    (["act", "settle-call", "--as", "Secretariat 1", "--set", "at=2026-01-01"], 2, "settle-call has no field “at”."),
    (
        order("--set|cents=10.000"),
        2,
        "cents: “10.000” is no whole number of cents. Write cents in digits alone, or euros=10000.00.",
    ),
    (order("--set|cents=10,000"), 2, "cents: “10,000” is no whole number of cents."),
    (order("--set|cents=0.5"), 2, "cents: “0.5” is no whole number of cents."),
    (order("--set|cents=NaN"), 2, "cents: “NaN” is no whole number of cents."),
    (order("--set|cents=1e9"), 2, "cents: “1e9” is no whole number of cents."),
    (order(f"--set|cents={'9' * 5000}"), 2, "cents: “9999999999999999999999999999999999999999” is no whole number"),
    (order("--set|cents=1|--set|cents=2"), 2, "The field “cents” is given twice. Leave one of the two away."),
    (order("--set|cents=1|--set|euros=1.00"), 2, "A sum is given in cents and in euros. Leave one of the two away."),
    (order('--set|original={"amount": 1, "amount": 2}'), 2, "The value of original cannot be read as JSON."),
    (order('--set|original="\\ud800"'), 2, "A value is not text in UTF-8."),
    (order("--set|order=one"), 2, "order-resource has no field “order”."),
    (order("--set|period_from=2026-02-30"), 2, "grant_id: is missing; add it.\n"),
    (order("--set|period_from=5"), 2, "period_from: “5” is no day. Write it as in 2026-04-03."),
    (order("--set|euros=10.000"), 2, "“10.000” can mean €10.00 (ten euros) or €10,000.00 (ten thousand euros)."),
    (order("--set|euros=-1"), 2, "The sum “-1” is negative."),
    (order("--set|euros=0.001"), 2, "The sum “0.001” has a fraction of a cent."),
    (order("--set|euros=1e9"), 2, "“1e9” is no sum."),
    (order("--set|grant_id=cafe"), 5, "“cafe” is no grant; it is: Turin Metropolitan Area"),
    (
        ["act", "grant-role", "--as", "Secretariat 1", "--set", "subject=Evaluator 1", "--set", "role=boss"],
        2,
        "role: is “boss”; write",
    ),
    (
        ["act", "draft-roadmap", "--as", "Officer of Turin", "--set", "fields={"],
        2,
        "The value of fields cannot be read as JSON.",
    ),
    (
        ["act", "draft-roadmap", "--as", "Officer of Turin", "--set", "fields=NaN"],
        2,
        "The value of fields cannot be read as JSON.",
    ),
    (
        ["act", "settle-call", "--as", "Secretariat 1", "--file", "/nowhere.json"],
        2,
        "/nowhere.json cannot be read: no such file",
    ),
    (
        ["act", "link-organisations", "--as", "Secretariat 1", "--set", "other_ids=Atlantis; Turin"],
        5,
        "There is no organisation “Atlantis”.",
    ),
    (
        ["act", "hold-group-session", "--as", "Secretariat 1", "--set", "partnership_ids=Atlantis"],
        5,
        "There is no partnership “Atlantis”.",
    ),
    (
        ["act", "save-draft-section", "--as", "Officer of Turin", "--set", "smallest_useful_cents=10.000"],
        2,
        "smallest_useful_cents: “10.000” is no whole number of cents. Write cents in digits alone, or smallest_useful_",
    ),
    (["call", "publish", "/nowhere.yaml", "--as", "Secretariat 1"], 2, "/nowhere.yaml cannot be read: no such file"),
]


@pytest.mark.parametrize(
    ("words", "code", "sentence"), BAD, ids=[f"{number} {words[-1][:40]}" for number, (words, *_) in enumerate(BAD)]
)
def test_what_cannot_be_asked_is_said_in_a_sentence_and_changes_nothing(
    fund: Run, recorded: Path, words: list[str], code: int, sentence: str
) -> None:
    end = end_of(recorded)
    said = fund(*words, "--dry-run") if words[0] == "act" else fund(*words)
    assert said.err.startswith(sentence)
    assert "Traceback" not in said.err
    assert (said.code, said.out) == (code, "")
    assert end_of(recorded) == end


@pytest.mark.parametrize(
    "content", ["[1]", "", "{", "\ufeff[]", '{"cents": NaN}'], ids=["list", "empty", "open", "mark", "nan"]
)
def test_a_file_of_values_must_be_one_json_object(fund: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "values.json"
    file.write_text(content, encoding="utf-8")
    said = fund("act", "settle-call", "--as", "Secretariat 1", "--file", file)
    assert said.code == 2
    assert said.err.startswith(str(file))


def test_a_file_gives_nested_values_and_the_line_overrides_it(fund: Run, tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    fields = {"stakeholders": "Many.", "methods": "Workshops.", "deliverables": "A plan."}
    file.write_text(json.dumps({"fields": fields, "partnership_id": "nothing"}), encoding="utf-8")
    partnership = json.loads(fund("partnerships", "list", "--json").out)[0]["id"]
    asked = ("draft-roadmap", "--file", file, "--set", f"partnership_id={partnership}", "--dry-run")
    said = fund("act", "--as", "Officer of Turin", *asked)
    assert said.code == 0
    assert "Recorded:" in said.out


def test_nobody_needs_a_service_or_data_for_the_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["act", "--list", "--data", str(tmp_path / "nowhere")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(COMMANDS)} commands"
