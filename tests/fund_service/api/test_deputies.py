"""Over HTTP: a deputy acts in own name from the first instant of its dates to the last, and not one longer (D33)."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.people import Role
from domain.values import BRUSSELS
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

OFFICE, APPROVER, DEPUTY = "Secretariat 1", "Approver 1", "Deputy of an approver"
ANNA, DORA = id_of(APPROVER), id_of(DEPUTY)
LIST = f"/calls/{CALL_ID}/lines/pilot_action/award-list/return"
THING = f"/partnerships/{partnership_of(APPLICANTS[0])}"
NAMING = f"/accounts/{ANNA}/deputies"
THIS = f"{NAMING}/{DORA}/approver"


@pytest.fixture
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a fund whose window is closed, in which a colleague of an approver has an account without a role."""
    shutil.copytree(stages[Stage.CLOSED], tmp_path / "fund")
    with turning.opened(tmp_path / "fund") as opened:
        account = {"subject": str(DORA), "label": DEPUTY, "unit": "Contracting authority"}
        assert opened.post(OFFICE, "/accounts", account).status_code == 201
        opened.parts.projector.catch_up()
        yield opened


def today(fund: Api) -> date:
    """Return the day that it is in Brussels, in the fund's time."""
    return fund.parts.clock.now().astimezone(BRUSSELS).date()


def at(fund: Api, day: date, after: timedelta = timedelta()) -> None:
    """Move the fund's clock to an instant after midnight in Brussels."""
    fund.parts.clock.move(datetime.combine(day, time.min, BRUSSELS) + after)  # type: ignore[attr-defined]


def done(fund: Api, who: str, path: str, body: dict[str, Any] | None = None) -> None:
    """Ask for something that is carried out and can be seen."""
    answer = fund.post(who, path, body)
    assert answer.status_code == 200, answer.text
    fund.parts.projector.catch_up()


def named(fund: Api, first: date, last: date) -> None:
    """Let the approver name a deputy, and an officer of the secretariat confirm it."""
    asked = {"subject": str(DORA), "role": "approver", "first_day": str(first), "last_day": str(last)}
    done(fund, APPROVER, NAMING, asked)
    done(fund, OFFICE, f"{THIS}/confirmation")


def test_a_deputy_sees_and_holds_what_the_role_does_while_it_lasts_and_a_token_for_it_no_longer(fund: Api) -> None:
    first, last = today(fund) + timedelta(days=1), today(fund) + timedelta(days=2)
    named(fund, first, last)
    token = fund.token(DEPUTY, Role.APPROVER)
    for day, after, holds in (
        (first, -timedelta(microseconds=1), False),
        (first, timedelta(), True),
        (last, timedelta(days=1, microseconds=-1), True),
        (last, timedelta(days=1), False),
    ):
        at(fund, day, after)
        assert fund.get(DEPUTY, "/me").json()["roles"] == ({"approver": None} if holds else {})
        assert fund.get(DEPUTY, THING).status_code == (200 if holds else 404)
        signed = {"Authorization": f"Bearer {token}"}
        assert fund.client.get(f"/api/v1{THING}", headers=signed).status_code == (200 if holds else 404)
        pilot = {"remarks": "Look again.", "digest": "0" * 64}
        assert fund.post(DEPUTY, LIST, pilot).status_code == (409 if holds else 403)


def test_who_is_represented_and_the_office_see_the_deputy_and_one_of_them_ends_it(fund: Api) -> None:
    named(fund, today(fund), today(fund) + timedelta(days=9))
    own = fund.get(APPROVER, "/me").json()["deputies"][0]
    assert (own["deputy_label"], own["confirmed"], own["role"]) == (DEPUTY, True, "approver")
    [row] = [row for row in fund.get(OFFICE, "/accounts").json() if row["label"] == DEPUTY]
    assert [one["represents"] for one in row["deputyships"]] == [str(ANNA)]
    told = " ".join(row["sentence"] for row in fund.get(DEPUTY, "/messages").json())
    assert "A deputy for the role approver was named" in told
    assert fund.post("Approver 2", f"{THIS}/end", {"reason": "Back."}).status_code == 403
    done(fund, DEPUTY, f"{THIS}/end", {"reason": "I am ill."})
    assert fund.get(DEPUTY, "/me").json()["roles"] == {}
    assert fund.get(APPROVER, "/me").json()["deputies"] == []


def test_a_proposed_deputy_waits_for_an_officer_who_is_told_by_whom_it_cannot_be_confirmed(fund: Api) -> None:
    days = {"first_day": str(today(fund)), "last_day": str(today(fund) + timedelta(days=3))}
    asked = {"subject": str(DORA), "role": "approver", **days}
    assert fund.post("Approver 2", NAMING, asked).status_code == 403
    done(fund, OFFICE, NAMING, asked)
    waiting = {who: [row["path"] for row in fund.get(who, "/me/next").json()] for who in (OFFICE, "Secretariat 2")}
    assert [f"/api/v1{THIS}/confirmation" in paths for paths in waiting.values()] == [False, True]
    alone = fund.post(OFFICE, f"{THIS}/confirmation")
    assert (alone.status_code, alone.json()["rule"]["id"]) == (409, "D18")
    beyond = {**asked, "last_day": str(today(fund) + timedelta(days=184))}
    assert fund.post(APPROVER, NAMING, beyond).json()["rule"]["id"] == "D33"


def test_pages_say_for_whom_one_acts_and_who_acts_for_one(fund: Api) -> None:
    naming = somebody(fund, APPROVER).see(f"/do{NAMING}")
    assert (DEPUTY in naming.said, "Evaluator 1" in naming.said) == (True, False)
    assert f"/do{NAMING}" in somebody(fund, APPROVER).see("/home").links
    last = today(fund) + timedelta(days=2)
    named(fund, today(fund), last)
    home = somebody(fund, DEPUTY).see("/home")
    assert "You act for Approver 1, as approver, until the end of" in home.said
    assert f"{last.day} {last:%b %Y}" in home.said
    assert f"/do{THIS}/end" in home.links
    assert "Deputy of an approver acts for you, as approver" in somebody(fund, APPROVER).see("/home").said
    office = somebody(fund, OFFICE)
    assert "Acts now" in office.see(f"/accounts/{DORA}").said
    assert f"/accounts/{DORA}" in office.see(f"/accounts/{ANNA}").links
    assert "Approver, for Approver 1 until" in office.see("/accounts").said
    at(fund, last, timedelta(days=1))
    assert "You act for" not in somebody(fund, DEPUTY).see("/home").said
    assert "Approver, for Approver 1 until" not in office.see("/accounts").said
