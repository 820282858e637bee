"""A page of the past: which moment it shows, the ways to others, and links that stay there.

Nothing is offered on it: offers.py has no deeds in the past, and templates, for whom `past` is true, no forms of them.
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection

from domain.call.aggregate import CALL, announced
from domain.values import BRUSSELS
from fund_service.api.asking import Asking
from fund_service.past.moments import Moment
from fund_service.permissions.checking import may_see_before_closing
from fund_service.permissions.past import LOOKERS
from fund_service.permissions.reading_log import Entry, may_hear
from fund_service.permissions.views import View
from fund_service.web.places import call_of
from projections.database import one_moment
from projections.timeline import later, older

GREAT: Final = frozenset(
    {"published", "applications_open", "applications_close", "scores_due", "approval_due", "outcomes_released"}
)
"""The steps of a calendar that pages of the past lead to."""
_OURS: Final = ("as_of", "held_at", "done")
"""What an address says of the moment that its page shows, or of a deed that led to it."""
_EXPLAINED: Final = "/explanation"
_LINK: Final = re.compile(r"<a\b[^>]*>")
_ADDRESS: Final = re.compile(r'\b(href|data-hx-get)="([/?][^"]*)"')


class Point(NamedTuple):
    """A step of a call's calendar, and the address of the page as of the end of its day; `here`: it is shown now."""

    step: str
    day: datetime
    address: str
    here: bool


class Back(NamedTuple):
    """Where somebody who may look back stands: `position` of so many as `end`; `moment` is None on a page of now.

    `now` is the address of the page now, `cited` that of exactly what it shows; `earlier` and `later` are those of the
    page as of the event of its thing before and after, `points` lead to the great days of the call; `kept` are the
    pairs that its forms keep, `changed` is the address of what changed since.
    """

    position: int
    end: int
    moment: Moment | None
    path: str
    now: str
    cited: str
    earlier: str | None
    later: str | None
    points: tuple[Point, ...]
    kept: tuple[tuple[str, str], ...]
    changed: str | None = None

    @property
    def day(self) -> str:
        """The day in Brussels that it shows."""
        return _day(self.moment.at).isoformat() if self.moment is not None else ""


def back_of(asking: Asking, today: Asking, request: Request, id: UUID | None) -> Back | None:
    """Return where somebody stands on a page about the thing with this id; None for who may not look back."""
    if not LOOKERS & asking.account.roles.keys():
        return None
    path, moment = request.url.path, asking.moment
    kept = tuple((name, value) for name, value in request.query_params.multi_items() if name not in _OURS)
    held = (("held_at", moment.held_at.isoformat()),) if moment is not None and moment.held_at is not None else ()

    def address(position: int | None) -> str:
        return _with(path, (*kept, ("as_of", str(position)), *held))

    def points() -> Iterator[Point]:
        for step, at in _great_days(today, request):
            day = _day(at).isoformat()
            leads = _with(path, (*kept, ("as_of", day), *held))
            yield Point(step, at, leads, request.query_params.get("as_of") == day)

    before, after = _beside(asking, today, id)
    return Back(
        asking.position,
        today.position,
        moment,
        path,
        _with(path, kept),
        address(asking.position),
        address(before) if before is not None else None,
        address(after) if after is not None else None,
        tuple(points()),
        (*kept, *held),
        f"/audit/changes?{urlencode({'since': asking.position})}" if moment is not None else None,
    )


def _great_days(today: Asking, request: Request) -> Iterator[tuple[str, datetime]]:
    """Yield the steps of the calendar of a page's call on whose day's end one may look, with their instants (UTC).

    A page about anything else was perhaps not there on that day, nor what is explained; one that is told after closing
    alone was not before it (D27).
    """
    if not request.path_params.keys() <= {"call_id", "line"} or request.url.path.endswith(_EXPLAINED):
        return
    call_id = call_of(today, request)
    call = today.world.find(CALL, call_id) if call_id is not None else None
    if call_id is None or call is None:
        return
    calendar, now = announced(call).calendar, today.now
    sight = getattr(request.scope["route"].endpoint, "sight", None)
    always = not isinstance(sight, View) or may_see_before_closing(sight, today.actor, call_id, today.world)
    first, last = (date.min if always else _day(calendar.applications_close)), _day(now)
    for step, at in calendar.points():
        if step in GREAT and first <= _day(at) < last:
            yield step, at


def _day(at: datetime) -> date:
    return at.astimezone(BRUSSELS).date()


def _with(path: str, pairs: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _beside(asking: Asking, today: Asking, id: UUID | None) -> tuple[int | None, int | None]:
    """Return the positions of the events of a thing before and after what a page shows, as far as who asks may hear
    of it.
    """
    if id is None:
        return None, None
    position = asking.position
    screens = nullcontext(today.connection) if today is asking else one_moment(today.context.parts.views)
    with screens as connection:
        before = _next(today, connection, id, position, back=True)
        return before, _next(today, connection, id, position, back=False) if position < today.position else None


def _next(today: Asking, connection: Connection, id: UUID, position: int, *, back: bool) -> int | None:
    rows = (older if back else later)(connection, id, position)
    for row in rows:
        assert row.by is not None
        if may_hear(today.actor, Entry(row.topic, row.stream, row.by, row.command, id), today.world):
            return row.position
    return None


def in_the_past(content: str, moment: Moment) -> str:
    """Return a page of the past whose links stay in its moment."""
    said = urlencode([(name, value) for name, value in moment_of_forms(moment)])

    def stay(link: re.Match[str]) -> str:
        if "data-now" in link[0]:
            return link[0]
        return _ADDRESS.sub(lambda found: f'{found[1]}="{_staying(found[2], said)}"', link[0])

    return _LINK.sub(stay, content)


def moment_of_forms(moment: Moment) -> Iterator[tuple[str, str]]:
    """Yield what a form bears whose answer stays in a moment."""
    yield "as_of", str(moment.position)
    if moment.held_at is not None:
        yield "held_at", moment.held_at.isoformat()


def _staying(address: str, said: str) -> str:
    """Return the address of a link with the moment; one that names a moment is left as it is."""
    parts = urlsplit(address.replace("&amp;", "&"))
    if "as_of=" in parts.query or parts.path.startswith(("/assets/", "/sign-")):
        return address
    query = f"{parts.query}&{said}" if parts.query else said
    return f"{parts.path}?{query}{f'#{parts.fragment}' if parts.fragment else ''}".replace("&", "&amp;")
