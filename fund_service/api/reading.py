"""Questions: every list and every single thing as a route, all with the same manners.

A list is filtered by its fields, searched, sorted, cut to some fields and paged, as JSON or as CSV. Every answer has an
ETag; a question that sends it back is answered with 304 while nothing changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import cache, partial
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from domain.account.aggregate import Account
from domain.files import Attached
from domain.values import Value
from fund_service.api.answering import CSV, JSON, Page, as_json, kind_wanted, listed, tagged
from fund_service.api.answers import downloads, reading_answers
from fund_service.api.bearing import Bearer, Bearing
from fund_service.api.context import AtPosition, Context, Signed
from fund_service.api.describing import names_in, parameter, tag_of, told_by
from fund_service.api.downloading import download, saved_as
from fund_service.api.limits import What
from fund_service.api.problems import NotOffered
from fund_service.api.seeing import check_sight
from fund_service.api.watching import tell_reading
from fund_service.application import WorldNow
from fund_service.auth.sessions import Session
from fund_service.listing import Data, as_data, chosen, equals
from fund_service.permissions.actors import NOBODY, Actor, account_of
from fund_service.permissions.checking import may_see, may_see_all
from fund_service.permissions.redaction import redacted
from fund_service.permissions.views import View
from projections.database import one_moment

R = TypeVar("R", bound=Value)
PAGE: Final = 100
LARGEST_PAGE: Final = 1000

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=1000, description="An ETag: 304 while nothing changed.")
]
Format = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="As what it is given: for a link, which cannot say what it accepts."),
]
Accept = Annotated[str | None, Header(alias="Accept", include_in_schema=False)]
Sort = Annotated[str | None, Query(max_length=60, description="A field to sort by; -field sorts downwards.")]
Search = Annotated[str | None, Query(max_length=200, description="Keep rows with this text in any field.")]
Fields = Annotated[str | None, Query(max_length=500, description="Give these fields alone, divided by commas.")]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="So many rows at most.")]
Cursor = Annotated[str | None, Query(max_length=200, description="From the header Link of the page before.")]


Answered = tuple[R, int | None]
"""A thing, and the version of the aggregate that it shows, where people may write on top of it."""


class Asking(NamedTuple):
    """One question: who asks, by which session (None: by a token), of which world, with which screens."""

    actor: Actor
    world: WorldNow
    screens: Callable[[], Connection]
    context: Context
    bearing: Bearing | None = None
    session: Session | None = None

    @property
    def connection(self) -> Connection:
        """The screens, opened when they are first looked at: many answers are in the world alone."""
        return self.screens()

    @property
    def position(self) -> int:
        """The position of the log as of which the world is seen."""
        return self.world.at

    @property
    def by(self) -> UUID:
        """The subject who asks."""
        return self.actor.subject

    def sees(self, view: View, id: UUID) -> bool:
        """Tell whether who asks may see this of the thing with this id."""
        return may_see(view, self.actor, id, self.world)

    def sees_all(self, view: View, call_id: UUID) -> bool:
        """Tell whether who asks may see this of everything in a call."""
        return may_see_all(view, self.actor, call_id, self.world)

    @property
    def account(self) -> Account:
        """The account of who asks, with the roles that count now; an empty one where there is none."""
        return account_of(self.actor, self.world) or Account()


class Open(StrEnum):
    """Questions about nothing that only some may see."""

    EVERYBODY = "everybody"
    SIGNED_IN = "everybody who is signed in"


Sight = View | Open
"""Who may ask a question: by the view of the thing that its path names, or everybody."""


def is_public(request: Request) -> bool:
    """Tell whether the route of a request is for everybody."""
    endpoint = getattr(request.scope.get("route"), "endpoint", None)
    return getattr(endpoint, "sight", None) is Open.EVERYBODY


@contextmanager
def looking(
    context: Context,
    request: Request,
    bearing: Bearing | None,
    signed: Signed,
    given: Mapping[str, Any],
    sight: Sight,
    path: str,
) -> Iterator[Asking]:
    """Let somebody look at one moment of log and screens, and tell it where it is told who reads.

    Raises NotFound for what the actor may not see, Unavailable.
    """
    actor, session, seen = signed
    world, named = seen or context.parts.fund.world(), given.get("pilot_action_id")
    if named is not None:
        actor = replace(actor, now=context.parts.clock.now)  # of this one thing an exception may be made
    if isinstance(sight, View):
        check_sight(sight, actor, given[names_in(path)[0]], world)
    if sight is not Open.EVERYBODY:
        tell_reading(request, actor, named, world)
    with ExitStack() as opened:
        screens = cache(lambda: opened.enter_context(one_moment(context.parts.views)))
        yield Asking(actor, world, screens, context, bearing, session)


class Routes(NamedTuple):
    """Where questions are entered, each with the view that one needs for it: what has none cannot be entered."""

    router: APIRouter
    context: Context

    def listing(
        self, path: str, kind: type[R], sight: Sight, *, name: str, each: View | None = None
    ) -> Callable[[Callable[..., Iterable[R]]], Callable[..., Iterable[R]]]:
        """Make a function of (asking, names in the path) the list at this path; its docstring says what it lists.

        Of a list with a view for `each` row, everybody gets the rows that they may see.
        """

        def enter(rows: Callable[..., Iterable[R]]) -> Callable[..., Iterable[R]]:
            filters = _filters(kind)

            def answer(request: Request, accept: str | None, if_none_match: str | None, **given: Any) -> Response:
                page = Page(**{field: given.pop(field) for field in Page._fields})
                sought = {field: value for field in filters if (value := given.pop(f"by_{field}")) is not None}
                form = given.pop("form")
                conditions = [equals(field, value, kind) for field, value in sought.items()]
                with self._asking(request, given, sight, path) as asking:
                    wanted = kind_wanted(accept) if form is None else _FORMATS[form]
                    if wanted == CSV and asking.actor is not NOBODY:
                        self.context.limits.check(What.EXPORT, asking.by)
                    seen = (row for row in rows(asking, **given) if each is None or asking.sees(each, _id_of(row)))
                    told = partial(told_to, asking, given.get("pilot_action_id"), each)
                    found = [data for data, _ in chosen(seen, kind, conditions, page.sort, told)]
                    position = self.context.parts.projector.seen()
                return listed(request, found, kind, page, wanted, if_none_match, position)

            parameters = [*own_parameters(rows), *map(_filter, filters), *_PAGED, *_COMMON, *_signed(sight)]
            self._add(path, answer, parameters, name, rows, list[kind], sight)  # type: ignore[valid-type]
            return rows

        return enter

    def one(
        self, path: str, kind: type[R], sight: Sight, *, name: str
    ) -> Callable[[Callable[..., Answered[R]]], Callable[..., Answered[R]]]:
        """Make a function of (asking, names in the path) the answer at this path; its docstring says about what."""

        def enter(find: Callable[..., Answered[R]]) -> Callable[..., Answered[R]]:
            def answer(request: Request, accept: str | None, if_none_match: str | None, **given: Any) -> Response:
                if kind_wanted(accept) != JSON:
                    raise NotOffered("One thing is given as JSON alone.", "Accept application/json.")
                with self._asking(request, given, sight, path) as asking:
                    row, version = find(asking, **given)
                    content = as_json(told_to(asking, given.get("pilot_action_id"), None, row))
                    position = asking.position
                return tagged(content, JSON, if_none_match, position, version)

            parameters = [*own_parameters(find), *_COMMON, *_signed(sight)]
            self._add(path, answer, parameters, name, find, kind, sight)
            return find

        return enter

    def file(
        self, path: str, sight: View, *, name: str
    ) -> Callable[[Callable[..., Attached]], Callable[..., Attached]]:
        """Make a function of (asking, names in the path) a download at this path; its docstring says of what."""

        def enter(find: Callable[..., Attached]) -> Callable[..., Attached]:
            def answer(request: Request, if_none_match: str | None, **given: Any) -> Response:
                with self._asking(request, given, sight, path) as asking:
                    found, position = find(asking, **given), asking.position
                return download(self.context.parts.attachments, found, if_none_match, position)

            own = [*own_parameters(find), parameter("request", Request), parameter("if_none_match", IfNoneMatch, None)]
            parameters = [*own, *_WAITING, *_signed(sight)]
            self._add(path, answer, parameters, name, find, None, sight)
            return find

        return enter

    def document(
        self, path: str, sight: Sight, media_type: str, *, name: str
    ) -> Callable[[Callable[..., tuple[str, bytes]]], Callable[..., tuple[str, bytes]]]:
        """Make a function of (asking, names in the path) a document to save at this path: its file name, its bytes."""

        def enter(make: Callable[..., tuple[str, bytes]]) -> Callable[..., tuple[str, bytes]]:
            def answer(request: Request, if_none_match: str | None, **given: Any) -> Response:
                with self._asking(request, given, sight, path) as asking:
                    if asking.actor is not NOBODY:
                        self.context.limits.check(What.EXPORT, asking.by)
                    (file, content), position = make(asking, **given), asking.position
                return tagged(content, media_type, if_none_match, position, None, saved_as(file))

            own = [*own_parameters(make), parameter("request", Request), parameter("if_none_match", IfNoneMatch, None)]
            self._add(path, answer, [*own, *_WAITING, *_signed(sight)], name, make, None, sight)
            return make

        return enter

    @contextmanager
    def _asking(self, request: Request, given: dict[str, Any], sight: Sight, path: str) -> Iterator[Asking]:
        """Let somebody ask. Raises NotSignedIn, NotFound for what the actor may not see, Unavailable."""
        bearing: Bearing | None = given.pop("bearer", None)
        signed = self.context.signed(bearing) if bearing is not None else Signed(NOBODY, None)
        position: int | None = given.pop("position")
        if position is not None:
            self.context.wait(position)
            signed = signed._replace(world=None)  # what was waited for is to be seen
        with looking(self.context, request, bearing, signed, given, sight, path) as asking:
            yield asking

    def _add(
        self,
        path: str,
        answer: Callable[..., Response],
        parameters: Sequence[Parameter],
        name: str,
        about: Callable[..., Any],
        model: Any,
        sight: Sight,
    ) -> None:
        answer.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        answer.sight = sight  # type: ignore[attr-defined]
        summary, rest = told_by(about.__doc__)
        public = sight is Open.EVERYBODY
        self.router.add_api_route(
            path,
            answer,
            methods=["GET"],
            operation_id=name,
            summary=summary,
            description=rest or summary,
            tags=[tag_of(path)],
            response_model=None,
            responses=downloads(public) if model is None else reading_answers(model, public=public),
        )


def _id_of(row: Any) -> UUID:
    id: UUID = row.id
    return id


def told_to(asking: Asking, named: UUID | None, each: View | None, row: Value) -> Data:
    """Return what is told of a row to who asks: of one about a pilot action, what that one may see of it."""
    data = as_data(row)
    of_row = data["id"] if each is View.PILOT_ACTION else data.get("pilot_action_id") or _known(data)
    about = named or (UUID(of_row) if of_row is not None else None)
    return data if about is None else redacted(data, about, asking.actor, asking.world)


def _known(data: Data) -> str | None:
    known = data.get("known")
    return known.get("pilot_action_id") if isinstance(known, dict) else None


def _signed(sight: Sight) -> tuple[Parameter, ...]:
    return () if sight is Open.EVERYBODY else (_BEARER,)


def _filters(kind: type[Value]) -> list[str]:
    """Return the fields that a list can be filtered by: those with one value in a cell."""
    return [
        name
        for name, about in kind.model_fields.items()
        if not _composed(about.annotation) and name not in Page._fields
    ]


def _composed(annotation: Any) -> bool:
    """Tell whether a field holds several values, or fields of its own."""
    if get_origin(annotation) in (tuple, dict, list):
        return True
    if get_args(annotation):
        return any(_composed(part) for part in get_args(annotation))
    return isinstance(annotation, type) and issubclass(annotation, BaseModel | dict | tuple)


def _filter(field: str) -> Parameter:
    return parameter(f"by_{field}", Annotated[str | None, Query(alias=field, max_length=200)], None)


def own_parameters(asked: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters of a question's own: what its path, or its query, names beside those of every question."""
    hints = get_type_hints(asked, include_extras=True)
    return [
        parameter(name, hints[name], about.default)
        for name, about in signature(asked).parameters.items()
        if hints[name] is not Asking
    ]


_PAGED: Final = (
    parameter("sort", Sort, None),
    parameter("q", Search, None),
    parameter("fields", Fields, None),
    parameter("limit", Limit, PAGE),
    parameter("cursor", Cursor, None),
    parameter("form", Format, None),
)
_FORMATS: Final = {"json": JSON, "csv": CSV}
_COMMON: Final = (
    parameter("request", Request),
    parameter("accept", Accept, None),
    parameter("if_none_match", IfNoneMatch, None),
    parameter("position", AtPosition, None),
)
_WAITING: Final = (parameter("position", AtPosition, None),)
_BEARER: Final = parameter("bearer", Bearer)
