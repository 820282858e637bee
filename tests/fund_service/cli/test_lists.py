"""Lists: a table for people, JSON, CSV and XLSX for programs, one filter and one order for all."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, partnership_of, record
from tests.spreadsheets import sheets_of

CITIES = [one.city for one in APPLICANTS]
LISTS = [
    "call list",
    "organisations list",
    "partnerships list",
    "applications list",
    "rules",
    "timeline iurc-2026",
    "desk iurc-2026",
    "events",
]


@pytest.mark.parametrize("line", LISTS)
def test_a_list_for_programs_is_an_array_of_objects_each_with_an_id(fund: Run, line: str) -> None:
    rows = json.loads(fund(*line.split(), "--json").out)
    assert rows
    assert all(next(iter(row)) == "id" for row in rows)


@pytest.mark.parametrize("line", LISTS)
def test_a_list_can_be_filtered_sorted_and_exported_by_any_of_its_fields(fund: Run, line: str) -> None:
    rows = json.loads(fund(*line.split(), "--json").out)
    for name in rows[0]:
        assert fund(*line.split(), "--where", f"{name}~a", "--sort", f"-{name}", "--csv").code == 0


def test_a_list_is_oldest_first(fund: Run) -> None:
    rows = json.loads(fund("partnerships", "list", "--json").out)
    assert [row["id"] for row in rows] == [str(partnership_of(one)) for one in APPLICANTS]
    assert [row["coordinator"] for row in rows] == CITIES


@pytest.mark.parametrize(
    ("conditions", "cities"),
    [
        (["coordinator=Málaga"], ["Málaga"]),
        (["coordinator=malaga"], ["Málaga"]),
        (["coordinator=Mal"], []),
        (["coordinator~mal"], ["Málaga"]),
        (["members=Lima"], ["Dublin"]),
        (["geography=Asia"], ["Turin", "Málaga"]),
        (["geography=Asia", "name~suwon"], ["Málaga"]),
        (["generated=false"], CITIES),
        (["cluster="], CITIES),
    ],
)
def test_where_keeps_the_rows_that_meet_every_condition(fund: Run, conditions: list[str], cities: list[str]) -> None:
    options = [word for condition in conditions for word in ("--where", condition)]
    rows = json.loads(fund("partnerships", "list", "--json", *options).out)
    assert [row["coordinator"] for row in rows] == cities


@pytest.mark.parametrize(
    ("field", "cities"),
    [
        ("coordinator", ["Dublin", "Hamburg", "Málaga", "Turin"]),
        ("-coordinator", ["Turin", "Málaga", "Hamburg", "Dublin"]),
        ("geography", ["Turin", "Málaga", "Hamburg", "Dublin"]),
    ],
)
def test_sort_orders_by_a_field_and_keeps_the_order_of_equals(fund: Run, field: str, cities: list[str]) -> None:
    rows = json.loads(fund("partnerships", "list", "--json", "--sort", field).out)
    assert [row["coordinator"] for row in rows] == cities


def test_sums_are_sorted_as_numbers(fund: Run) -> None:
    rows = json.loads(fund("applications", "list", "--json", "--sort", "-requested_cents").out)
    assert [row["requested_cents"] for row in rows] == [1_000_000, 941_250, 900_000, 800_000]


def test_people_see_sums_in_euro_and_instants_in_brussels_time(fund: Run) -> None:
    out = fund("applications", "list").out
    assert "€9,412.50" in out
    assert "Mon 2 Mar 2026, 09:02:14" in out
    assert str(action_of(APPLICANTS[1]))[:8] in out
    assert "4 applications\n" in out


def test_people_are_told_how_many_rows_a_filter_left_out(fund: Run) -> None:
    assert "2 of 4 partnerships\n" in fund("partnerships", "list", "--where", "geography=Asia").out
    assert "0 of 4 partnerships\n" in fund("partnerships", "list", "--where", "geography=Europe").out


def test_without_a_terminal_a_table_is_120_wide_and_has_no_control_codes(fund: Run) -> None:
    out = fund("timeline", "iurc-2026").out
    assert max(map(len, out.splitlines())) == 120
    assert "\x1b" not in out


def test_csv_holds_every_field_and_no_text_that_a_spreadsheet_takes_for_a_formula(fund: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(fund("applications", "list", "--csv").out, newline="")))
    assert [row["title"] for row in rows] == [one.title.replace("=", "'=") for one in APPLICANTS]
    assert [row["requested_cents"] for row in rows] == [str(one.requested_cents) for one in APPLICANTS]
    assert {row["call_id"] for row in rows} == {str(CALL_ID)}


@pytest.mark.parametrize(
    "line", [*LISTS, "ranking iurc-2026", "dashboard", "permissions", "audit totals --call iurc-2026"]
)
def test_a_workbook_has_the_rows_and_columns_of_the_csv(fund: Run, tmp_path: Path, line: str) -> None:
    said = fund(*line.split(), "--xlsx", tmp_path / "rows.xlsx")
    assert (said.code, f"written to {tmp_path / 'rows.xlsx'}.\n" in said.err) == (0, True)
    (rows,) = sheets_of((tmp_path / "rows.xlsx").read_bytes()).values()
    header, *others = csv.reader(io.StringIO(fund(*line.split(), "--csv").out, newline=""))
    told = [name.removesuffix("_utc").replace("euro", "cents") for name in map(str, rows[0])]
    assert told == header
    assert len(rows) == 1 + len(others)
    assert [str(row[0]) for row in rows[1:]] == [row[0] for row in others]


def test_a_workbook_is_not_written_over_a_file(fund: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.xlsx").write_text("mine")
    said = fund("call", "list", "--xlsx", tmp_path / "rows.xlsx")
    assert (said.code, "is there already" in said.err) == (2, True)
    assert (tmp_path / "rows.xlsx").read_text() == "mine"


def test_csv_writes_a_list_as_its_parts(fund: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(fund("partnerships", "list", "--csv").out, newline="")))
    assert rows[1]["members"] == "Málaga; Suwon"


def test_programs_get_nothing_but_data_on_standard_output(fund: Run) -> None:
    said = fund("applications", "list", "--json")
    assert isinstance(json.loads(said.out), list)
    assert said.err == "People, applications and scores are fictitious.\n"


def test_a_rehearsal_says_that_it_is_one_and_a_live_fund_does_not(fund: Run, tmp_path: Path) -> None:
    live = record(tmp_path, rehearsed=False)
    for words in ("partnerships list", "applications list", "ranking iurc-2026", "dashboard", "home malaga"):
        assert fund(*words.split()).out.endswith("People, applications and scores are fictitious.\n")
        said = fund(*words.split(), "--data", live)
        assert said.code == 0
        assert "fictitious" not in said.out + said.err


def test_a_rule_is_shown_with_its_source_whatever_the_case(fund: Run) -> None:
    told = json.loads(fund("rules", "s01", "--json").out)
    assert (told["id"], told["status"], told["source"]) == ("S01", "C", "001 §2.3")
    assert "source: 001 §2.3\n" in fund("rules", "S01").out
    assert told["checked_by"][:1] == ["PutForwardVersion"]
    assert "applied: checked at put forward version" in fund("rules", "S01").out
    assert "applied: comes with the advanced cooperation visits" in fund("rules", "S16").out
    assert fund("rules", "S01", "--csv").out.startswith("id,sentence,status,source,quote,note,version,effective_from")
