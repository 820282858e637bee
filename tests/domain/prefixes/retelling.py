"""Stories told as a log holds them, and what is found in such a log."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from domain.messages import Change, Command, Recorded
from domain.prefixes.prefixes import Prefixes
from domain.prefixes.violations import Violation
from tests.cast import CALENDAR
from tests.story import Story


def as_recorded(*requests: Sequence[Change]) -> Iterator[Recorded]:
    """Yield events as the log holds them, each sequence as what one request led to."""
    versions: dict[UUID, int] = {}
    position = 0
    for number, changes in enumerate(requests):
        for stream, event in changes:
            position += 1
            versions[stream] = versions.get(stream, 0) + 1
            yield Recorded(position, stream, versions[stream], CALENDAR.published, UUID(int=number), event)


def found(*requests: Sequence[Change]) -> list[Violation]:
    """Return what is found in a log with these events."""
    return list(Prefixes({}).violations(as_recorded(*requests)))


def rules_found(*requests: Sequence[Change]) -> list[str]:
    """Return which rules do not hold in a log with these events."""
    return [one.rule for one in found(*requests)]


def forged(story: Story, command: Command, **fields: Any) -> tuple[Change, ...]:
    """Return what a request leads to, but for these fields, wherever an event has them."""
    return tuple(_forged(change, fields) for change in story.decide(command))


def _forged(change: Change, fields: dict[str, Any]) -> Change:
    event = change.event
    other = {name: value for name, value in fields.items() if name in type(event).model_fields}
    return Change(change.stream, event.model_copy(update=other))
