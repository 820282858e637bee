"""A browser of somebody: it carries the cookie of a session, and sends what a page of the fund sends with it."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from itertools import count
from typing import Any, Final

import httpx2
from sqlalchemy import select, update
from starlette.testclient import TestClient

from fund_service.api.bearing import COOKIE, DEPARTURE
from fund_service.auth.directory import SESSIONS
from fund_service.auth.sessions import How, csrf_of
from tests.fund_service.api.conftest import API, Api
from tests.fund_service.small_fund import id_of

_KEYS: Final = count(1)


class Browser:
    """A browser in which nobody is signed in at first. `secret` is what its cookie says, `address` where it stands;
    `departure` is the cookie of who is on the way to the identity provider.
    """

    def __init__(self, api: Api, address: str = "192.0.2.1") -> None:
        self.client = TestClient(api.client.app, raise_server_exceptions=False, client=(address, 50_000))
        self.secret: str | None = None
        self.departure: str | None = None

    def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> httpx2.Response:
        """Send a request as a page of the fund does, and keep the cookie that comes back."""
        sent = {"Sec-Fetch-Site": "same-origin", "Idempotency-Key": f"browser {next(_KEYS)}"}
        if self.secret is not None:
            sent["Fund-CSRF"] = csrf_of(self.secret)
        carried = {COOKIE: self.secret, DEPARTURE: self.departure}
        cookies = "; ".join(f"{name}={value}" for name, value in carried.items() if value is not None)
        sent |= {"Cookie": cookies} if cookies else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        if headers.get("Sec_Fetch_Site", "") is None:
            del sent["Sec-Fetch-Site"]
        content = {"json": body} if body is not None else {}
        answer = self.client.request(method, f"{API}{path}", headers=sent, follow_redirects=False, **content)
        self.client.cookies.clear()
        for said in answer.headers.get_list("Set-Cookie"):
            for name, cookie in SimpleCookie(said).items():
                setattr(self, "secret" if name == COOKIE else "departure", cookie.value or None)
        return answer

    def get(self, path: str) -> httpx2.Response:
        """Ask a question."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, **headers: str | None) -> httpx2.Response:
        """Ask for something."""
        return self.send("POST", path, body, **headers)

    def delete(self, path: str, **headers: str | None) -> httpx2.Response:
        """Ask that something ends."""
        return self.send("DELETE", path, None, **headers)


def signed_in(api: Api, label: str, **how: Any) -> Browser:
    """Return a browser with a session of somebody."""
    browser = Browser(api)
    browser.secret = api.parts.sessions.begin(id_of(label), How.PASSWORD, datetime.now(UTC), **how)[1]
    return browser


def let_pass(api: Api, label: str, time: timedelta) -> None:
    """Let the sessions of somebody have begun, been used and proved so much earlier."""
    with api.parts.store.engine("directory").begin() as connection:
        for row in connection.execute(select(SESSIONS).where(SESSIONS.c.subject == id_of(label))).all():
            moments = {name: getattr(row, name) for name in ("began_at", "seen_at", "proved_at", "expires_at")}
            earlier = {name: moment - time for name, moment in moments.items() if moment is not None}
            connection.execute(update(SESSIONS).where(SESSIONS.c.id == row.id).values(earlier))
