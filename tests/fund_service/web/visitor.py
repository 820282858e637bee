"""Somebody at a browser without scripts: follows links, sends forms, keeps the cookie of a session."""

from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Final, Protocol
from urllib.parse import urlencode

import httpx2
from starlette.testclient import TestClient

from fund_service.api.bearing import COOKIE
from fund_service.auth.sessions import How, csrf_of
from fund_service.web import languages
from fund_service.web.rendering import POLICY
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import id_of
from tests.fund_service.web.reading_pages import Page

_HEADERS: Final = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}


class Served(Protocol):
    """A fund whose pages are served."""

    @property
    def client(self) -> TestClient:
        """A line to them."""


class Visitor:
    """A person at a browser; nobody is signed in at first. `secret` and `language` are what its cookies say."""

    def __init__(self, api: Served, secret: str | None = None) -> None:
        """Open a browser at the pages of a fund."""
        self._client = api.client
        self.secret = secret
        self.language: str | None = None

    def ask(self, address: str, **headers: str) -> httpx2.Response:
        """Ask for a page."""
        return self._sent("GET", address, None, headers)

    def send(self, address: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        """Send a form, with what its page bears."""
        csrf = {"csrf": csrf_of(self.secret)} if self.secret is not None else {}
        return self.send_all(address, [*{**csrf, **fields}.items()], **headers)

    def send_all(self, address: str, fields: list[tuple[str, str]], **headers: str) -> httpx2.Response:
        """Send a form in which boxes have the same name, as it stands."""
        return self._sent("POST", address, urlencode(fields), headers)

    def bring(self, address: str, fields: dict[str, str], name: str, content: bytes) -> httpx2.Response:
        """Send a form with a file."""
        request = httpx2.Request("POST", "http://x", data=fields, files={"file": (name, content)})
        kind = request.headers["Content-Type"]
        return self._sent("POST", address, request.read(), {"Content-Type": kind})

    def see(self, address: str, status: int = 200) -> Page:
        """Return a page."""
        return seen(self.ask(address), status)

    def _sent(self, method: str, address: str, body: str | bytes | None, headers: dict[str, str]) -> httpx2.Response:
        sent = {**_HEADERS, **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {})}
        cookies = {COOKIE: self.secret, languages.COOKIE: self.language}
        kept = "; ".join(f"{name}={value}" for name, value in cookies.items() if value is not None)
        sent |= {"Cookie": kept} if kept else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._client.request(method, address, content=body, headers=sent, follow_redirects=False)
        self._client.cookies.clear()
        for said in answer.headers.get_list("Set-Cookie"):
            for cookie in SimpleCookie(said).values():
                if cookie.key == languages.COOKIE:
                    self.language = cookie.value
                else:
                    self.secret = cookie.value or None
        return answer


def seen(answer: httpx2.Response, status: int = 200) -> Page:
    """Return the page of an answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(answer.content) < 100_000
    return Page(answer.text)


def somebody(api: Api, label: str) -> Visitor:
    """Return a person who is signed in."""
    return Visitor(api, api.parts.sessions.begin(id_of(label), How.PASSWORD, datetime.now(UTC))[1])
