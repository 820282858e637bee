"""What every request meets first: an id, a limit to its body and its time, and headers for every answer.

A body is read whole before anything looks at it: what is too large or too slow is refused before it is parsed.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fund_service.api.problems import TooLarge, TooSlow, problem

BODY_BYTES: Final = 1_000_000
"""The largest body that is read: the longest application has about 100,000 characters."""
BODY_SECONDS: Final = 20.0

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}


class Arriving:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before this application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = uuid4().hex
        scope.setdefault("state", {})["request"] = request

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _whole(receive, scope["headers"])
        except (TooLarge, TimeoutError) as refused:
            slow = TooSlow(f"The request did not arrive whole within {BODY_SECONDS:.0f} seconds.", "Send it again.")
            error = refused if isinstance(refused, TooLarge) else slow
            await problem(error, request)(scope, receive, answering)
            return
        scope["state"]["arrived"] = datetime.now(UTC)
        if body is not None:
            await self._app(scope, _replaying(body, receive), answering)


async def _whole(receive: Receive, headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Return the whole body, or None when the sender went away. Raises TooLarge."""
    said = dict(headers).get(b"content-length", b"0")
    if said.isdigit() and int(said[:20]) > BODY_BYTES:
        raise _too_large()
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_BYTES:
            raise _too_large()
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large() -> TooLarge:
    return TooLarge(f"The body has more than {BODY_BYTES:,} bytes.", "Send less at once.")


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
