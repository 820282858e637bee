"""Pages in public: they lead somewhere, load nothing from elsewhere, and say what the log says at each stage."""

import gzip
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

from domain.call.commands import CancelCall, ProposeCancellation
from domain.rulebook import RULES
from fund_service.web.assets import KINDS, STATIC, address, assets
from fund_service.web.words import ENGLISH_WORDS
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import asked
from tests.fund_service.small_fund import APPLICANTS, CALENDAR
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.reading_pages import Page
from tests.fund_service.web.visitor import Visitor, somebody


@pytest.fixture(scope="module", params=list(Stage))
def at(request: pytest.FixtureRequest, turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund at each stage of its call."""
    with turning.opened(stages[request.param]) as opened:
        opened.parts.projector.catch_up()
        yield opened


@pytest.fixture(scope="module")
def open_now(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund whose call takes applications."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def shown(api: Api, address: str, status: int = 200) -> Page:
    """Return a page, as everybody gets it."""
    return Visitor(api).see(address, status)


@pytest.mark.parametrize("label", [None, "Officer of Turin", "Officer of Suwon", "Evaluator 1", "Secretariat 1"])
def test_every_page_that_is_led_to_is_there_and_loads_nothing_from_elsewhere(at: Api, label: str | None) -> None:
    who = somebody(at, label) if label is not None else Visitor(at)
    ahead, pages, alike = ["/" if label is None else "/home"], dict[str, Page](), set[str]()
    while ahead:
        where = ahead.pop().partition("#")[0]
        # of pages that differ alone in what is sorted or sought, or in whose account it is, one is enough
        kind = re.sub(r"=[^&]*|(?<=/accounts/)[^/?]*", "", where)
        if kind not in alike and not where.startswith("/api/"):
            alike.add(kind)
            pages[where] = who.see(where)
            ahead += pages[where].links
    assert {"/", "/questions", "/rules", "/sign-in" if label is None else "/home"} <= pages.keys()
    for where, page in pages.items():
        assert page.inline == [], where
        assert "data-hx-get" not in page.content or 'data-hx-target="#list"' in page.content, where
        assert page.elements.count("h1") == 1, where
        assert len(page.ids) == len(set(page.ids)), where
        for loaded in page.loads:
            assert at.client.get(loaded).status_code == 200, loaded
        for link in page.links:
            to, _, part = link.partition("#")
            target = pages.get(to or where)
            assert not part or target is None or part in target.ids, f"{where} leads to {link}"


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (Stage.OPEN, "Open for applications"),
        (Stage.CLOSED, "No application is taken any more."),
        (Stage.GRANTED, "Closed for applications"),
    ],
)
def test_the_call_says_whether_it_takes_applications(
    turning: Turning, stages: dict[Stage, Path], stage: Stage, says: str
) -> None:
    with turning.opened(stages[stage]) as opened:
        opened.parts.projector.catch_up()
        assert says in shown(opened, "/").said


def test_a_call_that_was_cancelled_says_so(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> None:
    with turning.opened(copytree(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        for command, who in ((ProposeCancellation, "Secretariat 1"), (CancelCall, "Secretariat 2")):
            opened.parts.fund.handle(asked(command, APPLICANTS[0], who))
        opened.parts.projector.catch_up()
        said = shown(opened, "/").said
        assert "Cancelled IURC competitive fund 2026" in said
        assert "No application is taken any more." in said
        assert "Open for applications" not in said


def test_the_call_tells_its_sums_its_criteria_and_its_closing_instant_in_other_places(open_now: Api) -> None:
    said = shown(open_now, "/").said
    assert "€10,000.00 at most for one pilot action, in kind ( S01" in said
    assert "Fri 20 March 2026, 17:00 Brussels" in said
    assert "In Seoul Sat 21 March, 01:00" in said
    assert "In Bogotá Fri 20 March, 11:00" in said
    assert "Relevance to the roadmap 25 3 of 5" in said
    assert "12 January – 27 February 2026 Coaching, an offer to all" in said
    assert "Demonstration Programme clock:" in said
    assert "fictitious" in said


def test_a_call_has_an_address_of_its_own_and_what_is_none_is_told_as_a_page(open_now: Api) -> None:
    (call,) = open_now.get(None, "/calls").json()
    address = f"/calls/{call['id']}"
    assert shown(open_now, address).said.replace(address, "/") == shown(open_now, "/").said  # the address is printed
    for nothing in ("/calls/00000000-0000-0000-0000-000000000000", "/nothing"):
        page = shown(open_now, nothing, 404)
        assert "There is no" in page.said
        assert "/" in page.links
    assert "cannot be read" in shown(open_now, "/calls/x", 422).said


def test_a_script_hears_of_a_refusal_as_before(open_now: Api) -> None:
    assert open_now.get(None, "/nothing", Accept="text/html").headers["Content-Type"] == "application/problem+json"
    assert open_now.client.get("/nothing").headers["Content-Type"] == "application/problem+json"


def test_without_a_call_the_pages_say_so(turning: Turning, tmp_path: Path) -> None:
    with turning.opened(tmp_path / "empty") as empty:
        assert "No call is open yet" in shown(empty, "/").said
        assert "There is no call yet." in shown(empty, "/questions").said
        assert "Demonstration" not in shown(empty, "/").said


def test_rules_are_found_by_their_words(open_now: Api) -> None:
    assert {one.id for one in RULES} <= set(shown(open_now, "/rules").ids)
    found = shown(open_now, "/rules?q=IN%20KIND")
    assert {one.id for one in RULES} & set(found.ids) == {"S02"}
    assert f"of {len(RULES)} rules hold “IN KIND”" in found.said
    assert "0 of" in shown(open_now, "/rules?q=%3Cscript%3E").said
    assert "<script>" not in shown(open_now, "/rules?q=%3Cscript%3E").content


def test_what_pages_load_is_kept_for_ever_under_the_name_of_its_content(open_now: Api) -> None:
    where = address("fund.css")
    answer = open_now.client.get(where, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    plain = open_now.client.get(where, headers={"Accept-Encoding": "identity"})
    assert (
        plain.content
        == answer.content
        == (STATIC / "fund.css").read_bytes()
        == gzip.decompress(assets()["fund.css"].packed)
    )
    for other in (where.replace("/assets/", "/assets/0"), "/assets/0/../../app.py", "/assets/0/fund.css"):
        assert open_now.client.get(other).status_code == 404, other


def test_scripts_load_each_other_by_their_names_and_an_address_names_the_content_of_all(open_now: Api) -> None:
    scripts = {name: asset for name, asset in assets().items() if name.startswith("scripts/")}
    assert len({asset.digest for asset in scripts.values()}) == 1
    loaded = {found.decode() for one in scripts.values() for found in re.findall(rb'from "\./(.+?)"', one.content)}
    loaded |= {found.decode() for found in re.findall(rb'import "\./(.+?)"', scripts["scripts/start.js"].content)}
    assert {f"scripts/{name}" for name in loaded} == scripts.keys() - {"scripts/start.js"}
    assert open_now.client.get(address("scripts/start.js")).headers["Content-Type"].startswith("text/javascript")


def test_what_others_made_is_as_it_came_and_refers_to_nothing_elsewhere() -> None:
    told = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    assert {one["file"] for one in told} == {
        path.name for path in (STATIC / "vendor").iterdir() if path.suffix in KINDS
    }
    for one in told:
        content = (STATIC / "vendor" / one["file"]).read_bytes()
        assert sha256(content).hexdigest() == one["sha256"]
    for name, asset in assets().items():
        elsewhere = re.findall(rb"https?://(?!www\.w3\.org/2000/svg)[^\s\"')]+", asset.content)
        assert elsewhere == [], name


def test_how_long_it_is_is_told_in_the_two_largest_units() -> None:
    closes = CALENDAR.applications_close
    for before, told in {
        "2026-03-11T14:00+01:00": "in 9 days and 3 hours",
        "2026-03-19T17:00+01:00": "in 1 day",
        "2026-03-20T14:12+01:00": "in 2 hours and 48 minutes",
        "2026-03-20T16:59:30+01:00": "within a minute",
    }.items():
        assert ENGLISH_WORDS.written.left(closes, closes.fromisoformat(before)) == told


def test_a_stretch_of_days_names_month_and_year_once_and_one_day_is_that_day() -> None:
    closes = CALENDAR.applications_close
    assert ENGLISH_WORDS.written.days(closes, closes) == "20 March 2026"
    assert ENGLISH_WORDS.written.days(CALENDAR.applications_open, closes) == "2 – 20 March 2026"


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    written, closes, ends = ENGLISH_WORDS.written, CALENDAR.applications_close, CALENDAR.implementation_ends
    assert (written.deadline(closes), written.due(closes)) == (written.brussels(closes), written.brief(closes))
    assert written.brussels(ends) == "Thu 1 July 2027, 00:00 Brussels"
    assert written.deadline(ends) == "the end of Wed 30 June 2027 Brussels"
    assert written.due(ends) == "end of Wed 30 Jun 2027"
