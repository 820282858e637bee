"""The page of every deed: what it takes, what would follow from it, why it is not possible now; and the deed itself.

Nothing is typed in vain: whatever is refused, and whoever is not signed in any more, finds the words where they were.
"""

from datetime import UTC, datetime
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError, NotFound
from fund_service.api.acting import Asked, Who, with_cookies
from fund_service.api.acting import admitted as let_in
from fund_service.api.asking import Open
from fund_service.api.bearing import Bearer
from fund_service.api.context import Context, Signed
from fund_service.api.problems import NotSignedIn, kind_of
from fund_service.api.resources.signing_in import Credentials, Proof, sign_in, step_up
from fund_service.api.seeing import hidden
from fund_service.api.writing import admitted, asked
from fund_service.auth.sessions import How, csrf_of
from fund_service.foreseeing import done, foresee
from fund_service.permissions.checking import check_permission
from fund_service.permissions.views import View
from fund_service.web.begun import kept, restored
from fund_service.web.bringing import bring
from fund_service.web.deed_forms import FORMS
from fund_service.web.deed_page import deed_page, leads_to
from fund_service.web.elsewhere import elsewhere
from fund_service.web.entering import said
from fund_service.web.forms import borne_by_form, pairs_of
from fund_service.web.heard import Heard
from fund_service.web.pages import Pages, frame_of
from fund_service.web.rendering import page
from fund_service.web.typed import OURS
from fund_service.web.wishes import DO, Wish, wish_at

_ADDRESS: Final = f"{DO}/{{path:path}}"
_ACTION: Final = "pilot_action_id"
"""What a path calls the pilot action whose form, as an applicant's, is passed on."""


def deed_pages(pages: Pages) -> None:
    """Enter the page of every deed, and what its form sends."""

    def shown(request: Request, bearer: Bearer, path: str) -> Response:
        signed = pages.context.signed(bearer)
        pages.follow(request, signed)
        wish = restored(pages.context, signed.actor, wish_at(path, request.query_params.multi_items()))
        try:
            heard = _foretold(pages.context, request, wish, signed)
            return deed_page(pages.context, request, bearer, wish, heard, signed=signed)
        except NotFound:
            about = wish.names.get(_ACTION)
            if about is None or (there := elsewhere(signed, View.DOSSIER, _ACTION, about)) is None:
                raise
            return RedirectResponse(there, 303)

    async def sent(request: Request, path: str) -> Response:
        if wish_at(path, ()).deed.uploads:
            return await bring(pages, request, path)
        return await run_in_threadpool(_sent, pages, request, wish_at(path, await pairs_of(request)))

    shown.sight = sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route(_ADDRESS, shown, methods=["GET"], include_in_schema=False, response_model=None)
    pages.router.add_api_route(_ADDRESS, sent, methods=["POST"], include_in_schema=False, response_model=None)


def _foretold(context: Context, request: Request, wish: Wish, signed: Signed) -> Heard:
    """Return what would follow where all is said already; else whether who asks may do it at all. Raises NotFound."""
    try:
        given = wish.said
        form = FORMS.get(wish.deed.command)
        if (form is None or form.foretells) and all(
            name in given for name, about in wish.fields.items() if about.is_required()
        ):
            return _foreseen(context, request, signed, wish)
        actor = signed.actor
        command = wish.deed.command.model_construct(by=actor.subject, key="", **given)
        with hidden(context, actor, command, wish.deed.makes):
            check_permission(command, signed.world or context.parts.fund.world(), actor)
    except NotFound:
        raise
    except FundError as error:
        return Heard(error=error)
    except AttributeError:
        return Heard()  # whether one may depends on what the form will name, and is checked when it does
    return Heard()


def _foreseen(context: Context, request: Request, signed: Signed, wish: Wish) -> Heard:
    """Return what would follow. Raises what the deed would raise."""
    actor, sent = signed.actor, "key" in dict(wish.pairs)
    seen = wish.value("seen", '"0"')
    command, terms = asked(wish.deed, actor, context.arrived(request), wish.value("key", "-"), seen, wish.said)
    terms = terms if "seen" in dict(wish.pairs) else terms._replace(seen=None)
    with hidden(context, actor, command, wish.deed.makes):
        return Heard(foreseen=foresee(context.parts.fund, command, terms, None if sent else signed.world))


