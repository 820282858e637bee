"""The corrections of a published call: its present text, what would differ and which rule allows each change or not,
which clocks would move, who would be told, and then the proposal; and the one that waits for a second person (D21).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, Call, announced
from domain.call.commands import ConfirmCorrection, ProposeCorrection
from domain.call.correcting import judged_points
from domain.call.events import CorrectionProposed
from domain.call.rules import CallRules
from domain.errors import FundError, Malformed, NotFound, Refused, RuleViolated
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open, looking
from fund_service.api.deeds import DEED_OF
from fund_service.api.resources.calls import published_call
from fund_service.api.writing import admitted, asked
from fund_service.editions.clocks import moved
from fund_service.editions.comparing import Difference, differences, text_of_edition
from fund_service.editions.fitting import misfits
from fund_service.foreseeing import Foreseen, done, foresee, supposed
from fund_service.web import edited
from fund_service.web.edited import dates_of, edition_of, text_of
from fund_service.web.forms import borne_by_form
from fund_service.web.heard import Heard
from fund_service.web.offers import offer, possible
from fund_service.web.pages import Pages, frame_for
from fund_service.web.rendering import page
from fund_service.web.wishes import Wish
from projections import lists

CORRECTION: Final = "/calls/{call_id}/correction"
_DEED: Final = DEED_OF[ProposeCorrection]
_SOMEBODY: Final = UUID(int=2)
"""Nobody: the second person who would confirm, in a supposed world alone."""


class Change(NamedTuple):
    """A difference, whether it is material, why it is not possible now, and by which rule."""

    difference: Difference
    material: bool
    refused: FundError | None
    rule: str | None


def call_correction_page(pages: Pages) -> None:
    """Enter the page, and what its forms send."""

    @pages.page(CORRECTION, "call_correction.html", Open.SIGNED_IN, acts=True)
    def begun(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
        return _shown(asking, call_id, {})

    async def sent(request: Request, call_id: UUID) -> Response:
        return await run_in_threadpool(_sent, pages, request, call_id, await edited.sent(request))

    sent.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route(CORRECTION, sent, methods=["POST"], include_in_schema=False, response_model=None)


def confirming_correction_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what a second person confirms, with what it changes; None to others, and once it waits no more."""
    call_id, number = wish.names["call_id"], wish.names["correction"]
    call = asking.world.get(CALL, call_id)
    proposed = call.correction if _corrects(asking, call_id) else None
    waits = proposed is not None and str(proposed.correction) == str(number)
    return {"boxes": (), "waits": _waiting(asking, call_id, call, proposed) if proposed and waits else None}


def _sent(pages: Pages, request: Request, call_id: UUID, fields: Mapping[str, str]) -> Response:
    """Look at corrected rules, or propose them. Raises CrossSite, NotSignedIn, NotFound."""
    context = pages.context
    session = Asked(context, borne_by_form(request, fields), datetime.now(UTC))
    session.bearing.check_site()
    signed = context.signed(session.bearing)
    with looking(context, request, session.bearing, signed, {}, Open.SIGNED_IN, CORRECTION) as asking:
        found = _found(asking, call_id)
        fields, wrong = dict(fields), ""
        try:
            fields["text"] = text_of(fields) or text_of_edition(announced(found))
            if fields.get("propose"):
                return _proposed(pages, request, session, call_id, fields)
        except FundError as error:
            wrong = str(error)
        shown = _shown(asking, call_id, fields, wrong)
        return page("call_correction.html", {"frame": frame_for(asking, request), **shown}, 422 if wrong else 200)


def _found(asking: Asking, call_id: UUID) -> Call:
    """Return a call, for who corrects calls. Raises NotFound."""
    call = asking.world.find(CALL, call_id)
    if call is None or not _corrects(asking, call_id):
        raise NotFound("There is nothing at this address.", "Go back, and follow a link.")
    return call


def _corrects(asking: Asking, call_id: UUID) -> bool:
    """Tell whether who looks corrects this call; to all others a correction is nothing before it is confirmed."""
    return any(possible(asking, (ProposeCorrection, ConfirmCorrection), call_id=call_id, correction=0))


def _proposed(
    pages: Pages, request: Request, session: Asked, call_id: UUID, fields: Mapping[str, str]
) -> RedirectResponse:
    """Propose corrected rules, and return the way to where they wait. Raises FundError."""
    actor = admitted(pages.context, _DEED, session.bearing, dry_run=False)
    command, terms = asked(
        _DEED,
        actor,
        pages.context.arrived(request),
        fields.get("key", ""),
        fields.get("seen", ""),
        {"call_id": call_id, "rules": edition_of(fields), "reason": fields.get("reason", "")},
    )
    done(pages.context.parts.fund, command, terms)
    return RedirectResponse(f"{CORRECTION.format(call_id=call_id)}?done={command.key}", 303)


