"""What an event's fields can hold, one of each: present and absent, every member of an enum, empty and filled."""

import types
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, BaseModel

from domain.call.rules import CallRules
from domain.values import ProtectedText
from fund_service.editions.loader import edition

SUBJECT = uuid5(NAMESPACE_URL, "iurc-fund/stored samples")
AT = datetime(2026, 3, 20, 15, 59, 59, 999_999, UTC)


def _sparse(rules: CallRules) -> CallRules:
    """Return rules that leave out whatever may be left out, and turn around what is yes or no."""
    without = {"holidays": (), "declarations": (), "notes": ()}
    by_lot = rules.tie_break.model_copy(
        update={"criteria": (), "fewest_awards_in_geography": not rules.tie_break.fewest_awards_in_geography}
    )
    return CallRules.model_validate({**dict(rules), **without, "tie_break": by_lot})


LEAVES: Mapping[Any, list[Any]] = {
    UUID: [SUBJECT],
    str: ["Málaga’s “open” question – 7/3"],
    int: [7],
    bool: [False, True],
    AwareDatetime: [AT],
    datetime: [AT],
    date: [AT.date()],
    types.NoneType: [None],
    ProtectedText: [ProtectedText(subject=SUBJECT, text="Said in “confidence”: \\ ünïcode\nand a second line")],
    CallRules: [edition("iurc-2026"), _sparse(edition("iurc-2026"))],
}


def made(annotation: Any) -> list[Any]:
    """Return values of this type that together show everything that it can hold."""
    if annotation in LEAVES:
        return LEAVES[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return made(inner[0])
    if origin is Literal:
        return list(inner)
    if origin in (Union, types.UnionType):
        return [value for option in inner for value in made(option)]
    if origin is tuple:
        return [(), tuple(made(inner[0]))]
    if origin is dict:
        return [{}, *_together(dict.fromkeys(made(inner[0]), inner[1]))]
    if issubclass(annotation, Enum):
        return list(annotation)
    if issubclass(annotation, BaseModel):
        fields = {name: field.annotation for name, field in annotation.model_fields.items()}
        return [annotation.model_validate(given) for given in _together(fields)]
    raise AssertionError(f"nothing is known about {annotation}: add it to LEAVES")


def _together(fields: Mapping[Any, Any]) -> list[dict[Any, Any]]:
    """Return as few combinations as show every value of every field."""
    choices = {name: made(annotation) for name, annotation in fields.items()}
    longest = max(map(len, choices.values()), default=1)
    return [{name: values[turn % len(values)] for name, values in choices.items()} for turn in range(longest)]


def shown(annotation: Any, value: Any, path: str = "") -> Iterator[str]:
    """Yield what a value shows of all that its type can hold."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from shown(inner[0], value, path)
    elif origin in (Union, types.UnionType):
        yield f"{path} {'absent' if value is None else 'present'}"
        if value is not None:
            yield from shown(next(option for option in inner if option is not types.NoneType), value, path)
    elif origin is Literal or isinstance(value, Enum | bool):
        yield f"{path} {value}"
    elif isinstance(value, tuple | dict):
        yield f"{path} {'filled' if value else 'empty'}"
        for each in value.values() if isinstance(value, dict) else value:
            yield from shown(inner[1] if isinstance(value, dict) else inner[0], each, f"{path}[]")
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from shown(field.annotation, getattr(value, name), f"{path}.{name}")
    else:
        yield path
