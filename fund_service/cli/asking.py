"""From words on the command line to a command of the fund: which one is meant, what its fields take, who asks."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

from pydantic import ValidationError

from domain.amounts import cents_from
from domain.catalogue import AGGREGATES, COMMANDS
from domain.errors import Malformed, NotPermitted
from domain.files import GivenFile
from domain.messages import Command
from domain.people import ENGINE, OPERATOR
from domain.values import Value
from fund_service.cli.finding import find
from fund_service.cli.opening import Reading
from fund_service.listing import folded
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.plain_words import in_plain_words
from fund_service.strict_json import parsed
from fund_service.text_file import text_of

NEW: Final = "new"
"""Stands for a fresh id."""

_LARGEST: Final = 10**15
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_OTHERWISE_NAMED: Final = {
    "coordinator_id": "organisation",
    "member_ids": "organisation",
    "other_ids": "organisation",
    "old_ids": "partnership",
}
"""What the fields are ids of that are not named by it."""


class CommandRow(Value):
    """A command as the command line offers it; its id is its name there."""

    id: str
    who: str
    says: str


class FieldRow(Value):
    """A field of a command: what it takes, and whether it can be left out."""

    id: str
    takes: str
    needed: bool


def kebab(command: type[Command]) -> str:
    """Return the name of a command as one types it: OpenAccount → open-account."""
    return _WORD.sub("-", command.__name__).lower()


def command_rows() -> list[CommandRow]:
    """Return every command with who may ask for it."""
    return [
        CommandRow(id=kebab(one), who=PERMISSIONS[one].says, says=str(one.__doc__).partition("\n")[0])
        for one in COMMANDS.values()
    ]


def command_named(text: str) -> type[Command]:
    """Return the command that is meant: open-account, open_account or OpenAccount. Raises Malformed."""
    known = {kebab(one): one for one in COMMANDS.values()}
    plain = {name.replace("-", ""): one for name, one in known.items()}
    found = plain.get(re.sub(r"[-_ ]", "", folded(text)))
    if found is None:
        close = difflib.get_close_matches(folded(text).replace("_", "-"), known, n=1)
        perhaps = f" Did you mean “{close[0]}”?" if close else ""
        raise Malformed(f"There is no command “{text}”.{perhaps}", "List them with `fund act --list`.")
    return found


def field_rows(command: type[Command]) -> list[FieldRow]:
    """Return the fields that one gives for a command; who, when and the key stand beside them."""
    return [
        FieldRow(id=name, takes=_takes(name, about.annotation), needed=about.is_required())
        for name, about in command.model_fields.items()
        if name not in Command.model_fields
    ]


def subject(source: Reading, text: str) -> UUID:
    """Return who is meant: an account by its label or id, or the operator. Raises NotPermitted for the processes."""
    if folded(text) in ("operator", str(OPERATOR)):
        return OPERATOR
    if folded(text) in ("engine", str(ENGINE)):
        raise NotPermitted("Nobody acts for the fund's own processes.", "They act when the calendar says so.")
    return find(source, text, "account")


def settings_of(pairs: Sequence[str] | None, file: Path | None) -> dict[str, Any]:
    """Return the values that were given by name: from the JSON file, then from `name=value`. Raises Malformed."""
    values = _from_file(file) if file is not None else {}
    given = set[str]()
    for pair in pairs or ():
        written, sign, value = pair.partition("=")
        name = written.strip().replace("-", "_")
        if not sign or not name:
            raise Malformed(f"“{pair}” gives no field a value.", "Write field=value, e.g. --set title=Shade.")
        if name in given:
            raise Malformed(f"The field “{name}” is given twice.", "Leave one of the two away.")
        given.add(name)
        values[name] = _text(value)
    return values


def ask(source: Reading, command: type[Command], values: Mapping[str, Any], by: UUID, key: str | None) -> Command:
    """Return the command with these values, at the fund's time. Raises Malformed, one line for each mistake."""
    fields = {
        name: about.annotation for name, about in command.model_fields.items() if name not in Command.model_fields
    }
    if fields.get("file") is GivenFile:
        raise Malformed(f"{kebab(command)} takes the file itself.", "Use `fund attachments put`.")
    meant = dict(_meant(source, name, fields, value) for name, value in values.items())
    if len(meant) < len(values):
        raise Malformed("A sum is given in cents and in euros.", "Leave one of the two away.")
    unknown = [name for name in meant if name not in fields]
    if unknown:
        raise Malformed(
            f"{kebab(command)} has no field “{unknown[0]}”.", f"It has: {', '.join(fields) or 'no fields'}."
        )
    return validated(command, meant, by, source.parts.clock.now(), key)


