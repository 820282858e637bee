"""One deed about many things: each row is foreseen, then recorded as a command of its own, or stays with its reason.

There is no deed about many things in the fund. What is done here is what somebody would do row by row: the same
command, the same dry run, and for each row a key of its own, so that what is sent twice is recorded once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError, Malformed, RuleViolated
from domain.messages import Command
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open, looking
from fund_service.api.deeds import DEED_OF, Deed
from fund_service.api.describing import names_in
from fund_service.api.seeing import hidden
from fund_service.api.writing import asked
from fund_service.foreseeing import Done, Foreseen, done, foresee
from fund_service.permissions.actors import Actor
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.web.boxes import Typed
from fund_service.web.choices import choices
from fund_service.web.deed_forms import FORMS
from fund_service.web.forms import borne_by_form, pairs_of
from fund_service.web.heard import Heard, in_words
from fund_service.web.pages import Pages, frame_for
from fund_service.web.rendering import page
from fund_service.web.subjects import subjects
from fund_service.web.typed import OURS, Pairs
from fund_service.web.wishes import DO, Wish, deed_address, wish_at

TOGETHER: Final = "/together"
MOST: Final = 200
"""So many rows at once."""
_OWN: Final = OURS | {"row", "tick", "deed", "record"}
"""What a form bears here beside the fields of its command."""


NOTHING: Final = Heard()


@dataclass(frozen=True)
class Row:
    """One of many: the page of the deed about it, what is wished for it, and what was heard, or recorded."""

    address: str
    wish: Wish
    ticked: bool
    about: tuple[str, ...] = ()
    heard: Heard = NOTHING
    done: Done | None = None

    @property
    def foreseen(self) -> Foreseen | None:
        """What would be recorded."""
        return self.heard.foreseen

    @property
    def refused(self) -> FundError | str | None:
        """Why not."""
        return in_words(self.heard.error) if self.heard.error is not None else None

    @property
    def rule(self) -> str | None:
        """The rule that says no."""
        return self.heard.error.code if isinstance(self.heard.error, RuleViolated) else None


def can_be_together(deed: Deed) -> bool:
    """Tell whether a deed can be done about many things at once.

    What is decided on a version that one saw, what needs a fresh proof, a file or a form of its own is done one by one.
    """
    return deed.guards is None and not deed.steps_up and not deed.uploads and deed.command not in FORMS


def kinds(asking: Asking, *commands: type[Command]) -> list[tuple[str, str]]:
    """Return the name and the title of those deeds that who looks may do about the rows of a list; none in the past."""
    roles = asking.account.roles.keys() if asking.moment is None else frozenset()
    may = (one for one in commands if PERMISSIONS[one].roles & roles)
    return [(one.__name__, Wish(DEED_OF[one], {}, ()).title) for one in may]


def groups(addresses: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the pages of deeds by the title of the deed, where one can be done about two things or more."""
    found: dict[str, list[str]] = {}
    for one in addresses:
        wish = wish_at(one.partition("?")[0].removeprefix(f"{DO}/"), ())
        if can_be_together(wish.deed):
            found.setdefault(wish.title, []).append(one)
    return [(title, those) for title, those in found.items() if len(those) > 1]


def together_pages(pages: Pages) -> None:
    """Enter the page of many deeds."""

    async def sent(request: Request) -> Response:
        return await run_in_threadpool(_sent, pages, request, await pairs_of(request))

    sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route(TOGETHER, sent, methods=["POST"], include_in_schema=False, response_model=None)


def _sent(pages: Pages, request: Request, pairs: Pairs) -> Response:
    """Foresee every row, or record those that are ticked. Raises CrossSite, NotSignedIn, Malformed, TooMany."""
    context = pages.context
    session = Asked(context, borne_by_form(request, dict(pairs)), datetime.now(UTC))
    session.bearing.check_site()
    signed = context.signed(session.bearing)
    rows, recording = _rows(pairs), bool(dict(pairs).get("record"))
    step = _recorded if recording else _foretold
    heard = [step(pages, request, signed.actor, row, dict(pairs).get("key", "")) for row in rows]
    with looking(context, request, session.bearing, context.holder(session.bearing), {}, Open.SIGNED_IN, "") as asking:
        shown = _shown(asking, _about(asking, heard), pairs, recorded=recording)
        variables = {"frame": frame_for(asking, request), **shown}
    return page("together.html", variables)


