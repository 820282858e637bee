"""Pages in another language than English: chosen once, kept, at the same address; nothing that people typed changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from fund_service.web.languages import ENGLISH, SPANISH, language_of
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, seen, somebody


@pytest.fixture(scope="module")
def open_now(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund whose call takes applications."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_a_browser_gets_the_first_language_that_it_asks_for_and_there_is() -> None:
    for asked, found in {
        "": ENGLISH,
        "es": SPANISH,
        "es-419,en;q=0.5": SPANISH,
        "ko,pt;q=0.9,es;q=0.8,en;q=0.7": SPANISH,
        "en;q=0.5,es;q=0.9": SPANISH,
        "es;q=0": ENGLISH,
        "es;q=most, en": ENGLISH,
        "ko": ENGLISH,
    }.items():
        asking = Request({"type": "http", "headers": [(b"accept-language", asked.encode())]})
        assert language_of(asking) == found, asked


def test_who_chooses_a_language_stays_where_they_are_and_keeps_it(open_now: Api) -> None:
    who = Visitor(open_now)
    chosen = who.send("/language?next=/rules%3Fq%3Dkind", {"to": "es"})
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/rules?q=kind")
    answer = who.ask("/rules?q=kind", Accept_Language="en")
    assert answer.headers["Content-Language"] == "es"
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert '<html lang="es">' in seen(answer).content
    who.secret = somebody(open_now, "Officer of Turin").secret
    assert '<html lang="es">' in who.see("/home").content
    assert who.send("/sign-out", {}).status_code == 303
    assert '<html lang="es">' in who.see("/").content


def test_a_language_that_there_is_not_is_none_and_no_other_site_chooses(open_now: Api) -> None:
    who = Visitor(open_now)
    assert "no pages in this language" in seen(who.send("/language?next=/", {"to": "xx"}), 422).said
    assert who.send("/language?next=/", {"to": "es"}, Sec_Fetch_Site="cross-site").status_code == 403
    assert who.send("/language?next=https://elsewhere.example", {"to": "es"}).headers["Location"] == "/home"


def test_what_answers_a_form_offers_no_language_since_it_would_be_lost(open_now: Api) -> None:
    who = Visitor(open_now)
    assert 'action="/language?next=' in who.see("/sign-in").content
    assert 'action="/language?next=' not in seen(who.send("/sign-in", {"login": "x", "password": "y"}), 401).content
