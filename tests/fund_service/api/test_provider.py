"""Signing in at an identity provider, a simulated one: what does not fit is refused, and nobody is let in by it."""

import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx2
import pytest
from joserfc.jwk import OctKey
from sqlalchemy import func, select, update

from fund_service.auth.directory import DEPARTURES, IDENTITIES, INVITATIONS, LOGINS, SESSIONS
from fund_service.auth.invitations import Invited
from fund_service.auth.sessions import FRESH, LONGEST
from fund_service.auth.throttle import FROM_ONE_ADDRESS, Throttle
from tests.fund_service.api.browser import Browser, let_pass, signed_in
from tests.fund_service.api.conftest import API, Api, api_of
from tests.fund_service.simulated_provider import (
    CLIENT,
    SECRET,
    SimulatedProvider,
    new_key,
    signed,
    simulated_provider,
    unsigned,
)
from tests.fund_service.small_fund import id_of

OFFICE: Final = "Secretariat 1"
ONA: Final = "ona-of-the-provider"
RETURN: Final = "/session/provider/return"
PASSWORD: Final = "eleven quiet harbours"


@pytest.fixture(scope="module")
def serving() -> Iterator[SimulatedProvider]:
    """Return the provider of this file."""
    with simulated_provider() as made:
        yield made


@pytest.fixture(scope="module")
def api(recorded: Path, tmp_path_factory: pytest.TempPathFactory, serving: SimulatedProvider) -> Iterator[Api]:
    """Return the API of a small fund that knows the provider."""
    place = tmp_path_factory.mktemp("api") / "fund"
    shutil.copytree(recorded, place)
    with api_of(place, oidc_issuer=serving.issuer, oidc_client=CLIENT, oidc_secret=SECRET) as opened:
        yield opened


@pytest.fixture
def provider(serving: SimulatedProvider, api: Api) -> SimulatedProvider:
    """Return the provider as it should be, with the secretariat bound to an identity, and nobody on the way."""
    api.client.app.state.context.throttle = Throttle(api.parts.vault.digest)  # type: ignore[attr-defined]
    serving.says, serving.signs = {}, serving.sign
    with api.parts.store.engine("directory").begin() as connection:
        for table in (DEPARTURES, IDENTITIES, LOGINS, INVITATIONS):
            connection.execute(table.delete())
    api.parts.provider.identities.bind(id_of(OFFICE), serving.issuer, ONA, datetime.now(UTC))
    return serving


def begun(browser: Browser, path: str = "/session/provider", **body: Any) -> str:
    """Return where somebody is sent who begins."""
    answer = browser.post(path, body)
    assert answer.status_code == 201, answer.text
    assert browser.departure is not None
    return str(answer.json()["location"])


def comes_back(browser: Browser, brought: dict[str, str]) -> httpx2.Response:
    """Come back from the provider, whose page is of another site."""
    return browser.send("GET", f"{RETURN}?{urlencode(brought)}", Sec_Fetch_Site="cross-site", Fund_CSRF=None)


def goes(
    browser: Browser, provider: SimulatedProvider, who: str = ONA, path: str = "/session/provider", **body: Any
) -> httpx2.Response:
    """Go to the provider, and come back."""
    return comes_back(browser, provider.goes(begun(browser, path, **body), who))


def refused(answer: httpx2.Response) -> None:
    """Check that somebody who came back was refused."""
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/return-refused"), answer.text
    assert "Set-Cookie" not in answer.headers


def count(api: Api, table: Any) -> int:
    """Return how many rows a table of the directory has."""
    with api.parts.store.engine("directory").connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def invited(api: Api, *, renews: bool = False) -> tuple[UUID, Invited]:
    """Return an account that the secretariat opened, and an invitation of its holder."""
    subject = uuid4()
    assert api.post(OFFICE, "/accounts", {"subject": str(subject), "label": "Coach 9", "unit": "T"}).status_code == 201
    return subject, api.parts.local.invitations.make(subject, datetime.now(UTC), renews=renews)


def test_whose_identity_is_bound_to_an_account_is_signed_in_and_brought_to_the_page(
    api: Api, provider: SimulatedProvider
) -> None:
    browser = signed_in(api, "Evaluator 1")
    before = browser.secret
    answer = goes(browser, provider, page="/api/v1/me?q=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/api/v1/me?q=1")
    assert browser.secret != before
    assert browser.departure is None
    session = browser.get("/session").json()
    assert (session["subject"], session["how"]) == (str(id_of(OFFICE)), "identity provider")
    assert session["fresh_until"] is not None
    browser.secret = before
    assert browser.get("/me").status_code == 401, "the session that the browser had before"


