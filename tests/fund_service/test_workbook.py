"""Workbooks: what is written is read back as it was, nothing becomes a formula, the same rows give the same bytes."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import Cents, Instant, Value
from fund_service import workbook
from fund_service.columns import Column, Holds, columns_of
from fund_service.listing import Data
from fund_service.workbook import as_xlsx
from tests.spreadsheets import sheet_parts, sheets_of

TEXT = Column("text", Holds.TEXT)
DAY_ONE = datetime(1899, 12, 30, tzinfo=UTC)
"""From where a spreadsheet counts days."""


class _Row(Value):
    name: str
    id: UUID
    requested_cents: Cents | None
    at: Instant | None
    done: bool
    members: tuple[str, ...]
    rank: int


def _read(rows: list[Data], *columns: Column) -> list[list[Any]]:
    (found,) = sheets_of(as_xlsx(rows, columns, "rows")).values()
    return found[1:]


def test_columns_say_what_their_cells_hold_and_the_id_stands_first() -> None:
    assert columns_of(_Row) == [
        Column("id", Holds.TEXT),
        Column("name", Holds.TEXT),
        Column("requested_cents", Holds.CENTS),
        Column("at", Holds.INSTANT),
        Column("done", Holds.YES_NO),
        Column("members", Holds.SEVERAL),
        Column("rank", Holds.NUMBER),
    ]


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "{=1}", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    written = as_xlsx([{"text": text}, {"text": "https://elsewhere.example"}], [TEXT], "rows")
    assert [row[0] for row in sheets_of(written)["rows"]] == ["text", text, "https://elsewhere.example"]
    assert "<f" not in sheet_parts(written)
    assert "hyperlink" not in sheet_parts(written)


@pytest.mark.parametrize(
    "text",
    ["Málaga", "수원", "עיר חיפה", "مدينة تونس", "Καλαμάτα", "𝄞", "a\u202eb", " two  spaces ", "line\nline", "", "007"],
)
def test_a_text_in_any_script_is_kept_as_it_is(text: str) -> None:
    assert _read([{"text": text}], TEXT) == [[text]]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff_"), max_size=60))
def test_every_text_is_read_back(text: str) -> None:
    assert _read([{"text": text}], TEXT) == [[text]]


def test_a_text_that_no_cell_holds_is_cut_and_says_so() -> None:
    ((cut,),) = _read([{"text": "a" * 40_000}], TEXT)
    assert len(cut) == 32_767
    assert cut.endswith("a… (cut: a cell holds no more; the CSV holds all of it)")
    assert _read([{"text": "a" * 32_767}], TEXT) == [["a" * 32_767]]


@given(st.integers(-(10**13), 10**13))
def test_a_sum_in_cents_is_told_in_euro_to_the_cent(cents: int) -> None:
    (heading, found) = sheets_of(as_xlsx([{"cents": cents}], [Column("cents", Holds.CENTS)], "rows"))["rows"]
    assert heading == ["euro"]
    assert found == [Decimal(cents) / 100]


def test_the_headings_of_sums_and_instants_name_euro_and_utc() -> None:
    written = as_xlsx([], columns_of(_Row), "rows")
    assert sheets_of(written)["rows"] == [["id", "name", "requested_euro", "at_utc", "done", "members", "rank"]]


@pytest.mark.parametrize("as_text", [True, False])
def test_an_instant_is_a_date_in_utc_to_the_millisecond(as_text: bool) -> None:
    at = datetime(2026, 3, 31, 17, 0, 0, 125_000, tzinfo=timezone(timedelta(hours=2)))
    ((found,),) = _read([{"at": at.isoformat() if as_text else at}], Column("at", Holds.INSTANT))
    assert abs(DAY_ONE + timedelta(days=float(found)) - at) < timedelta(milliseconds=1)


@pytest.mark.parametrize("never", ["9999-12-31T23:59:59.999999Z", "1815-06-18T12:00:00Z"])
def test_an_instant_that_a_spreadsheet_does_not_know_stays_a_text(never: str) -> None:
    assert _read([{"at": never}], Column("at", Holds.INSTANT)) == [[never]]


def test_numbers_stay_exact_and_what_is_not_there_is_an_empty_cell() -> None:
    rows: list[Data] = [{"n": 10**15 - 1, "b": True}, {"n": 10**15, "b": None}, {"n": None, "b": False}]
    found = _read(rows, Column("n", Holds.NUMBER), Column("b", Holds.YES_NO))
    assert found == [[Decimal(10**15 - 1), True], [str(10**15), None], [None, False]]


def test_the_headings_stay_in_view_and_filter() -> None:
    parts = sheet_parts(as_xlsx([{"text": "a"}, {"text": "b"}], [TEXT], "rows"))
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in parts
    assert '<autoFilter ref="A1:A3"/>' in parts


def test_the_same_rows_give_the_same_bytes() -> None:
    rows: list[Data] = [{"text": f"{number}"} for number in range(100)]
    assert as_xlsx(rows, [TEXT], "rows") == as_xlsx(rows, [TEXT], "rows")


def test_rows_that_no_sheet_holds_go_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 2)
    found = sheets_of(as_xlsx([{"text": sign} for sign in "abcde"], [TEXT], "a name that is longer than 31 letters"))
    assert found == {
        "a name that is longer than 31 l": [["text"], ["a"], ["b"]],
        "a name that is longer than  (2)": [["text"], ["c"], ["d"]],
        "a name that is longer than  (3)": [["text"], ["e"]],
    }
