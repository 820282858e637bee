"""What one edition says otherwise than another, and the text of an edition that follows from the one before it."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from ruamel.yaml import YAML

from domain.call.rules import Calendar, CallRules
from domain.values import Value, euros, in_brussels

_NOTHING: Final = object()


class Difference(Value):
    """A value that differs: where it stands, and what the one edition and the other say; None where nothing stands."""

    where: tuple[str, ...]
    before: str | None
    after: str | None


def differences(before: CallRules, after: CallRules) -> list[Difference]:
    """Return what differs, in the order of the rules; entries of lists are told apart by their ids."""
    return list(_differ((), before.model_dump(), after.model_dump()))


def _differ(where: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    one, other = _entries(before), _entries(after)
    if one is None or other is None:
        yield Difference(where=where, before=_told(where, before), after=_told(where, after))
        return
    for name in dict.fromkeys([*one, *other]):
        yield from _differ((*where, name), one.get(name, _NOTHING), other.get(name, _NOTHING))


def _entries(value: Any) -> Mapping[str, Any] | None:
    """Return what a value consists of, by name, id or number; None for one that is told as a whole."""
    if isinstance(value, dict):
        return {str(name).replace("_", " "): inside for name, inside in value.items()}
    if isinstance(value, tuple | list) and value and all(isinstance(one, dict) for one in value):
        return {str(one.get("id", number)): one for number, one in enumerate(value, 1)}
    return None


def _told(where: tuple[str, ...], value: Any) -> str | None:
    if value is _NOTHING or value in (None, ()):
        return None
    if isinstance(value, datetime):
        return in_brussels(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and where[-1].endswith("cents"):
        return euros(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told((*where, name), one)}" for name, one in (_entries(value) or {}).items())
    if isinstance(value, tuple | list):
        return "; ".join(str(_told(where, one)) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def later(rules: CallRules, edition: str, weeks: int) -> CallRules:
    """Return the rules of a new edition: every date so many weeks later, on the same weekday and hour of its zone.

    All else stays, but the words of the deadline. Raises pydantic's ValidationError for a name that is none.
    """
    calendar = Calendar(**{name: _later(at, rules, weeks) for name, at in rules.calendar.points()})
    wording = f"{in_brussels(calendar.applications_close)} time; that instant itself is too late (D07)."
    changes = {"edition": edition, "calendar": calendar, "deadline_wording": wording, "holidays": ()}
    return CallRules.model_validate({**dict(rules), **changes})


def _later(at: datetime, rules: CallRules, weeks: int) -> datetime:
    local = at.astimezone(rules.time_zone).replace(tzinfo=None) + timedelta(weeks=weeks)
    return local.replace(tzinfo=rules.time_zone).astimezone(UTC)


def text_of_edition(rules: CallRules) -> str:
    """Return the text of an edition, as an edition file has it; its dates in the zone of the call."""
    told = rules.model_dump(mode="json")
    zone = rules.time_zone
    told["calendar"] = {name: at.astimezone(zone).isoformat() for name, at in rules.calendar.points()}
    written, yaml = io.StringIO(), YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 110
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(told, written)
    return written.getvalue()
