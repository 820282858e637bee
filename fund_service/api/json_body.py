"""Reads a JSON body as it was meant, or says what is wrong with it; nothing hostile gets further.

NaN and Infinity are no numbers, a name stands once in an object, text is UTF-8 without half characters, and without
characters that steer a terminal or turn a line round.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant

from domain.errors import Malformed
from fund_service.api.problems import NotJson
from fund_service.api.quick_route import QuickRoute
from fund_service.strict_json import checked_text, parsed

DEEPEST: Final = 32
"""So many brackets within each other are read."""


class StrictRequest(Request):
    """A request whose JSON is read strictly. Raises Malformed."""

    async def json(self) -> Any:
        """Return the body."""
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


def _in_query(dependant: Dependant) -> Iterator[str]:
    """Yield the parameters that an address may name, also those of what a route depends on."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for one in dependant.dependencies:
        yield from _in_query(one)


class StrictRoute(QuickRoute):
    """A route whose body is JSON, read strictly, and whose address names nothing unknown. Raises NotJson, Malformed."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Return the handler."""
        handle = super().get_route_handler()
        known = sorted(_in_query(self.dependant))

        async def strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if self.body_field is not None and kind != "application/json" and await strict.body():
                raise NotJson("The body is not said to be JSON.", "Send it with Content-Type: application/json.")
            if not request.query_params.keys() <= set(known):
                raise Malformed(
                    "The address names a parameter that is not known here.",
                    f"Use: {', '.join(known)}." if known else "Leave out what stands behind the question mark.",
                )
            return await handle(strict)

        return strictly


def read_json(body: bytes) -> Any:
    """Return what a body says. Raises Malformed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as other:
        raise Malformed("The body is not text in UTF-8.", "Write it anew in UTF-8.") from other
    if _deepest(text) > DEEPEST:
        raise Malformed("The body has too many brackets within each other.", f"{DEEPEST} are enough for everything.")
    try:
        found = parsed(text)
    except ValueError as unreadable:
        raise Malformed(
            "The body cannot be read as JSON.", "Check brackets, quotation marks and numbers; name no field twice."
        ) from unreadable
    _check(found)
    return found


def _deepest(text: str) -> int:
    """Return how deep brackets stand within each other at most; those in texts count too, which is no harm."""
    deep = deepest = 0
    for sign in re.findall(r"[\[\]{}]", text):
        deep += 1 if sign in "[{" else -1
        deepest = max(deepest, deep)
    return deepest


def _check(value: Any) -> None:
    """Raise Malformed where a text holds what nobody types."""
    if isinstance(value, str):
        checked_text(value)
    elif isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            _check(name)
            _check(one)