def test_the_departure_is_in_a_cookie_for_the_host_alone_and_nothing_of_it_can_be_read_in_the_directory(
    api: Api, provider: SimulatedProvider
) -> None:
    browser = Browser(api)
    answer = browser.post("/session/provider", {})
    said = answer.headers["Set-Cookie"]
    assert said.startswith("__Host-fund-departure=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600"} <= set(said.split("; "))
    brought = provider.goes(answer.json()["location"], ONA)
    with api.parts.store.engine("directory").connect() as connection:
        kept = str(connection.execute(select(DEPARTURES)).all())
    assert brought["state"] not in kept
    assert str(browser.departure) not in kept


def test_an_identity_that_nobody_has_makes_nothing(api: Api, provider: SimulatedProvider) -> None:
    end, rows = api.parts.log.end(), count(api, SESSIONS)
    answer = goes(Browser(api), provider, "ona@fund.example")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/unknown-identity")
    assert "invitation" in answer.json()["detail"]
    assert "Set-Cookie" not in answer.headers
    assert (api.parts.log.end(), count(api, SESSIONS), count(api, IDENTITIES)) == (end, rows, 1)


@pytest.mark.parametrize(
    "page",
    [
        *("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", ""),
        *("elsewhere.example", "/\t/elsewhere.example", "\\\\elsewhere.example", "/a\n//b", "/a b", f"/{'a' * 500}"),
    ],
)
def test_nobody_is_brought_to_a_page_of_another_site(api: Api, provider: SimulatedProvider, page: str) -> None:
    answer = Browser(api).post("/session/provider", {"page": page})
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


def test_a_page_of_another_site_sends_nobody(api: Api, provider: SimulatedProvider) -> None:
    answer = Browser(api).post("/session/provider", {}, Sec_Fetch_Site="cross-site")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")


def test_who_comes_back_in_another_browser_is_refused(api: Api, provider: SimulatedProvider) -> None:
    browser, other = Browser(api), Browser(api)
    brought = provider.goes(begun(browser), ONA)
    refused(comes_back(other, brought))
    begun(other)
    refused(comes_back(other, brought))
    assert comes_back(browser, brought).status_code == 303, "nobody else's try ends it"


def test_who_comes_back_with_another_state_or_none_is_refused(api: Api, provider: SimulatedProvider) -> None:
    browser = Browser(api)
    brought = provider.goes(begun(browser), ONA)
    refused(comes_back(browser, {**brought, "state": "0" * 64}))
    refused(comes_back(browser, {**brought, "state": "ë"}))
    refused(comes_back(browser, {name: value for name, value in brought.items() if name != "state"}))
    refused(comes_back(Browser(api), {}))


def test_a_return_works_once(api: Api, provider: SimulatedProvider) -> None:
    browser = Browser(api)
    brought = provider.goes(begun(browser), ONA)
    departure = browser.departure
    assert comes_back(browser, brought).status_code == 303
    refused(comes_back(browser, brought))
    browser.departure = departure
    refused(comes_back(browser, brought))


def test_who_is_away_for_too_long_is_awaited_no_more(api: Api, provider: SimulatedProvider) -> None:
    browser = Browser(api)
    brought = provider.goes(begun(browser), ONA)
    with api.parts.store.engine("directory").begin() as connection:
        connection.execute(update(DEPARTURES).values(expires_at=datetime.now(UTC)))
    answer = comes_back(browser, brought)
    refused(answer)
    assert "10 minutes" in answer.json()["detail"]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"code": None},
        {"error": "access_denied", "error_description": "planted"},
        {"code": "another"},
    ],
    ids=str,
)
def test_what_another_provider_or_nobody_says_is_refused(
    api: Api, provider: SimulatedProvider, changed: dict[str, str | None]
) -> None:
    browser = Browser(api)
    brought = {**provider.goes(begun(browser), ONA), **changed}
    answer = comes_back(browser, {name: value for name, value in brought.items() if value is not None})
    refused(answer)
    assert "planted" not in answer.text


def test_a_code_that_the_provider_knows_no_more_is_refused(api: Api, provider: SimulatedProvider) -> None:
    browser = Browser(api)
    brought = provider.goes(begun(browser), ONA)
    again = provider.goes(begun(browser), ONA)
    answer = comes_back(browser, {**again, "code": brought["code"]})
    refused(answer)
    assert "code" in answer.json()["detail"], "it was given to another one, who had another verifier"


LATER: Final = 4_000_000_000


@pytest.mark.parametrize(
    "says",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", CLIENT]},
        {"aud": ["another", CLIENT], "azp": "another"},
        {"aud": None},
        {"azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": LATER},
        {"iat": None},
        {"nbf": LATER},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a" * 256},
        {"sub": "a\x00b"},
        {"at_hash": "another"},
        {"auth_time": "yesterday"},
        {"auth_time": 1},
    ],
    ids=str,
)
def test_an_identity_that_does_not_hold_lets_nobody_in(
    api: Api, provider: SimulatedProvider, says: dict[str, Any]
) -> None:
    provider.says = says
    refused(goes(Browser(api), provider))
    assert count(api, DEPARTURES) == 0


