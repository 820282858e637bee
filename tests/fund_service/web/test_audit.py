"""The pages of an auditor: totals, what is worth a look, equal treatment, samples, and the events behind them."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fund_service.audit.checkpoints import own_key, sign_now, witness_log
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import Visitor, somebody

AUDIT = f"/calls/{CALL_ID}/audit"


@pytest.fixture(scope="module")
def auditor(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Visitor]:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        yield somebody(opened, "Auditor 1")


def test_the_first_page_says_whether_all_agrees_and_what_each_question_found(auditor: Visitor) -> None:
    page = auditor.see(AUDIT)
    assert "All agree Log, ledger and screens are the same to the cent." in page.said
    assert "Sums committed €10,000.00 €10,000.00 €10,000.00 None" in page.said
    assert f"{AUDIT}/exceptions?question=unused-roles" in page.links
    assert f"{AUDIT}/exceptions?question=split-orders" not in page.links


def test_everything_is_saved_as_tables_in_each_form(auditor: Visitor) -> None:
    links = {link for link in auditor.see(AUDIT).links if "/audit/tables" in link}
    assert links == {f"/api/v1{AUDIT}/tables?format={form}" for form in ("csv", "xlsx", "parquet", "duckdb")}
    assert zipfile.is_zipfile(io.BytesIO(auditor.ask(f"/api/v1{AUDIT}/tables").content))


def test_who_takes_the_history_chooses_files_and_names_and_reads_what_it_holds_then(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.GRANTED], tmp_path / "fund")) as opened:
        sign_now(opened.parts, witness_log(opened.parts), own_key(opened.parts))
        opened.parts.projector.catch_up()
        page = _as_auditor(opened).see(AUDIT)
    assert "it says who stands behind each id. Of those whose data were erased it holds neither." in page.said
    assert f'method="get" action="/api/v1/calls/{CALL_ID}/bundle"' in page.content
    assert [name in page.content for name in ('name="with_files" value="true"', 'name="with_names" value="true"')] == [
        True,
        True,
    ]


def test_what_is_worth_a_look_leads_to_its_events_which_can_be_cited(auditor: Visitor) -> None:
    page = auditor.see(f"{AUDIT}/exceptions?question=unused-roles")
    assert "The role certifier was not used in this call." in page.said
    (first, *_) = (link for link in page.links if f"{AUDIT}/events?at=" in link)
    cited = auditor.see(first)
    assert "was granted." in cited.said
    assert "account.role-granted" in cited.said
    position = first.rpartition("=")[2]
    assert f"/events/{position}" in cited.links
    assert f"/events/{position}?as_of={position}" in auditor.see(f"/events/{position}").links


def test_equal_treatment_shows_the_figure_that_is_asked_for(auditor: Visitor) -> None:
    page = auditor.see(f"{AUDIT}/equal-treatment?measure=submissions")
    assert "Versions submitted, by outcome" in page.said
    assert "Award 2 1 1 1" in page.said
    other = auditor.see(f"{AUDIT}/equal-treatment?measure=nothing")
    assert "Minutes of coaching, by outcome" in other.said


def test_a_sample_is_drawn_by_a_form_and_its_address_is_cited(auditor: Visitor) -> None:
    assert "Applications: 4." in auditor.see(f"{AUDIT}/sample").said
    page = auditor.see(f"{AUDIT}/sample?of=applications&method=monetary-unit&size=2&seed=Brussels")
    (cited,) = (link for link in page.links if "&at=" in link and "/api/" not in link)
    assert "Interval €18,206.25" in page.said
    again = auditor.see(cited)
    drawn = [one.said.partition("The sample")[2].partition("Rules and sources")[0] for one in (page, again)]
    assert drawn[0] == drawn[1] != ""


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("size=9&seed=x", "9 cannot be drawn from 4. Draw at most 4."),
        ("size=two&seed=x", "“two” is no number of items."),
        ("size=1&seed=", "A sample needs a seed, in one line."),
    ],
)
def test_a_sample_that_cannot_be_drawn_says_why_and_keeps_what_was_typed(
    auditor: Visitor, query: str, says: str
) -> None:
    assert says in auditor.see(f"{AUDIT}/sample?{query}").said


def test_positions_that_are_none_are_refused_and_those_of_other_calls_show_nothing(auditor: Visitor) -> None:
    assert "These are no positions of the log." in auditor.see(f"{AUDIT}/events?at=x", 422).said
    assert "None of these positions is an event of this call" in auditor.see(f"{AUDIT}/events?at=999999").said


def test_before_closing_the_totals_are_sealed(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        page = _as_auditor(opened).see(AUDIT)
        assert "Sealed until closing" in page.said
        assert "Sums requested" not in page.said
        assert not [link for link in page.links if "/audit/tables" in link]
        assert "before closing nothing tells of applications" in _as_auditor(opened).see(f"{AUDIT}/sample").said


def _as_auditor(api: Api) -> Visitor:
    return somebody(api, "Auditor 1")
