"""Any event that the domain can record, with ids from a small pool, so that strangers meet and the known go missing."""

import types
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

from domain import catalogue
from domain.call.rules import CallRules
from domain.messages import Event
from domain.values import ProtectedText
from tests.given import RULES

IDS = tuple(UUID(int=number) for number in range(5))
INSTANTS = st.integers(0, 10**8).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
WORDS = ("", "relevance", "pilot_action", "need", "7/3", "n/0", "{cents}", "study", "risks")
TEXTS = st.sampled_from(WORDS) | st.text(max_size=8)
NUMBERS = st.integers(0, 3) | st.integers(-(10**12), 10**12)

LEAVES: Mapping[Any, st.SearchStrategy[Any]] = {
    UUID: st.sampled_from(IDS),
    str: TEXTS,
    int: NUMBERS,
    bool: st.booleans(),
    AwareDatetime: INSTANTS,
    datetime: INSTANTS,
    date: st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    type(None): st.none(),
    CallRules: st.just(RULES),
    ProtectedText: st.builds(ProtectedText, subject=st.sampled_from(IDS), text=st.none() | TEXTS),
}


EVENTS = sorted(catalogue.EVENTS.values(), key=lambda kind: kind.TOPIC)
"""Every event class."""


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Return what a field with this annotation may hold."""
    if annotation in LEAVES:
        return LEAVES[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(inner[0])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([values(option) for option in inner])
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    if issubclass(annotation, BaseModel):
        return models(annotation)
    raise AssertionError(f"nothing is known about {annotation}: add it to LEAVES")


@cache
def models(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Return any instance of a model."""
    fields = {name: values(field.annotation) for name, field in kind.model_fields.items()}
    return st.fixed_dictionaries(fields).map(lambda given: kind.model_validate(given))


@cache
def _told(kind: type[Event]) -> st.SearchStrategy[tuple[UUID, Event]]:
    return st.tuples(st.sampled_from(IDS), models(kind))


LOGS = st.lists(st.sampled_from(EVENTS).flatmap(_told), max_size=25)
"""Events of any kinds in any order, each with the stream it stands on."""

EVERY_EVENT_ONCE = st.tuples(*map(_told, EVENTS)).flatmap(st.permutations)
"""An event of every kind, in any order."""
