"""Lists on pages: filtered, sorted and cut into pages by their address, with the rows that the API's list has."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Annotated, Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request

from domain.values import Value
from fund_service.api.asking import Asking, told_to
from fund_service.api.describing import PREFIX
from fund_service.api.reading import LARGEST_PAGE
from fund_service.auth.saved_views import SavedView
from fund_service.auth.sessions import csrf_of
from fund_service.listing import Data, anywhere, as_data, chosen
from fund_service.permissions.redaction import SOMETIMES_UNTOLD
from fund_service.permissions.views import View
from projections.lists import Rows

R = TypeVar("R", bound=Value)
PAGE: Final = 60


class Wanted(NamedTuple):
    """Which rows of a list its address asks for; `query` is all that stands in the address beside them."""

    path: str
    query: Mapping[str, str]
    sort: str
    q: str
    page: int

    def to(self, **changed: str) -> str:
        """Return the address of the same list with something changed; an empty word takes it out."""
        words = {name: word for name, word in {**self.query, "page": "", **changed}.items() if word}
        return f"{self.path}?{urlencode(words)}" if words else self.path

    def by(self, field: str) -> str:
        """Return the address of the list by a field, downwards where it is sorted by it already."""
        return self.to(sort=f"-{field}" if self.sort == field else field)


def _wanted(
    request: Request,
    sort: Annotated[str, Query(max_length=60)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Wanted:
    return Wanted(request.url.path, dict(request.query_params), sort, q, page)


Listed = Annotated[Wanted, Depends(_wanted)]
"""What a page takes to show a list."""


class Saved(NamedTuple):
    """The addresses of rows as files."""

    csv: str
    xlsx: str


class Shown(NamedTuple, Generic[R]):
    """The rows of one page of a list: `found` of `all` are as they were sought."""

    wanted: Wanted
    rows: tuple[R, ...]
    all: int
    found: int
    page: int
    pages: int
    views: tuple[SavedView, ...] = ()
    """The views of this list that who looks saved."""
    csrf: str | None = None
    """What a form bears that saves one; None where nobody is signed in by a session, and in the past."""

    @property
    def here(self) -> str:
        """The address of the list as it is sought and sorted now, from its first page."""
        return self.wanted.to()

    @property
    def first(self) -> int:
        """The place of its first row among those found, from 1."""
        return (self.page - 1) * PAGE + 1

    def saved(self, path: str, **named: object) -> Saved:
        """Return the addresses of the same rows as files, which the API's list at this path gives."""
        words = {name: word for name, word in {**self.wanted.query, **named, "page": ""}.items() if word}

        def address(form: str) -> str:
            return f"{PREFIX}{path}?{urlencode({**words, 'format': form, 'limit': LARGEST_PAGE})}"

        return Saved(*map(address, Saved._fields))


def told(asking: Asking, rows: Iterable[R], kind: type[R], each: View) -> list[R]:
    """Return the rows that somebody may see, each with what that one is told of it."""
    seen = (row for row in rows if asking.sees(each, row.id))  # type: ignore[attr-defined]
    return [kind.model_validate(told_to(asking, None, each, row)) for row in seen]


def shown(
    asking: Asking, rows: Iterable[R], kind: type[R], each: View | None, wanted: Wanted, call_id: UUID | None = None
) -> Shown[R]:
    """Return what somebody may see of the rows, all of them of this call where one is named, as they are wanted.

    Of rows in their own order that all may be seen, those of one page alone are read. Raises Malformed.
    """
    told_of = partial(told_to, asking, None, each)
    sees_all = each is None or (call_id is not None and asking.sees_all(each, call_id))
    if isinstance(rows, Rows) and sees_all and not (wanted.q or wanted.sort):
        all = count = rows.count()
        some = rows.some
    else:
        seen = [row for row in rows if sees_all or asking.sees(each, row.id)]  # type: ignore[arg-type, attr-defined]
        found = _sought(seen, kind, told_of, wanted) if wanted.q or wanted.sort else seen
        all, count = len(seen), len(found)

        def some(first: int, most: int) -> list[R]:
            return found[first : first + most]

    pages = max(1, -(-count // PAGE))
    page = min(wanted.page, pages)
    rows_of_page = tuple(kind.model_validate(told_of(row)) for row in some((page - 1) * PAGE, PAGE))
    cookie = asking.bearing.cookie if asking.session is not None and asking.bearing is not None else None
    saved = asking.context.parts.saved_views.of(asking.by) if cookie is not None else []
    views = tuple(one for one in saved if one.path == wanted.path)
    csrf = csrf_of(cookie) if cookie is not None and asking.moment is None else None
    return Shown(wanted, rows_of_page, all, count, page, pages, views, csrf)


def _sought(seen: list[R], kind: type[R], told_of: Callable[[R], Data], wanted: Wanted) -> list[R]:
    """Return the rows in which a word stands, in the order that is asked for, by what is told of them.

    What is told of a row stands in it: in whose own words none is found, nothing needs be told.
    """
    conditions = [anywhere(wanted.q)] if wanted.q else []
    likely = [row for row in seen if all(holds(as_data(row)) for holds in conditions)]
    known = told_of if wanted.q or wanted.sort.removeprefix("-") in SOMETIMES_UNTOLD else as_data
    return [row for _, row in chosen(likely, kind, conditions, wanted.sort or None, known)]
