"""What a request bears of who sends it: a token of a script, or the cookie of a person's session.

A browser sends cookies by itself, also from a page of another site. So a request that changes something by a cookie
must come from a page of the fund: the browser says so (`Sec-Fetch-Site`, else `Origin`), and the page sends a token
that only it can read. A script that bears a token of its own needs neither.
"""

import hmac
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

from fund_service.api.problems import CrossSite
from fund_service.auth.departures import LIFETIME
from fund_service.auth.sessions import LONGEST, csrf_of

COOKIE: Final = "__Host-fund"
"""Browsers take a cookie of this name from the host itself alone, over TLS or on the machine's own loopback address."""
DEPARTURE: Final = "__Host-fund-departure"
"""The cookie of who is on the way to the identity provider and back."""
CSRF: Final = "Fund-CSRF"
"""The header with the token of a session, which `GET /session` tells."""

UNASKED: Final = "Fund-Unasked"
"""The header of what a page asks for by itself, as live.js does."""

_TOKEN: Final = HTTPBearer(
    scheme_name="token", auto_error=False, description="A token of a script: of `fund token create` or `POST /tokens`."
)
_COOKIE: Final = APIKeyCookie(
    name=COOKIE,
    scheme_name="session",
    auto_error=False,
    description=f"The session of a person. What changes something bears its {CSRF} too, which `GET /session` tells.",
)


class Bearing(NamedTuple):
    """What a request bears. A token counts before a cookie. `shown` is what a form shows instead of the header."""

    token: str | None
    cookie: str | None
    request: Request
    shown: str | None = None

    @property
    def is_unasked(self) -> bool:
        """Whether a page sent the request by itself: nobody did anything, and a session stays idle."""
        return UNASKED in self.request.headers

    def check_site(self) -> None:
        """Raise CrossSite when a browser says that a page of another site sent the request."""
        headers = self.request.headers
        site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
        ours = (
            site in ("same-origin", "none")
            if site is not None
            else origin is None or origin.partition("://")[2] == headers.get("Host")
        )
        if not ours:
            raise CrossSite("A page of another site sent this request.", "Use the pages of the fund.")

    def check_intent(self) -> None:
        """Raise CrossSite when a request that changes something may not come from a page of the fund."""
        if self.request.method in ("GET", "HEAD"):
            return
        self.check_site()
        shown = self.request.headers.get(CSRF, "") if self.shown is None else self.shown
        if not hmac.compare_digest(shown.encode(), csrf_of(self.cookie or "").encode()):
            if self.shown is not None:  # a form, of a page that was opened before somebody signed in again
                raise CrossSite("This page was opened in an earlier session.", "Look the form over, and send it again.")
            raise CrossSite(f"The header {CSRF} is not that of your session.", "Send the one that GET /session tells.")


def borne_by(request: Request) -> Bearing:
    """Return what a request bears."""
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    shown = token if scheme.lower() == "bearer" and token else None
    return Bearing(shown, request.cookies.get(COOKIE) or None, request)


class _Borne(SecurityBase):
    """What FastAPI asks of each request, at once: token and cookie as two dependencies took 0.1 ms more."""

    model, scheme_name = _TOKEN.model, _TOKEN.scheme_name

    async def __call__(self, request: Request) -> Bearing:
        """Return what a request bears."""
        return borne_by(request)


Bearer = Annotated[Bearing, Security(_Borne())]


def tell_of_sessions(found: dict[str, Any]) -> None:
    """Say in the document that whoever may send a token may send the cookie of a session instead."""
    found["components"]["securitySchemes"][_COOKIE.scheme_name] = _COOKIE.model.model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    for path in found["paths"].values():
        for operation in path.values():
            if "security" in operation:
                operation["security"].append({_COOKIE.scheme_name: []})


def carry(answer: Response, secret: str) -> None:
    """Have the browser carry a session."""
    answer.set_cookie(
        COOKIE, secret, max_age=int(LONGEST.total_seconds()), path="/", secure=True, httponly=True, samesite="lax"
    )


def drop(answer: Response) -> None:
    """Have the browser drop its session."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def let_go(answer: Response, secret: str) -> None:
    """Have the browser carry a departure, until it is back."""
    lasts = int(LIFETIME.total_seconds())
    answer.set_cookie(DEPARTURE, secret, max_age=lasts, path="/", secure=True, httponly=True, samesite="lax")


def take_back(answer: Response) -> None:
    """Have the browser drop its departure."""
    answer.delete_cookie(DEPARTURE, path="/", secure=True, httponly=True, samesite="lax")
