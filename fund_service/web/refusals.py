"""A refusal as a page: what is wrong, in the words of the API, and where one goes on."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.errors import FundError
from fund_service.api.context import Context
from fund_service.api.problems import NotSignedIn, kind_of
from fund_service.web.forms import sign_in_and_back
from fund_service.web.pages import frame_of
from fund_service.web.rendering import page


def wants_page(request: Request, prefix: str) -> bool:
    """Tell whether a request comes from somebody who reads pages: outside the API, and so it says."""
    return not request.url.path.startswith(f"{prefix}/") and "text/html" in request.headers.get("Accept", "")


def refusal_page(context: Context, request: Request, error: FundError) -> Response:
    """Return the page; who is not signed in is led to where one does, and then back."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(sign_in_and_back(request), 303)
    kind = kind_of(error)
    shown = {"title": kind.title, "detail": str(error), "request": request.state.request}
    return page("refusal.html", {"frame": frame_of(context, request), **shown}, kind.status)
