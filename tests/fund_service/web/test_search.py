"""Search over everything finds what is meant, and for nobody more than the lists show them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from domain.evaluation.commands import AssignEvaluator
from domain.ids import grant_id
from domain.people import ENGINE, Blindness
from domain.pilot_action.commands import CheckEligibility
from fund_service.auth.people import Profile
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, OFFICE, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage, StagedFund, copied, record_stages
from tests.fund_service.web.visitor import Visitor, somebody

TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS
LISTS: Final = {
    "partnership": "/partnerships?limit=1000",
    "pilot action": "/pilot-actions?limit=1000",
    "grant": "/grants?limit=1000",
    "account": "/accounts?limit=1000",
}
EVERYBODY: Final = (
    "Officer of Turin",
    "Officer of Nagoya",
    "Coach 1",
    "Evaluator 1",
    "Evaluator 4",
    "Secretariat 1",
    "Secretariat LAC",
    "Approver 1",
    "Resource manager 1",
    "Certifier 1",
    "Auditor 1",
)
WORDS: Final = ("with", "dublin", "officer", "plan")


def hits(api: Api, who: str, q: str) -> list[dict[str, Any]]:
    """Return what somebody finds over the API."""
    found: list[dict[str, Any]] = api.get(who, f"/search?q={q}").json()["hits"]
    return found


@pytest.fixture(scope="module")
def granted(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund with a grant."""
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        yield opened


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.GRANTED])
def test_nobody_finds_what_the_lists_do_not_show_them(
    turning: Turning, stages: dict[Stage, Path], stage: Stage
) -> None:
    with turning.opened(stages[stage]) as opened:
        opened.parts.projector.catch_up()
        for who in EVERYBODY:
            listed = {kind: {one["id"] for one in opened.get(who, path).json()} for kind, path in LISTS.items()}
            listed["order"] = listed["grant"]
            for one in (hit for word in WORDS for hit in hits(opened, who, word)):
                of = one["id"].partition("/")[0]
                assert of in listed.get(one["kind"], {of}), (stage, who, one)


@pytest.mark.parametrize("who", ["Officer of Turin", "Evaluator 1", "Secretariat 1", "Auditor 1", "Coach 1"])
def test_everybody_finds_each_of_their_own_by_its_words_and_is_led_to_a_page(granted: Api, who: str) -> None:
    reader = somebody(granted, who)
    for kind, field in (("partnership", "name"), ("pilot action", "title"), ("account", "label")):
        for row in granted.get(who, LISTS[kind]).json():
            found = [one for one in hits(granted, who, row[field]) if (one["kind"], one["id"]) == (kind, row["id"])]
            assert len(found) == 1, (kind, row)
            assert found[0]["meant"] == []
            reader.see(found[0]["page"])


@pytest.mark.parametrize(
    ("q", "kind", "id", "why", "meant"),
    [
        ("Malagq", "partnership", str(partnership_of(MALAGA)), "name", ["malaga"]),
        ("harbor", "pilot action", str(action_of(MALAGA)), "title", ["harbour"]),
        ("turin schoolyards", "pilot action", str(action_of(TURIN)), "title and partnership", []),
        (str(action_of(TURIN))[:13], "pilot action", str(action_of(TURIN)), "number", []),
        (str(grant_id(action_of(TURIN))), "grant", str(grant_id(action_of(TURIN))), "number", []),
        ("plan b", "order", f"{grant_id(action_of(TURIN))}/1", "supplier", []),
        ("evaluator 5", "account", str(id_of("Evaluator 5")), "label", []),
        ("in kind", "rule", "S02", "rule", []),
        ("d05", "rule", "D05", "clause", []),
        ("2026", "call", str(id_of("call")), "title", []),
    ],
)
def test_it_says_what_was_found_and_why(granted: Api, q: str, kind: str, id: str, why: str, meant: list[str]) -> None:
    (found,) = [one for one in hits(granted, "Secretariat 1", q) if (one["kind"], one["id"]) == (kind, id)]
    assert (found["why"], found["meant"]) == (why, meant)


