"""Pages as of a moment: they say so, their links stay there, nothing can be done there, and every state has a link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.call.events import ApplicationWindowClosed
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, partnership_of
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import Visitor, somebody

TURIN = APPLICANTS[0]
PARTNERSHIP = f"/partnerships/{partnership_of(TURIN)}"


@pytest.fixture(scope="module")
def granted(stages: dict[Stage, Path], turning: Turning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a fund with all its stages behind it."""
    with turning.opened(copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("past") / "fund")) as opened:
        opened.parts.projector.catch_up()
        yield opened


@pytest.fixture(scope="module")
def auditor(granted: Api) -> Visitor:
    """Return an auditor at a browser."""
    return somebody(granted, "Auditor 1")


def test_a_page_of_the_past_says_so_and_its_links_stay_there(granted: Api, auditor: Visitor) -> None:
    page = auditor.see(f"{PARTNERSHIP}?as_of=150")
    end = granted.parts.log.end()
    assert f"This is the past As of position 150 of {end}: what was recorded by" in page.said
    assert PARTNERSHIP in page.links  # what is now
    leading = [link for link in page.links if link.startswith("/") and link != PARTNERSHIP]
    assert leading
    assert {link for link in leading if "as_of=" not in link} <= {"/audit/changes?since=150"}


def test_a_page_of_now_has_a_link_to_exactly_what_it_shows(granted: Api, auditor: Visitor) -> None:
    position = granted.parts.log.end()
    cited = f"{PARTNERSHIP}?as_of={position}"
    assert cited in auditor.see(PARTNERSHIP).links
    assert _main(auditor, cited) == _main(auditor, PARTNERSHIP)
    assert not any("as_of" in link for link in somebody(granted, "Officer of Turin").see("/home").links)


def _main(visitor: Visitor, address: str) -> str:
    """Return what a page says in its middle, without what leads elsewhere."""
    content = visitor.see(address).content
    return re.sub(r"<[^>]*>|\s+", " ", content[content.index("<main") : content.index("</main>")])


@pytest.mark.parametrize("who", ["Auditor 1", "Secretariat 1", "Approver 1", "Certifier 1", "Resource manager 1"])
def test_every_page_of_an_office_is_there_as_of_a_moment_and_nothing_can_be_done_on_it(granted: Api, who: str) -> None:
    for position in (_closed(granted) + 20, granted.parts.log.end() - 1):
        visitor = somebody(granted, who)
        ahead, seen = [f"/home?as_of={position}"], dict[str, None]()
        while ahead:
            where = ahead.pop().partition("#")[0]
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*|(?<=/events/)\d+|(?<=timeline\?page=)\d+", "", where)
            if kind in seen or not re.match("/(?!api/|sign-).*as_of=", where):
                continue
            seen[kind] = None
            page = visitor.see(where)
            assert page.inline == [], where
            leading = re.findall(r'<a\b(?![^>]*data-now)[^>]*?href="(/[^"]*)"', page.content)
            assert [link for link in leading if "as_of=" not in link] == [], where
            assert not [link for link in page.links if link.startswith(("/do/", "/editions/", "/demo"))], where
            assert all("as_of=" in one for one in re.findall('data-hx-get="[^"]*[?][^"]*"', page.content)), where
            assert "data-live" not in page.content, where
            for form in re.findall(r"<form\b.*?</form>", page.content, re.DOTALL):
                head = form.partition(">")[0]
                if 'method="post"' in head:
                    assert re.search('action="/(sign-out|language)', head), where
                else:
                    assert 'name="as_of"' in form, where
            ahead += [link.replace("&amp;", "&") for link in page.links if link != where]
        assert len(seen) > 12


def test_a_page_on_which_one_only_acts_is_not_there_in_the_past(granted: Api) -> None:
    office = somebody(granted, "Secretariat 1")
    for address in ("/editions/new", f"/calls/{CALL_ID}/correction", f"/calls/{CALL_ID}/evaluators"):
        office.see(address)
        assert "in the past nothing can be" in office.see(f"{address}?as_of=150", 404).said


def test_the_ways_lead_to_the_events_before_and_after(auditor: Visitor) -> None:
    page = auditor.see(f"{PARTNERSHIP}?as_of=150")
    before, after = (
        int(re.findall(rf'as_of=(\d+)">(?:<span[^>]*>←</span> )?As of the {words}', page.content)[0])
        for words in ("event before", "next event")
    )
    assert before < 150 < after
    again = auditor.see(f"{PARTNERSHIP}?as_of={before + 1}")
    assert f'as_of={before}"><span aria-hidden="true">←</span> As of the event before' in again.content


