"""Protected texts in a log that is read again: read where the key is there, taken as given where it is not.

What somebody wrote is never told by what is found here. A text whose key was erased, or which an auditor has no key
for, says nothing of a rule about texts; so it counts as one that fulfils them all.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel

from domain.messages import Event
from domain.values import ProtectedText

E = TypeVar("E", bound=Event)

UNREADABLE: Final = "(erased) " * 250
"""Stands for a text that cannot be read: longer than any rule asks for (D01)."""

_GIVEN: Final = "…"
"""Stands in a state for a text that is more than spaces."""


def opened(event: E) -> E:
    """Return the event with its texts in clear, `UNREADABLE` where one cannot be read. Raises Unavailable where text
    and key do not fit.
    """
    return _with_texts(event, _in_clear) if _holds_text(type(event)) else event


def emptied(event: E) -> E:
    """Return an opened event whose texts say no more than whether there is one, as states need it."""
    return _with_texts(event, _marked) if _holds_text(type(event)) else event


def without_texts(event: E) -> E:
    """Return the event with each text as one that cannot be read."""
    return _with_texts(event, _unread) if _holds_text(type(event)) else event


def _in_clear(text: ProtectedText) -> ProtectedText:
    words = text.text
    return ProtectedText(text.subject, UNREADABLE if words is None else words)


def _unread(text: ProtectedText) -> ProtectedText:
    return ProtectedText(text.subject, UNREADABLE)


def _marked(text: ProtectedText) -> ProtectedText:
    return ProtectedText(text.subject, _GIVEN if (text.text or "").strip() else "")


def _with_texts(value: Any, change: Callable[[ProtectedText], ProtectedText]) -> Any:
    match value:
        case ProtectedText():
            return change(value)
        case BaseModel() if _holds_text(type(value)):
            fields = {name: _with_texts(getattr(value, name), change) for name in type(value).model_fields}
            return value.model_copy(update=fields)
        case tuple():
            return tuple(_with_texts(one, change) for one in value)
        case Mapping():
            return {name: _with_texts(one, change) for name, one in value.items()}
        case _:
            return value


def _annotations(shape: type[BaseModel]) -> Iterator[Any]:
    return (field.annotation for field in shape.model_fields.values())


@cache
def _holds_text(shape: Any) -> bool:
    """Tell whether a value of this type can hold a protected text."""
    if shape is ProtectedText:
        return True
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return any(_holds_text(annotation) for annotation in _annotations(shape))
    return any(_holds_text(inner) for inner in get_args(shape))