def test_an_identity_for_several_names_the_fund_as_its_own(api: Api, provider: SimulatedProvider) -> None:
    provider.says = {"aud": ["another", CLIENT], "azp": CLIENT}
    assert goes(Browser(api), provider).status_code == 303


@pytest.mark.parametrize(
    "signs",
    [
        unsigned,
        lambda claims: signed(claims, new_key("first")),
        lambda claims: signed(claims, OctKey.import_key(SECRET), "HS256", "first"),
        lambda claims: signed(claims, new_key("unknown")),
        lambda claims: "no.signed.text",
        lambda claims: "",
        lambda claims: None,
    ],
    ids=["not signed", "another key of this name", "with the secret", "unknown key", "no text", "nothing", "none"],
)
def test_an_identity_that_the_provider_did_not_sign_lets_nobody_in(
    api: Api, provider: SimulatedProvider, signs: Any
) -> None:
    provider.signs = signs
    refused(goes(Browser(api), provider))


def test_a_signature_that_was_cut_or_changed_lets_nobody_in(api: Api, provider: SimulatedProvider) -> None:
    for change in (lambda text: text[:-1], lambda text: text[:-9] + "A" * 9, lambda text: text.partition(".")[2]):
        provider.signs = lambda claims, change=change: change(provider.sign(claims))
        refused(goes(Browser(api), provider))


def test_a_new_key_of_the_provider_is_read_when_it_is_used(api: Api, provider: SimulatedProvider) -> None:
    assert goes(Browser(api), provider).status_code == 303
    provider.key = new_key("second")
    assert goes(Browser(api), provider).status_code == 303
    asked = len(provider.asked)
    assert goes(Browser(api), provider).status_code == 303
    assert provider.asked[asked:] == ["/token"], "what it says of itself is kept"