def _rows(pairs: Pairs) -> list[Row]:
    """Return what is wished, row by row. Raises Malformed, NotFound."""
    given = dict(pairs)
    named = list(dict.fromkeys(value for name, value in pairs if name == "row"))
    addresses = [_address(given["deed"], one) for one in named] if given.get("deed") else named
    ticked = {value for name, value in pairs if name == "tick"} if "key" in given else {*addresses}
    rows = [Row(one, _wish(one, pairs), one in ticked) for one in addresses]
    if not rows:
        raise Malformed("No row is ticked.", "Go back, and tick the rows that you mean.")
    if len(rows) > MOST:
        raise Malformed(f"These are {len(rows)} rows; at most {MOST} go together.", "Tick fewer.")
    if len({row.wish.deed.command for row in rows}) > 1 or not can_be_together(rows[0].wish.deed):
        raise Malformed("These deeds cannot be done together.", "Do them one by one.")
    return rows


def _address(command: str, id: str) -> str:
    """Return the page of a deed about the one thing that its path names. Raises Malformed."""
    found = next((deed for known, deed in DEED_OF.items() if known.__name__ == command), None)
    if found is None or len(names_in(found.path)) != 1:
        raise Malformed("There is no such deed about many things.", "Go back, and choose another.")
    return deed_address(command, **{names_in(found.path)[0]: id})


def _wish(address: str, pairs: Pairs) -> Wish:
    """Return what is wished for a row: what its address names, and for the rest what stands in the form for all."""
    path, _, query = address.partition("?")
    own = parse_qsl(query)
    rest = [(name, value) for name, value in pairs if name not in _OWN and name not in dict(own)]
    sent = [("key", "-")] if "key" in dict(pairs) else []
    return wish_at(path.removeprefix(f"{DO}/"), [*own, *rest, *sent])


def _about(asking: Asking, rows: Sequence[Row]) -> list[Row]:
    """Return rows with what each is about, and what it says for itself where others may say otherwise."""
    own = [parse_qsl(row.address.partition("?")[2]) for row in rows]
    known = choices(asking, rows[0].wish.names, list(dict.fromkeys(name for pairs in own for name, _ in pairs)))
    called = {name: dict(found) for name, found in known.items()}
    said = [[called[name][value] for name, value in pairs if value in called.get(name, ())] for pairs in own]
    words = [[word for _, word in subjects(asking, row.wish.names)] for row in rows]
    return [replace(row, about=(*about, *own)) for row, about, own in zip(rows, words, said, strict=True)]


def _foretold(pages: Pages, request: Request, actor: Actor, row: Row, key: str) -> Row:
    """Return a row with what would be recorded, or why not; with neither where something is still to be said."""
    try:
        given, fields = row.wish.said, row.wish.fields
        if not all(name in given for name, about in fields.items() if about.is_required()):
            return row
        command, terms = asked(row.wish.deed, actor, pages.context.arrived(request), "-", '"0"', given)
        with hidden(pages.context, actor, command, row.wish.deed.makes):
            return replace(row, heard=Heard(foreseen=foresee(pages.context.parts.fund, command, terms)))
    except FundError as error:
        return replace(row, heard=Heard(error=error), ticked=False)


def _recorded(pages: Pages, request: Request, actor: Actor, row: Row, key: str) -> Row:
    """Do the deed about a row that is ticked, and return the row with what was recorded, or why not."""
    if not row.ticked:
        return row
    own = uuid5(NAMESPACE_URL, f"{key} {row.address}").hex
    try:
        command, terms = asked(row.wish.deed, actor, pages.context.arrived(request), own, '"0"', row.wish.said)
        with hidden(pages.context, actor, command, row.wish.deed.makes):
            return replace(row, done=done(pages.context.parts.fund, command, terms))
    except FundError as error:
        return replace(row, heard=Heard(error=error))


def _shown(asking: Asking, rows: Sequence[Row], pairs: Pairs, *, recorded: bool) -> dict[str, Any]:
    first = rows[0].wish
    own = set.intersection(*({name for name, _ in parse_qsl(row.address.partition("?")[2])} for row in rows))
    fields = {name: about for name, about in first.fields.items() if name not in own}
    mistakes = next((row.heard.mistakes for row in rows if row.heard.mistakes), {})
    shared = [(name, value) for name, value in pairs if name not in _OWN]
    return {
        "title": first.title,
        "boxes": Typed(shared, mistakes, choices(asking, first.names, list(fields))).boxes(fields),
        "shared": shared,
        "rows": rows,
        "recorded": recorded,
        "key": uuid4().hex,
        "possible": [row for row in rows if row.foreseen],
        "refused": [row for row in rows if row.refused],
        "done": [row for row in rows if row.done],
        "action": TOGETHER,
    }
