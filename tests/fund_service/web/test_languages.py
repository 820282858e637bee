"""Pages in another language than English: chosen once, kept, at the same address; nothing that people typed changes."""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from markupsafe import escape
from starlette.requests import Request

from fund_service.web import rendering
from fund_service.web.languages import ENGLISH, SPANISH, language_of
from fund_service.web.rendering import templates
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, action_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.pretended import Unsaid, pretended
from tests.fund_service.web.reading_pages import Page
from tests.fund_service.web.translated import WEB
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


def walked(api: Api, label: str | None, alike: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the pages that somebody finds, one of each kind that was not looked at before."""
    who = somebody(api, label) if label is not None else Visitor(api)
    who.language = "es"
    ahead = ["/" if label is None else "/home"]
    alike.discard(ahead[0])
    while ahead:
        where = ahead.pop().partition("#")[0]
        kind = re.sub(r"=[^&]*|(?<=/)[0-9a-f-]{36}|(?<=/)\d+", "", where)
        if kind not in alike and not where.startswith("/api/"):
            alike.add(kind)
            answer = who.ask(where)
            assert answer.status_code == 200, where
            page = Page(answer.text)
            ahead += page.links
            yield where, answer.text


ROLES = (None, "Officer of Turin", "Officer of Nagoya", "Coach 1", "Evaluator 1", "Secretariat 1", "Approver 1")
LATER_ROLES = ("Resource manager 1", "Certifier 1", "Auditor 1")


@pytest.mark.parametrize(("stage", "who"), [(Stage.OPEN, ROLES), (Stage.GRANTED, (*ROLES, *LATER_ROLES))])
def test_whatever_a_page_says_can_be_said_in_another_language(
    turning: Turning,
    stages: dict[Stage, Path],
    stage: Stage,
    who: tuple[str | None, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = templates(pretended())
    monkeypatch.setattr(rendering, "_templates", lambda language, past: made)
    with turning.opened(stages[stage]) as opened:
        opened.parts.projector.catch_up()
        alike = set[str]()
        for label in who:
            for where, content in walked(opened, label, alike):
                assert Unsaid(content).found == [], f"{label} {where}"


def test_what_is_typed_from_right_to_left_comes_back_as_it_was_typed(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    typed = "شارع مظلل (12 م) للمدرسة — 12.5 m² של צל, Straße & <Niño>"
    with turning.opened(copytree(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        who, where = (
            somebody(opened, "Officer of Turin"),
            deed_address("SaveDraftSection", pilot_action_id=action_of(APPLICANTS[0]), section="action"),
        )
        who.language = "es"
        page = who.see(where)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content))
        fields["seen"] = fields["seen"].replace("&#34;", '"')
        assert who.send(where, {**fields, "answers.need": typed, "next": where}).status_code == 303
        shown = who.see(where).content
        assert re.search(
            rf'<textarea [^>]*dir="auto"[^>]*name="answers.need"[^>]*>\n{re.escape(str(escape(typed)))}<', shown
        )
        assert "Guardar esta sección" in shown


_SAID = r"\{%-?\s*trans.*?endtrans\s*-?%\}|\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}"


def test_no_template_says_anything_but_through_gettext() -> None:
    templates_of_pages = sorted((WEB / "templates").glob("*.html"))
    assert len(templates_of_pages) > 40
    for template in templates_of_pages:
        said = re.sub(_SAID, "", template.read_text(), flags=re.DOTALL)
        words = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"|&\w+;|/\w+\?\S*|data-\w+|Pilot Fund|SHA-256", " ", said)
        assert re.findall(r"[^\W\d_]{2,}", words) == [], template.name
        assert re.findall(r'(?:aria-label|alt|title|placeholder)="[^"]*[^\W\d_][^"]*"', said) == [], template.name
