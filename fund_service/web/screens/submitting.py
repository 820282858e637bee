"""Check your answers and submit: all of the version that counts then, what is declared, and what follows."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from domain.errors import FundError, Refused, RuleViolated
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import SaveDraftSection, SubmitApplication
from domain.rulebook import rule
from domain.rulebook.ours.applying import D19
from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import content_of
from fund_service.foreseeing import foresee
from fund_service.web.heard import Heard
from fund_service.web.screens.application import own_application, rules_of
from fund_service.web.wishes import Wish, deed_address


def submitting_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the page shows: the version that was put forward last, and what follows if it is submitted now."""
    id = wish.names["pilot_action_id"]
    home, action = own_application(asking, id)
    rules, current = rules_of(asking, id), asking.world.get(PILOT_ACTION, id).current
    content = content_of(asking, id, current.number) if current is not None else None
    ticked = {value for name, value in wish.pairs if name == "declarations"}
    told: dict[str, Any] = {}
    if current is not None and heard.error is None:
        told = _foretold(asking, id, current.digest, tuple(one.id for one in rules.declarations))
    return {
        "home": home,
        "application": action,
        "rules": rules,
        "content": content,
        "closes": rules.calendar.applications_close,
        "declarations": [(one, one.id in ticked) for one in rules.declarations],
        "back": f"/pilot-actions/{id}",
        "next": f"/pilot-actions/{id}/receipt",
        "blocked": False,
        **told,
    }


def putting_forward_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return the sections for which a version cannot be put forward, each with its page; none for another reason."""
    missing: list[tuple[str, str]] = []
    if isinstance(heard.error, RuleViolated) and heard.error.code == D19.id:
        id = wish.names["pilot_action_id"]
        _, action = own_application(asking, id)
        page = partial(deed_address, SaveDraftSection.__name__, pilot_action_id=id)
        parts = (part for part in rules_of(asking, id).form if part.title in action.sections_missing)
        missing = [(part.title, page(section=part.id)) for part in parts]
    return {"boxes": (), "missing": missing}


def _foretold(asking: Asking, id: Any, digest: str, declarations: tuple[str, ...]) -> dict[str, Any]:
    """Return what would follow if all was declared, or why it is refused."""
    now = asking.now
    about = {"pilot_action_id": id, "digest": digest, "declarations": declarations}
    try:
        command = SubmitApplication(by=asking.by, at=now, key="-", **about)
        return {"foreseen": foresee(asking.context.parts.fund, command, world=asking.world)}
    except Refused as refused:
        broken = rule(refused.code) if isinstance(refused, RuleViolated) else None
        return {"refused": refused, "rule": broken, "blocked": True}
    except FundError as error:
        return {"error": error}