def test_an_application_is_found_by_the_digest_on_its_receipt(granted: Api) -> None:
    (home,) = granted.get("Officer of Turin", "/me/home").json()
    digest = home["pilot_actions"][0]["receipt"]["digest"]
    for who in ("Officer of Turin", "Secretariat 1"):
        (found,) = hits(granted, who, digest[:10])
        assert (found["id"], found["why"]) == (str(action_of(TURIN)), "receipt")
    assert hits(granted, "Officer of Dublin", digest[:10]) == []


def test_people_are_found_by_their_names_by_who_may_know_them(granted: Api) -> None:
    granted.parts.people.put(
        id_of("Evaluator 5"), Profile(full_name="Żaneta Prędka", email="z@evaluators.example"), datetime.now(UTC)
    )
    (found,) = hits(granted, "Secretariat 1", "Zaneta")
    assert (found["title"], found["why"]) == ("Evaluator 5", "name")
    for who in ("Officer of Turin", "Approver 1", "Evaluator 4"):
        assert hits(granted, who, "Zaneta") == []


def test_who_does_not_know_who_applies_does_not_find_it_by_that(turning: Turning, tmp_path: Path) -> None:
    blind: Mapping[Stage, Path] = record_stages(tmp_path, Blindness.APPLICANTS_HIDDEN_TOO)
    with turning.opened(copied(blind[Stage.CLOSED], tmp_path / "judged")) as opened:
        story = StagedFund(opened.parts.fund)
        story.number, story.at = 10_000, CALENDAR.eligibility_checked
        about = {"pilot_action_id": action_of(TURIN)}
        story.act(CheckEligibility, ENGINE, **about)
        story.act(AssignEvaluator, OFFICE, **about, evaluator=id_of("Evaluator 1"))
        opened.parts.projector.catch_up()
        own = {one["kind"] for one in hits(opened, "Evaluator 1", "turin")}
        assert own & LISTS.keys() == set()
        (found,) = [one for one in hits(opened, "Evaluator 1", "schoolyards") if one["kind"] in LISTS]
        assert (found["kind"], found["about"]) == ("pilot action", "submitted")
        assert found["page"].endswith("/evaluation")
        assert "partnership" in {one["kind"] for one in hits(opened, "Secretariat 1", "turin")}


def test_the_page_groups_what_is_found_and_says_why(granted: Api) -> None:
    page = somebody(granted, "Secretariat 1").see("/search?q=Malagq")
    assert "Like what you typed: “malaga” in its name." in page.said
    assert f"/partnerships/{partnership_of(MALAGA)}" in page.links
    assert "What you may not see is not searched." in page.said


def test_where_nothing_is_found_it_says_what_to_try(granted: Api) -> None:
    page = somebody(granted, "Officer of Turin").see("/search?q=Quiet%20deliveries%20%3Cb%3E")
    assert "0 things found" in page.said
    assert "Leave out a word" in page.said
    assert "<b>" not in page.content
    assert "What you can find" in somebody(granted, "Officer of Turin").see("/search").said


def test_a_box_in_the_head_leads_there_for_who_is_signed_in(granted: Api) -> None:
    assert 'action="/search"' in somebody(granted, "Officer of Turin").see("/home").content
    assert 'action="/search"' not in Visitor(granted).see("/").content
    assert Visitor(granted).ask("/search?q=turin").status_code == 303
    assert granted.get(None, "/search?q=turin").status_code == 401


def test_what_is_new_is_found_at_once(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        assert hits(opened, "Secretariat 1", "Gdinia") == []
        place = {"name": "Gdynia", "kind": "city", "side": "EU", "country": "PL", "population": 246_000}
        assert opened.post("Secretariat 1", "/organisations", place).status_code == 201
        opened.parts.projector.catch_up()
        (found,) = hits(opened, "Secretariat 1", "Gdinia")
        assert (found["kind"], found["title"], found["meant"]) == ("place", "Gdynia", ["gdynia"])


def test_of_many_the_nearest_are_shown_and_it_says_that_there_are_more(granted: Api) -> None:
    found = granted.get("Secretariat 1", "/search?q=officer").json()
    accounts = [one for one in found["hits"] if one["kind"] == "account"]
    assert len(accounts) <= 20
    assert ("account" in found["more"]) is (
        len(granted.get("Secretariat 1", "/accounts?limit=1000&q=officer").json()) > 20
    )
    assert ("rule" in granted.get("Secretariat 1", "/search?q=the").json()["more"]) is True
