"""How the page of a deed looks: its form, what would follow, and why it is refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import Request, Response
from starlette.routing import Match

from domain.errors import FundError, NotPermitted, Refused, RuleViolated, Unavailable
from domain.grant.commands import AcceptGrant, DeclineGrant
from domain.messages import Command
from domain.rulebook import rule
from fund_service.api.asking import Asking, Open, looking
from fund_service.api.bearing import Bearing
from fund_service.api.context import Context, Signed
from fund_service.api.deeds import DEED_OF
from fund_service.api.describing import told_by
from fund_service.api.problems import Mistaken, StepUpNeeded
from fund_service.api.writing import stream_of
from fund_service.auth.form_drafts import FormDraft
from fund_service.auth.sessions import How
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.views import View
from fund_service.web.begun import is_saved
from fund_service.web.beside import beside
from fund_service.web.boxes import Typed
from fund_service.web.choices import choices
from fund_service.web.deed_forms import FORMS
from fund_service.web.forms import HOME, own_page
from fund_service.web.heard import Heard, in_words
from fund_service.web.pages import Pages, frame_for
from fund_service.web.rendering import page
from fund_service.web.subjects import subjects
from fund_service.web.wishes import Wish


def deed_page(
    context: Context,
    request: Request,
    bearing: Bearing,
    wish: Wish,
    heard: Heard,
    status: int = 200,
    signed: Signed | None = None,
) -> Response:
    """Return the page of a deed, for who is `signed` in, with what they left in its form, where both were looked up
    already. Raises NotSignedIn.
    """
    draft = wish.draft
    if signed is None:
        signed = context.holder(bearing)
        draft = context.parts.form_drafts.find(signed.actor.subject, wish.address)
    with looking(context, request, bearing, signed, dict(wish.names), Open.SIGNED_IN, wish.deed.path) as asking:
        form = FORMS.get(wish.deed.command)
        shown = form.shown(asking, wish, heard) if form is not None else _boxes(asking, wish, heard)
        variables = {"frame": frame_for(asking, request), **_shared(asking, wish, heard, draft), **shown}
    return page(form.template if form is not None else "deed.html", variables, status)


def leads_to(pages: Pages, wish: Wish, command: Command) -> str:
    """Return where one goes on after a deed: where the form says, else the page of what it is about, else home.

    Who left something sees its page no more.
    """
    where = own_page(wish.value("next")) if wish.value("next") else wish.deed.at.format_map(dict(command))
    if not wish.value("next") and not _opens(pages, where, command.by):
        where = HOME
    path, mark, place = where.partition("#")
    return f"{path}{'&' if '?' in path else '?'}done={command.key}{mark}{place}"


def _opens(pages: Pages, path: str, by: UUID) -> bool:
    """Tell whether there is a page at a path that somebody may see."""
    scope = {"type": "http", "path": path, "method": "GET"}
    found = (route.matches(scope) for route in pages.router.routes)
    scopes = [child for match, child in found if match is Match.FULL]
    if not scopes:
        return False
    sight = getattr(scopes[0]["endpoint"], "sight", None)
    if not isinstance(sight, View):
        return True
    named = next(iter(scopes[0]["path_params"].values()))
    reader = Actor(by, now=pages.context.parts.clock.now)
    return may_see(sight, reader, UUID(named), pages.context.parts.fund.world())


def _shared(asking: Asking, wish: Wish, heard: Heard, draft: FormDraft | None) -> dict[str, Any]:
    error = heard.error
    keeps = isinstance(error, Unavailable) and wish.value("key")
    own = asking.session
    proved = own is None or own.is_fresh(datetime.now(UTC)) or own.how is How.DEMONSTRATION
    return {
        "title": wish.title,
        "uploads": wish.deed.uploads,
        "action": wish.address,
        "saved": draft,
        "is_saved": is_saved(wish, draft),
        "explained": told_by(wish.deed.command.__doc__)[1],
        "instead": _instead(wish),
        "subjects": subjects(asking, wish.names),
        "key": keeps or uuid4().hex,
        "seen": _seen(asking, wish),
        "next": wish.value("next"),
        "back": own_page(wish.value("next")) if wish.value("next") else _about(asking, wish),
        "beside": beside(asking, wish),
        "proof_needed": wish.deed.steps_up and not proved,
        "foreseen": heard.foreseen,
        "refused": error if isinstance(error, Refused | NotPermitted) else None,
        "rule": rule(error.code) if isinstance(error, RuleViolated) else None,
        "error": None if isinstance(error, Refused | NotPermitted) else _told(error),
        "mistakes": heard.mistakes,
    }


def _about(asking: Asking, wish: Wish) -> str | None:
    """Return the page of what a deed is about, where who looks may see it."""
    own = asking.account.organisation_id is not None  # an application has a page for its own people alone
    for name, sight, where in _ABOUT:
        if name in wish.names and (own or sight is not View.DRAFT) and asking.sees(sight, wish.names[name]):
            return where.format_map(wish.names)
    return None


_ABOUT: Final = (
    ("grant_id", View.GRANT, "/grants/{grant_id}"),
    ("pilot_action_id", View.DRAFT, "/pilot-actions/{pilot_action_id}"),
    ("partnership_id", View.PARTNERSHIP, "/partnerships/{partnership_id}"),
)
"""The things that have a page of their own, the nearest first, and who sees it."""
_INSTEAD: Final[Mapping[type[Command], type[Command]]] = {AcceptGrant: DeclineGrant}
"""What one may do in the place of a deed, and finds beside it."""


def _instead(wish: Wish) -> tuple[str, str] | None:
    """Return the title and the page of what one may do instead, None where there is nothing."""
    other = _INSTEAD.get(wish.deed.command)
    there = Wish(DEED_OF[other], wish.names, ()) if other is not None else None
    return (there.title, there.address) if there is not None else None


def _told(error: FundError | None) -> FundError | str | None:
    if isinstance(error, Mistaken):
        return "Something in the form is missing or cannot be read. It is named beside its box."
    if isinstance(error, StepUpNeeded):
        return "This needs a fresh proof of who you are. Enter your password below."
    return in_words(error) if error is not None else None


def _seen(asking: Asking, wish: Wish) -> str:
    """Return the version of what two people may write, as who asks sees it on this page, or saw it when they began."""
    if wish.restored and wish.value("seen"):
        return wish.value("seen")
    if wish.deed.guards is None:
        return ""
    return f'"{asking.world.version(wish.deed.guards, stream_of(wish.deed.guards, wish.names))}"'


def _boxes(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    fields = wish.fields
    typed = Typed(wish.pairs, heard.mistakes, choices(asking, wish.names, list(fields)))
    return {"boxes": typed.boxes(fields)}
