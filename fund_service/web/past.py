"""A page of the past: which moment it shows, the ways to others, links that stay there, and nothing to be done."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection

from fund_service.api.asking import Asking
from fund_service.past.moments import Moment
from fund_service.permissions.past import LOOKERS
from fund_service.permissions.reading_log import Entry, may_hear
from projections.database import one_moment
from projections.timeline import later, older

_OURS: Final = ("as_of", "held_at", "done")
"""What an address says of the moment that its page shows, or of a deed that led to it."""
_LINK: Final = re.compile(r'(<a\b[^>]*?\bhref=")(/[^"]*|\?[^"]*)"')
_GETS: Final = re.compile(r'<form\b[^>]*\bmethod="get"[^>]*>')
_SENDS: Final = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>(.*?)</form>', re.DOTALL)
_DEED: Final = re.compile(r'<a\b[^>]*\bhref="/(?:do/|demo)[^"]*"[^>]*>.*?</a>', re.DOTALL)
_HEADS_ROW: Final = re.compile(r'(<th\b[^>]*>\s*)<a\b[^>]*\bhref="/(?:do/|demo)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
"""A deed that names its row: its words stay."""
_BOX: Final = re.compile(r"<(button|select|textarea|label)\b.*?</\1>|<input\b[^>]*>", re.DOTALL)
_LIVE: Final = re.compile(r'(<main\b[^>]*?) data-live(?:="[^"]*")?')
_STAYS: Final = ("/sign-out", "/language")
"""Where a form leads that does nothing in the fund."""


class Back(NamedTuple):
    """Where somebody who may look back stands: `position` of so many as `end`; `moment` is None on a page of now.

    `now` is the address of the page now, `cited` that of exactly what it shows; `earlier` and `later` are those of the
    page as of the event of its thing before and after; `kept` are the pairs that its forms keep, `changed` is the
    address of what changed since.
    """

    position: int
    end: int
    moment: Moment | None
    path: str
    now: str
    cited: str
    earlier: str | None
    later: str | None
    kept: tuple[tuple[str, str], ...]
    changed: str | None = None


def back_of(asking: Asking, today: Asking, request: Request, id: UUID | None) -> Back | None:
    """Return where somebody stands on a page about the thing with this id; None for who may not look back."""
    if not LOOKERS & asking.account.roles.keys():
        return None
    path, moment = request.url.path, asking.moment
    kept = tuple((name, value) for name, value in request.query_params.multi_items() if name not in _OURS)
    held = (("held_at", moment.held_at.isoformat()),) if moment is not None and moment.held_at is not None else ()

    def address(position: int | None) -> str:
        return _with(path, (*kept, ("as_of", str(position)), *held))

    before, after = _beside(today, id, asking.position)
    return Back(
        asking.position,
        today.position,
        moment,
        path,
        _with(path, kept),
        address(asking.position),
        address(before) if before is not None else None,
        address(after) if after is not None else None,
        (*kept, *held),
        f"/audit/changes?{urlencode({'since': asking.position})}" if moment is not None else None,
    )


def _with(path: str, pairs: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _beside(today: Asking, id: UUID | None, position: int) -> tuple[int | None, int | None]:
    """Return the positions of the events of a thing before and after a position, as far as who asks may hear of it."""
    if id is None:
        return None, None
    with one_moment(today.context.parts.views) as connection:
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
    """Return a page whose links and filters stay in the moment, and that offers nothing to be done."""
    said = urlencode(
        [("as_of", str(moment.position)), *([("held_at", moment.held_at.isoformat())] if moment.held_at else [])]
    )
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{value}">' for name, value in _pairs(moment) if value is not None
    )
    content = _SENDS.sub(_unsent, _LIVE.sub(r"\1", content))
    content = _LINK.sub(lambda found: _stays(found, said), _DEED.sub("", _HEADS_ROW.sub(r"\1\2", content)))
    return _GETS.sub(lambda found: found[0] if "data-moment" in found[0] else f"{found[0]}{hidden}", content)


def _pairs(moment: Moment) -> tuple[tuple[str, str | None], ...]:
    held = moment.held_at.isoformat() if moment.held_at is not None else None
    return ("as_of", str(moment.position)), ("held_at", held)


def _unsent(form: re.Match[str]) -> str:
    """Return what stands in a form without the form and its boxes; a form that does nothing in the fund stays."""
    if any(f'action="{where}' in form[0].partition(">")[0] for where in _STAYS):
        return form[0]
    return _BOX.sub("", form[1])


def _stays(link: re.Match[str], said: str) -> str:
    return link[0] if "data-now" in link[1] else f'{link[1]}{_staying(link[2], said)}"'


def _staying(address: str, said: str) -> str:
    """Return the address of a link with the moment; one that names a moment, or now, is left as it is."""
    parts = urlsplit(address.replace("&amp;", "&"))
    if "as_of=" in parts.query or "since=" in parts.query or parts.path.startswith(("/assets/", "/sign-")):
        return address
    query = f"{parts.query}&{said}" if parts.query else said
    return f"{parts.path}?{query}{f'#{parts.fragment}' if parts.fragment else ''}".replace("&", "&amp;")
