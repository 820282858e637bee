"""Forms by which a session begins: what is wrong is told beside what was typed, and nobody is led elsewhere."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from domain.errors import FundError
from fund_service.api.acting import Asked, Who, admitted, with_cookies
from fund_service.api.context import Context
from fund_service.api.mistakes import mistaken
from fund_service.api.problems import kind_of
from fund_service.web.forms import borne_by_form
from fund_service.web.pages import frame_of
from fund_service.web.rendering import page

M = TypeVar("M", bound=BaseModel)


def entered(
    context: Context,
    request: Request,
    fields: Mapping[str, str],
    act: Callable[[Asked], Any],
    where: str,
    again: Callable[[FundError], tuple[str, Mapping[str, Any]]],
) -> Response:
    """Return the way to a page with the session that an act began, or a page `again` with what is wrong.

    Raises CrossSite.
    """
    asked = admitted(context, Who.EVERYBODY, borne_by_form(request, fields))
    try:
        act(asked)
    except FundError as error:
        template, shown = again(error)
        return page(template, {"frame": frame_of(context, request), **shown}, kind_of(error).status)
    return with_cookies(asked, RedirectResponse(where, 303))


def said(model: type[M], given: Mapping[str, Any]) -> M:
    """Return what a form says. Raises Malformed."""
    try:
        return model(**given)
    except ValidationError as invalid:
        raise mistaken(invalid.errors(include_url=False), model) from invalid
