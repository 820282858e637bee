"""A request decided again, in the world as it was before: refused by a rule, or leading to something else, or well."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from domain.catalogue import DECIDERS
from domain.errors import FundError, NotPermitted, Refused, WrongStage
from domain.messages import Change, Command, Decision, World
from domain.prefixes.violations import FOLLOWS, PERMISSION
from domain.values import ProtectedText

Permitted = Callable[[Command, World], None]
"""Raises NotPermitted where who asks had no role for it in this world."""

NOT_COMPARED: Final = frozenset({"digest", "reason", "detail", "tie"})
"""Fields that hold a keyed digest, which cannot be made without the key, or words, which change with the language."""


class Finding(NamedTuple):
    """What is wrong with a recorded decision: the rule, or what stands for one, and a sentence."""

    rule: str
    detail: str


def decided_again(
    requests: Iterator[Command], changes: Sequence[Change], world: World, permitted: Permitted
) -> tuple[int, Finding | None]:
    """Return how many of these events follow from one of the requests, and what is wrong when none do.

    Of several requests the one counts that most events follow from. When none lead to these events, the first one that
    a rule refuses says what is wrong.
    """
    follow, found = 0, None
    for command in _told(requests):
        outcome = _outcome(command, world, permitted)
        if not isinstance(outcome, Finding):
            differs = _difference(outcome, changes)
            if differs is None:
                follow = max(follow, len(outcome))
                continue
            outcome = Finding(FOLLOWS, differs)
        found = outcome if found is None or found.rule == FOLLOWS else found
    return follow, None if follow else found or Finding(FOLLOWS, "No request leads to this by itself.")


def _told(requests: Iterator[Command]) -> Iterator[Command]:
    """Yield the requests as far as they can be told: of a log that no fund wrote, some cannot."""
    with suppress(ArithmeticError, LookupError, ValueError):
        yield from requests


def _outcome(command: Command, world: World, permitted: Permitted) -> Decision | Finding:
    try:
        permitted(command, world)
        return DECIDERS[type(command)](command, world)
    except FundError as no:
        return Finding(_rule_of(no), no.detail)
    except Exception as fault:  # noqa: BLE001 - a log that no fund wrote may lead anywhere, and is a finding
        return Finding(FOLLOWS, f"This cannot be decided at all ({type(fault).__name__}).")


def _rule_of(no: FundError) -> str:
    match no:
        case Refused():
            return no.code
        case NotPermitted():
            return PERMISSION
        case _:
            return WrongStage.code


def _difference(expected: Decision, recorded: Sequence[Change]) -> str | None:
    """Return in what the recorded events are not those that follow, or None."""
    for number, (stream, event) in enumerate(expected):
        if number >= len(recorded) or (recorded[number].stream, type(recorded[number].event)) != (stream, type(event)):
            return f"“{event.TOPIC}” of {stream} follows too, and is not recorded."
        other = recorded[number].event
        for name in type(event).model_fields:
            if name not in NOT_COMPARED and not _alike(getattr(event, name), getattr(other, name)):
                return f"“{name}” of “{event.TOPIC}” is not what follows."
    return None


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same but for words, digests and the texts of people."""
    match one:
        case ProtectedText():
            return isinstance(other, ProtectedText) and one.subject == other.subject
        case BaseModel():
            return type(one) is type(other) and all(
                name in NOT_COMPARED or _alike(getattr(one, name), getattr(other, name))
                for name in type(one).model_fields
            )
        case tuple():
            return len(one) == len(other) and all(_alike(*both) for both in zip(one, other, strict=True))
        case Mapping():
            return one.keys() == other.keys() and all(_alike(value, other[name]) for name, value in one.items())
        case _:
            return bool(one == other)


def digest_in(changes: Sequence[Change]) -> str:
    """Return the digest that a recorded decision made, empty where it made none: it stands in for one made again."""
    return next((one.event.digest for one in changes if hasattr(one.event, "digest")), "")
