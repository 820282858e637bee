"""Requests about who somebody is: each row of `acts.py` as a route, all with the same manners.

They change the directory, not the log: so they take no key and have no dry run, and are answered once. Their bodies are
read as strictly, and refused as clearly, as those of deeds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from inspect import Signature, signature
from typing import Annotated, Any, NamedTuple, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Body, Path, Request, Response
from fastapi.responses import JSONResponse

from domain.errors import NotPermitted
from domain.values import Value
from fund_service.api.answers import acting_answers
from fund_service.api.asking import Open
from fund_service.api.bearing import Bearer, Bearing, carry, drop, let_go
from fund_service.api.context import Context
from fund_service.api.describing import names_in, parameter, tag_of, told_by
from fund_service.auth.sessions import Session
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor


class Who(StrEnum):
    """Who may send a request about who somebody is."""

    EVERYBODY = "Everybody"
    SIGNED_IN = "Everybody who is signed in"
    IN_SESSION = "Everybody with a session, but no token,"
    FRESH = "Everybody with a token, or with a session and a fresh proof,"
    FRESH_IN_SESSION = "Everybody with a session and a fresh proof, but no token,"


class Act(NamedTuple):
    """A request: what it does, by a function of (asked, names in the path, body), and who may send it.

    The function's docstring says what it does, its answer is the body of the answer; None: there is none.
    """

    method: str
    path: str
    does: Callable[..., Value | None]
    who: Who
    status: int

    @property
    def name(self) -> str:
        """The name of the operation."""
        first, *rest = self.does.__name__.split("_")
        return first + "".join(word.capitalize() for word in rest)


@dataclass(slots=True)
class Asked:
    """One such request: who sends it and by which session, when (real time, UTC), and what becomes of the cookie."""

    context: Context
    bearing: Bearing
    now: datetime
    actor: Actor | None = None
    session: Session | None = None
    secret: str | None = None
    """The secret that the browser carries from now on."""
    departs: str | None = None
    """The secret that the browser carries while it is on the way to the identity provider."""
    leaves: bool = False
    """The browser drops its session."""

    @property
    def parts(self) -> Parts:
        """The open fund."""
        return self.context.parts

    @property
    def address(self) -> str:
        """Where the request comes from."""
        client = self.bearing.request.client
        return client.host if client is not None else ""

    @property
    def actor_in(self) -> Actor:
        """Who asks; of requests that are not for everybody."""
        assert self.actor is not None
        return self.actor

    @property
    def subject(self) -> UUID:
        """The subject who asks; of requests that are not for everybody."""
        return self.actor_in.subject

    @property
    def own(self) -> Session:
        """The session by which it is asked; of requests that need one."""
        assert self.session is not None
        return self.session


def act_routes(routes: APIRouter, context: Context, acts: tuple[Act, ...]) -> None:
    """Enter a route for each act."""
    for act in acts:
        summary, rest = told_by(act.does.__doc__)
        model = get_type_hints(act.does)["return"]
        routes.add_api_route(
            act.path,
            _endpoint(context, act),
            methods=[act.method],
            operation_id=act.name,
            summary=summary,
            description=f"{rest}\n\n{act.who} may ask for it.".strip(),
            status_code=act.status,
            responses=acting_answers(None if model is type(None) else model, act.status),
            tags=[tag_of(act.path)],
            response_model=None,
        )


def _endpoint(context: Context, act: Act) -> Callable[..., Response]:
    def ask(request: Request, bearer: Bearing, **given: Any) -> Response:
        asked = admitted(context, act.who, bearer)
        told = act.does(asked, **given)
        content = told.model_dump(mode="json") if told is not None else None
        answer = JSONResponse(content, act.status) if content is not None else Response(status_code=act.status)
        return with_cookies(asked, answer)

    ask.__signature__ = _signature(act)  # type: ignore[attr-defined]
    ask.__name__ = act.does.__name__
    ask.sight = Open.EVERYBODY if act.who is Who.EVERYBODY else Open.SIGNED_IN  # type: ignore[attr-defined]
    return ask


def with_cookies(asked: Asked, answer: Response) -> Response:
    """Return an answer that has the browser carry, or drop, what became of the session."""
    if asked.secret is not None:
        carry(answer, asked.secret)
    if asked.departs is not None:
        let_go(answer, asked.departs)
    if asked.leaves:
        drop(answer)
    return answer


def admitted(context: Context, who: Who, bearing: Bearing) -> Asked:
    """Return the request of who may send it. Raises NotSignedIn, CrossSite, NotPermitted, StepUpNeeded."""
    asked = Asked(context, bearing, datetime.now(UTC))
    if who is Who.EVERYBODY:
        bearing.check_site()
        return asked
    asked.actor, asked.session, _ = context.signed(bearing)
    if who in (Who.IN_SESSION, Who.FRESH_IN_SESSION) and asked.session is None:
        raise NotPermitted("A token may not do this.", "Sign in, and do it in your session.")
    if who in (Who.FRESH, Who.FRESH_IN_SESSION):
        context.check_fresh(asked.session)
    return asked


def _signature(act: Act) -> Signature:
    in_path, hints = names_in(act.path), get_type_hints(act.does, include_extras=True)
    parameters = [parameter(name, Annotated[hints[name], Path()]) for name in in_path]
    if "body" in signature(act.does).parameters:
        parameters.append(parameter("body", _body(hints["body"])))
    return Signature([*parameters, parameter("request", Request), parameter("bearer", Bearer)])


def _body(model: Any) -> Any:
    return Annotated[model, Body()]
