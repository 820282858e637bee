"""Coming back from the identity provider: the one address that a page of another site leads to, and that acts.

It acts for the browser alone that went, once: its cookie holds what must fit to what the address says. Whatever else
the provider writes into the address is left aside.
"""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from fund_service.api.answers import returning_answers
from fund_service.api.asking import Open
from fund_service.api.bearing import COOKIE, DEPARTURE, carry, take_back
from fund_service.api.context import Context
from fund_service.api.describing import PREFIX, told_by
from fund_service.auth.provider import Came

RETURN: Final = "/session/provider/return"

_Said = Annotated[str | None, Query(max_length=4000)]


def return_routes(routes: APIRouter, context: Context) -> None:
    """Enter the route; it takes parameters that are not known here, for the provider writes what it likes."""

    def return_from_provider(
        request: Request, state: _Said = None, code: _Said = None, iss: _Said = None, error: _Said = None
    ) -> Response:
        """Come back from the identity provider, which sends the browser here.

        What it says is checked, and the browser goes on to the page that it wanted, with its session. It works once, in
        the browser that went, within ten minutes. Everybody may ask for it.
        """
        departure, carried = request.cookies.get(DEPARTURE), request.cookies.get(COOKIE)
        came, now = Came(state, code, iss, error), datetime.now(UTC)
        back = context.parts.provider.come_back(came, departure, carried, return_address(request), now)
        answer = Response(status_code=303, headers={"Location": back.page})
        carry(answer, back.secret)
        take_back(answer)
        return answer

    return_from_provider.sight = Open.EVERYBODY  # type: ignore[attr-defined]
    summary, rest = told_by(return_from_provider.__doc__)
    routes.add_api_route(
        RETURN,
        return_from_provider,
        methods=["GET"],
        operation_id="returnFromProvider",
        summary=summary,
        description=rest,
        status_code=303,
        response_class=Response,
        response_model=None,
        responses=returning_answers(),
        tags=["session"],
        route_class_override=APIRoute,
    )


def return_address(request: Request) -> str:
    """Return where the provider sends a browser back to: this service, as the browser calls it."""
    return f"{request.url.scheme}://{request.headers['host']}{PREFIX}{RETURN}"
