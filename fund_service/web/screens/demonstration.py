"""The start of a demonstration: whom a visitor may be by one click, and the clock that a visitor moves.

Where the fund is no rehearsal, or is not served as a demonstration, none of these addresses is there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import Malformed
from domain.values import Value
from fund_service.api.acting import Who, admitted, with_cookies
from fund_service.api.asking import Asking, Open
from fund_service.auth.sessions import How
from fund_service.demonstration import Demonstration, Guise, a_day_on
from fund_service.permissions.actors import Actor
from fund_service.upcoming import Upcoming, upcoming
from fund_service.web.entering import said
from fund_service.web.forms import DEMO, borne_by_form, fields_of, own_page
from fund_service.web.pages import Pages

_MOVING: Final = f"{DEMO}/moving"


class Card(NamedTuple):
    """Whom a visitor may be, and what waits for that one, the first due first."""

    guise: Guise
    waiting: list[Upcoming]


class Chosen(Value):
    """Whom a visitor chose."""

    subject: UUID


def demonstration_pages(pages: Pages) -> None:
    """Enter the pages and what their forms send, where this fund is a demonstration."""
    demonstration = pages.context.demonstration
    if demonstration is not None and pages.context.parts.clock.rehearsed() is not None:
        _start(pages, demonstration)
        _clock(pages, demonstration)


def _start(pages: Pages, demonstration: Demonstration) -> None:
    context = pages.context

    @pages.page(DEMO, "demonstration.html", Open.EVERYBODY)
    def start(asking: Asking) -> Mapping[str, Any]:
        standing, now = demonstration.standing, context.parts.clock.now()
        guises = standing.guises if standing is not None else ()
        cards = [Card(one, upcoming(asking.world, asking.connection, Actor(one.subject), now)) for one in guises]
        return {"standing": standing, "cards": cards, "by": asking.by}

    def enter(request: Request, fields: Mapping[str, str]) -> Response:
        asked = admitted(context, Who.EVERYBODY, borne_by_form(request, fields))
        guise = demonstration.enter(said(Chosen, {"subject": fields.get("subject", "")}).subject)
        _, asked.secret = context.parts.sessions.begin(
            guise.subject, How.DEMONSTRATION, asked.now, instead_of=asked.bearing.cookie
        )
        return with_cookies(asked, RedirectResponse(own_page(fields.get("next", "")), 303))

    @pages.router.post(f"{DEMO}/sign-in", include_in_schema=False)
    async def entered(request: Request) -> Response:
        return await run_in_threadpool(enter, request, await fields_of(request))


def _clock(pages: Pages, demonstration: Demonstration) -> None:
    context = pages.context

    def move(request: Request, fields: Mapping[str, str]) -> Response:
        asked = admitted(context, Who.EVERYBODY, borne_by_form(request, fields))
        session = context.parts.sessions.find(asked.bearing.cookie, asked.now) if asked.bearing.cookie else None
        to = _instant(demonstration, fields.get("by", ""), context.parts.clock.now())
        demonstration.move(to, session.subject if session is not None else None)
        back = own_page(fields.get("next", ""))
        return RedirectResponse(back if demonstration.wait() else following(back), 303)

    def following(back: str) -> str:
        return f"{_MOVING}?{urlencode({'next': back})}"

    @pages.router.post(f"{DEMO}/clock", include_in_schema=False)
    async def moved(request: Request) -> Response:
        return await run_in_threadpool(move, request, await fields_of(request))

    @pages.page(_MOVING, "moving.html", Open.EVERYBODY)
    def moving(asking: Asking, next: str = "") -> Mapping[str, Any]:
        back = own_page(next)
        demonstration.wait()  # so that the page that comes then is that of a clock that stands, if it can be
        standing = demonstration.ready()
        return {"standing": standing, "back": back, "again": back if standing.moving is None else following(back)}


def _instant(demonstration: Demonstration, by: str, now: datetime) -> datetime:
    """Return to which instant (UTC) a visitor moves the clock. Raises Malformed, Unavailable."""
    point = demonstration.ready().ahead.point
    if by == "day":
        return a_day_on(now)
    if by == "point" and point is not None:
        return point.at
    raise Malformed("It is not clear how far the clock is to move.", "Use the buttons on top of the page.")
