"""What the address of a page is about, in words."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import CALL, announced
from domain.errors import NotFound
from domain.grant.aggregate import GRANT
from domain.organisation.aggregate import ORGANISATION
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import title_of
from fund_service.api.resources.working_papers import read_paper
from fund_service.permissions.views import View

_ADDRESS: Final = re.compile(r"/(?P<kind>[a-z-]+)/(?P<id>[0-9a-f-]{36})(?![0-9a-f-])")
_NAMES: Final[Mapping[str, str]] = {
    "calls": "call_id",
    "grants": "grant_id",
    "partnerships": "partnership_id",
    "pilot-actions": "pilot_action_id",
    "working-papers": "paper_id",
}


def cited(asking: Asking, address: str) -> list[tuple[str, str]]:
    """Return what an address leads to that somebody wrote down, as far as who looks may see it; may be nothing."""
    found = _ADDRESS.match(address)
    if found is None or found["kind"] not in _NAMES:
        return []
    with suppress(ValueError, NotFound):
        return subjects(asking, {_NAMES[found["kind"]]: UUID(found["id"])})
    return []


def subjects(asking: Asking, names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what each name of an address stands for, as far as who looks may see it."""
    return list(_subjects(asking, names))


def _subjects(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    world, find = asking.world, names.get
    pilot_action = find("pilot_action_id")
    partnership = find("partnership_id")
    if (id := find("grant_id")) and asking.sees(View.GRANT, id) and (granted := world.find(GRANT, id)):
        pilot_action = granted.pilot_action_id
    if pilot_action and asking.sees(View.PILOT_ACTION, pilot_action):
        yield "Pilot action", title_of(asking, pilot_action)
        partnership = world.get(PILOT_ACTION, pilot_action).partnership_id
    if partnership and asking.sees(View.PARTNERSHIP, partnership):
        yield "Partnership", world.get(PARTNERSHIP, partnership).name
    if (id := find("organisation_id")) and (organisation := world.find(ORGANISATION, id)):
        yield "City or region", organisation.name
    if (id := find("call_id")) and (call := world.find(CALL, id)):
        yield "Call", announced(call).title
    if (id := find("paper_id")) and asking.sees(View.PAPER, id):
        yield from _of_paper(asking, id, find("number"))
    for field, called in (("subject", "Deputy" if "represents" in names else "Account"), ("represents", "Represented")):
        if (id := find(field)) and _knows(asking, id) and (account := world.find(ACCOUNT, id)):
            yield called, account.label
    if (line := find("line")) and (id := find("call_id")) and (call := world.find(CALL, id)):
        named = announced(call).line(line)
        yield "Line", named.name if named is not None else str(line)
    if (section := find("section")) and pilot_action and (title := _section(asking, pilot_action, section)):
        yield "Section", title
    for name in ("order", "number", "correction", "role"):
        if name in names:
            yield name.capitalize(), str(names[name]).replace("_", " ")


def _section(asking: Asking, pilot_action: UUID, section: str) -> str | None:
    """Return what a section of the form is called; None where its call has none of this id."""
    call_id = asking.world.get(PILOT_ACTION, pilot_action).call_id
    parts = announced(asking.world.get(CALL, call_id)).form if call_id is not None else ()
    return next((part.title for part in parts if part.id == section), None)


def _of_paper(asking: Asking, paper_id: UUID, number: str | None) -> Iterator[tuple[str, str]]:
    """Yield what a working paper is called, and what one of its findings says."""
    paper = read_paper(asking, paper_id)
    yield "Working paper", paper.title
    for finding in paper.findings:
        if str(finding.number) == str(number):
            yield "What is", finding.condition
            yield "What to do", finding.recommendation


def _knows(asking: Asking, id: UUID) -> bool:
    """Tell whether who asks may read what an account is called: deputy and represented know each other."""
    pairs = ((asking.by, id), (id, asking.by))
    return asking.sees(View.ACCOUNT, id) or any(
        one.represents == represented
        for deputy, represented in pairs
        for one in (asking.world.find(ACCOUNT, deputy) or Account()).deputyships
    )
