"""What a form sends, and where a page leads next."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote

from fastapi import Request

from domain.errors import Malformed
from fund_service.api.bearing import COOKIE, Bearing
from fund_service.api.resources.provider import OURS
from fund_service.strict_json import checked_text

FORM: Final = "application/x-www-form-urlencoded"
HOME: Final = "/home"
SIGN_IN: Final = "/sign-in"
_MOST: Final = 2000
"""A form has so many boxes at most."""
DEMO: Final = "/demo"


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; of several of one name, the last. Raises Malformed."""
    return dict(await pairs_of(request))


async def pairs_of(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order. Raises Malformed."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        found = parse_qsl(
            (await request.body()).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST
        )
    except (UnicodeDecodeError, ValueError):
        found = None
    if kind != FORM or found is None:
        raise Malformed("The form cannot be read.", "Go back to its page, and send it again.")
    return [(checked_text(name), checked_text(value)) for name, value in found]


def borne_by_form(request: Request, fields: Mapping[str, str]) -> Bearing:
    """Return what a form bears of who sends it: the cookie, and the token that stood on its page."""
    return Bearing(None, request.cookies.get(COOKIE), request, fields.get("csrf", ""))


def own_page(where: str) -> str:
    """Return an address on this service where one goes on; the home where what was given leads elsewhere."""
    return where if re.fullmatch(OURS, where) else HOME


def sign_in_and_back(request: Request) -> str:
    """Return the address at which one signs in, and comes back from to the page that one asked for."""
    sought = request.scope["query_string"].decode("latin-1")
    query = f"?{sought}" if sought else ""
    return f"{SIGN_IN}?next=" + quote(request.scope["path"] + query, safe="")
