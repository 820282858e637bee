"""Sessions over HTTP: in a cookie that no other site can use, ended at once, and not enough for what matters."""

from datetime import timedelta

import pytest
from starlette.responses import Response

from fund_service.api.bearing import COOKIE, carry
from fund_service.auth.sessions import FRESH, IDLE, LONGEST
from tests.fund_service.api.browser import let_pass, signed_in
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import id_of

OFFICE = "Secretariat 1"
BONN = {"name": "Bonn", "kind": "city", "side": "EU", "country": "DE", "population": 330_000}


def test_the_cookie_is_for_the_host_alone_and_no_script_reads_it() -> None:
    answer = Response()
    carry(answer, "secret")
    said = answer.headers["Set-Cookie"]
    assert said.startswith("__Host-fund=secret; ")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(said.split("; "))
    assert "Domain" not in said


def test_a_session_says_who_one_is_and_until_when(api: Api) -> None:
    browser = signed_in(api, OFFICE)
    told = browser.get("/session").json()
    assert (told["subject"], told["label"], told["roles"]) == (str(id_of(OFFICE)), OFFICE, {"secretariat": None})
    assert told["began_at"] < told["fresh_until"] < told["idle_until"] < told["expires_at"]
    assert browser.secret not in str(told)
    assert browser.get("/me").json()["label"] == OFFICE


def test_a_token_has_no_session(api: Api) -> None:
    answer = api.get(OFFICE, "/session")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_what_an_answer_says_depends_on_the_cookie(api: Api) -> None:
    assert "Cookie" in signed_in(api, OFFICE).get("/me").headers["Vary"]


def test_a_session_changes_something_with_the_token_of_its_pages(api: Api) -> None:
    browser = signed_in(api, OFFICE)
    csrf = browser.get("/session").json()["csrf"]
    assert browser.post("/organisations", BONN, Fund_CSRF=csrf).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Fund_CSRF": ""},
        {"Fund_CSRF": "0" * 64},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://testserver"},
    ],
    ids=str,
)
def test_a_page_of_another_site_changes_nothing(api: Api, headers: dict[str, str]) -> None:
    browser, end = signed_in(api, OFFICE), api.parts.log.end()
    answer = browser.post("/organisations", BONN, **headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")
    assert browser.delete("/session", **headers).status_code == 403
    assert browser.get("/session").status_code == 200
    assert api.parts.log.end() == end


@pytest.mark.parametrize(
    ("origin", "status"), [("http://testserver", 201), ("http://elsewhere", 403), ("null", 403), ("http://[", 403)]
)
def test_a_browser_that_does_not_name_the_site_names_the_origin(api: Api, origin: str, status: int) -> None:
    browser = signed_in(api, OFFICE)
    answer = browser.post("/organisations", BONN, Origin=origin, Sec_Fetch_Site=None)
    assert answer.status_code == status, answer.text


def test_a_token_needs_no_proof_that_a_page_of_the_fund_sent_it(api: Api) -> None:
    assert api.post(OFFICE, "/organisations", BONN, Sec_Fetch_Site="cross-site").status_code == 201


def test_a_cookie_that_holds_no_more_is_refused(api: Api) -> None:
    browser = signed_in(api, OFFICE)
    browser.secret = "something else"
    answer = browser.get("/me")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
    assert browser.post("/organisations", {"name": 1}).status_code == 401, "before its body is looked at"


@pytest.mark.parametrize("time", [IDLE, LONGEST])
def test_a_session_that_was_idle_or_lasted_too_long_is_over(api: Api, time: timedelta) -> None:
    label = "Evaluator 1"
    browser = signed_in(api, label)
    let_pass(api, label, time - timedelta(seconds=20) if time == IDLE else timedelta())
    assert browser.get("/me").status_code == 200
    let_pass(api, label, time)
    assert browser.get("/me").status_code == 401


def test_who_signs_out_is_signed_out_at_once(api: Api) -> None:
    browser = signed_in(api, OFFICE)
    secret = browser.secret
    answer = browser.delete("/session")
    assert (answer.status_code, answer.content, browser.secret) == (204, b"", None)
    assert answer.headers["Set-Cookie"].startswith(f'{COOKIE}=""; ')
    browser.secret = secret
    assert browser.get("/me").status_code == 401


def test_one_sees_and_ends_ones_own_sessions_alone(api: Api) -> None:
    label = "Evaluator 2"
    here, elsewhere, other = signed_in(api, label), signed_in(api, label), signed_in(api, OFFICE)
    rows = here.get("/sessions").json()
    assert [row["current"] for row in rows] == [True, False]
    there = rows[1]["id"]
    assert other.delete(f"/sessions/{there}").status_code == 404
    assert elsewhere.get("/me").status_code == 200
    assert here.delete(f"/sessions/{there}").status_code == 204
    assert here.secret is not None
    assert elsewhere.get("/me").status_code == 401
    assert [row["id"] for row in here.get("/sessions").json()] == [rows[0]["id"]]
    assert here.delete(f"/sessions/{rows[0]['id']}").status_code == 204
    assert here.secret is None


def test_a_token_ends_no_session(api: Api) -> None:
    answer = api.client.delete("/api/v1/session", headers={"Authorization": f"Bearer {api.token(OFFICE)}"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")


def test_what_changes_roles_needs_a_fresh_proof_in_a_session(api: Api) -> None:
    browser = signed_in(api, OFFICE)
    subject = browser.post("/accounts", {"label": "Coach 7", "unit": "Team"}).headers["Location"].rpartition("/")[2]
    path, coach, end = f"/accounts/{subject}/roles", {"role": "coach"}, api.parts.log.end()
    let_pass(api, OFFICE, FRESH)
    answer = browser.post(path, coach)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/step-up-needed")
    assert "/session/step-up" in answer.json()["detail"]
    assert api.parts.log.end() == end
    assert browser.post(f"{path}?dry_run=true", coach).status_code == 200, "a dry run changes nothing"
    assert browser.post("/organisations", BONN).status_code == 201, "what changes no roles needs none"
    assert api.post(OFFICE, path, coach).status_code == 200, "a token was made by who proved it"


def test_a_role_that_is_taken_away_in_mid_session_counts_no_more(api: Api) -> None:
    label = "Secretariat 2"
    browser = signed_in(api, label)
    assert browser.post("/organisations", BONN).status_code == 201
    taken = api.post(OFFICE, f"/accounts/{id_of(label)}/roles/secretariat/revocation", {"reason": "Left the office."})
    assert taken.status_code == 200, taken.text
    assert browser.post("/organisations", BONN).status_code == 403
    assert browser.get("/session").json()["roles"] == {}
