"""The catalogue is complete: what is not in it could be recorded and never read again, or asked and never answered."""

import importlib
import inspect
import pkgutil
import re
import string
from collections.abc import Iterable

import pytest
from pydantic import BaseModel

import domain
from domain.catalogue import AGGREGATES, DECIDERS, EVENTS
from domain.messages import Command, Event
from domain.values import Value
from fund_service.permissions.deeds import PERMISSIONS


def classes_of_the_domain() -> list[type]:
    """Return every class defined in the domain, in a settled order."""
    found = [
        thing
        for info in pkgutil.walk_packages(domain.__path__, "domain.")
        for thing in vars(importlib.import_module(info.name)).values()
        if inspect.isclass(thing) and thing.__module__ == info.name
    ]
    return sorted(found, key=lambda thing: (thing.__module__, thing.__qualname__))


def leaves(base: type) -> list[type]:
    """Return the classes below `base` that are no base of others themselves."""
    below = [kind for kind in classes_of_the_domain() if issubclass(kind, base)]
    return [kind for kind in below if not any(other is not kind and issubclass(other, kind) for other in below)]


EVERY_EVENT: list[type[Event]] = leaves(Event)
EVERY_COMMAND: list[type[Command]] = leaves(Command)


def named(kinds: Iterable[type]) -> list[str]:
    """Return the names of classes, so that a failure can be read."""
    return sorted(f"{kind.__module__}.{kind.__name__}" for kind in kinds)


def kebab(name: str) -> str:
    """Return a class name as topics write it: ResourceDisbursed → resource-disbursed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def name_of(kind: type) -> str:
    """Return a class's name, for the test's own name."""
    return kind.__name__


def test_every_event_is_in_the_catalogue_under_its_topic() -> None:
    assert named(EVENTS.values()) == named(EVERY_EVENT)
    assert dict(EVENTS) == {kind.TOPIC: kind for kind in EVERY_EVENT}


def test_every_aggregate_has_a_name_of_its_own_and_events() -> None:
    aggregates = [aggregate.name for aggregate in AGGREGATES]
    assert sorted(aggregates) == sorted({topic.partition(".")[0] for topic in EVENTS})


@pytest.mark.parametrize("event", EVERY_EVENT, ids=name_of)
def test_a_topic_is_the_aggregate_and_what_happened(event: type[Event]) -> None:
    aggregate, _, what = event.TOPIC.partition(".")
    assert aggregate in {kind.name for kind in AGGREGATES}
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", what)
    assert f"{aggregate}-{what}".endswith(kebab(event.__name__))


@pytest.mark.parametrize("event", EVERY_EVENT, ids=name_of)
def test_an_event_says_what_happened_in_a_sentence_with_its_own_fields(event: type[Event]) -> None:
    placeholders = [field for _, field, _, _ in string.Formatter().parse(event.SAYS) if field is not None]
    assert event.SAYS.endswith(".")
    assert [name for name in placeholders if name not in event.model_fields and not hasattr(event, name)] == []


def test_every_command_is_decided() -> None:
    assert named(DECIDERS) == named(EVERY_COMMAND)


def test_every_command_has_a_line_that_says_who_may() -> None:
    assert named(PERMISSIONS) == named(EVERY_COMMAND)


def test_every_model_of_the_domain_is_frozen_and_takes_no_unknown_fields() -> None:
    models = [kind for kind in classes_of_the_domain() if issubclass(kind, BaseModel)]
    assert named(kind for kind in models if not issubclass(kind, Value)) == []
    assert named(kind for kind in models if not kind.model_config.get("frozen")) == []
    assert named(kind for kind in models if kind.model_config.get("extra") != "forbid") == []
