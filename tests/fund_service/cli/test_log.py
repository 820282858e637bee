"""The log on the command line: as it is, page by page, and the screens built anew from it."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fund_service.cli.main import main
from projections.screens import SCREENS
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, NOTE, partnership_of

EVERYTHING = ("--limit", 10_000)


def test_an_event_is_told_with_its_place_its_clocks_its_author_and_its_receipt(fund: Run) -> None:
    first, *_ = json.loads(fund("events", "--json", "--limit", 1).out)
    known = ["id", "position", "stream", "version", "topic", "effective_at", "recorded_at", "by", "caused_by", "event"]
    assert list(first) == known
    assert (first["position"], first["version"]) == (1, 1)
    assert first["topic"] == "account.first-secretariat-recorded"
    assert first["effective_at"] == "2025-12-15T09:00:00Z"


def test_the_log_is_read_page_by_page(fund: Run) -> None:
    whole = json.loads(fund("events", "--json", *EVERYTHING).out)
    pages, since = [], 0
    while page := json.loads(fund("events", "--json", "--since", since, "--limit", 150).out):
        pages += page
        since = page[-1]["position"]
    assert pages == whole
    assert [row["position"] for row in whole] == sorted(row["position"] for row in whole)


def test_where_a_page_ends_the_next_one_is_named(fund: Run) -> None:
    assert fund("events", "--json", "--limit", 3).err == "There are more events. Go on with --since 3.\n"
    assert fund("events", "--json", *EVERYTHING).err == ""
    assert fund("events", "--json", "--since", 99_999).err == "There are no such events.\n"


def test_the_events_of_one_stream_are_all_of_its_versions_in_order(fund: Run) -> None:
    rows = json.loads(fund("events", "--aggregate", "iurc-2026", "--json", *EVERYTHING).out)
    assert {row["stream"] for row in rows} == {str(CALL_ID)}
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    whole = json.loads(fund("events", "--json", *EVERYTHING).out)
    assert rows == [row for row in whole if row["stream"] == str(CALL_ID)]


def test_since_and_aggregate_go_together(fund: Run) -> None:
    rows = json.loads(fund("events", "--aggregate", "iurc-2026", "--json", *EVERYTHING).out)
    later = fund("events", "--aggregate", "iurc-2026", "--since", rows[1]["position"], "--json", *EVERYTHING)
    assert json.loads(later.out) == rows[2:]


def test_protected_text_is_shown_to_the_operator(fund: Run) -> None:
    stream = partnership_of(APPLICANTS[0])
    assert NOTE in fund("events", "--aggregate", stream).out
    assert NOTE in fund("events", "--aggregate", stream, "--json").out


def test_rebuilt_screens_are_the_same_as_grown_ones(fund: Run) -> None:
    rebuilt = json.loads(fund("rebuild", "--json").out)
    assert [row["id"] for row in rebuilt] == [screen.name for screen in SCREENS]
    assert all(row["same"] for row in rebuilt)
    assert {row["events"] for row in rebuilt} == {len(json.loads(fund("events", "--json", *EVERYTHING).out))}
    assert fund("rebuild").out.count("the same") == len(rebuilt)


def test_a_screen_that_was_not_what_the_log_says_is_named_and_mended(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "altered"
    shutil.copytree(recorded, altered)
    with closing(sqlite3.connect(altered / "views.db")) as views, views:
        views.execute("UPDATE ranking_lines SET envelope_cents = 1")
        views.execute("DELETE FROM ranking_rows WHERE rank = 1")
        views.execute("INSERT INTO ranking_partnerships VALUES ('00000000000000000000000000000000', 'Nobody')")
    assert main(["rebuild", "--json", "--data", str(altered)]) == 1
    out, err = capsys.readouterr()
    [differs] = [row for row in json.loads(out) if not row["same"]]
    assert (differs["id"], sorted(differs["differences"])) == (
        "call_ranking",
        [
            "ranking_lines: 1 row changed",
            "ranking_partnerships: 1 row too many",
            "ranking_rows: 1 row missing",
        ],
    )
    assert err.startswith("A screen was not what the log says; now it is.")
    assert main(["rebuild", "--data", str(altered)]) == 0


def test_new_events_are_followed_line_by_line_until_ctrl_c(tmp_path: Path) -> None:
    place = ["--data", str(tmp_path)]
    assert main(["init", *place]) == 0
    program = [sys.executable, "-c", "import sys; from fund_service.cli.main import main; sys.exit(main())"]
    with subprocess.Popen([*program, "events", "--follow", "--json", *place], stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        seen = [json.loads(following.stdout.readline())["topic"] for _ in range(4)]
        assert seen[0] == "account.first-secretariat-recorded"
        asked = ("--set", "subject=new", "--set", "label=Evaluator 1", "--set", "unit=Unit 1")
        assert main(["act", "--as", "Secretariat 1", "open-account", *asked, *place]) == 0
        assert json.loads(following.stdout.readline())["topic"] == "account.opened"
        following.send_signal(signal.SIGINT)
        assert following.wait(60) == 0


def test_conditions_are_met_by_each_event_that_counts_for_the_limit(fund: Run) -> None:
    granted = json.loads(fund("events", "--where", "topic=account.role-granted", "--limit", 3, "--json").out)
    assert [row["topic"] for row in granted] == ["account.role-granted"] * 3
    down = json.loads(fund("events", "--limit", 5, "--sort", "-position", "--json").out)
    assert [row["position"] for row in down] == [5, 4, 3, 2, 1]
    header, *rows = fund("events", "--limit", 2, "--csv").out.splitlines()
    assert (header.split(",")[0], len(rows)) == ("id", 2)


@pytest.mark.parametrize("option", [("--csv",), ("--where", "topic=a"), ("--sort", "topic")])
def test_a_log_that_is_followed_is_shown_whole(fund: Run, option: tuple[str, ...]) -> None:
    assert fund("events", "--follow", *option).code == 2
