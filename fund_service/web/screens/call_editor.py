"""The editor of a call: a new edition pasted, brought as a file, or copied from the last one with later dates; its
mistakes line by line, what differs from the last edition, its calendar played in a supposed world, and then the deed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from domain.call.aggregate import CALL, announced
from domain.call.commands import PublishCall
from domain.call.rules import CallRules
from domain.errors import FundError, Malformed, NotFound
from domain.ids import call_id
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open, looking
from fund_service.api.deeds import DEED_OF
from fund_service.api.writing import admitted, asked
from fund_service.editions.clocks import after_release, until_release
from fund_service.editions.comparing import Difference, differences, later, text_of_edition
from fund_service.editions.fitting import misfits
from fund_service.editions.loader import read_edition
from fund_service.editions.playing import played
from fund_service.foreseeing import Foreseen, done, foresee
from fund_service.plain_words import in_plain_words
from fund_service.rehearsal.needs import unmet
from fund_service.web import edited
from fund_service.web.edited import CALLED, dates_of, text_of
from fund_service.web.forms import borne_by_form
from fund_service.web.offers import possible
from fund_service.web.pages import Pages, frame_for
from fund_service.web.rendering import page

EDITOR: Final = "/editions/new"
_DEED: Final = DEED_OF[PublishCall]
_YEARS: Final = 2
_WEEKS: Final = 52


def call_editor_page(pages: Pages) -> None:
    """Enter the page, and what its forms send."""

    @pages.page(EDITOR, "call_editor.html", Open.SIGNED_IN, acts=True)
    def begun(asking: Asking) -> Mapping[str, Any]:
        _check(asking)
        return _shown(asking, "")

    async def sent(request: Request) -> Response:
        return await run_in_threadpool(_sent, pages, request, await edited.sent(request))

    sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route(EDITOR, sent, methods=["POST"], include_in_schema=False, response_model=None)


def _check(asking: Asking) -> None:
    """Raise NotFound for who publishes no calls."""
    if not list(possible(asking, (PublishCall,))):
        raise NotFound("There is nothing at this address.", "Go back, and follow a link.")


def _sent(pages: Pages, request: Request, fields: Mapping[str, str]) -> Response:
    """Look at an edition, or publish it. Raises CrossSite, NotSignedIn, NotFound."""
    context = pages.context
    session = Asked(context, borne_by_form(request, fields), datetime.now(UTC))
    session.bearing.check_site()
    signed = context.signed(session.bearing)
    with looking(context, request, session.bearing, signed, {}, Open.SIGNED_IN, EDITOR) as asking:
        _check(asking)
        text, wrong = fields.get("text", ""), ""
        try:
            text = _written(asking, fields)
            if fields.get("publish"):
                return _published(pages, request, session, read_edition(text, CALLED), fields.get("key", ""))
        except FundError as error:
            wrong = str(error)
        shown = _shown(asking, text, wrong)
        return page("call_editor.html", {"frame": frame_for(asking, request), **shown}, 422 if wrong else 200)


def _published(pages: Pages, request: Request, session: Asked, rules: CallRules, key: str) -> Response:
    """Publish a call, and return the way to its page. Raises FundError."""
    actor = admitted(pages.context, _DEED, session.bearing, dry_run=False)
    given = {"call_id": call_id(rules.edition), "rules": rules}
    command, terms = asked(_DEED, actor, pages.context.arrived(request), key, '"0"', given)
    done(pages.context.parts.fund, command, terms)
    return RedirectResponse(f"{_DEED.at.format_map(dict(command))}?done={command.key}", 303)


def _written(asking: Asking, fields: Mapping[str, str]) -> str:
    """Return the text of the edition as a form leaves it, or copied from the last. Raises Malformed."""
    last = _last(asking)
    if fields.get("copy") and last is not None:
        try:
            return text_of_edition(later(last, fields.get("edition", ""), _weeks(fields.get("years", ""))))
        except ValidationError as invalid:
            told = in_plain_words(invalid.errors(include_url=False)[0], CallRules)
            raise Malformed(f"The name of the edition: {told}.", "Write it as in iurc-2028.") from invalid
    return text_of(fields)


def _weeks(years: str) -> int:
    if not (years.isdecimal() and 1 <= int(years) <= 9):
        raise Malformed("The number of years cannot be read.", "Write a number from 1 to 9.")
    return _WEEKS * int(years)


def _last(asking: Asking) -> CallRules | None:
    """Return the rules of the call that was published last."""
    calls = asking.calls
    state = asking.world.find(CALL, calls[-1].id) if calls else None
    return announced(state) if state is not None else None


def _shown(asking: Asking, text: str, wrong: str = "") -> dict[str, Any]:
    """Return what the page shows of a text: its mistakes, or what follows from it."""
    last = _last(asking)
    shown: dict[str, Any] = {
        "text": text,
        "wrong": wrong.splitlines(),
        "last": last,
        "key": uuid4().hex,
        "action": EDITOR,
        "years": _YEARS,
        **dict.fromkeys(("rules", "foreseen", "refused")),
    }
    if not text:
        return shown
    try:
        rules = read_edition(text, CALLED)
    except Malformed as mistakes:
        return {**shown, "wrong": shown["wrong"] or str(mistakes).splitlines()}
    now = asking.now
    foreseen, refused = _foretold(asking, rules, now)
    changed: list[Difference] = differences(last, rules) if last is not None else []
    return {
        **shown,
        "rules": rules,
        "changed": changed,
        "misfits": misfits(rules, now),
        "foreseen": foreseen,
        "refused": refused,
        "points": dates_of(rules),
        "pictures": (until_release(rules), after_release(rules)),
        "played": played(asking.context.parts.fund.world(), rules, now),
        "unmet": list(unmet(rules)),
    }


def _foretold(asking: Asking, rules: CallRules, now: datetime) -> tuple[Foreseen | None, FundError | None]:
    """Return what would follow from publishing, or why it is refused."""
    given = {"call_id": call_id(rules.edition), "rules": rules}
    try:
        command, terms = asked(_DEED, asking.actor, now, "-", '"0"', given)
        return foresee(asking.context.parts.fund, command, terms), None
    except FundError as error:
        return None, error
