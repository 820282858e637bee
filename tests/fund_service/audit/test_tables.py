"""Everything as tables: each form has the same rows, nothing personal; ready questions have the sums of the totals."""

import csv
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.listing import csv_cell
from fund_service.settings import Settings
from tests.fund_service.small_fund import CALL_ID, NOTE, id_of
from tests.fund_service.staged_fund import Stage
from tests.spreadsheets import sheets_of

Written = Callable[[str], Path]
Asked = Callable[..., Any]


@pytest.fixture(scope="module")
def written(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Write the tables of a fund with grants in a form, once, and return where."""
    place = tmp_path_factory.mktemp("tables")

    def write(form: str) -> Path:
        out = place / f"tables.{form}"
        given = ["audit", "tables", "--data", str(stages[Stage.GRANTED]), "--out", str(out), "--format", form]
        assert out.exists() or main(given) == 0
        return out

    return write


@pytest.fixture
def asked(written: Written, capfd: pytest.CaptureFixture[str]) -> Asked:
    """Return what `fund audit ask` answers, as JSON."""
    file = written("duckdb")

    def ask(*words: str) -> Any:
        capfd.readouterr()
        assert main(["audit", "ask", str(file), *words, "--json"]) == 0
        return json.loads(capfd.readouterr().out)

    return ask


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_event_of_the_log_is_a_row(written: Written, stages: dict[Stage, Path]) -> None:
    with open_parts(Settings(data=stages[Stage.GRANTED])) as parts:
        log = [(str(one.id), str(one.originator_id), one.topic) for one in parts.log.headers()]
    rows = rows_of(written("csv"), "events")
    assert [(row["position"], row["stream"], row["topic"]) for row in rows] == log
    assert all(row["sentence"].endswith(".") for row in rows if row["kind"] != "receipt")
    assert {row["by"] for row in rows} >= {str(id_of(label)) for label in ("Secretariat 1", "Officer of Turin")}


def test_the_contents_name_each_table_with_its_rows(written: Written) -> None:
    folder = written("csv")
    told = {row["id"]: int(row["rows"]) for row in rows_of(folder, "contents")}
    assert {*told, "contents"} == {file.stem for file in folder.iterdir()}
    assert told == {name: len(rows_of(folder, name)) for name in told}
    assert {"events", "control_totals", "exceptions", "registry_accounts"} <= told.keys()


def test_no_text_of_a_person_is_in_any_table(written: Written) -> None:
    whole = "".join(file.read_text(encoding="utf-8") for file in written("csv").iterdir())
    assert NOTE not in whole
    assert "Workshops." not in whole
    assert "Málaga with Suwon" in whole


def test_parquet_holds_the_rows_of_the_csv(written: Written) -> None:
    parquet, folder = written("parquet"), written("csv")
    assert {file.stem for file in parquet.iterdir()} == {file.stem for file in folder.iterdir()}
    for file in sorted(folder.iterdir()):
        found = duckdb.read_parquet(str(parquet / f"{file.stem}.parquet"))
        kinds = dict(zip(found.columns, map(str, found.types), strict=True))
        as_text = duckdb.sql(f"SELECT {', '.join(_as_text(*one) for one in kinds.items())} FROM found").fetchall()
        rows = rows_of(folder, file.stem)
        assert [list(map(csv_cell, row)) for row in as_text] == [list(row.values()) for row in rows], file.stem


def _as_text(name: str, kind: str) -> str:
    if kind == "TIMESTAMP WITH TIME ZONE":
        told = f"strftime(timezone('UTC', \"{name}\"), '%Y-%m-%dT%H:%M:%S.%fZ')"
        return f"coalesce(replace({told}, '.000000Z', 'Z'), '')"
    return f"coalesce(\"{name}\"::VARCHAR, '')"


def test_a_workbook_has_a_sheet_for_each_table_with_the_rows_of_the_csv(written: Written) -> None:
    sheets = sheets_of(written("xlsx").read_bytes())
    folder = written("csv")
    assert next(iter(sheets)) == "contents"
    assert {name: len(rows) - 1 for name, rows in sheets.items()} == {
        file.stem: len(rows_of(folder, file.stem)) for file in folder.iterdir()
    }
    heading, *rows = sheets["dashboard_grants"]
    place = heading.index("euro")
    assert [round(float(str(row[place])) * 100) for row in rows] == [
        int(row["cents"]) for row in rows_of(folder, "dashboard_grants")
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_same_fund_gives_the_same_bytes(
    written: Written, stages: dict[Stage, Path], tmp_path: Path, form: str
) -> None:
    again, first = tmp_path / "again", written(form)
    given = ["audit", "tables", "--data", str(stages[Stage.GRANTED]), "--out", str(again), "--format", form]
    assert main(given) == 0
    files = [Path()] if form == "xlsx" else [Path(file.name) for file in first.iterdir()]
    assert all((again / file).read_bytes() == (first / file).read_bytes() for file in files)


def test_the_ready_questions_have_the_sums_of_the_control_totals(
    asked: Asked, stages: dict[Stage, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    given = ["audit", "totals", "--call", str(CALL_ID), "--data", str(stages[Stage.GRANTED]), "--json"]
    capfd.readouterr()
    assert main(given) == 0
    totals = {row["figure"]: row["log"] for row in json.loads(capfd.readouterr().out)}
    (line,), grants = asked("money_by_line"), asked("money_against_cap")
    for field, figure in (
        ("committed_cents", "sums committed"),
        ("ordered_cents", "sums ordered"),
        ("delivered_cents", "sums delivered"),
        ("disbursed_cents", "certified and disbursed"),
        ("returned_cents", "sums returned"),
    ):
        assert line[field] == totals[figure]
        if field != "committed_cents":
            assert sum(row[field] for row in grants) == totals[figure]
    awards = asked("awards_by_country_and_cluster")
    assert sum(row["committed_cents"] for row in awards) == totals["sums committed"] == 1_000_000
    assert sum(row["submitted"] for row in awards) == totals["applications submitted"]
    assert sum(row["ordered_cents"] for row in asked("orders_by_supplier")) == totals["sums ordered"] == 100_000
    assert asked("figures_that_differ") == []


def test_every_ready_question_has_a_comment_an_id_and_an_answer(asked: Asked) -> None:
    questions = asked()
    assert len(questions) == 14
    for one in questions:
        assert one["about"].endswith(".")
        assert all(next(iter(row)) == "id" for row in asked(one["id"]))


def test_an_answer_is_filtered_sorted_and_told_to_people(
    asked: Asked, written: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    (turin,) = asked("money_against_cap", "--where", "state=accepted")
    assert (turin["partnership"], turin["cap_cents"], turin["ordered_cents"]) == (
        "Turin with Nagoya",
        1_000_000,
        100_000,
    )
    assert main(["audit", "ask", str(written("duckdb")), "refusals_by_rule"]) == 0
    out = capfd.readouterr().out
    assert "S01" in out
    assert "Mon 2 Mar 2026, 09:01:07" in out


def test_a_fund_of_one_call_has_the_same_tables_for_the_call_as_for_all(
    written: Written, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    given = ["audit", "tables", "--data", str(stages[Stage.GRANTED]), "--call", str(CALL_ID), "--out"]
    assert main([*given, str(tmp_path / "one")]) == 0
    for file in written("csv").iterdir():
        assert (tmp_path / "one" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_without_the_extra_one_sentence_says_what_to_install(
    stages: dict[Stage, Path],
    tmp_path: Path,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    given = ["audit", "tables", "--data", str(stages[Stage.GRANTED]), "--out", str(tmp_path / "out"), "--format", form]
    assert main(given) == 7
    assert capfd.readouterr().err == (
        "Parquet and DuckDB need the extra `analysis`, which is not installed here. Run `pip install duckdb`, or "
        "install the fund as `iurc-fund[analysis]`; CSV and XLSX need neither.\n"
    )
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_at_home(stages: dict[Stage, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    file = tmp_path / "tables.duckdb"
    given = ["audit", "tables", "--data", str(stages[Stage.OPEN]), "--out", str(file), "--format", "duckdb"]
    assert main(given) == main(["audit", "ask", str(file), "late_acts"]) == 0
    assert list(home.iterdir()) == []


def test_a_file_that_is_asked_reaches_nothing_else(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file, secret = tmp_path / "hostile.duckdb", tmp_path / "secret.csv"
    secret.write_text("id\nmine\n")
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"CREATE VIEW peek AS SELECT * FROM read_csv('{secret}')")
    assert main(["audit", "ask", str(file), "peek"]) == 2
    told = capfd.readouterr()
    assert "mine" not in told.out
    assert "cannot be read" in told.err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("nothing.duckdb", 2, "There is no file"),
        ("broken.duckdb", 2, "cannot be read"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_sentence(
    tmp_path: Path, words: str, code: int, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.duckdb").write_bytes(b"no database")
    assert main(["audit", "ask", str(tmp_path / words)]) == code
    assert sentence in capfd.readouterr().err


def test_a_question_that_is_not_there_is_told_with_those_that_are(
    written: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "ask", str(written("duckdb")), 'nothing"; --']) == 5
    assert "money_against_cap" in capfd.readouterr().err


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_is_written_over_what_is_there(
    written: Written, stages: dict[Stage, Path], form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    out = written(form)
    capfd.readouterr()
    given = ["audit", "tables", "--data", str(stages[Stage.GRANTED]), "--out", str(out), "--format", form]
    assert main(given) == 2
    assert capfd.readouterr().err == f"{out} is there already. Name another file or folder, or remove this one.\n"


def test_a_form_that_is_not_known_is_told_with_those_that_are(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["audit", "tables", "--out", str(tmp_path / "out"), "--format", "ods"]) == 2
    assert "Use one of: csv, xlsx, parquet, duckdb." in capfd.readouterr().err


def test_instants_are_told_in_utc(written: Written) -> None:
    instants = [row["effective_at"] for row in rows_of(written("csv"), "events")]
    assert all(datetime.fromisoformat(one).utcoffset() is not None and one.endswith("Z") for one in instants)