def _sent(pages: Pages, request: Request, wish: Wish) -> Response:
    """Do a deed, or show its page again with what stood in its form. Raises CrossSite, NotFound."""
    context = pages.context
    session = Asked(context, borne_by_form(request, dict(wish.pairs)), datetime.now(UTC))
    session.bearing.check_site()
    try:
        answer = _heard(session, pages, request, wish)
    except NotFound:
        raise
    except NotSignedIn:
        answer = _signed_out(context, request, wish, None)
    except FundError as error:
        # the form may be of a session before
        own = session.bearing._replace(shown=csrf_of(session.bearing.cookie or ""))
        answer = deed_page(context, request, own, wish, Heard(error=error), kind_of(error).status)
    return with_cookies(session, answer)


def _heard(session: Asked, pages: Pages, request: Request, wish: Wish) -> Response:
    """Return the answer to what a form asks for by its button. Raises FundError."""
    if "login" in dict(wish.pairs):
        return _begun(session, request, wish)
    if wish.value("save") or wish.value("forget"):
        return kept(let_in(session.context, Who.IN_SESSION, session.bearing), wish, pages.context.arrived(request))
    return _done(session, pages, request, wish)


def _done(session: Asked, pages: Pages, request: Request, wish: Wish) -> Response:
    """Do a deed, or foresee it, and return where one goes on. Raises FundError."""
    context, deed = pages.context, wish.deed
    if wish.value("password") or wish.value("code"):
        _prove(session, wish)
    elif deed.steps_up:
        _prove_by_click(session)
    if wish.value("dry_run"):
        heard = _foreseen(context, request, context.holder(session.bearing), wish)
        return deed_page(context, request, session.bearing, wish, heard)
    actor = admitted(context, deed, session.bearing, dry_run=False)
    command, terms = asked(deed, actor, context.arrived(request), wish.value("key"), wish.value("seen"), wish.said)
    with hidden(context, actor, command, deed.makes):
        done(context.parts.fund, command, terms)
    context.parts.form_drafts.forget(actor.subject, wish.address)
    return RedirectResponse(leads_to(pages, wish, command), 303)


def _prove(session: Asked, wish: Wish) -> None:
    """Prove again who asks: the session goes on under a new secret. Raises FundError."""
    known = let_in(session.context, Who.IN_SESSION, session.bearing)
    step_up(known, said(Proof, {name: wish.value(name) or None for name in ("password", "code")}))
    _go_on(session, known.secret)


def _prove_by_click(session: Asked) -> None:
    """Take it as the proof of who somebody is that a visitor of a demonstration clicks. Raises FundError."""
    own = let_in(session.context, Who.IN_SESSION, session.bearing).own
    if own.how is How.DEMONSTRATION and not own.is_fresh(session.now):
        _go_on(session, session.parts.sessions.prove(own.id, session.now)[1])


def _begun(session: Asked, request: Request, wish: Wish) -> Response:
    """Sign in again, and return the page with what stood in its form; nothing is done yet."""
    given = {"login": wish.value("login"), "password": wish.value("password"), "code": wish.value("code") or None}
    try:
        sign_in(session, said(Credentials, given))
    except FundError as error:
        return _signed_out(session.context, request, wish, error)
    _go_on(session, session.secret)
    return deed_page(session.context, request, session.bearing, wish, Heard())


def _go_on(session: Asked, secret: str | None) -> None:
    assert secret is not None
    session.secret = secret
    session.bearing = session.bearing._replace(cookie=secret, shown=csrf_of(secret))


def _signed_out(context: Context, request: Request, wish: Wish, error: FundError | None) -> Response:
    """Return a page to sign in again, which keeps what stood in the form."""
    words = [(name, value) for name, value in wish.pairs if name not in OURS or name in ("key", "seen", "next")]
    shown = {"title": wish.title, "kept": words, "login": wish.value("login"), "error": error}
    status = kind_of(error).status if error is not None else 401
    return page("signed_out.html", {"frame": frame_of(context, request), **shown}, status)
