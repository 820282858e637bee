"""A refusal is a page for whoever reads pages, and a problem for scripts; it comes too while the stores are away."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from domain.ids import grant_id
from fund_service.api import asking
from fund_service.api.arriving import BODY_BYTES
from fund_service.api.limits import Limits, What
from fund_service.auth.refusals import TooMany
from fund_service.web.screens import rules
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, seen, somebody

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund whose call takes applications."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_what_is_not_there_leads_on_and_says_to_sign_in_to_whom_nobody_knows_yet(fund: Api) -> None:
    where = f"/pilot-actions/{action_of(APPLICANTS[0])}?open=a"
    answer = somebody(fund, "Officer of Lima").ask(where)
    page = seen(answer, 404)
    assert "Page not found" in page.said
    assert "Officer of Lima · Sign out" in page.said
    assert answer.headers["X-Request-ID"] in page.said
    assert "/home" in page.links
    nobody = Visitor(fund).see("/nothing?open=a", 404)
    assert {"/", "/sign-in?next=%2Fnothing%3Fopen%3Da"} <= set(nobody.links)


def test_an_id_of_something_else_is_that_of_nothing_whoever_asks(turning: Turning, stages: dict[Stage, Path]) -> None:
    action = action_of(APPLICANTS[0])
    ids = {
        "calls": CALL_ID,
        "pilot-actions": action,
        "grants": grant_id(action),
        "partnerships": partnership_of(APPLICANTS[0]),
        "accounts": id_of("Officer of Turin"),
    }
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        for label in ("Auditor 1", "Secretariat 1", "Officer of Turin"):
            who = somebody(opened, label)
            for kind, other in permutations(ids, 2):
                assert who.ask(f"/{kind}/{ids[other]}").status_code == 404, (label, kind, other)
                assert opened.get(label, f"/{kind}/{ids[other]}").status_code == 404, (label, kind, other)


def test_an_address_that_was_passed_on_leads_to_what_its_reader_may_see_of_the_same_thing(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    own = f"/pilot-actions/{action_of(APPLICANTS[0])}"
    led = {
        "Secretariat 1": "copy",
        "Auditor 1": "copy",
        "Evaluator 1": "copy",
        "Coach 1": "timeline",
        "Certifier 1": "timeline",
        "Evaluator 4": None,
        "Officer of Lima": None,
    }
    with turning.opened(stages[Stage.EVALUATED]) as opened:
        opened.parts.projector.catch_up()
        for label, place in led.items():
            who = somebody(opened, label)
            for page in (own, f"{own}/receipt", f"{own}/draft"):
                if place is None:
                    who.see(page, 404)
                else:
                    assert who.ask(page).headers["Location"] == f"{own}/{place}", label
                    who.see(f"{own}/{place}")
        assert somebody(opened, "Officer of Turin").ask(f"{own}/evaluation").headers["Location"] == own
        somebody(opened, "Officer of Turin").see(f"{own}/versions/99", 404)
        somebody(opened, "Secretariat 1").see(f"/pilot-actions/{uuid4()}", 404)


def test_an_address_used_in_another_way_says_so_and_names_what_it_takes(fund: Api) -> None:
    answer = somebody(fund, "Officer of Turin").send("/rules", {})
    assert "This address is used in another way" in seen(answer, 405).said
    assert "GET" in answer.headers["Allow"]


def test_a_form_of_another_site_is_refused_as_a_page(fund: Api) -> None:
    answer = somebody(fund, "Officer of Turin").send("/sign-out", {}, Sec_Fetch_Site="cross-site")
    assert "may come from another site" in seen(answer, 403).said


def test_who_asks_too_often_is_told_when_to_come_back(fund: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Limits, what: What, who: object) -> None:
        raise TooMany("You sent too many requests.", "Wait.", 17)

    monkeypatch.setattr(Limits, "check", full)
    for who in (Visitor(fund), somebody(fund, "Officer of Turin")):
        answer = who.ask("/rules")
        assert "Try again in 17 seconds." in seen(answer, 429).said
        assert answer.headers["Retry-After"] == "17"
    assert fund.get(None, "/rules").headers["Content-Type"] == PROBLEM


def test_a_fault_of_ours_says_so_with_a_number_and_nothing_of_what_failed(
    fund: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __iter__(self) -> Any:
            raise RuntimeError("planted-secret")

    monkeypatch.setattr(rules, "RULES", Broken())
    answer = somebody(fund, "Officer of Turin").ask("/rules")
    page = seen(answer, 500)
    assert "it is our fault" in page.said
    assert answer.headers["X-Request-ID"] in page.said
    assert "planted-secret" not in answer.text
    assert "Traceback" not in answer.text
    assert fund.client.get("/rules").headers["Content-Type"] == PROBLEM


def test_while_the_store_is_away_the_page_comes_without_it(fund: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone: planted-secret"))

    monkeypatch.setattr(asking, "one_moment", away)
    monkeypatch.setattr(type(fund.parts.clock), "now", away)
    for where, status in (("/", 503), (f"/calls/{action_of(APPLICANTS[0])}", 503), ("/nothing", 404)):
        answer = Visitor(fund).ask(where)
        page = seen(answer, status)
        assert "planted-secret" not in answer.text
        assert [asset for asset in page.loads if fund.client.get(asset).status_code != 200] == []
        if status == 503:
            assert "The service is away for a moment" in page.said
            assert "D07" in page.said
            assert int(answer.headers["Retry-After"]) >= 1
    assert fund.get(None, "/calls").headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize("host", ["elsewhere.example", "[", "a:b:c"])
def test_a_host_that_is_not_ours_is_refused_before_anything(fund: Api, host: str) -> None:
    answer = Visitor(fund).ask("/", Host=host)
    assert answer.status_code == 421
    assert host not in seen(answer, 421).said


def test_what_is_too_large_is_refused_as_a_page_too(fund: Api) -> None:
    answer = Visitor(fund).send("/sign-in", {"login": "x" * BODY_BYTES})
    assert "more than 1,000,000 bytes" in seen(answer, 413).said
    plain: TestClient = fund.client
    assert plain.post("/sign-in", content=b"x" * (BODY_BYTES + 1)).headers["Content-Type"] == PROBLEM
