"""A form can be left half-way, and is found again as it was; nobody else sees it, and it goes when it is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from domain.ids import grant_id
from fund_service.listing import as_data
from fund_service.privacy.exporting import export
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.test_doing import hidden_fields
from tests.fund_service.web.visitor import seen, somebody

BUYER = "Resource manager 1"
ORDER = deed_address("OrderResource", grant_id=grant_id(action_of(APPLICANTS[0])))
HALF = {"kind": "study", "supplier": "Plan B", "euros": "1.250"}
REST = {"euros": "1250.50", "period_from": "2026-06-01", "period_to": "2026-06-30"}


@pytest.fixture
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a small fund of the test's own."""
    with turning.opened(copytree(stages[Stage.GRANTED], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_what_was_saved_is_there_again_for_oneself_alone_until_it_is_sent(fund: Api) -> None:
    who = somebody(fund, BUYER)
    form = hidden_fields(who.see(ORDER))
    saved = who.send(ORDER, {**form, **HALF, "password": "eleven quiet harbours", "save": "yes"})
    assert (saved.status_code, saved.headers["Location"]) == (303, ORDER)
    who = somebody(fund, BUYER)  # another day, at another desk
    again = who.see(ORDER)
    assert "Saved, but NOT sent." in again.said
    assert 'value="Plan B"' in again.content
    assert "“1.250” can mean" in again.said
    assert ORDER in somebody(fund, BUYER).see("/home").links
    assert "Plan B" not in somebody(fund, "Officer of Turin").see(ORDER).content
    sent = who.send(ORDER, {**hidden_fields(again), **HALF, **REST})
    assert sent.status_code == 303
    assert fund.parts.form_drafts.of(id_of(BUYER)) == []


def test_whoever_types_on_is_told_that_the_newer_words_are_not_saved(fund: Api) -> None:
    who = somebody(fund, BUYER)
    form = {**hidden_fields(who.see(ORDER)), **HALF, **REST}
    who.send(ORDER, {**form, "save": "yes"})
    assert "Saved, but NOT sent." in seen(who.send(ORDER, {**form, "dry_run": "yes"})).said
    newer = seen(who.send(ORDER, {**form, "supplier": "Plan C", "dry_run": "yes"})).said
    assert "Not saved since" in newer
    assert "Saved, but NOT sent." not in newer


def test_what_was_saved_can_be_thrown_away(fund: Api) -> None:
    who = somebody(fund, BUYER)
    form = hidden_fields(who.see(ORDER))
    who.send(ORDER, {**form, **HALF, "save": "yes"})
    who.send(ORDER, {**form, "forget": "yes"})
    assert "Plan B" not in who.see(ORDER).content


def test_a_person_is_told_what_they_saved_and_no_password_was(fund: Api) -> None:
    who = somebody(fund, BUYER)
    who.send(ORDER, {**hidden_fields(who.see(ORDER)), **HALF, "password": "eleven quiet harbours", "save": "yes"})
    told = as_data(export(fund.parts, id_of(BUYER), datetime.now(UTC)))["directory"]["form_drafts"]
    assert [one["page"] for one in told] == [ORDER]
    assert {name: value for name, value in told[0]["fields"] if name != "seen"} == HALF


def test_a_form_of_another_site_saves_nothing(fund: Api) -> None:
    who = somebody(fund, BUYER)
    refused = who.send(ORDER, {**HALF, "save": "yes"}, Sec_Fetch_Site="cross-site")
    assert refused.status_code == 403
    assert fund.parts.form_drafts.of(id_of(BUYER)) == []


def test_whoever_saved_on_top_of_what_another_changed_since_is_told_so_when_they_send(fund: Api) -> None:
    who = somebody(fund, BUYER)
    first = who.see(ORDER)
    who.send(ORDER, {**hidden_fields(first), **HALF, "save": "yes"})
    assert who.send(ORDER, {**hidden_fields(first), **HALF, **REST, "key": "another"}).status_code == 303
    who.send(ORDER, {**hidden_fields(first), **HALF, "save": "yes"})
    again = hidden_fields(who.see(ORDER))
    assert again["seen"] == hidden_fields(first)["seen"]
    told = seen(who.send(ORDER, {**again, **HALF, **REST}), 412)
    assert "Not saved since" in told.said
    assert 'value="1250.50"' in told.content
