"""What can be chosen in a form, where a field names something that the fund knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, announced
from domain.call.rules import CallRules
from domain.grant.aggregate import GRANT
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import HAS_DEPUTIES, Role, one_checks_the_other
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.rulebook import RULES
from fund_service.api.asking import Asking
from fund_service.permissions.views import View
from projections import lists
from projections.registry import accounts, organisations

Found = Sequence[tuple[str, str]]
_Find = Callable[[Asking, Mapping[str, Any]], Iterator[tuple[str, str]]]


def choices(asking: Asking, names: Mapping[str, Any], fields: Sequence[str]) -> Mapping[str, Found]:
    """Return what can be chosen for each of these fields of a command whose path names these things."""
    return {field: found for field in fields if field in _FINDS and (found := list(_FINDS[field](asking, names)))}


def _holders(*roles: Role) -> _Find:
    def find(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for row in accounts(asking.connection):
            if (not roles or row.roles.keys() & set(roles)) and asking.sees(View.ACCOUNT, row.id):
                yield str(row.id), f"{row.label}, {row.unit}" if row.unit else row.label

    return find


def _deputies(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield who could be a deputy of who is named: accounts of offices, by their pseudonyms."""
    roles = _roles_of(asking, names)
    for row in accounts(asking.connection):
        others = (one_checks_the_other(one, role) for one in row.roles for role in roles)
        apart = Role.EVALUATOR in row.roles or any(others)
        held = row.id == names.get("represents") or (roles and roles <= row.roles.keys())
        if row.organisation_id is None and not row.shared_mailbox and not apart and not held:
            yield str(row.id), f"{row.label}, {row.unit}" if row.unit else row.label


def _roles(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the roles that a deputy of who is named can hold; none where nobody is."""
    for role in sorted(_roles_of(asking, names)):
        yield role.value, role.value.replace("_", " ").capitalize()


def _roles_of(asking: Asking, names: Mapping[str, Any]) -> frozenset[Role]:
    found = asking.world.find(ACCOUNT, names["represents"]) if "represents" in names else None
    return HAS_DEPUTIES.intersection(found.roles) if found is not None else frozenset()


def _organisations(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in sorted(organisations(asking.connection), key=lambda row: row.name):
        yield str(row.id), row.name


def _calls(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in reversed(asking.calls):
        yield str(row.id), row.title


def _partnerships(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in lists.partnerships(asking.connection):
        if asking.sees(View.PARTNERSHIP, row.id):
            yield str(row.id), row.name


def _pilot_actions(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in lists.applications(asking.connection, names.get("call_id")):
        if asking.sees(View.PILOT_ACTION, row.id):
            yield str(row.id), row.title


def _lines(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rules = rules_about(asking, names)
    for line in rules.lines if rules is not None else ():
        yield line.id, line.name


def _kinds(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rules = rules_about(asking, names)
    for kind in rules.resource_kinds if rules is not None else ():
        yield kind.id, f"{kind.name}, by the {kind.unit}"


def _sections(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rules = rules_about(asking, names)
    for section in rules.form if rules is not None else ():
        yield section.id, section.title


def _rulebook(asking: Asking, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in RULES:
        yield one.id, f"{one.id}: {one.sentence}"


def rules_about(asking: Asking, names: Mapping[str, Any]) -> CallRules | None:
    """Return the rules of the call that the names lead to."""
    call_id: UUID | None = names.get("call_id")
    world = asking.world
    if "grant_id" in names and (granted := world.find(GRANT, names["grant_id"])):
        call_id = granted.call_id
    elif "pilot_action_id" in names and (pilot := world.find(PILOT_ACTION, names["pilot_action_id"])):
        call_id = pilot.call_id
    elif "partnership_id" in names and (partnership := world.find(PARTNERSHIP, names["partnership_id"])):
        call_id = partnership.call_id
    call = world.find(CALL, call_id) if call_id is not None else None
    return announced(call) if call is not None else None


_FINDS: Final[Mapping[str, _Find]] = {
    "coach": _holders(Role.COACH),
    "evaluator": _holders(Role.EVALUATOR),
    "successor": _holders(Role.EVALUATOR),
    "expert": _holders(),
    "subject": _deputies,
    "role": _roles,
    "departed": _holders(Role.APPLICANT, Role.PARTNER),
    "organisation_id": _organisations,
    "coordinator_id": _organisations,
    "member_ids": _organisations,
    "other_ids": _organisations,
    "call_id": _calls,
    "partnership_id": _partnerships,
    "partnership_ids": _partnerships,
    "old_ids": _partnerships,
    "pilot_action_id": _pilot_actions,
    "line": _lines,
    "kind": _kinds,
    "rule": _rulebook,
    "section": _sections,
}
"""By the name of a field: what finds the choices."""
