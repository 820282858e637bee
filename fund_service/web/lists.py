"""Lists on pages: filtered, sorted and cut into pages by their address, with the rows that the API's list has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request

from domain.values import Value
from fund_service.api.asking import Asking, told_of, told_to, untold_of
from fund_service.api.describing import PREFIX
from fund_service.api.reading import LARGEST_PAGE
from fund_service.auth.saved_views import SavedView
from fund_service.auth.sessions import csrf_of
from fund_service.known_rows import Entry, Listing, text_of
from fund_service.listing import Data, folded, in_order, known_field, order
from fund_service.permissions.alike import Sights
from fund_service.permissions.redaction import SOMETIMES_UNTOLD
from fund_service.permissions.views import View
from projections.lists import Paged

R = TypeVar("R", bound=Value)
PAGE: Final = 60
NEAR: Final = 2
"""So many pages before and after the one that is shown have a link of their own."""


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

    @property
    def near(self) -> list[int]:
        """The pages that have a link: the first, the last, and those around this one."""
        around = range(max(1, self.page - NEAR), min(self.pages, self.page + NEAR) + 1)
        return sorted({1, *around, self.pages})

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
    asking: Asking,
    rows: Iterable[R],
    kind: type[R],
    each: View | None,
    wanted: Wanted,
    call_id: UUID | None = None,
    most: int | None = None,
) -> Shown[R]:
    """Return what somebody may see of the rows, all of them of this call where one is named, as they are wanted.

    It is a page of them, or so many at `most` of it. Of rows in their own order that all may be seen, those of one page
    alone are read. Raises Malformed.
    """
    sights = asking.sights()
    sees_all = each is None or (call_id is not None and asking.sees_all(each, call_id))
    if isinstance(rows, Paged) and rows.is_whole and sees_all and not (wanted.q or wanted.sort):
        all = count = rows.count()
        page, pages = _page(count, wanted)
        some: Sequence[Entry[R]] = [Entry(*one) for one in rows.some((page - 1) * PAGE, most or PAGE)]
    else:
        listing = asking.context.rows.of(rows)
        seen = list(listing.entries) if each is None or sees_all else sights.among(each, listing.entries)
        found = _sought(listing, seen, kind, partial(told_of, asking, sights, None, each), wanted)
        all, count = len(seen), len(found)
        page, pages = _page(count, wanted)
        some = found[(page - 1) * PAGE :][: most or PAGE]
    rows_of_page = tuple(_told(asking, sights, each, kind, one) for one in some)
    cookie = asking.bearing.cookie if asking.session is not None and asking.bearing is not None else None
    saved = asking.context.parts.saved_views.of(asking.by) if cookie is not None else []
    views = tuple(one for one in saved if one.path == wanted.path)
    csrf = csrf_of(cookie) if cookie is not None and asking.moment is None else None
    return Shown(wanted, rows_of_page, all, count, page, pages, views, csrf)


def _page(count: int, wanted: Wanted) -> tuple[int, int]:
    """Return which page of how many is shown."""
    pages = max(1, -(-count // PAGE))
    return min(wanted.page, pages), pages


def _told(asking: Asking, sights: Sights, each: View | None, kind: type[R], one: Entry[R]) -> R:
    if one.kin is not None and one.kin.pilot_action_id is None:
        return one.row  # it is about none, so that all of it is told
    if not untold_of(sights, None, each, one):
        return one.row
    return kind.model_validate(told_of(asking, sights, None, each, one))


def _sought(
    listing: Listing[R], seen: list[Entry[R]], kind: type[R], told: Callable[[Entry[R]], Data], wanted: Wanted
) -> list[Entry[R]]:
    """Return the rows in which a word stands, in the order that is asked for, by what is told of them.

    What is told of a row stands in it: in whose own words none is found, nothing needs be told.
    """
    q, sort = folded(wanted.q), wanted.sort
    field = known_field(sort.removeprefix("-"), kind) if sort else ""
    found = [one for one in seen if q in one.text and _stands(q, one, told(one))] if q else seen
    if not sort:
        return found
    if field in SOMETIMES_UNTOLD and any(told(one)[field] != one.data[field] for one in found):
        return in_order(found, lambda one: order(told(one)[field]), sort)
    if len(found) == len(listing.entries):
        return listing.by(sort)
    there = set(map(id, found))
    return [one for one in listing.by(sort) if id(one) in there]


def _stands(q: str, one: Entry[R], told: Data) -> bool:
    return told is one.data or q in text_of(told)
