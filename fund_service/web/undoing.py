"""What the page after a deed says of the way back: by which deed, until when, who can, and whether it would be now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from domain.catalogue import COMMANDS
from domain.errors import DraftChanged, FundError, NotFound, NotPermitted, VersionChanged
from domain.messages import Command
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.deeds import DEED_OF, DEEDS
from fund_service.api.describing import names_in
from fund_service.api.undoing import WAYS
from fund_service.application import Terms
from fund_service.foreseeing import Carried, carried_out
from fund_service.permissions.checking import check_permission
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.web.choices import rules_about
from fund_service.web.wishes import Wish, deed_address

_TOLD: Final = frozenset(name for deed in DEEDS for name in names_in(deed.path)) | {"digest"}
"""What events tell of that a deed is about: never what somebody wrote."""
_SUPPOSED: Final[Mapping[str, Any]] = {"reason": "-", "remarks": "-", "evidence": "-", "reasons": "-"}
"""What is still to be said, whatever it will be: words alone, on which no rule decides but that there are some."""


class Undo(NamedTuple):
    """The way back from a deed: what can be said of it, until when (UTC), what the deed is called and who may ask for
    it; its page, where it would be accepted now from who looks, else why it would not.
    """

    says: str
    until: datetime | None = None
    title: str | None = None
    whose: str | None = None
    address: str | None = None
    refused: FundError | None = None


def undo_of(asking: Asking, key: str) -> Undo | None:
    """Return the way back from what was carried out under a key; None where nothing was."""
    carried = carried_out(asking.context.parts.fund, asking.by, key)
    way = WAYS.get(COMMANDS[carried.command]) if carried is not None else None
    if carried is None or way is None:
        return None
    known = _known(asking, carried)
    rules = rules_about(asking, known) if way.until is not None else None
    until = getattr(rules.calendar, way.until) if rules is not None and way.until is not None else None
    if way.by is None:
        return Undo(way.says, until)
    names = {name: known[name] for name in names_in(DEED_OF[way.by].path) if name in known}
    found = Undo(way.says, until, Wish(DEED_OF[way.by], names, ()).title, PERMISSIONS[way.by].says)
    if len(names) < len(names_in(DEED_OF[way.by].path)):
        return found
    try:
        _try(asking, way.by, known)
    except (NotPermitted, NotFound):
        return found
    except (DraftChanged, VersionChanged):
        pass  # which version is changed, its own page knows
    except FundError as refused:
        return found._replace(refused=refused)
    given = {name: known[name] for name in ("digest",) if name in known and name in way.by.model_fields}
    return found._replace(address=deed_address(way.by.__name__, **names, **given))


def _known(asking: Asking, carried: Carried) -> dict[str, Any]:
    """Return what is known of the deed that was done: the fields of its events, and the id that it named first."""
    fields_told = (field for event in carried.events for field in event)
    told: dict[str, Any] = {name: value for name, value in fields_told if name in _TOLD}
    fields = COMMANDS[carried.command].model_fields
    first = next((name for name, about in fields.items() if about.annotation is UUID and name != "by"), None)
    known: dict[str, Any] = {**told, **({first: carried.about} if first is not None else {})}
    pilot = asking.world.find(PILOT_ACTION, known["pilot_action_id"]) if known.get("pilot_action_id") else None
    if pilot is not None and pilot.current is not None:
        known["digest"] = pilot.current.digest
    if pilot is not None and (rules := rules_about(asking, known)) is not None:
        known["declarations"] = tuple(declaration.id for declaration in rules.declarations)
    return known


def _try(asking: Asking, command: type[Command], known: Mapping[str, Any]) -> None:
    """Ask for a deed without recording it, as far as all is known that the domain needs. Raises FundError."""
    fields = {**_SUPPOSED, **known}
    given = {name: fields[name] for name in command.model_fields if name in fields}
    given |= {"by": asking.by, "at": asking.now, "key": "undo"}
    check_permission(command.model_construct(None, **given), asking.world, asking.actor)
    try:
        asked = command.model_validate(given)
    except ValidationError:
        return  # its form asks for what is missing, and then says whether it is accepted
    asking.context.parts.fund.preview(asked, terms=Terms(asking.actor.role))
