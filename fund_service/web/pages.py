"""How a page is asked for: who looks, what they may see, and one moment of screens and log for all that it shows."""

from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import Signature
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from domain.errors import NotFound
from fund_service.api.asking import Asking, Open, Sight, looking
from fund_service.api.bearing import Bearer, Bearing
from fund_service.api.context import Context, Signed
from fund_service.api.describing import names_in, parameter
from fund_service.api.problems import NotSignedIn
from fund_service.api.reading import own_parameters
from fund_service.auth.sessions import csrf_of
from fund_service.demonstration import Standing
from fund_service.foreseeing import ForeseenEvent, recorded
from fund_service.past.moments import Moment
from fund_service.permissions.actors import NOBODY
from fund_service.permissions.views import View
from fund_service.web.elsewhere import elsewhere
from fund_service.web.languages import ENGLISH, Language, language_of
from fund_service.web.past import Back, back_of
from fund_service.web.places import PUBLIC, Link, places_of
from fund_service.web.rendering import page
from fund_service.web.strip import Strip, strip_of
from fund_service.web.undoing import Undo, undo_of

_TO_NOW: Final = "Leave as_of and held_at out, and see what is now."
DONE: Final = "done"
"""What an address bears after a deed: its key."""


class Frame(NamedTuple):
    """What stands around every page: where one is, the fund's time (UTC; None where nobody can be asked), and whether
    all of it is a rehearsal; who is signed in by a session, and what that one's forms bear; where the head of the page
    leads; how the demonstration stands, where it is one.
    """

    path: str
    now: datetime | None
    rehearsed: bool
    language: Language = ENGLISH
    here: str = "/"
    site: str = ""
    """The address of this service as the browser calls it, such as https://fund.example; for what is printed."""
    was_sent: bool = False
    """It answers a form: what stands in it is not there any more when one comes back."""
    demonstration: Standing | None = None
    person: str | None = None
    subject: UUID | None = None
    csrf: str | None = None
    position: int = 0
    """Up to which position of the log the page shows what is recorded."""
    done: tuple[ForeseenEvent, ...] = ()
    """What the deed recorded that led here."""
    undo: Undo | None = None
    """How it can be taken back."""
    strip: Strip | None = None
    places: tuple[Link, ...] = PUBLIC
    back: Back | None = None
    """Where who may look at the past stands, and the ways there."""


def frame_of(context: Context, request: Request) -> Frame:
    """Return the frame of a page for nobody in particular."""
    return _frame(context, request, context.parts.clock.rehearsed())


def _frame(context: Context, request: Request, rehearsed: datetime | None) -> Frame:
    path = request.url.path
    here = f"{path}?{request.url.query}" if request.url.query else path
    shown = context.demonstration.standing if context.demonstration is not None else None
    language, sent = language_of(request), request.method == "POST"
    now, site = rehearsed or context.parts.clock.now(), f"{request.url.scheme}://{request.url.netloc}"
    return Frame(path, now, rehearsed is not None, language, here, site, sent, shown)


def frame_for(asking: Asking, request: Request, back: Back | None = None) -> Frame:
    """Return the frame of a page for who looks at it."""
    frame = _frame(asking.context, request, asking.rehearsed)
    cookie = asking.bearing.cookie if asking.bearing is not None else None
    if asking.session is None or cookie is None:
        return frame
    key = request.query_params.get(DONE, "")
    done = recorded(asking.context.parts.fund, asking.by, key)[1]
    undo = undo_of(asking, key) if done else None
    who: dict[str, Any] = {"person": asking.account.label, "subject": asking.by, "csrf": csrf_of(cookie)}
    who |= {"done": done, "undo": undo}
    who |= {"position": asking.position}
    return frame._replace(**who, strip=strip_of(asking), places=places_of(asking, request), back=back)


class Pages(NamedTuple):
    """Where pages are entered, each with the view that one needs for it."""

    router: APIRouter
    context: Context

    def page(
        self, path: str, template: str, sight: Sight, *, acts: bool = False
    ) -> Callable[[Callable[..., Mapping[str, Any]]], None]:
        """Make a function of (asking, names in the path) the page at this path: it returns what the template shows.

        One on which somebody `acts`, and no more, is not there in the past.
        """

        def enter(find: Callable[..., Mapping[str, Any]]) -> None:
            def answer(request: Request, bearer: Bearing, **given: Any) -> Response:
                signed, moment = self._signed(bearer, sight), self._moment(request)
                named = given[names_in(path)[0]] if isinstance(sight, View) else None
                if acts and moment is not None:
                    raise NotFound("On this page something is done, and in the past nothing can be.", _TO_NOW)
                self.follow(request, signed)
                try:
                    with looking(self.context, request, bearer, signed, given, sight, path, moment) as asking:
                        back = None if acts else back_of(asking, self._today(asking, signed), request, named)
                        return page(template, {"frame": frame_for(asking, request, back), **find(asking, **given)})
                except NotFound:
                    if not isinstance(sight, View) or moment is not None or named is None:
                        raise
                    if (there := elsewhere(signed, sight, names_in(path)[0], named)) is None:
                        raise
                    return RedirectResponse(there, 303)

            parameters = [*own_parameters(find), parameter("request", Request), parameter("bearer", Bearer)]
            answer.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
            answer.sight = sight  # type: ignore[attr-defined]
            self.router.add_api_route(path, answer, methods=["GET"], include_in_schema=False, response_model=None)

        return enter

    def follow(self, request: Request, signed: Signed) -> None:
        """Wait until the screens show the deed that led here. Raises Unavailable."""
        if (key := request.query_params.get(DONE)) and signed.actor is not NOBODY:
            self.context.wait(recorded(self.context.parts.fund, signed.actor.subject, key)[0])

    def _moment(self, request: Request) -> Moment | None:
        """Return the moment of the past that an address names, None where it is of now. Raises Malformed."""
        as_of, held_at = (request.query_params.get(name) or None for name in ("as_of", "held_at"))
        return self.context.parts.moment(as_of, held_at)

    def _today(self, asking: Asking, signed: Signed) -> Asking:
        """Return who looks, and looks at now."""
        if asking.moment is None:
            return asking
        return asking._replace(
            actor=signed.actor,
            world=signed.world or self.context.parts.fund.world(),
            context=self.context,
            moment=None,
            found={},
        )

    def _signed(self, bearing: Bearing, sight: Sight) -> Signed:
        """Return who looks; of a page for everybody it may be nobody. Raises NotSignedIn."""
        try:
            return self.context.signed(bearing)
        except NotSignedIn:
            if sight is not Open.EVERYBODY:
                raise
            return Signed(NOBODY, None)
