"""The API as scripts use it, on a small fund of the file's own, each person by an own token."""

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final, cast
from uuid import uuid4

import httpx2
import pytest
from starlette.testclient import TestClient

from domain.people import Role
from fund_service.api.app import make_app
from fund_service.composition import Parts, open_parts
from fund_service.permissions.actors import Actor
from fund_service.settings import Settings
from tests.fund_service.small_fund import id_of

API = "/api/v1"
SERVED: Final[dict[str, Any]] = {"hosts": "testserver,127.0.0.1,[::1]", "docs": "open"}
"""How the tests have the API served."""


class Api:
    """The API of an open fund. `get`, `post`, `put` ask as somebody, by label; None: as nobody."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.client = TestClient(make_app(parts, list), raise_server_exceptions=False)
        self._tokens: dict[tuple[str, Role | None], str] = {}
        self._keys = (f"{number} of {uuid4()}" for number in count(1))

    def token(self, label: str, role: Role | None = None) -> str:
        """Return a token of somebody."""
        if (label, role) not in self._tokens:
            actor = Actor(id_of(label), role)
            now = datetime.now(UTC)
            self._tokens[label, role] = self.parts.tokens.create(actor, label, now, timedelta(hours=1))[1]
        return self._tokens[label, role]

    def hold(self, tokens: Mapping[str, str]) -> None:
        """Use tokens that were made before."""
        self._tokens.update({(label, None): token for label, token in tokens.items()})

    def forget(self) -> None:
        """Forget the tokens of another fund."""
        self._tokens.clear()

    def get(self, who: str | None, path: str, **headers: str) -> httpx2.Response:
        """Ask a question."""
        return self.client.get(f"{API}{path}", headers={**self._signed(who), **named(headers)})

    def post(self, who: str | None, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Ask for something, with a fresh key where none is given."""
        return self._send("POST", who, path, body, headers)

    def send_file(
        self,
        who: str | None,
        path: str,
        name: str,
        content: bytes,
        fields: Mapping[str, str] | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """Send a form with a file."""
        sent = {"Idempotency-Key": next(self._keys), **self._signed(who), **named(headers)}
        form = {"files": {"file": (name, content)}, "data": dict(fields or {})}
        return self.client.post(f"{API}{path}", headers=sent, **form)

    def put(self, who: str | None, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """Ask for something in place of what is there."""
        return self._send("PUT", who, path, body, headers)

    def _send(self, method: str, who: str | None, path: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
        sent = {"Idempotency-Key": next(self._keys), **self._signed(who), **named(headers)}
        content = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
        return self.client.request(method, f"{API}{path}", headers=sent, **content)

    def _signed(self, who: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(who)}"} if who is not None else {}


class Turning:
    """One application that serves one open fund after the other: making its routes takes longer than asking them."""

    def __init__(self) -> None:
        self._open: Parts | None = None
        self._api: Api | None = None

    def __getattr__(self, part: str) -> Any:
        """Return a part of the fund that is open now."""
        return getattr(self._open, part)

    def end(self) -> None:
        """End the event loop that all requests shared."""
        if self._api is not None:
            self._api.client.__exit__()

    def _made(self) -> Api:
        """Return the application, made when the first fund is open."""
        if self._api is None:
            self._api = Api(cast(Parts, self))
            self._api.client.__enter__()
        return self._api

    @contextmanager
    def opened(self, data: Path, store: str | None = None) -> Iterator[Api]:
        """Serve the fund in a data directory, or a store, meanwhile."""
        with open_parts(Settings(data=data, store=store, **SERVED)) as parts:
            before, self._open = self._open, parts
            api = self._made()
            api.forget()
            yield api
            api.forget()
            self._open = before


def named(headers: dict[str, str]) -> dict[str, str]:
    """Return headers by their names on the wire."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(scope="module")
def api(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return the API of a small fund of the file's own, whose screens are followed."""
    place = tmp_path_factory.mktemp("api") / "fund"
    shutil.copytree(recorded, place)
    with api_of(place) as opened:
        yield opened


@contextmanager
def api_of(place: Path, **settings: str) -> Iterator[Api]:
    """Return the API of the fund in a data directory, whose screens are followed."""
    with open_parts(Settings(data=place, **SERVED, **settings)) as parts, ThreadPoolExecutor(1) as thread:
        following = thread.submit(parts.projector.run)
        try:
            parts.projector.wait_for(parts.log.end(), 20)
            yield Api(parts)
        finally:
            parts.projector.stop()
            following.result(20)