def validated(command: type[Command], values: Mapping[str, Any], by: UUID, at: datetime, key: str | None) -> Command:
    """Return the command with these JSON values, with a fresh key where none is given. Raises Malformed."""
    stamp = {"by": str(by), "at": at.isoformat(), "key": str(uuid4()) if key is None else key}
    asked = _text(json.dumps({**values, **stamp}, ensure_ascii=False))
    try:
        return command.model_validate_json(asked)
    except ValidationError as invalid:
        raise Malformed(_mistakes(invalid, command), f"See `fund act {kebab(command)} --fields`.") from invalid


def instant(text: str) -> datetime:
    """Return the instant that a person writes with its offset. Raises Malformed."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Malformed(f"“{text}” is no instant.", "Write it with its offset, as in 2026-03-20T17:00:00+01:00.")
    return found


def _mistakes(invalid: ValidationError, command: type[Command]) -> str:
    lines = (
        f"{' / '.join(str(step) for step in error['loc'])}: {in_plain_words(error, command)}."
        for error in invalid.errors(include_url=False)
    )
    return "\n".join(lines)


def _from_file(file: Path) -> dict[str, Any]:
    found = _json(text_of(file), str(file))
    if not isinstance(found, dict):
        raise Malformed(f"{file} holds no fields.", 'Write one JSON object, such as {"title": "Shade"}.')
    return found


def _json(text: str, where: str) -> Any:
    try:
        return parsed(text)
    except (ValueError, RecursionError) as unreadable:
        raise Malformed(
            f"{where} cannot be read as JSON.", "Check brackets, quotation marks and numbers; name no field twice."
        ) from unreadable


def _text(value: str) -> str:
    """Return the text, which is one that can be stored. Raises Malformed."""
    if re.search("[\ud800-\udfff]", value):
        raise Malformed("A value is not text in UTF-8.", "Type it anew, or set your terminal to UTF-8.")
    return value


def _plain(annotation: Any) -> Any:
    """Return what a field takes when it takes something: without None, and without what it may be at most."""
    if get_origin(annotation) in (Union, UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not NoneType))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _meant(source: Reading, name: str, fields: Mapping[str, Any], value: Any) -> tuple[str, Any]:
    """Return the field and the JSON value that somebody means; a sum may be given in euros, as people write sums."""
    cents = f"{name.removesuffix('euros')}cents"
    if name.endswith("euros") and cents in fields and isinstance(value, str):
        return cents, cents_from(value)
    return name, _value(source, name, fields.get(name), value)


def _value(source: Reading, name: str, annotation: Any, value: Any) -> Any:
    kind = _plain(annotation)
    if isinstance(value, list) and kind == tuple[UUID, ...]:
        return [_id(source, name, one) for one in value]
    if kind is date and not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        raise Malformed(f"{name}: “{value}” is no day.", "Write it as in 2026-04-03.")
    if not isinstance(value, str):
        return value
    if not value and kind is not annotation:
        return None
    if kind is UUID:
        return _id(source, name, value)
    if kind is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(folded(value), value)
    if kind is int:
        return _whole(name, value)
    if kind in (tuple[UUID, ...], tuple[str, ...]):
        parts = [part.strip() for part in value.split(";") if part.strip()]
        return [_id(source, name, part) for part in parts] if kind == tuple[UUID, ...] else parts
    if kind is None or _is_written_out(kind):
        return value
    return _json(value, f"The value of {name}")


def _is_written_out(kind: Any) -> bool:
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, str | Enum | date))


def _id(source: Reading, name: str, text: str) -> str:
    if text == NEW:
        return str(uuid4())
    try:
        return str(UUID(text))
    except ValueError:
        return str(find(source, text, _kind_of_id(name)))


def _kind_of_id(name: str) -> str:
    if name in _OTHERWISE_NAMED:
        return _OTHERWISE_NAMED[name]
    kind = name.removesuffix("s").removesuffix("_id").replace("_", "-")
    return kind if kind in {aggregate.name for aggregate in AGGREGATES} else "account"


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,16}", text) or abs(int(text)) > _LARGEST:
        cure = f"Write cents in digits alone, or {_in_euros(name)}." if "cents" in name else "Write it in digits."
        raise Malformed(f"{name}: “{text[:40]}” is no whole number{' of cents' if 'cents' in name else ''}.", cure)
    return int(text)


def _in_euros(name: str) -> str:
    return f"{name.removesuffix('cents')}euros=10000.00"


def _takes(name: str, annotation: Any) -> str:
    """Return in words what a field takes."""
    kind = _plain(annotation)
    if kind is UUID:
        return f"the id or name of the {_kind_of_id(name).replace('-', ' ')}; “{NEW}” for a fresh one"
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"whole cents; or {_in_euros(name)} instead" if "cents" in name else "a whole number"
    if kind in (tuple[UUID, ...], tuple[str, ...]):
        return f"{'ids or names' if kind == tuple[UUID, ...] else 'words'}, divided by semicolons"
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(one.value for one in kind)}"
    if isinstance(kind, type) and issubclass(kind, date):
        return "a day, such as 2026-04-03"
    return "text" if _is_written_out(kind) else "JSON"