def test_why_somebody_was_refused_is_logged_without_anything_that_was_sent(
    api: Api, provider: SimulatedProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    provider.says = {"nonce": "planted"}
    browser = Browser(api)
    brought = provider.goes(begun(browser), "planted-identity")
    refused(comes_back(browser, brought))
    refused(comes_back(browser, {**brought, "error": "planted"}))
    goes(Browser(api), provider, "planted-identity")
    provider.says = {}
    assert goes(Browser(api), provider, "planted-identity").status_code == 403
    told = [one.getMessage() for one in caplog.records if one.name.startswith("fund")]  # not what the test asks by
    assert "A return from the identity provider was refused: identity: nonce." in told
    assert any(f"route={API}{RETURN} subject=- status=401 kind=return-refused" in one for one in told)
    for secret in ("planted", brought["code"], brought["state"]):
        assert secret not in str(told)


def test_who_was_sent_too_often_from_one_place_waits(api: Api, provider: SimulatedProvider) -> None:
    for _ in range(FROM_ONE_ADDRESS.amount):
        begun(Browser(api, "203.0.113.7"))
    answer = Browser(api, "203.0.113.7").post("/session/provider", {})
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many")
    begun(Browser(api, "203.0.113.8"))


def test_whom_the_provider_remembers_is_signed_in_and_has_proved_nothing(api: Api, provider: SimulatedProvider) -> None:
    for said in (int(datetime.now(UTC).timestamp()) - 3600, None, LATER):
        provider.says = {"auth_time": said}
        browser = Browser(api)
        assert goes(browser, provider).status_code == 303
        assert browser.get("/session").json()["fresh_until"] is None
    provider.says = {"auth_time": int((datetime.now(UTC) - LONGEST - timedelta(minutes=2)).timestamp())}
    refused(goes(Browser(api), provider))


def test_a_proof_at_the_provider_makes_a_session_fresh_under_a_new_secret(
    api: Api, provider: SimulatedProvider
) -> None:
    browser, subject = Browser(api), str(uuid4())
    goes(browser, provider)
    let_pass(api, OFFICE, FRESH)
    browser.post("/accounts", {"subject": subject, "label": "Coach 8", "unit": "Team"})
    path, coach, before = f"/accounts/{subject}/roles", {"role": "coach"}, browser.secret
    needed = browser.post(path, coach)
    assert (needed.status_code, needed.json()["type"]) == (403, "/problems/step-up-needed")
    assert "POST /session/step-up/provider" in needed.json()["detail"]
    location = begun(browser, "/session/step-up/provider", page="/api/v1/me")
    assert "prompt=login" in location
    assert "max_age=0" in location
    assert browser.post(path, coach).status_code == 403, "going there proves nothing"
    assert comes_back(browser, provider.goes(location, ONA)).status_code == 303
    assert browser.secret != before
    assert browser.post(path, coach).status_code == 200
    browser.secret = before
    assert browser.get("/me").status_code == 401


@pytest.mark.parametrize("said", [None, 3600, 75])
def test_what_the_provider_remembers_is_no_proof(api: Api, provider: SimulatedProvider, said: int | None) -> None:
    browser = Browser(api)
    goes(browser, provider)
    provider.says = {"auth_time": int(datetime.now(UTC).timestamp()) - said if said else None}
    refused(goes(browser, provider, path="/session/step-up/provider"))
    assert browser.get("/session").status_code == 200


def test_a_proof_is_that_of_the_account_and_of_the_session(api: Api, provider: SimulatedProvider) -> None:
    api.parts.provider.identities.bind(id_of("Evaluator 1"), provider.issuer, "eva", datetime.now(UTC))
    browser = Browser(api)
    goes(browser, provider)
    for other in ("eva", "nobody"):
        refused(goes(browser, provider, other, path="/session/step-up/provider"))
    brought = provider.goes(begun(browser, "/session/step-up/provider"), ONA)
    departure = browser.departure
    browser.delete("/session")
    browser.departure = departure
    refused(comes_back(browser, brought))
    assert Browser(api).post("/session/step-up/provider", {}).status_code == 401
    token = api.post(OFFICE, "/session/step-up/provider", {})
    assert (token.status_code, token.json()["type"]) == (403, "/problems/not-permitted")


def test_an_invitation_is_taken_up_by_an_identity_with_its_code_once(api: Api, provider: SimulatedProvider) -> None:
    subject, made = invited(api)
    browser, path = Browser(api), "/invitations/accept/provider"
    assert browser.post(path, {"token": made.token, "code": "0"}).status_code == 401
    begun(browser, path, token=made.token, code=made.code)
    assert browser.get(f"/invitations/{made.token}").json()["holds"], "who does not come back uses nothing up"
    assert goes(browser, provider, "new", path, token=made.token, code=made.code).status_code == 303
    assert browser.get("/me").json()["id"] == str(subject)
    assert not browser.get(f"/invitations/{made.token}").json()["holds"]
    assert browser.post(path, {"token": made.token, "code": made.code}).status_code == 401
    again = Browser(api)
    assert goes(again, provider, "new").status_code == 303
    assert again.get("/me").json()["id"] == str(subject)
    refusal = api.post(OFFICE, "/invitations", {"subject": str(subject)})
    assert (refusal.status_code, refusal.json()["type"]) == (409, "/problems/stage")


def test_an_identity_opens_one_account(api: Api, provider: SimulatedProvider) -> None:
    _, made = invited(api)
    browser, path = Browser(api), "/invitations/accept/provider"
    answer = goes(browser, provider, ONA, path, token=made.token, code=made.code)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stage")
    assert browser.secret is None
    assert browser.get(f"/invitations/{made.token}").json()["holds"]


def test_an_invitation_that_was_taken_up_meanwhile_is_gone(api: Api, provider: SimulatedProvider) -> None:
    subject, made = invited(api)
    browser, path = Browser(api), "/invitations/accept/provider"
    brought = provider.goes(begun(browser, path, token=made.token, code=made.code), "new")
    choice = {"token": made.token, "code": made.code, "login": f"c{subject.hex[:9]}", "password": PASSWORD}
    assert Browser(api).post("/invitations/accept", choice).status_code == 201
    answer = comes_back(browser, brought)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-failed")
    assert goes(Browser(api), provider, "new").status_code == 403


def test_who_takes_an_account_up_anew_has_it_alone(api: Api, provider: SimulatedProvider) -> None:
    subject, first = invited(api)
    login = f"c{subject.hex[:9]}"
    choice = {"code": first.code, "login": login, "password": PASSWORD}
    before = Browser(api)
    assert before.post("/invitations/accept", {"token": first.token, **choice}).status_code == 201
    second = api.parts.local.invitations.make(subject, datetime.now(UTC), renews=True)
    taken = {"token": second.token, "code": second.code}
    assert goes(Browser(api), provider, "new", "/invitations/accept/provider", **taken).status_code == 303
    assert before.get("/me").status_code == 401
    assert Browser(api).post("/session", {"login": login, "password": PASSWORD}).status_code == 401
    third = api.parts.local.invitations.make(subject, datetime.now(UTC), renews=True)
    choice = {"code": third.code, "login": login, "password": PASSWORD}
    assert Browser(api).post("/invitations/accept", {"token": third.token, **choice}).status_code == 201
    assert goes(Browser(api), provider, "new").status_code == 403, "the identity opens it no more"
