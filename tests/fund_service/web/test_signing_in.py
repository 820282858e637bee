"""Signing in on a page: one comes back to where one wanted to go, and no other page does it for somebody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from fund_service.auth.throttle import Throttle
from fund_service.web.forms import own_page
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, seen, somebody

OFFICER, LOGIN, PASSWORD = "Officer of Turin", "ona@fund.example", "eleven quiet harbours"
GIVEN = {"login": LOGIN, "password": PASSWORD}


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a small fund of the file's own, in which an officer has a login."""
    place = copytree(stages[Stage.OPEN], tmp_path_factory.mktemp("signing in") / "fund")
    with turning.opened(place) as opened:
        opened.parts.projector.catch_up()
        with opened.parts.store.engine("directory").begin() as connection:
            logins = opened.parts.local.logins
            logins.give(connection, id_of(OFFICER), logins.checked(LOGIN, PASSWORD), datetime.now(UTC))
        opened.client.app.state.context.throttle = Throttle(opened.parts.vault.digest)  # type: ignore[attr-defined]
        yield opened


def test_who_is_not_signed_in_is_asked_to_and_comes_back(fund: Api) -> None:
    who = Visitor(fund)
    asked = who.ask("/home")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in?next=%2Fhome")
    assert 'name="next" value="/home"' in who.see("/sign-in?next=%2Fhome").content
    entered = who.send("/sign-in", {**GIVEN, "next": "/home"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/home")
    assert f"{OFFICER} · Sign out" in who.see("/home").said


def test_a_wrong_password_is_told_in_the_page_with_the_name_still_there(fund: Api) -> None:
    who = Visitor(fund)
    page = seen(who.send("/sign-in", {**GIVEN, "password": "wrong", "next": "/rules"}), 401)
    assert f'value="{LOGIN}"' in page.content
    assert 'name="next" value="/rules"' in page.content
    assert "wrong" not in page.content.replace("told--wrong", "")
    assert who.secret is None
    assert "password" in seen(who.send("/sign-in", {"login": LOGIN}), 422).said


def test_no_page_of_another_site_signs_somebody_in_or_out(fund: Api) -> None:
    assert Visitor(fund).send("/sign-in", GIVEN, Sec_Fetch_Site="cross-site").status_code == 403
    who = somebody(fund, OFFICER)
    assert who.send("/sign-out", {"csrf": "guessed"}).status_code == 403
    assert who.send("/sign-out", {}, Sec_Fetch_Site="cross-site").status_code == 403
    assert who.see("/home")


def test_who_signs_out_is_out(fund: Api) -> None:
    who = somebody(fund, OFFICER)
    carried = who.secret
    left = who.send("/sign-out", {})
    assert (left.status_code, left.headers["Location"], who.secret) == (303, "/", None)
    assert Visitor(fund, carried).ask("/home").status_code == 303
    assert "Sign in" in Visitor(fund, carried).see("/").said


def test_a_form_that_cannot_be_read_is_told_as_a_page(fund: Api) -> None:
    for headers in ({"Content_Type": "text/plain"}, {"Content_Type": "multipart/form-data; boundary=x"}):
        assert "The form cannot be read." in seen(Visitor(fund).send("/sign-in", GIVEN, **headers), 422).said
    assert "cannot be shown" in seen(Visitor(fund).send("/sign-in", {**GIVEN, "login": "a\u202eb"}), 422).said


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "", "x", "/a\nb"]
)
def test_nobody_is_led_elsewhere_after_signing_in(where: str) -> None:
    assert own_page(where) == "/home"


def test_the_home_tells_what_waits_and_how_the_partnership_stands(fund: Api) -> None:
    said = somebody(fund, OFFICER).see("/home").said
    assert "Turin with Nagoya" in said
    assert "Where it stands Submitted, version 1" in said
    assert "Turin (leads); Nagoya" in said
    assert "Until Fri 20 March 2026, 17:00 Brussels" in said


def test_the_home_of_who_has_nothing_to_do_says_so(fund: Api) -> None:
    assert "Nothing waits for you now." in somebody(fund, "Auditor 1").see("/home").said


def test_an_invitation_is_taken_up_on_its_page_and_opening_it_consumes_nothing(fund: Api) -> None:
    who, made = Visitor(fund), fund.parts.local.invite(id_of("Officer of Suwon"), datetime.now(UTC))
    where, given = f"/invitations/{made.token}", {"login": "min@fund.example", "password": PASSWORD}
    for _ in range(2):
        assert "Choose a name and a password." in who.see(where).said
    page = seen(who.send(where, {**given, "code": "wrong"}), 401)
    assert 'value="min@fund.example"' in page.content
    assert "password" in seen(who.send(where, {**given, "password": "", "code": made.code}), 422).said
    entered = who.send(where, {**given, "code": made.code})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/home")
    assert "Officer of Suwon · Sign out" in who.see("/home").said
    assert "does not hold any more" in Visitor(fund).see(where).said
