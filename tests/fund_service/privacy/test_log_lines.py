"""No line of a log holds what somebody wrote: names, addresses, passwords, tokens and texts that are planted here."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy.exc import SQLAlchemyError

from fund_service.addresses import read_addresses
from fund_service.api.app import make_app
from fund_service.api.bearing import COOKIE
from fund_service.api.server import address_of, bound, serving
from fund_service.auth.people import People
from fund_service.auth.throttle import FOR_ONE_NAME
from fund_service.composition import Parts, open_parts
from fund_service.data_directory import DataDirectory
from fund_service.permissions.actors import Actor
from fund_service.settings import Settings
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of

OFFICE, CITY = "Secretariat 1", "Officer of Turin"
LOGIN, PASSWORD = "ona.planted@fund.example", "eleven planted harbours"
PROFILE: Final = {"full_name": "Ona Planted", "email": LOGIN, "telephone": "+370 5 planted"}
PROVIDER: Final[Mapping[str, Any]] = {
    "oidc_issuer": "http://127.0.0.1:9",  # where nobody answers
    "oidc_client": "planted-client",
    "oidc_secret": "planted-secret-of-the-client",
}
_FILES: Final = f"/pilot-actions/{action_of(APPLICANTS[0])}/attachments"


class Senders:
    """People who send requests to a served fund; `secrets` are those that they were shown."""

    def __init__(self, url: str, tokens: Mapping[str, str]) -> None:
        """Send them there."""
        self.url, self.tokens = url, tokens
        self.secrets = [*tokens.values()]
        self.statuses: set[int] = set()

    def send(self, who: str | None, method: str, path: str, **sent: Any) -> httpx2.Response:
        """Send a request as somebody, by token."""
        headers = {"Idempotency-Key": f"planted {path}", **sent.pop("headers", {})}
        if who is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens[who]}")
        with httpx2.Client(base_url=f"{self.url}/api/v1", timeout=60) as client:
            answer = client.request(method, path, headers=headers, **sent)
        self.statuses.add(answer.status_code)
        return answer

    def play(self) -> None:
        """Send requests of all kinds, with planted words wherever somebody can write."""
        self._sign_in()
        self._invite()
        self._write()
        self._ask()
        self._send_what_is_no_request()

    def _sign_in(self) -> None:
        told = self.send(None, "POST", "/session", json={"login": LOGIN, "password": PASSWORD})
        self.secrets += [told.cookies[COOKIE], told.json()["csrf"]]
        for number in range(FOR_ONE_NAME.amount + 1):
            login = {"login": "jonas.planted@fund.example", "password": f"planted {number}"}
            self.send(None, "POST", "/session", json=login)
        self.send(None, "POST", "/session/provider", json={"page": "/planted"})
        said = {"state": "planted", "code": "planted", "iss": "https://planted.example", "error": "planted"}
        self.send(None, "GET", "/session/provider/return", params=said)
        self.send(None, "GET", "/me", headers={"Authorization": "Bearer planted"})
        self.send(None, "GET", "/me", headers={"Cookie": f"{COOKIE}=planted"})
        self.send(None, "GET", "/me", headers={"Host": "planted.example"})

    def _invite(self) -> None:
        account = {"subject": str(id_of("a new one")), "label": "Coach planted", "unit": "Planted"}
        self.send(OFFICE, "POST", "/accounts", json=account)
        made = self.send(OFFICE, "POST", "/invitations", json={"subject": account["subject"]}).json()
        self.secrets += [made["token"], made["code"]]
        taken = {"token": made["token"], "code": "planted", "login": "planted", "password": PASSWORD}
        self.send(None, "POST", "/invitations/accept", json=taken)
        self.send(None, "POST", "/invitations/accept", json={**taken, "code": made["code"]})
        self.send(None, "GET", f"/invitations/{made['token']}")
        self.send(None, "GET", "/invitations/planted")

    def _write(self) -> None:
        self.send(CITY, "PUT", "/people/me", json={**PROFILE, "telephone": None})
        self.send(CITY, "PUT", "/people/me", json={**PROFILE, "planted": "planted"})
        self.send(
            CITY, "PUT", "/people/me", content=b'{"full_name": "planted', headers={"Content-Type": "text/planted"}
        )
        json = {"Content-Type": "application/json"}
        self.send(CITY, "PUT", "/people/me", content=b'{"full_name": "planted', headers=json)
        self.send(CITY, "POST", "/organisations", json={"name": "Planted", "kind": "planted"})
        place = {"name": "Planted", "kind": "city", "side": "EU", "country": "IE"}
        self.send(CITY, "POST", "/organisations", json=place)
        for name, content in (("planted.pdf", b"planted"), ("planted.exe", b"MZ planted"), ("planted.txt", b"planted")):
            self.send(CITY, "POST", _FILES, files={"file": (name, content)}, data={"title": "Planted"})

    def _ask(self) -> None:
        for path in ("/partnerships", "/me/next", "/events", "/accounts"):
            self.send(OFFICE, "GET", path, params={"q": "planted", "sort": "planted"})
            self.send(OFFICE, "GET", path, headers={"Accept": "text/planted", "If-None-Match": "planted"})
        self.send(OFFICE, "GET", "/partnerships", params={"planted": "planted"})
        self.send(OFFICE, "GET", "/planted/planted")
        self.send(OFFICE, "PATCH", "/me", json={"planted": "planted"})
        self.send(CITY, "GET", "/people/me/export")

    def _send_what_is_no_request(self) -> None:
        address = urlsplit(self.url)
        assert address.hostname is not None
        for content in (b"PLANTED planted\r\n\r\n", b"POST /planted HTTP/1.1\r\nContent-Length: 99\r\n\r\nplanted"):
            with socket.create_connection((address.hostname, address.port or 0)) as connection:
                connection.sendall(content)


@contextmanager
def with_people(place: Path) -> Iterator[tuple[Parts, dict[str, str]]]:
    """Open a fund in which the secretariat has a login, and both a token."""
    with open_parts(Settings(data=place, requests=0, **PROVIDER)) as parts:
        with parts.store.engine("directory").begin() as connection:
            logins = parts.local.logins
            logins.give(connection, id_of(OFFICE), logins.checked(LOGIN, PASSWORD), datetime.now(UTC))
        now, day = datetime.now(UTC), timedelta(days=1)
        yield parts, {who: parts.tokens.create(Actor(id_of(who)), who, now, day)[1] for who in (OFFICE, CITY)}


def check(told: str, secrets: list[str]) -> None:
    """Check what a log holds."""
    assert [line for line in told.splitlines() if "planted" in line.lower()] == []
    assert [secret for secret in secrets if secret in told] == []
    for known in ("A sign-in for ", "Too many sign-ins", "refused request=", "The identity provider cannot be used"):
        assert known in told, known


def test_what_people_send_to_fund_serve_stands_on_none_of_its_lines(place: Path) -> None:
    with with_people(place) as (_, tokens):
        pass
    fund = [str(Path(sys.executable).with_name("fund")), "serve", "--port", "0", "--data", str(place), "--json"]
    set_to = {f"FUND_{name.upper()}": str(value) for name, value in PROVIDER.items()}
    with subprocess.Popen(
        fund, env={**os.environ, **set_to}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        people = Senders(read_addresses(DataDirectory(place))["api"], tokens)
        try:
            people.play()
        finally:
            server.terminate()
            said, told = server.communicate(timeout=60)
    assert people.statuses >= {200, 201, 401, 403, 404, 405, 406, 415, 421, 422, 429, 503}
    check(said + told, people.secrets)


async def test_what_fails_within_is_told_by_its_place_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        try:
            raise SQLAlchemyError(f"no place for {PROFILE}")
        except SQLAlchemyError as first:
            raise ValueError(f"cannot keep {PROFILE}") from first

    monkeypatch.setattr(People, "put", fail)
    with with_people(place) as (parts, tokens), bound(0) as listening:
        people = Senders(address_of(listening), tokens)
        async with serving(listening, make_app(parts, list)):
            sent = {**PROFILE, "telephone": "+370 5 1"}
            answer = await asyncio.to_thread(people.send, CITY, "PUT", "/people/me", json=sent)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/fault")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = caplog.text + "".join(capfd.readouterr())
    assert "planted" not in (answer.text + told).lower()
    assert f"fault request={answer.json()['request']} error=ValueError" in told
    assert "error=SQLAlchemyError" in told
    assert "test_log_lines.py" in told
