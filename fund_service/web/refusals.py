"""A refusal as a page: what happened, what to do, where one goes on, and a number for the secretariat."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from domain.errors import FundError
from fund_service.api.asking import Open, looking
from fund_service.api.bearing import borne_by
from fund_service.api.context import Context
from fund_service.api.problems import NotSignedIn, beside, kind_of
from fund_service.patience import STORE_AWAY
from fund_service.web.forms import sign_in_and_back
from fund_service.web.languages import language_of
from fund_service.web.pages import Frame, frame_for, frame_of
from fund_service.web.rendering import page


def wants_page(request: Request, prefix: str) -> bool:
    """Tell whether a request comes from somebody who reads pages: outside the API, and so it says."""
    return not request.scope["path"].startswith(f"{prefix}/") and "text/html" in request.headers.get("Accept", "")


def refusal_page(context: Context, request: Request, error: FundError) -> Response:
    """Return the page; who is not signed in is led to where one does, and then back."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(sign_in_and_back(request), 303)
    if kind_of(error).status >= _OURS:
        return still_page(request, error)
    try:
        return _page(_frame(context, request), request, error)
    except STORE_AWAY:
        return still_page(request, error)


def still_page(request: Request, error: FundError) -> Response:
    """Return the page without asking anything of the fund: it comes, too, while its stores are away."""
    path, sent = request.scope["path"], request.method == "POST"
    return _page(Frame(path, None, False, language_of(request), path, was_sent=sent), request, error)


_OURS: Final = 500
"""From this status on the fault is ours, and perhaps the stores'."""


def _frame(context: Context, request: Request) -> Frame:
    """Return the frame for who asks, as far as a session says who that is."""
    try:
        bearer = borne_by(request)
        signed = context.holder(bearer, used=False)
    except FundError:
        return frame_of(context, request)
    with looking(context, request, bearer, signed, {}, Open.EVERYBODY, request.scope["path"]) as asking:
        return frame_for(asking, request)


def _page(frame: Frame, request: Request, error: FundError) -> Response:
    kind = kind_of(error)
    shown = {"kind": kind, "error": error, "request": request.state.request, "sign_in": sign_in_and_back(request)}
    told = page("refusal.html", {"frame": frame, "seconds": beside(error).get("Retry-After"), **shown}, kind.status)
    told.headers.update(beside(error))
    return told
