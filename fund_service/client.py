"""A line to the API of a running fund, for scripts: what a command says becomes the request that the table names.

It gives the answer, or raises the error, that `Fund.handle` gives for the same command and key. Where two people may
write it reads first what it decides on. What is in the way for a moment is waited for, and asked again with its key.
"""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from threading import Lock
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from pydantic_core import to_jsonable_python

from domain.errors import Differing, DraftChanged, FundError, RuleViolated, Unavailable
from domain.messages import Command
from domain.values import ProtectedText
from fund_service.api.context import POSITION
from fund_service.api.deeds import DEED_OF, Deed
from fund_service.api.describing import PREFIX, names_in
from fund_service.api.problems import KINDS, NoSuchMethod
from fund_service.api.writing import REPEATED
from fund_service.application import Answer
from fund_service.auth.refusals import TooMany
from fund_service.patience import pauses
from fund_service.permissions.actors import NOBODY

SECONDS: Final = 30.0
"""So long one answer is waited for."""
_BY_NAME: Final = {kind.name: error for error, kind in KINDS.items() if error not in (FundError, NoSuchMethod)}


class Reply(NamedTuple):
    """What came back: the status, the headers and the JSON, None where there is none."""

    status: int
    headers: HTTPMessage
    said: Any


class Client:
    """One connection to a fund, kept open. Thread-safe: one request at a time."""

    def __init__(self, address: str, patience: float = 60.0) -> None:
        """Ask at this address, http://host:port; what is away is waited for so many seconds."""
        self._place = urlsplit(address)
        self._patience = patience
        self._lock = Lock()
        self._line: HTTPConnection | None = None
        self._position = 0

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._hang_up()

    def ask(self, token: str, command: type[Command], key: str, named: Mapping[str, Any]) -> Answer:
        """Ask for what the command with these fields says, as who has the token.

        Raises what `Fund.handle` raises, but NotFound for NotPermitted about what one may not see; NotSignedIn; and
        Unavailable when nobody answers.
        """
        deed, given = DEED_OF[command], to_jsonable_python(dict(named))
        in_path = names_in(deed.path)
        body = {name: value for name, value in given.items() if name not in (*in_path, deed.sees)}
        headers = {"Idempotency-Key": key, **self._seen(token, deed, given)}
        reply = self._patiently(deed.method, _filled(deed.path, given), token, headers, body)
        return Answer(self._position_of(reply), reply.headers.get(REPEATED) == "true")

    def read(self, token: str | None, path: str) -> Reply:
        """Return what stands at a path (below /api/v1), with everything that this client was answered before in it.

        Raises NotFound, NotSignedIn, Malformed, Unavailable.
        """
        reply = self._patiently("GET", path, token, {POSITION: str(self._position)} if self._position else {}, None)
        self._position_of(reply)
        return reply

    def _seen(self, token: str, deed: Deed, given: Mapping[str, Any]) -> dict[str, str]:
        """Return the version that is decided on: that which the fields name, else what can be read now."""
        if deed.sees is not None and deed.sees in given:
            return {"If-Match": f'"v{given[deed.sees]}"'}
        if deed.decided_on is None:
            return {}
        return {"If-Match": str(self.read(token, _filled(deed.decided_on, given)).headers["ETag"])}

    def _position_of(self, reply: Reply) -> int:
        position = int(reply.headers[POSITION])
        self._position = max(self._position, position)
        return position

    def _patiently(self, method: str, path: str, token: str | None, headers: dict[str, str], body: Any) -> Reply:
        """Send a request, again while something is in its way for the moment. Raises what it is refused for."""
        until = time.monotonic() + self._patience
        for pause in pauses():
            try:
                with self._lock:
                    reply = self._send(method, path, token, headers, body)
                refusal = refusal_of(reply)
                if refusal is None:
                    return reply
                again = reply.headers.get("Retry-After")
                if again is None:
                    raise refusal
                seconds = float(again)
            except (OSError, HTTPException) as away:
                refusal = Unavailable(f"The fund does not answer at {self._place.netloc}: {away}.", "Is it running?")
                seconds = pause
            if time.monotonic() + seconds > until:
                raise refusal
            time.sleep(seconds)
        raise AssertionError("pauses never end")

    def _send(self, method: str, path: str, token: str | None, headers: dict[str, str], body: Any) -> Reply:
        """Send one request and read the answer. Raises OSError, HTTPException; the line is closed then."""
        signed = {"Authorization": f"Bearer {token}"} if token is not None else {}
        sent = {name: value.encode() for name, value in {**signed, **headers}.items()}
        if body is not None:
            sent["Content-Type"] = b"application/json"
        content = json.dumps(body).encode() if body is not None else None
        try:
            if self._line is None:
                kind = HTTPSConnection if self._place.scheme == "https" else HTTPConnection
                self._line = kind(self._place.netloc, timeout=SECONDS)
            self._line.request(method, f"{PREFIX}{path}", content, sent)
            answer = self._line.getresponse()
            read = answer.read()
        except (OSError, HTTPException):
            self._hang_up()
            raise
        is_json = answer.headers.get_content_type().endswith("json")
        return Reply(answer.status, answer.headers, json.loads(read) if is_json else None)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _filled(path: str, given: Mapping[str, Any]) -> str:
    return path.format_map({name: quote(str(given[name]), safe="") for name in names_in(path)})


def refusal_of(reply: Reply) -> FundError | None:
    """Return the error that a reply tells, None where it tells none."""
    if reply.status < 400:
        return None
    said = reply.said if isinstance(reply.said, dict) else {}
    detail, name = str(said.get("detail", f"HTTP {reply.status}")), str(said.get("type", "")).rpartition("/")[2]
    kind = _BY_NAME.get(name, FundError)
    if kind is RuleViolated:
        return RuleViolated(said["rule"]["id"], detail)
    if kind is DraftChanged:
        return DraftChanged(said["version"], [_differing(one) for one in said["differing"]], detail, "")
    if kind is TooMany:
        return TooMany(detail, "", int(reply.headers["Retry-After"]))
    return kind(detail)


def _differing(said: Mapping[str, str]) -> Differing:
    mine, theirs = (ProtectedText(NOBODY.subject, said[name]) for name in ("mine", "theirs"))
    return Differing(said["question"], mine, theirs)
