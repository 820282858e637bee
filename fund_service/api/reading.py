"""Questions: every list and every single thing as a route, all with the same manners.

A list is filtered by its fields, searched, sorted, cut to some fields and paged, as JSON, CSV or XLSX. Every answer has
an ETag; a question that sends it back is answered with 304 while nothing changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from inspect import Parameter, Signature, signature
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO, Final, Literal, NamedTuple, TypeVar, get_type_hints

from fastapi import APIRouter, Header, Query, Request, Response

from domain.files import Attached
from domain.values import Value
from fund_service.api.answering import CSV, JSON, XLSX, Page, as_json, kind_wanted, listed, tagged, told_past
from fund_service.api.answers import downloads, reading_answers
from fund_service.api.asking import Asking, Open, Sight, looking, told_of, told_to
from fund_service.api.bearing import Bearer, Bearing, borne_by
from fund_service.api.context import AsOf, AtPosition, Context, HeldAt, Signed
from fund_service.api.describing import parameter, tag_of, told_by
from fund_service.api.downloading import download, saved_as, sent
from fund_service.api.limits import What
from fund_service.api.problems import NotOffered
from fund_service.columns import Holds, column_of
from fund_service.known_rows import Entry
from fund_service.listing import Data, chosen, equals
from fund_service.permissions.actors import NOBODY
from fund_service.permissions.views import View
from projections.lists import Paged

R = TypeVar("R", bound=Value)
PAGE: Final = 100
LARGEST_PAGE: Final = 1000

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=1000, description="An ETag: 304 while nothing changed.")
]
Format = Annotated[
    Literal["json", "csv", "xlsx"] | None,
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
                    if wanted != JSON and asking.actor is not NOBODY:
                        self.context.limits.check(What.EXPORT, asking.by)
                    sights, every = asking.sights(), rows(asking, **given)
                    told = partial(told_of, asking, sights, given.get("pilot_action_id"), each)
                    found: Sequence[Data]
                    if (
                        each is None
                        and isinstance(every, Paged)
                        and every.is_whole
                        and not (conditions or page.sort or page.q)
                    ):
                        found = _AsFarAsRead(every, told)
                    else:
                        entries = self.context.rows.of(every).entries
                        seen = entries if each is None else sights.among(each, entries)
                        found = [data for data, _ in chosen(seen, kind, conditions, page.sort, told)]
                    position = asking.position if asking.moment else self.context.parts.projector.seen()
                    past = told_past(asking.moment)
                    return listed(request, found, kind, page, wanted, if_none_match, position, past)

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
                    position, past = asking.position, told_past(asking.moment)
                return tagged(content, JSON, if_none_match, position, version, past)

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
                    found, position, past = find(asking, **given), asking.position, told_past(asking.moment)
                return download(self.context.parts.attachments, found, if_none_match, position, past)

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
                    headers = {**saved_as(file), **told_past(asking.moment)}
                return tagged(content, media_type, if_none_match, position, None, headers)

            own = [*own_parameters(make), parameter("request", Request), parameter("if_none_match", IfNoneMatch, None)]
            self._add(path, answer, [*own, *_WAITING, *_signed(sight)], name, make, None, sight)
            return make

        return enter

    def archive(
        self, path: str, sight: View, *, name: str
    ) -> Callable[[Callable[..., tuple[str, str]]], Callable[..., tuple[str, str]]]:
        """Make a function of (asking, an open file, names in path and query) a ZIP to save at this path.

        It writes into the file, and returns its name and the digest of what it wrote. It lies on the disk until it was
        sent, however large it is, and is gone when the reader is.
        """

        def enter(write: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
            def answer(request: Request, if_none_match: str | None, **given: Any) -> Response:
                with self._asking(request, {**given, **_OF_NOW}, sight, path) as asking, ExitStack() as opened:
                    self.context.limits.check(What.BUNDLE, asking.by)
                    target = opened.enter_context(TemporaryFile())
                    file, digest = write(asking, target, **{one.name: given[one.name] for one in named})
                    opened.pop_all()
                    return sent(target, file, digest, if_none_match, asking.position)

            named = own_parameters(write)
            own = [*named, parameter("request", Request), parameter("if_none_match", IfNoneMatch, None)]
            self._add(path, answer, [*own, _POSITION, *_signed(sight)], name, write, None, sight)
            return write

        return enter

    @contextmanager
    def _asking(self, request: Request, given: dict[str, Any], sight: Sight, path: str) -> Iterator[Asking]:
        """Let somebody ask. Raises NotSignedIn, NotFound for what the actor may not see, Unavailable."""
        bearing: Bearing | None = given.pop("bearer", None)
        as_of, held_at = given.pop("as_of"), given.pop("held_at")
        if as_of is not None or held_at is not None:
            bearing = borne_by(request)  # what is for everybody is of the past for some alone
        signed = self.context.signed(bearing) if bearing is not None else Signed(NOBODY, None)
        position: int | None = given.pop("position")
        if position is not None:
            self.context.wait(position)
            signed = signed._replace(world=None)  # what was waited for is to be seen
        moment = self.context.parts.moment(as_of, held_at)
        with looking(self.context, request, bearing, signed, given, sight, path, moment) as asking:
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
            responses=downloads() if model is None else reading_answers(model, public=public),
        )


class _AsFarAsRead(Sequence[Data]):
    """The rows of a list that all may see, as they are told: of them those are read that somebody takes."""

    def __init__(self, rows: Paged[Any], told: Callable[[Entry[Any]], Data]) -> None:
        self._rows, self._told, self._count = rows, told, rows.count()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        first, last, _ = (at if isinstance(at, slice) else slice(at, at + 1)).indices(len(self))
        found = [self._told(Entry(*one)) for one in self._rows.some(first, last - first)]
        return found if isinstance(at, slice) else found[0]


def _signed(sight: Sight) -> tuple[Parameter, ...]:
    return () if sight is Open.EVERYBODY else (_BEARER,)


def _filters(kind: type[Value]) -> list[str]:
    """Return the fields that a list can be filtered by: those with one value in a cell."""
    return [
        name
        for name, about in kind.model_fields.items()
        if column_of(name, about.annotation).holds is not Holds.SEVERAL and name not in Page._fields
    ]


def _filter(field: str) -> Parameter:
    return parameter(f"by_{field}", Annotated[str | None, Query(alias=field, max_length=200)], None)


def own_parameters(asked: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters of a question's own: what its path, or its query, names beside those of every question."""
    hints = get_type_hints(asked, include_extras=True)
    return [
        parameter(name, hints[name], about.default)
        for name, about in signature(asked).parameters.items()
        if hints[name] not in (Asking, BinaryIO)
    ]


_PAGED: Final = (
    parameter("sort", Sort, None),
    parameter("q", Search, None),
    parameter("fields", Fields, None),
    parameter("limit", Limit, PAGE),
    parameter("cursor", Cursor, None),
    parameter("form", Format, None),
)
_FORMATS: Final = {"json": JSON, "csv": CSV, "xlsx": XLSX}
_POSITION: Final = parameter("position", AtPosition, None)
_WAITING: Final = (
    _POSITION,
    parameter("as_of", AsOf, None),
    parameter("held_at", HeldAt, None),
)
"""Of which moment: one that is waited for, or one of the past."""
_OF_NOW: Final = {"as_of": None, "held_at": None}
"""What names its own moment, a checkpoint that was signed, is asked for of no other."""
_COMMON: Final = (
    parameter("request", Request),
    parameter("accept", Accept, None),
    parameter("if_none_match", IfNoneMatch, None),
    *_WAITING,
)
_BEARER: Final = parameter("bearer", Bearer)