def _shown(asking: Asking, call_id: UUID, fields: Mapping[str, str], wrong: str = "") -> dict[str, Any]:
    """Return what the page shows: what waits, the text, and what follows from it where it can be read."""
    call, row = _found(asking, call_id), published_call(asking, call_id)[0]
    in_force = announced(call)
    shown: dict[str, Any] = {
        "call": row,
        "waits": _to_confirm(asking, call_id, call, call.correction) if call.correction is not None else None,
        "text": fields.get("text") or text_of_edition(in_force),
        "reason": fields.get("reason", ""),
        "wrong": wrong.splitlines(),
        "key": uuid4().hex,
        "seen": f'"{asking.world.version(CALL, call_id)}"',
        "action": CORRECTION.format(call_id=call_id),
        "zone": in_force.zone,
        "points": dates_of(in_force),
        **dict.fromkeys(("rules", "foreseen", "refused", "follows", "rule")),
    }
    if not fields.get("text"):
        return shown
    try:
        rules = edition_of(fields)
    except Malformed as mistakes:
        return {**shown, "wrong": shown["wrong"] or str(mistakes).splitlines()}
    now = asking.now
    foreseen, refused = _foretold(asking, call_id, rules, shown["reason"], now)
    before = misfits(in_force, now)
    return {
        **shown,
        **_compared(asking, call_id, call, in_force, rules),
        "points": dates_of(rules),
        "misfits": [one for one in misfits(rules, now) if one not in before],
        "foreseen": foreseen,
        "refused": refused,
        "rule": _rule_of(refused),
        "follows": _follows(asking, call_id, call.corrections + 1, now, (rules, shown["reason"])) if foreseen else None,
    }


def _compared(asking: Asking, call_id: UUID, call: Call, before: CallRules, after: CallRules) -> dict[str, Any]:
    """Return what differs between the rules in force and others, judged, and which clocks move."""
    now = asking.now
    changes = list(_changes(call, before, after, now))
    again = sum(one.submitted_at is not None for one in lists.applications(asking.connection, call_id))
    material = any(one.material for one in changes)
    return {
        "rules": after,
        "changes": changes,
        "moved": moved(before, after),
        "again": again if material else 0,
        "material": material,
    }


def _changes(call: Call, before: CallRules, after: CallRules, now: datetime) -> Iterator[Change]:
    try:
        judged = list(judged_points(call, after, now))
    except Refused as over:
        yield from (Change(one, False, over, None) for one in differences(before, after))
        return
    for difference in differences(before, after):
        path = ".".join(step.replace(" ", "_") for step in difference.where)
        within = [one for one in judged if one.point.point == path or one.point.point.startswith(f"{path}.")]
        refused = next((one.refused for one in within if one.refused is not None), None)
        yield Change(difference, any(one.material for one in within), refused, _rule_of(refused))


def _rule_of(refused: FundError | None) -> str | None:
    return refused.code if isinstance(refused, RuleViolated) else None


def _waiting(asking: Asking, call_id: UUID, call: Call, proposed: CorrectionProposed) -> dict[str, Any]:
    """Return what is shown of the correction that waits: by whom, and what it changes."""
    proposer = asking.world.find(ACCOUNT, proposed.by)
    return {
        **_compared(asking, call_id, call, announced(call), proposed.rules),
        "number": proposed.correction,
        "at": proposed.effective_at,
        "by": proposer.label if proposer is not None else None,
        "reason": proposed.reason,
    }


def _to_confirm(asking: Asking, call_id: UUID, call: Call, proposed: CorrectionProposed) -> dict[str, Any]:
    """Return the correction that waits, with what would follow, and whether who looks may confirm it."""
    return {
        **_waiting(asking, call_id, call, proposed),
        "offer": offer(asking, ConfirmCorrection, call_id=call_id, correction=proposed.correction),
        "follows": _follows(asking, call_id, proposed.correction, asking.now),
    }


def _foretold(
    asking: Asking, call_id: UUID, rules: CallRules, reason: str, now: datetime
) -> tuple[Foreseen | None, FundError | None]:
    """Return what would follow from proposing, or why it is refused."""
    version = f'"{asking.world.version(CALL, call_id)}"'
    given = {"call_id": call_id, "rules": rules, "reason": reason}
    try:
        command, terms = asked(_DEED, asking.actor, now, "-", version, given)
        return foresee(asking.context.parts.fund, command, terms), None
    except FundError as error:
        return None, error


def _follows(
    asking: Asking, call_id: UUID, number: int, now: datetime, proposed: tuple[CallRules, str] | None = None
) -> Foreseen | None:
    """Return what would follow if a second person confirmed now, what is `proposed` before; None where nobody may."""
    world = asking.context.parts.fund.world()
    said: dict[str, Any] = {"at": now, "key": "-", "call_id": call_id}
    try:
        if proposed is not None:
            supposed(ProposeCorrection(by=asking.by, rules=proposed[0], reason=proposed[1], **said), world)
        return supposed(ConfirmCorrection(by=_SOMEBODY, correction=number, **said), world)
    except Refused:
        return None
