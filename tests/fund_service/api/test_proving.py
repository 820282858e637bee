"""What a session needs a fresh proof for, by password or by a code; and the tokens that are made by one."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from domain.people import Role
from fund_service.auth.sessions import FRESH
from fund_service.auth.throttle import Throttle
from fund_service.permissions.actors import Actor
from tests.fund_service.api.browser import Browser, let_pass, signed_in
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import id_of

LABEL, PASSWORD, OTHER = "Evaluator 1", "eleven quiet harbours", "twelve loud mountains"
WHO = {"login": "eva", "password": PASSWORD}
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def login(api: Api) -> None:
    """Give the evaluator a login and no second factor, and let nobody have tried before."""
    api.client.app.state.context.throttle = Throttle(api.parts.vault.digest)  # type: ignore[attr-defined]
    local = api.parts.local
    local.factors.take_away(id_of(LABEL))
    with api.parts.store.engine("directory").begin() as connection:
        local.logins.give(connection, id_of(LABEL), local.logins.checked("eva", PASSWORD), datetime.now(UTC))


def set_up(browser: Browser) -> tuple[list[str], str]:
    """Set an authenticator up, and return the recovery codes and the authenticator's next code."""
    totp = pyotp.TOTP(browser.post("/me/second-factor").json()["secret"])
    now = datetime.now(UTC)
    confirmed = browser.post("/me/second-factor/confirmation", {"code": totp.at(now)})
    assert confirmed.status_code == 200, confirmed.text
    return confirmed.json()["codes"], totp.at(now + STEP)


def test_who_has_a_second_factor_signs_in_with_a_code_once(api: Api) -> None:
    codes, code = set_up(signed_in(api, LABEL))
    browser = Browser(api)
    needed = browser.post("/session", WHO)
    assert (needed.status_code, needed.json()["type"]) == (401, "/problems/code-needed")
    wrong = browser.post("/session", {**WHO, "password": OTHER})
    assert wrong.json()["type"] == "/problems/sign-in-failed", "who has no password is not told of a second factor"
    assert browser.post("/session", {**WHO, "code": "0"}).json()["type"] == "/problems/sign-in-failed"
    answer = browser.post("/session", {**WHO, "code": code})
    assert (answer.status_code, answer.json()["how"]) == (201, "password and code")
    assert Browser(api).post("/session", {**WHO, "code": code}).status_code == 401, "the same code again"
    assert Browser(api).post("/session", {**WHO, "code": codes[0]}).status_code == 201
    assert Browser(api).post("/session", {**WHO, "code": codes[0]}).status_code == 401


def test_a_code_is_a_fresh_proof_too(api: Api) -> None:
    browser = signed_in(api, LABEL)
    _, code = set_up(browser)
    let_pass(api, LABEL, FRESH)
    assert browser.post("/session/step-up", {}).status_code == 401
    assert browser.post("/session/step-up", {"code": "0"}).status_code == 401
    assert browser.post("/session/step-up", {"code": code}).status_code == 200
    assert browser.delete("/me/second-factor").status_code == 204
    assert Browser(api).post("/session", WHO).json()["how"] == "password"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/second-factor", None),
        ("POST", "/me/second-factor/confirmation", {"code": "123456"}),
        ("DELETE", "/me/second-factor", None),
        ("POST", "/tokens", {"role": "evaluator", "label": "A script"}),
        ("POST", "/invitations", {"subject": str(id_of(LABEL))}),
    ],
)
def test_what_lets_somebody_in_needs_a_fresh_proof(api: Api, method: str, path: str, body: object) -> None:
    browser = signed_in(api, LABEL)
    let_pass(api, LABEL, FRESH)
    answer = browser.send(method, path, body)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/step-up-needed")


def test_a_token_is_made_for_one_role_shown_once_and_ended_at_once(api: Api) -> None:
    browser = signed_in(api, LABEL)
    made = browser.post("/tokens", {"role": "evaluator", "label": "A script", "days": 7})
    assert made.status_code == 201, made.text
    token, now = made.json(), datetime.now(UTC)
    assert api.parts.tokens.actor(token["token"], now) == Actor(id_of(LABEL), Role.EVALUATOR)
    assert api.parts.tokens.actor(token["token"], now + timedelta(days=7)) is None
    listed = browser.get("/tokens")
    assert [row["id"] for row in listed.json() if row["label"] == "A script"] == [token["id"]]
    assert token["token"] not in listed.text
    assert signed_in(api, "Evaluator 2").delete(f"/tokens/{token['id']}").status_code == 404
    assert browser.delete(f"/tokens/{token['id']}").status_code == 204
    assert api.parts.tokens.actor(token["token"], now) is None


def test_nobody_makes_a_token_for_a_role_of_others_or_by_a_token(api: Api) -> None:
    wanted = {"role": "secretariat", "label": "A script"}
    assert signed_in(api, LABEL).post("/tokens", wanted).status_code == 403
    by_token = api.post(LABEL, "/tokens", {**wanted, "role": "evaluator"})
    assert (by_token.status_code, by_token.json()["type"]) == (403, "/problems/not-permitted")
    for days in (0, 367, True, "7"):
        assert signed_in(api, LABEL).post("/tokens", {**wanted, "days": days}).status_code == 422
