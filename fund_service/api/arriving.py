"""What every request meets first: an id, a host that is ours, limits of number, body and time, and headers for all.

A body is read whole before anything looks at it: what is too large or too slow is refused before it is parsed. A body
with a file is read by who takes it, piece by piece, under limits of its own. HEAD is answered as GET, without the body.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import FundError, Unavailable
from domain.rulebook.ours.attaching import FILE_BYTES
from fund_service.api.limits import Limits, What
from fund_service.api.problems import Misdirected, TooLarge, TooSlow, problem
from fund_service.api.watching import begin, tell_fault

BODY_BYTES: Final = 1_000_000
"""The largest body that is read: the longest application has about 100,000 characters."""
BODY_SECONDS: Final = 20.0
FORM_BYTES: Final = FILE_BYTES + 100_000
"""The largest form with a file: the file, and what stands around it."""
FORM_SECONDS: Final = 60.0
ANSWER_SECONDS: Final = 120.0
"""After so long without an answer the sender hears that it is not known yet; whatever was begun still ends.

It counts from when the body is there; for a form, from when it should be.
"""
ENCRYPTED_SECONDS: Final = 365 * 24 * 3600
"""For so long a browser that once came over TLS comes in no other way."""

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:\[\]]+)(:\d{1,5})?")

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}


class Size(NamedTuple):
    """How large a body may be, and how long it may take to arrive."""

    size: int
    seconds: float

    def check_said(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Raise TooLarge where the sender says that more will come."""
        said = dict(headers).get(b"content-length", b"0")
        if said.isdigit() and int(said[:20]) > self.size:
            raise self.too_large()

    def too_large(self) -> TooLarge:
        """Return the refusal of more."""
        return TooLarge(f"The body has more than {self.size:,} bytes.", "Send less at once.")

    def too_slow(self) -> TooSlow:
        """Return the refusal of what takes longer."""
        return TooSlow(f"The request did not arrive whole within {self.seconds:.0f} seconds.", "Send it again.")


BODY: Final = Size(BODY_BYTES, BODY_SECONDS)
FORM: Final = Size(FORM_BYTES, FORM_SECONDS)


class Arriving:
    """The outermost layer of the service."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        limits: Limits,
        forms: Sequence[re.Pattern[str]] = (),
        form: Size = FORM,
        tell: Callable[[Scope, FundError], Response] = lambda scope, error: problem(error, scope["state"]["request"]),
    ) -> None:
        """Stand before this application, which answers for these hosts and takes a file where `forms` fit.

        `tell` makes the answer to what is refused here, and to what failed; it asks no store.
        """
        self._app = app
        self._hosts = hosts
        self._limits = limits
        self._forms = forms
        self._form = form
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request"] = uuid4().hex
        answering = _Answering(scope, send, self._tell)
        begin()
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        with suppress(ClientDisconnect):  # nobody is there any more to hear an answer
            try:
                self._check(scope)
                form = scope["method"] == "POST" and any(one.match(scope["path"]) for one in self._forms)
                arriving = self._piece_by_piece(scope, receive) if form else await _whole_in_time(scope, receive)
            except FundError as refused:
                await answering.end(refused)
                return
            with answering.at_the_latest(ANSWER_SECONDS + (self._form.seconds if form else 0)):
                await self._told(scope, arriving, answering)

    async def _told(self, scope: Scope, receive: Receive, answering: "_Answering") -> None:
        """Let the application answer, or say that it failed; the server would write down what was sent."""
        try:
            await self._app(scope, receive, answering)
        except ClientDisconnect:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, who asked is answered
            tell_fault(answering.request, fault)
            await answering.end(FundError("Something went wrong here.", "Report it with the id of the request."))

    def _piece_by_piece(self, scope: Scope, receive: Receive) -> Receive:
        """Return what gives a form as it arrives. Raises TooLarge where the sender says that it will be."""
        self._form.check_said(scope["headers"])
        return _counting(self._form, receive, scope["state"])

    def _check(self, scope: Scope) -> None:
        """Raise Misdirected or TooMany for what is not to be answered at all."""
        named = [value for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(named[0].decode("latin-1").lower()) if len(named) == 1 else None
        if found is None or found[1] not in self._hosts:
            raise Misdirected(
                "This service does not answer for the host that you name.",
                "Use its own address; who runs it lists its names in FUND_HOSTS.",
            )
        address, _ = scope.get("client") or ("unknown", 0)
        self._limits.check(What.FROM_ADDRESS, address)


class _Answering:
    """Sends one answer with the headers of every answer, `alone` without its body; what comes after it is dropped."""

    def __init__(self, scope: Scope, send: Send, tell: Callable[[Scope, FundError], Response]) -> None:
        self.request: str = scope["state"]["request"]
        self._scope = scope
        self._send = send
        self._tell = tell
        self._alone = scope["method"] == "HEAD"
        self._headers = {**_ALWAYS, "X-Request-ID": self.request}
        if scope["scheme"] == "https":
            self._headers["Strict-Transport-Security"] = f"max-age={ENCRYPTED_SECONDS}"
        self._begun = self._ended = False

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        if self._ended:
            return
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        elif self._alone:
            message = {"type": "http.response.body", "body": b""}
        self._ended = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    @contextmanager
    def at_the_latest(self, seconds: float) -> Iterator[None]:
        """Answer by then: a thread that waits for the store cannot be stopped, and who asked should not wait for it."""
        too_late = Unavailable("This takes too long.", "Send it again with the same key: it counts once.")
        late: list[asyncio.Task[None]] = []
        alarm = asyncio.get_running_loop().call_later(
            seconds, lambda: late.append(asyncio.ensure_future(self.end(too_late)))
        )
        try:
            yield
        finally:
            alarm.cancel()

    async def end(self, error: FundError) -> None:
        """Answer with an error, where no answer has begun."""
        if not self._begun:
            told = self._tell(self._scope, error)
            await self({"type": "http.response.start", "status": told.status_code, "headers": told.raw_headers})
            await self({"type": "http.response.body", "body": told.body})


async def _whole_in_time(scope: Scope, receive: Receive) -> Receive:
    """Return what gives the body, all of it. Raises TooLarge, TooSlow, and ClientDisconnect when the sender left."""
    BODY.check_said(scope["headers"])
    try:
        async with asyncio.timeout(BODY.seconds):
            body = await _whole(receive, BODY)
    except TimeoutError as late:
        raise BODY.too_slow() from late
    scope["state"]["arrived"] = datetime.now(UTC)
    return _replaying(body, receive)


async def _whole(receive: Receive, most: Size) -> bytes:
    """Return the whole body. Raises TooLarge, and ClientDisconnect when the sender went away."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most.size:
            raise most.too_large()
        if not message.get("more_body", False):
            return b"".join(parts)


def _counting(most: Size, receive: Receive, state: dict[str, object]) -> Receive:
    """Return what gives a body as it arrives, as far as the limits go. It raises TooLarge, TooSlow."""
    size, until = 0, asyncio.get_running_loop().time() + most.seconds

    async def counted() -> Message:
        nonlocal size
        if "arrived" in state:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as slow:
            raise most.too_slow() from slow
        size += len(message.get("body", b""))
        if size > most.size:
            raise most.too_large()
        if message["type"] == "http.request" and not message.get("more_body", False):
            state["arrived"] = datetime.now(UTC)
        return message

    return counted


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body once, and then what the server says, so that a sender who leaves is noticed."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