def test_the_forms_keep_what_the_page_was_asked_and_lead_to_a_day(auditor: Visitor) -> None:
    page = auditor.see(f"/calls/{CALL_ID}/applications?q=Cool&as_of=2026-04-01")
    assert page.content.count('<input type="hidden" name="q" value="Cool">') == 3
    assert 'type="range" min="1"' in page.content
    assert "Cool schoolyards" in page.said


def test_great_days_of_the_call_are_a_step_away_as_far_as_they_are_over(auditor: Visitor) -> None:
    page = auditor.see(f"/calls/{CALL_ID}/dashboard?q=x&as_of=2026-03-20")
    days = re.findall(
        r'href="[^"]*q=x&amp;as_of=([^"]*)"( aria-current="true")?>(?:Applications|Outcomes)', page.content
    )
    assert days == [("2026-03-20", ' aria-current="true"'), ("2026-03-31", "")], (
        "before closing it is told to nobody else"
    )
    assert 'type="date" required value="2026-03-20"' in page.content
    assert "Final report due" not in page.said


def test_no_page_leads_to_a_day_on_which_it_could_not_be_seen(granted: Api, auditor: Visitor) -> None:
    places = [f"/calls/{CALL_ID}/{name}" for name in ("dashboard", "desk", "audit", "applications", "grants")]
    for who, early in ((auditor, set()), (somebody(granted, "Secretariat 1"), {"2026-03-02"})):
        for place in (*places, f"/calls/{CALL_ID}"):
            shown = who.ask(place)
            days = set(re.findall(r"as_of=(\d{4}-\d\d-\d\d)", shown.text))
            assert (shown.status_code == 404) or {"2026-03-20"} | early <= days
            assert [day for day in days if who.ask(f"{place}?as_of={day}").status_code != 200] == []


def test_of_a_moment_one_may_see_only_what_held_at_another(auditor: Visitor) -> None:
    page = auditor.see(f"{PARTNERSHIP}?as_of=300&held_at=2026-03-01")
    assert "And of that only what held on Sun 1 March 2026, 23:59:59 Brussels." in page.said
    assert "held_at=2026-03-01" in page.content


def test_others_are_told_that_they_may_not_look_back(granted: Api) -> None:
    for who in ("Evaluator 1", "Officer of Turin"):
        assert "You may not look at the past" in somebody(granted, who).see("/home?as_of=100", 403).said
    assert "You may not look at the past" in Visitor(granted).see("/?as_of=100", 403).said


def test_before_closing_a_page_of_the_past_shows_no_application(granted: Api, auditor: Visitor) -> None:
    address = f"/pilot-actions/{action_of(TURIN)}/timeline"
    assert auditor.see(address)
    closed = next(
        one.position for one in granted.parts.log.read(0, 9999) if isinstance(one.event, ApplicationWindowClosed)
    )
    auditor.see(f"{address}?as_of={closed - 1}", 404)


def _closed(api: Api) -> int:
    return next(one.position for one in api.parts.log.read(0, 9999) if isinstance(one.event, ApplicationWindowClosed))


def test_a_moment_that_is_none_is_a_page_that_says_so(auditor: Visitor) -> None:
    assert "The log has no position 99999 yet" in auditor.see("/home?as_of=99999", 422).said


def test_what_changed_between_two_moments_is_a_page_with_its_events(granted: Api, auditor: Visitor) -> None:
    end = granted.parts.log.end()
    page = auditor.see(f"/audit/changes?since={end - 30}&as_of={end - 2}")
    assert "things changed." in page.said
    assert re.search(f"Event {end - 2}|Event {end - 3}", page.said)
    assert "has no position" in auditor.see(f"/audit/changes?since={end}&as_of=100").said
    assert "This is not the id of a thing" in auditor.see("/audit/changes?since=1&about=x").said
    thing = partnership_of(TURIN)
    link = next(link for link in auditor.see(f"{PARTNERSHIP}/timeline").links if link.startswith("/audit/changes"))
    assert f"about={thing}" in link
    assert "Turin" in auditor.see(link.replace("&amp;", "&")).said
    somebody(granted, "Officer of Turin").see("/audit/changes?since=1", 404)
