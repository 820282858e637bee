"""The shape of each version of each event, as text: one line a field, with its type, its limits and its default.

`shapes/<aggregate>.txt` keeps what was recorded, so that no shape changes unnoticed.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from domain.catalogue import EVENTS
from domain.messages import Event, version_of

FOLDER = Path(__file__).with_name("shapes")
CURE = "Put it back, or give the event an upcaster for its new version, and run `python -m tests.stored.record`."
Shapes = dict[str, list[str]]
"""“topic version” → its lines."""


def name_of(kind: type[Event]) -> str:
    """Return the name of an event's current shape: its topic and version."""
    return f"{kind.TOPIC} {version_of(kind)}"


def shape(kind: type[Event]) -> list[str]:
    """Return the shape of an event as it is recorded today, with the names of the checks that it passes when read."""
    schema = kind.model_json_schema(mode="validation")
    lines = list(_lines(schema, schema.get("$defs", {}), ""))
    return [*lines, *(f"checked by {name}" for name in sorted(set(_checks(kind))))]


def _lines(schema: dict[str, Any], values: dict[str, Any], path: str) -> Iterator[str]:
    if "$ref" in schema:
        named = values[schema["$ref"].rpartition("/")[2]]
        schema = {**named, **{key: value for key, value in schema.items() if key != "$ref"}}
    if path:
        yield f"{path}: {_words(schema)}"
    for inner in schema.get("anyOf", ()):
        if inner != {"type": "null"}:
            yield from _lines(inner, values, f"{path}?")
    if "items" in schema:
        yield from _lines(schema["items"], values, f"{path}[]")
    for key in ("propertyNames", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _lines(schema[key], values, f"{path}{{{'key' if key == 'propertyNames' else ''}}}")
    for field, inner in schema.get("properties", {}).items():
        yield from _lines(inner, values, f"{path}.{field}".removeprefix("."))


_SAID_ELSEWHERE = {
    *("title", "description", "$defs", "anyOf", "items", "properties", "required", "propertyNames"),
    *("type", "format", "additionalProperties"),
}


def _words(schema: dict[str, Any]) -> str:
    kind = [schema[key] for key in ("type", "format") if key in schema]
    kind += ["or nothing"] if {"type": "null"} in schema.get("anyOf", ()) else []
    kind += ["or others"] if schema.get("additionalProperties") is True else []
    limits = (f"{key} {json.dumps(schema[key], ensure_ascii=False)}" for key in sorted({*schema} - _SAID_ELSEWHERE))
    return ", ".join([" ".join(kind), *limits])


def _checks(kind: Any) -> Iterator[str]:
    """Yield the names of the checks of a value and of all values inside."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        checks = kind.__pydantic_decorators__
        yield from (f"{kind.__name__}.{name}" for name in {**checks.field_validators, **checks.model_validators})
        for field in kind.model_fields.values():
            yield from _checks(field.annotation)
    for inner in getattr(kind, "__args__", ()):
        yield from _checks(inner)


def recorded_shapes() -> Shapes:
    """Return every shape that was recorded."""
    shapes: Shapes = {}
    for file in sorted(FOLDER.glob("*.txt")):
        for section in file.read_text().split("\n\n"):
            name, *lines = section.strip().split("\n")
            shapes[name] = [line.strip() for line in lines]
    return shapes


def record_shapes() -> int:
    """Add the shapes of today that were not recorded, and return how many there were."""
    known = recorded_shapes()
    new = {name_of(kind): shape(kind) for kind in EVENTS.values() if name_of(kind) not in known}
    together = sorted({**known, **new}.items(), key=lambda one: _order(one[0]))
    FOLDER.mkdir(exist_ok=True)
    for aggregate in sorted({name.partition(".")[0] for name in new}):
        of_one = [f"{name}\n  " + "\n  ".join(lines) for name, lines in together if name.startswith(f"{aggregate}.")]
        (FOLDER / f"{aggregate}.txt").write_text("\n\n".join(of_one) + "\n")
    return len(new)


def _order(name: str) -> tuple[str, int]:
    topic, _, version = name.rpartition(" ")
    return topic, int(version)


def changed() -> list[str]:
    """Return the names of shapes that are not as they were recorded, or were not recorded at all."""
    known = recorded_shapes()
    return [name_of(kind) for kind in EVENTS.values() if known.get(name_of(kind)) != shape(kind)]
