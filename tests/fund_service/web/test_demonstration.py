"""A demonstration: one is somebody by one click, and moves the clock; in no other fund is any of it there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from domain.people import Role
from fund_service.api.app import make_app
from fund_service.auth.directory import SESSIONS
from fund_service.auth.sessions import FRESH, How, csrf_of
from fund_service.clock import WallClock
from fund_service.composition import Parts, open_parts
from fund_service.demonstration import Ahead, Demonstration, Errand, Guise, Moved, Point, a_day_on
from fund_service.settings import Settings
from tests.fund_service.api.conftest import API, SERVED, Api
from tests.fund_service.small_fund import CALENDAR, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, seen

OFFICER = Guise(id_of("Officer of Turin"), Role.APPLICANT, "Officer of Turin", "Leads a partnership.")
COACH = Guise(id_of("Coach 1"), Role.COACH, "Coach 1", "Helps with roadmaps.")
OFFICE = Guise(id_of("Secretariat 1"), Role.SECRETARIAT, "Secretariat 1", "Runs the call.")
GUISES = (OFFICER, COACH, OFFICE)
AHEAD = Ahead(Point(CALENDAR.applications_close, "applications close"), (Point(CALENDAR.scores_due, "last scores"),))


class Shown:
    """A fund that is served as a demonstration. `errands` is what its visitors asked for."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.demonstration = Demonstration(patience=0)
        self.errands: list[Errand] = []
        self.client = TestClient(make_app(parts, list, self.demonstration), raise_server_exceptions=False)

    def begin(self) -> None:
        """Let visitors in, the first ones."""
        for guise in GUISES:
            self.parts.sessions.end_all(guise.subject)
        self.errands.clear()
        self.demonstration.begin(GUISES, AHEAD, self.errands.append)


