"""The FastAPI application: all routes under one roof, and every refusal told in one way."""

import logging
from collections.abc import Callable
from typing import Any, Final

from eventsourcing.persistence import PersistenceError
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from domain.errors import FundError, NotFound, Unavailable
from fund_service.api.acting import act_routes
from fund_service.api.acts import ACTS
from fund_service.api.arriving import Arriving
from fund_service.api.asking import is_public
from fund_service.api.bearing import borne_by
from fund_service.api.context import Context
from fund_service.api.deed_routes import deed_routes
from fund_service.api.deeds import DEEDS
from fund_service.api.describing import PREFIX
from fund_service.api.document import document_routes
from fund_service.api.feed import feed_routes
from fund_service.api.health import health_routes
from fund_service.api.json_body import StrictRoute
from fund_service.api.mistakes import mistaken
from fund_service.api.problems import KeyMissing, NoSuchMethod, VersionMissing, problem
from fund_service.api.quick_route import QuickRoute
from fund_service.api.reading import Routes
from fund_service.api.resources.attachments import attachment_routes
from fund_service.api.resources.audit import audit_routes
from fund_service.api.resources.calls import call_routes
from fund_service.api.resources.changes import change_routes
from fund_service.api.resources.decisions import decision_routes
from fund_service.api.resources.directory import directory_routes
from fund_service.api.resources.evaluations import evaluation_routes
from fund_service.api.resources.explanations import explanation_routes
from fund_service.api.resources.forms import form_routes
from fund_service.api.resources.grants import grant_routes
from fund_service.api.resources.invitations import invitation_routes
from fund_service.api.resources.log import log_routes
from fund_service.api.resources.messages import message_routes
from fund_service.api.resources.pairings import pairing_routes
from fund_service.api.resources.partnerships import partnership_routes
from fund_service.api.resources.people import people_routes
from fund_service.api.resources.pilot_actions import pilot_action_routes
from fund_service.api.resources.questions import question_routes
from fund_service.api.resources.screens import screen_routes
from fund_service.api.resources.search import search_routes
from fund_service.api.resources.self_check import self_check_routes
from fund_service.api.resources.sessions import session_routes
from fund_service.api.resources.tokens import token_routes
from fund_service.api.resources.working_papers import working_paper_routes
from fund_service.api.returning import return_routes
from fund_service.api.watching import tell_refusal
from fund_service.composition import Parts
from fund_service.demonstration import Demonstration
from fund_service.health import Part
from fund_service.web.refusals import refusal_page, still_page, wants_page
from fund_service.web.site import page_routes
from fund_service.web.wishes import DO

_LOG: Final = logging.getLogger(__name__)
QUESTIONS: Final = (
    call_routes,
    self_check_routes,
    form_routes,
    decision_routes,
    question_routes,
    pairing_routes,
    partnership_routes,
    pilot_action_routes,
    log_routes,
    evaluation_routes,
    grant_routes,
    explanation_routes,
    attachment_routes,
    people_routes,
    directory_routes,
    screen_routes,
    search_routes,
    session_routes,
    message_routes,
    invitation_routes,
    token_routes,
    change_routes,
    feed_routes,
    audit_routes,
    working_paper_routes,
)


def make_app(parts: Parts, health: Callable[[], list[Part]], demonstration: Demonstration | None = None) -> FastAPI:
    """Return the application of an open fund; `health` tells how the parts of the service are now."""
    app = FastAPI(title="IURC fund", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.context = context = Context(parts, demonstration)
    api = APIRouter(prefix=PREFIX, route_class=StrictRoute)
    for enter in QUESTIONS:
        enter(Routes(api, context))
    deed_routes(api, context)
    act_routes(api, context, ACTS)
    return_routes(api, context)
    app.include_router(health_routes(health))
    pages = APIRouter(route_class=QuickRoute)
    page_routes(pages, context)
    app.router.routes.extend([*pages.routes, *api.routes])  # to include a router makes each of its routes once more
    document_routes(app, PREFIX, shown=parts.settings.shows_docs)
    _tell_refusals(app, context)
    uploads = [deed.path for deed in DEEDS if deed.uploads]
    forms = [compile_path(f"{root}{path}")[0] for root in (PREFIX, DO) for path in uploads]
    hosts = parts.settings.trusted_hosts
    app.add_middleware(Arriving, hosts=hosts, limits=context.limits, forms=forms, tell=_told_before_anything)
    return app


def _told_before_anything(scope: Scope, error: FundError) -> Response:
    """Return the answer to what is refused or fails where nothing may be asked of the fund."""
    request = Request(scope)
    return still_page(request, error) if wants_page(request, PREFIX) else problem(error, request.state.request)


def _tell_refusals(app: FastAPI, context: Context) -> None:
    """Have every error end as a problem."""

    def told(request: Request, error: FundError) -> Response:
        tell_refusal(request, error)
        if wants_page(request, PREFIX):
            return refusal_page(context, request, error)
        return problem(error, request.state.request)

    @app.exception_handler(FundError)
    async def fund_error(request: Request, error: FundError) -> Response:
        return told(request, error)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        if not is_public(request):
            try:
                await run_in_threadpool(context.actor, borne_by(request))
            except FundError as refused:
                return told(request, refused)
        return told(request, _missing_header(error) or mistaken(error.errors(), _body_model(request)))

    @app.exception_handler(HTTPException)
    async def no_route(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, FundError):
            return told(request, error.__cause__)  # what the body is refused for
        if error.status_code == 405:
            allowed = _methods(app, request.url.path)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ", ".join(allowed)})
            return told(request, NoSuchMethod(allowed))
        return told(request, NotFound("There is nothing at this address.", "See the documentation of the API."))

    @app.exception_handler(PersistenceError)
    @app.exception_handler(SQLAlchemyError)
    async def store_away(request: Request, error: Exception) -> Response:
        _LOG.warning("The store is away: %s.", type(error).__name__)
        return told(request, Unavailable("The store is away.", "Try again in a moment."))


def _missing_header(error: RequestValidationError) -> FundError | None:
    """Return the refusal of a request without a header that it needs, or None."""
    missing = {str(one["loc"][-1]).lower() for one in error.errors() if one["type"] == "missing"}
    if "idempotency-key" in missing:
        return KeyMissing("The header Idempotency-Key is missing.", "Send a fresh key with each new request.")
    if "if-match" in missing:
        return VersionMissing(
            "You do not say which version you saw.", "Read it, and send its ETag back in the header If-Match."
        )
    return None


def _body_model(request: Request) -> type[BaseModel]:
    """Return the model of the body that the route takes."""
    field = getattr(request.scope.get("route"), "body_field", None)
    annotation: Any = getattr(getattr(field, "field_info", None), "annotation", None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else BaseModel


def _methods(app: FastAPI, path: str) -> list[str]:
    """Return all methods that an address takes: a router tells those of the first route that fits alone."""
    fitting = (methods for template, methods in app.openapi()["paths"].items() if compile_path(template)[0].match(path))
    found = {method.upper() for methods in fitting for method in methods} or {"GET"}
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))
