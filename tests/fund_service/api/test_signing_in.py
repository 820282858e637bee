"""Signing in by name and password: nobody learns who has an account, and nobody tries for ever."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fund_service.auth.sessions import FRESH
from fund_service.auth.throttle import FOR_ONE_NAME, Throttle
from tests.fund_service.api.browser import Browser, let_pass, signed_in
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import id_of

OFFICE, LOGIN = "Secretariat 1", "ona@fund.example"
PASSWORD, OTHER = "eleven quiet harbours", "twelve loud mountains"


@pytest.fixture(autouse=True)
def login(api: Api) -> None:
    """Give the secretariat its login, and let nobody have tried before."""
    api.client.app.state.context.throttle = Throttle(api.parts.vault.digest)  # type: ignore[attr-defined]
    with api.parts.store.engine("directory").begin() as connection:
        logins = api.parts.local.logins
        logins.give(connection, id_of(OFFICE), logins.checked(LOGIN, PASSWORD), datetime.now(UTC))


def by_password(api: Api, login: str = LOGIN, password: str = PASSWORD, **sent: str | None) -> tuple[Browser, int]:
    """Return a browser that tried to sign in, and the status of the answer."""
    browser = Browser(api)
    return browser, browser.post("/session", {"login": login, "password": password}, **sent).status_code


def test_who_gives_name_and_password_is_signed_in(api: Api) -> None:
    browser = Browser(api)
    answer = browser.post("/session", {"login": LOGIN.upper(), "password": PASSWORD})
    assert answer.status_code == 201
    assert (answer.json()["subject"], answer.json()["how"]) == (str(id_of(OFFICE)), "password")
    assert answer.json()["csrf"] == browser.get("/session").json()["csrf"]
    assert browser.secret not in answer.text
    assert browser.get("/me").json()["label"] == OFFICE


def test_a_name_that_nobody_has_is_answered_as_a_wrong_password(api: Api) -> None:
    asked = [(LOGIN, OTHER), ("nobody@fund.example", PASSWORD), ("?", PASSWORD)]
    answers = [Browser(api).post("/session", {"login": login, "password": password}) for login, password in asked]
    told = [{name: value for name, value in answer.json().items() if name != "request"} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert told[0] == told[1] == told[2]
    assert told[0]["type"] == "/problems/sign-in-failed"
    kept = [{name for name in answer.headers if name != "x-request-id"} for answer in answers]
    assert kept[0] == kept[1] == kept[2]


def test_names_that_are_known_and_unknown_wait_alike(api: Api) -> None:
    for name in (LOGIN, "nobody@fund.example"):
        for number in range(FOR_ONE_NAME.amount):
            written = name.upper() if number % 2 else name
            assert by_password(api, written, "wrong")[1] == 401
        answer = Browser(api, "198.51.100.9").post("/session", {"login": name, "password": PASSWORD})
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many")
        assert 0 < int(answer.headers["Retry-After"]) <= FOR_ONE_NAME.get_expiry()
        assert name not in answer.text


def test_who_signs_in_gets_a_secret_that_the_browser_did_not_bring(api: Api) -> None:
    browser, _ = by_password(api)
    first = browser.secret
    assert browser.post("/session", {"login": LOGIN, "password": PASSWORD}).status_code == 201
    assert browser.secret != first
    browser.secret = first
    assert browser.get("/me").status_code == 401
    browser.secret = "chosen-by-somebody-else"
    browser.post("/session", {"login": LOGIN, "password": PASSWORD})
    assert browser.secret != "chosen-by-somebody-else"


def test_no_page_of_another_site_signs_anybody_in(api: Api) -> None:
    assert by_password(api, Sec_Fetch_Site="cross-site")[1] == 403
    assert by_password(api, Sec_Fetch_Site=None, Origin="https://elsewhere.example")[1] == 403
    assert by_password(api, Sec_Fetch_Site=None)[1] == 201, "a script names no site"


def test_a_proof_makes_a_session_fresh_under_a_new_secret(api: Api) -> None:
    browser, _ = by_password(api)
    before = browser.secret
    let_pass(api, OFFICE, FRESH)
    subject = str(uuid4())
    browser.post("/accounts", {"subject": subject, "label": "Coach 8", "unit": "Team"})
    path, coach = f"/accounts/{subject}/roles", {"role": "coach"}
    assert browser.post(path, coach).json()["type"] == "/problems/step-up-needed"
    wrong = browser.post("/session/step-up", {"password": OTHER})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/sign-in-failed")
    assert browser.post(path, coach).status_code == 403
    proved = browser.post("/session/step-up", {"password": PASSWORD})
    assert (proved.status_code, browser.secret == before) == (200, False)
    assert browser.post(path, coach).status_code == 200
    browser.secret = before
    assert browser.get("/me").status_code == 401


def test_a_proof_is_not_tried_for_ever(api: Api) -> None:
    browser, _ = by_password(api)
    for _ in range(FOR_ONE_NAME.amount):
        assert browser.post("/session/step-up", {"password": "wrong"}).status_code == 401
    assert browser.post("/session/step-up", {"password": PASSWORD}).status_code == 429


def test_who_changes_the_password_ends_the_other_sessions(api: Api) -> None:
    here, _ = by_password(api)
    elsewhere, _ = by_password(api)
    assert here.send("PUT", "/me/password", {"old": OTHER, "new": OTHER}).status_code == 401
    weak = here.send("PUT", "/me/password", {"old": PASSWORD, "new": "password1234"})
    assert weak.status_code == 422
    assert "password1234" not in weak.text
    assert elsewhere.get("/me").status_code == 200
    assert here.send("PUT", "/me/password", {"old": PASSWORD, "new": OTHER}).status_code == 200
    assert (here.get("/me").status_code, elsewhere.get("/me").status_code) == (200, 401)
    assert (by_password(api)[1], by_password(api, password=OTHER)[1]) == (401, 201)


def test_who_signs_in_elsewhere_has_no_password_to_change(api: Api) -> None:
    browser = signed_in(api, "Evaluator 3")
    assert browser.send("PUT", "/me/password", {"old": PASSWORD, "new": OTHER}).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"login": LOGIN}, {"login": LOGIN, "password": ["x"]}, {"login": LOGIN, "password": "x" * 129}]
)
def test_a_sign_in_that_cannot_be_read_does_not_come_back(api: Api, body: dict[str, object]) -> None:
    answer = Browser(api).post("/session", body)
    assert answer.status_code == 422
    assert LOGIN not in answer.text
    assert "xxx" not in answer.text