@pytest.fixture(scope="module")
def fund(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return a rehearsed fund whose call takes applications."""
    place = copytree(stages[Stage.OPEN], tmp_path_factory.mktemp("demonstration") / "fund")
    with open_parts(Settings(data=place, **SERVED)) as parts:
        parts.projector.catch_up()
        yield parts


@pytest.fixture(scope="module")
def served(fund: Parts) -> Shown:
    """Return it served as a demonstration."""
    return Shown(fund)


@pytest.fixture
def shown(served: Shown) -> Shown:
    """Return it when the first visitors come."""
    served.begin()
    return served


def visitor(shown: Shown) -> Visitor:
    """Return somebody at a browser."""
    return Visitor(shown)


@pytest.fixture(scope="module")
def open_fund(fund: Parts) -> Api:
    """Return the API of the same fund, served as no demonstration."""
    return Api(fund)


@pytest.mark.parametrize("path", ["/demo", "/demo/moving"])
def test_a_rehearsed_fund_that_is_no_demonstration_has_none_of_it(open_fund: Api, path: str) -> None:
    assert "There is nothing at this address." in Visitor(open_fund).see(path, 404).said
    for sent in ("/demo/sign-in", "/demo/clock"):
        fields = {"subject": str(OFFICER.subject), "by": "day"}
        assert Visitor(open_fund).send(sent, fields).status_code == 404
    assert "One day on" not in Visitor(open_fund).see("/").content


def test_a_live_fund_has_none_of_it_whatever_it_is_served_as(fund: Parts) -> None:
    live = Shown(replace(fund, clock=WallClock()))
    live.begin()
    assert visitor(live).see("/demo", 404)
    assert visitor(live).send("/demo/sign-in", {"subject": str(OFFICER.subject)}).status_code == 404
    assert visitor(live).send("/demo/clock", {"by": "day"}).status_code == 404
    assert "Demonstration" not in visitor(live).see("/").said


def test_nobody_is_signed_in_and_no_clock_moves_before_the_rehearsal_has_ended(fund: Parts) -> None:
    shown = Shown(fund)
    page = visitor(shown).see("/demo")
    assert "The story so far is being played" in page.said
    assert 'http-equiv="refresh"' in page.content
    assert visitor(shown).send("/demo/sign-in", {"subject": str(OFFICER.subject)}).status_code == 503
    assert visitor(shown).send("/demo/clock", {"by": "day"}).status_code == 503
    assert "One day on" not in page.said


def test_the_start_says_who_one_may_be_what_waits_for_each_and_what_others_will_do(shown: Shown) -> None:
    said = visitor(shown).see("/demo").said
    assert "Everything here is invented" in said
    assert "The next point is: applications close, Fri 20 March 2026, 17:00 Brussels." in said
    assert "Applicant Officer of Turin Nothing waits now" in said
    assert "Coach Coach 1 Late Hold session 1 of 2. Turin with Nagoya · until Fri 27 February, 17:00" in said
    assert "Fri 27 March, 12:00 Last scores" in said
    assert "To the next point: applications close" in said


def test_one_click_signs_in_with_a_fresh_proof_and_another_renews_it(shown: Shown) -> None:
    who = visitor(shown)
    entered = who.send("/demo/sign-in", {"subject": str(OFFICER.subject), "next": "/home"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/home")
    assert "Officer of Turin · Sign out" in who.see("/home").said
    assert "Prove again that you are Officer of Turin" in who.see("/demo").said
    (session,) = shown.parts.sessions.of(OFFICER.subject, datetime.now(UTC))
    assert session.how is How.DEMONSTRATION
    assert session.is_fresh(datetime.now(UTC))
    assert not session.is_fresh(datetime.now(UTC) + FRESH)
    who.send("/demo/sign-in", {"subject": str(OFFICER.subject), "next": "/home"})
    (renewed,) = shown.parts.sessions.of(OFFICER.subject, datetime.now(UTC))
    assert renewed.proved_at is not None
    assert session.proved_at is not None
    assert renewed.proved_at > session.proved_at


def test_the_click_on_a_deed_is_the_proof_that_it_needs(shown: Shown) -> None:
    who = visitor(shown)
    who.send("/demo/sign-in", {"subject": str(OFFICE.subject)})
    with shown.parts.store.engine("directory").begin() as connection:
        connection.execute(update(SESSIONS).values(proved_at=datetime.now(UTC) - 2 * FRESH))
    path = f"/accounts/{id_of('Evaluator 2')}/roles/evaluator/revocation"
    headers = {"Cookie": f"__Host-fund={who.secret}", "Fund-CSRF": csrf_of(who.secret or ""), "Idempotency-Key": "api"}
    by_api = shown.client.post(f"{API}{path}", json={"reason": "Fictitious."}, headers=headers)
    assert "on the page /demo" in by_api.json()["detail"]
    assert "Prove that it is you" not in who.see(f"/do{path}").said
    done = who.send(f"/do{path}", {"reason": "Fictitious.", "key": "click", "next": "/home"})
    assert (done.status_code, done.headers["Location"]) == (303, "/home?done=click")
    (session,) = shown.parts.sessions.of(OFFICE.subject, datetime.now(UTC))
    assert session.is_fresh(datetime.now(UTC))


def test_only_those_who_are_offered_can_be_chosen_and_only_from_here(shown: Shown) -> None:
    who = visitor(shown)
    assert who.send("/demo/sign-in", {"subject": str(id_of("Evaluator 1"))}).status_code == 404
    assert who.send("/demo/sign-in", {"subject": "x"}).status_code == 422
    choice = {"subject": str(OFFICER.subject)}
    assert who.send("/demo/sign-in", choice, Sec_Fetch_Site="cross-site").status_code == 403
    assert who.send("/demo/clock", {"by": "day"}, Sec_Fetch_Site="cross-site").status_code == 403
    assert who.secret is None
    assert shown.errands == []
    elsewhere = who.send("/demo/sign-in", {**choice, "next": "https://elsewhere.example/"})
    assert elsewhere.headers["Location"] == "/home"


def test_a_session_of_a_demonstration_holds_nowhere_else(shown: Shown, open_fund: Api) -> None:
    who = visitor(shown)
    who.send("/demo/sign-in", {"subject": str(OFFICER.subject)})
    assert who.see("/home")
    headers = {"Cookie": f"__Host-fund={who.secret}"}
    assert open_fund.client.get(f"{API}/session", headers=headers).status_code == 401
    assert shown.client.get(f"{API}/session", headers=headers).json()["how"] == "demonstration"


def test_a_visitor_moves_the_clock_and_nobody_acts_for_whom_the_visitor_was(shown: Shown) -> None:
    now, who = shown.parts.clock.now(), visitor(shown)
    who.send("/demo/sign-in", {"subject": str(COACH.subject)})
    who.send("/demo/sign-in", {"subject": str(OFFICER.subject)})
    moving = who.send("/demo/clock", {"by": "day", "next": "/rules?q=kind"})
    assert moving.headers["Location"] == "/demo/moving?next=%2Frules%3Fq%3Dkind"
    assert shown.errands == [Errand(a_day_on(now), frozenset({OFFICER.subject, COACH.subject}))]
    shown.demonstration.tell("partners confirm their part")
    page = who.see(moving.headers["Location"])
    assert "The clock is moving" in page.said
    assert "Partners confirm their part." in page.said
    assert 'content="1; url=/demo/moving?next=%2Frules%3Fq%3Dkind"' in page.content
    assert "One day on" not in page.said
    assert who.send("/demo/clock", {"by": "point"}).status_code == 503
    kinds = (("pilot action submission reminded", 3), ("grant grant lapsed", 1), ("call question asked", 10))
    shown.demonstration.stand(Moved(now, a_day_on(now), kinds), AHEAD)
    stood = who.see(moving.headers["Location"])
    assert 'content="0; url=/rules?q=kind"' in stood.content
    assert "The clock is moving" not in stood.said
    assert "3 reminders, 1 lapse; 14 events" in who.see("/rules").said
    assert "10 Call question asked" in who.see("/demo").said
    visitor(shown).send("/demo/clock", {"by": "point"})
    assert shown.errands[1:] == [Errand(CALENDAR.applications_close, frozenset())]


def test_a_move_that_comes_to_nothing_says_why(shown: Shown) -> None:
    now, who = shown.parts.clock.now(), visitor(shown)
    who.send("/demo/clock", {"by": "day"})
    shown.demonstration.stand(Moved(now, now, (), "It does not come to rest."), Ahead())
    assert "It could not be moved as far as that." in who.see("/").said
    page = who.see("/demo")
    assert "It does not come to rest." in page.said
    assert "Everything is settled" in page.said
    assert "To the next point" not in page.said
    assert "not clear" in seen(who.send("/demo/clock", {"by": "point"}), 422).said


def test_a_day_on_is_the_same_time_of_the_next_day_also_when_summer_time_begins() -> None:
    evening = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
    assert a_day_on(evening) - evening == timedelta(hours=23)
