"""What a validator found wrong, in plain English, with the cure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_EXAMPLE: Final = "2026-03-20T17:00:00+01:00"


def in_plain_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Return what is wrong with a value of the model and how to mend it, without the validator's own language."""
    found, cure = _found(error), cure_of(error, model)
    return f"{found}; {cure}" if found else cure


def cure_of(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Return how to mend a value of the model, without the value, but for a sum that is asked back in words."""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error" if "reason" in context:
            return "write an e-mail address, such as officer@city.example"
        case "value_error":
            return str(context["error"])
        case "missing":
            return "add it"
        case "extra_forbidden":
            return _perhaps_meant(str(error["loc"][-1]), model)
        case "timezone_aware":
            return f"write the offset, e.g. {_EXAMPLE}"
        case kind if kind.startswith("datetime") and _is_day(error):
            return f"write the time and the offset too, e.g. {_EXAMPLE}"
        case "string_pattern_mismatch" if context["pattern"].startswith("^[A-Z]"):
            return "write two capital letters, such as ES"
        case "string_pattern_mismatch" if context["pattern"].startswith(r"^\+"):
            return "write a telephone number, such as +32 2 555 01 00"
        case "string_pattern_mismatch":
            return (
                "begin with a lower-case letter and use at most 40 lower-case letters, digits and "
                f"{'hyphens' if '-]' in context['pattern'] else '_'}"
            )
        case "string_too_short" | "too_short":
            return "fill it in"
        case "string_too_long":
            return f"shorten it to {context['max_length']}"
        case kind:
            return _wanted(kind, context)


def _is_day(error: ErrorDetails) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(error["input"])) is not None


def _found(error: ErrorDetails) -> str:
    """Return what stands there instead, empty where the cure says it all."""
    found = error["input"]
    match error["type"]:
        case "value_error":
            return ""
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not known here"
        case "timezone_aware":
            return f"is {found} without an offset"
        case kind if kind.startswith("datetime") and _is_day(error):
            return f"is a day, {found}"
        case "string_too_short" | "too_short":
            return "is empty"
        case "string_too_long":
            return f"has {len(str(found))} characters"
        case _:
            return f"is {_shown(found)}"


def _wanted(kind: str, context: Mapping[str, Any]) -> str:
    """Return what the field takes instead."""
    match kind:
        case "int_type" | "int_parsing" | "int_from_float":
            return "write a whole number without quotation marks"
        case "greater_than":
            return f"write a number above {context['gt']}"
        case "greater_than_equal":
            return f"write {context['ge']} or more"
        case "less_than":
            return f"write a number below {context['lt']}"
        case "less_than_equal":
            return f"write {context['le']} or less"
        case "string_type":
            return "write text; a number goes into quotation marks"
        case "bool_type" | "bool_parsing":
            return "write true or false"
        case "tuple_type":
            return "write a list, each entry with a dash in front"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "write its fields below it, indented"
        case "literal_error" | "enum":
            return f"write {str(context['expected']).replace(chr(39), '')}"
        case _ if kind.startswith("uuid"):
            return "write a whole id, such as cafe0000-0000-4000-8000-000000000001"
        case _ if kind.startswith("datetime"):
            return f"write an instant with its offset, e.g. {_EXAMPLE}"
        case _ if kind.startswith("date"):
            return "write a day, e.g. 2026-04-03"
        case _:
            return "this cannot be right; compare it with a shipped edition"


def _perhaps_meant(name: str, model: type[BaseModel]) -> str:
    close = difflib.get_close_matches(name, sorted(set(_fields(model))), n=1, cutoff=0.75)
    return f"perhaps you mean {close[0]}, else remove it" if close else "remove it"


def _fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield the names of all fields of a model and of the models in it."""
    for name, about in model.model_fields.items():
        yield name
        for part in (about.annotation, *getattr(about.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _fields(part)


def _shown(found: object) -> str:
    """Return a value of the file in short, as it stands there."""
    if isinstance(found, dict):
        return "a group of fields"
    if isinstance(found, list):
        return "a list"
    if found is None:
        return "empty"
    if isinstance(found, bool):
        return str(found).lower()
    text = str(found)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”" if isinstance(found, str) else text
