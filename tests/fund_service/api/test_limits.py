"""Who may ask at all: hosts that are ours, so often a minute, in time; and what a browser is told."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.pilot_action.commands import AttachFile
from fund_service.api import app, arriving, deed_routes
from fund_service.api.arriving import Arriving
from fund_service.api.bearing import COOKIE
from fund_service.api.deeds import DEED_OF
from fund_service.api.limits import ADDRESS, Limits, What
from fund_service.auth.refusals import TooMany
from fund_service.auth.sessions import FRESH, csrf_of
from fund_service.settings import Settings
from tests.fund_service.api.browser import let_pass, signed_in
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, action_of

OFFICE, CITY = "Secretariat 1", "Officer of Turin"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "testserver.evil.example", "", "testserver@x"])
def test_a_request_for_another_host_is_refused(api: Api, host: str) -> None:
    answer = api.get(None, "/rules/S01", Host=host)
    assert (answer.status_code, answer.json()["type"]) == (421, "/problems/misdirected")
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["testserver", "TestServer:8080", "[::1]", "[::1]:1"])
def test_the_own_hosts_are_answered_at_any_port(api: Api, host: str) -> None:
    assert api.get(None, "/rules/S01", Host=host).status_code == 200


def test_the_document_is_shown_on_this_machine_alone_unless_a_setting_says_otherwise() -> None:
    assert Settings().shows_docs
    assert not Settings(hosts="fund.example,localhost").shows_docs
    assert Settings(hosts="fund.example", docs="open").shows_docs
    assert not Settings(docs="closed").shows_docs


@pytest.mark.parametrize("path", ["/me", "/partnerships", "/rules/S01", "/docs", "/nothing", "/events"])
def test_head_answers_as_get_does_without_the_body(api: Api, path: str) -> None:
    signed = {"Authorization": f"Bearer {api.token(OFFICE)}"}
    get = api.client.get(f"/api/v1{path}", headers=signed)
    head = api.client.head(f"/api/v1{path}", headers=signed)
    assert (head.status_code, head.content) == (get.status_code, b"")
    own = {"x-request-id", "content-length"} if get.status_code == 404 else {"x-request-id"}
    assert {name: head.headers[name] for name in head.headers if name not in own} == {
        name: get.headers[name] for name in get.headers if name not in own
    }


def test_head_of_the_stream_ends(api: Api) -> None:
    signed = {"Authorization": f"Bearer {api.token(OFFICE)}"}
    assert api.client.head("/api/v1/events/stream", headers=signed).headers["Content-Type"].startswith("text/event")


def test_options_names_the_methods_and_lets_no_other_site_in(api: Api) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = api.client.options("/api/v1/organisations", headers=asked)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert api.client.options("/api/v1/nothing", headers=asked).status_code == 404
    for told in (answer, api.get(None, "/rules/S01", **asked), api.get(None, "/me", **asked)):
        assert not [name for name in told.headers if name.startswith("access-control")]


def test_over_tls_a_browser_is_told_to_come_back_that_way_alone(api: Api) -> None:
    assert "Strict-Transport-Security" not in api.get(None, "/rules/S01").headers
    encrypted = TestClient(api.client.app, base_url="https://testserver").get("/api/v1/rules/S01")
    assert re.fullmatch(r"max-age=\d{8}", encrypted.headers["Strict-Transport-Security"])


def test_a_person_may_send_so_many_requests_and_another_as_many() -> None:
    limits = Limits(3)
    for who in ("one", "other"):
        for _ in range(3):
            limits.check(What.REQUEST, who)
    with pytest.raises(TooMany, match="more than 3 in a minute") as refused:
        limits.check(What.REQUEST, "one")
    assert 1 <= refused.value.seconds <= 60


def test_what_was_asked_in_the_minute_before_counts_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 6_000_000.0  # the first of a minute
    monkeypatch.setattr(time, "time", lambda: seconds)
    limits = Limits(60)

    def left() -> int:
        for number in range(100):
            try:
                limits.check(What.REQUEST, "one")
            except TooMany:
                return number
        return 100

    assert left() == 60
    for later, many in ((59, 0), (60, 0), (75, 15), (105, 30), (119, 14), (360, 60)):
        seconds = 6_000_000.0 + later
        assert left() == many, later


def test_of_many_at_once_as_many_pass_as_may() -> None:
    limits = Limits(100)

    def passes(_: int) -> bool:
        try:
            limits.check(What.REQUEST, "one")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert 100 <= sum(threads.map(passes, range(400))) <= 200  # where a minute begins in between, of either one


def test_nobody_is_counted_where_the_setting_says_so() -> None:
    limits = Limits(0)
    for what in What:
        for _ in range(700):
            limits.check(what, "one")


@pytest.fixture
def counted(api: Api) -> TestClient:
    """Return the API behind a counter of its own: one request a person, so many an address."""
    behind: Any = Arriving(api.client.app, {"testserver"}, Limits(1))
    return TestClient(behind)


def test_an_address_that_asks_too_often_is_told_when_to_come_back(counted: TestClient) -> None:
    answers = [counted.get("/api/v1/rules/S01") for _ in range(ADDRESS + 1)]
    assert [answer.status_code for answer in answers] == [200] * ADDRESS + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["type"] == "/problems/too-many"


def test_submissions_and_exports_are_counted_for_each_person(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[What] = []
    submitted = {"digest": "0" * 64, "declarations": []}
    monkeypatch.setattr(Limits, "check", lambda _, what, who: counted.append(what))
    api.post("Officer of Turin", f"/pilot-actions/{'0' * 8}-0000-0000-0000-{'0' * 12}/submissions", submitted)
    api.get(OFFICE, "/partnerships", Accept="text/csv")
    api.get(OFFICE, "/events")
    assert [what for what in counted if what not in (What.REQUEST, What.FROM_ADDRESS)] == [
        What.SUBMISSION,
        What.EXPORT,
        What.EXPORT,
    ]


def test_an_upload_asks_for_a_fresh_proof_and_is_counted_where_its_row_says_so(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = DEED_OF[AttachFile]._replace(steps_up=True, limited=What.SUBMISSION)
    for module in (app, deed_routes):
        monkeypatch.setattr(module, "DEEDS", (deed,))
    monkeypatch.setattr(app, "QUESTIONS", ())
    counted: list[What] = []
    monkeypatch.setattr(Limits, "check", lambda _, what, who: counted.append(what))
    city = signed_in(api, CITY)
    assert city.secret is not None
    client = TestClient(app.make_app(api.parts, list))
    session = {"Cookie": f"{COOKIE}={city.secret}", "Fund-CSRF": csrf_of(city.secret), "Idempotency-Key": "upload"}
    path = f"/api/v1{deed.path.format(pilot_action_id=action_of(APPLICANTS[0]))}"

    def upload() -> str:
        form = {"files": {"file": ("plan.txt", b"Our plan.")}, "data": {"title": "Plan"}}
        return str(client.post(path, headers=session, **form).json()["type"])

    assert upload() == "/problems/stage"
    assert What.SUBMISSION in counted
    let_pass(api, CITY, FRESH)
    assert upload() == "/problems/step-up-needed"


async def test_who_waits_too_long_hears_so_and_the_late_answer_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ANSWER_SECONDS", 0.01)
    sent: list[Any] = []
    told = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await told.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"late"})

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            told.set()

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "headers": [(b"host", b"localhost")]}
    await Arriving(slow, {"localhost"}, Limits(0))(scope, receive, send)
    assert [message.get("status") for message in sent] == [503, None]
    assert b"with the same key" in sent[1]["body"]
