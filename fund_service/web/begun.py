"""Forms that are begun: saved without being sent, shown again as they were left, thrown away."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import RedirectResponse

from domain.errors import Malformed, NotFound
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking
from fund_service.api.context import Context
from fund_service.api.seeing import NAMED
from fund_service.auth.form_drafts import FormDraft
from fund_service.foreseeing import recorded
from fund_service.permissions.actors import Actor
from fund_service.web.subjects import subjects
from fund_service.web.typed import OURS, Pairs
from fund_service.web.wishes import DO, Wish, wish_at

_NOT_TYPED: Final = (OURS - {"seen"}) | {"digest"}
"""What nobody typed is not kept: a digest names what stands on the page now. `seen` is: whoever goes on later writes on
top of what they saw when they began.
"""
_WHOLE: Final = ("", "yes", "auto")
"""What a form says that is saved as a whole: by its button, or by itself while somebody types."""
_PART: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST: Final = 500
"""The directory keeps addresses of so many characters."""


class Begun(NamedTuple):
    """A form that somebody began: of which deed, about what, where it is, and when it was saved (UTC)."""

    title: str
    about: tuple[str, ...]
    address: str
    saved_at: datetime


def kept(asked: Asked, wish: Wish, now: datetime) -> Response:
    """Keep a form, or throw it away, and return the way back to its page, to the part of it that is next.

    Raises Malformed, and WrongStage for who began too many.
    """
    if len(wish.address) > _LONGEST:
        raise Malformed("This address is too long.", "Go back, and follow a link.")
    drafts = asked.parts.form_drafts
    if wish.value("forget"):
        drafts.forget(asked.subject, wish.address)
    else:
        drafts.keep(asked.subject, wish.address, _typed(wish.pairs), now)
        if recorded(asked.parts.fund, asked.subject, wish.value("key"))[0]:
            drafts.forget(asked.subject, wish.address)  # the form was sent while this was on its way
    part = wish.value("save") if _PART.fullmatch(wish.value("save")) else ""
    query = {name: value for name, value in (("open", part), ("next", wish.value("next"))) if value not in _WHOLE}
    place = f"#part-{part}" if "open" in query else ""
    return RedirectResponse(f"{wish.address}{'?' + urlencode(query) if query else ''}{place}", 303)


def is_saved(wish: Wish, draft: FormDraft | None) -> bool:
    """Tell whether what stands in a form is what was saved of it."""
    saved = _words(draft.fields) if draft is not None else None
    return wish.restored or _words(_typed(wish.pairs)) == saved


def _typed(pairs: Pairs) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if name not in _NOT_TYPED]


def _words(fields: Pairs) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name != "seen"]


def restored(context: Context, actor: Actor, wish: Wish) -> Wish:
    """Return a wish with what somebody left in its form, where they began it; else as it is."""
    draft = context.parts.form_drafts.find(actor.subject, wish.address)
    if draft is None:
        return wish
    names = {name for name, _ in draft.fields}
    rest = [(name, value) for name, value in wish.pairs if name not in names]
    return replace(wish, pairs=[*draft.fields, *rest], draft=draft)


def begun(asking: Asking) -> Iterator[Begun]:
    """Yield the forms that who asks began, the newest first."""
    for draft in asking.context.parts.form_drafts.of(asking.by):
        with suppress(NotFound):  # a later version of the service may know no such deed any more
            wish = wish_at(draft.page.removeprefix(f"{DO}/"), ())
            named = [(view, wish.names[name]) for name, view in NAMED.items() if name in wish.names]
            if not all(asking.sees(view, id) for view, id in named):
                continue  # what it is about is not there for this one any more
            about = tuple(word for _, word in subjects(asking, wish.names))
            yield Begun(wish.title, about, draft.page, draft.saved_at)
