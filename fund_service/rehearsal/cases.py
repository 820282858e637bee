"""The awkward cases that every rehearsal plays, and where each can be seen: in the log, or, for what the log does not
keep, in the rehearsal's own notes.

Each file of scenes lists its cases beside the scenes that play them; `script.all_cases` puts them together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.messages import Command, Event, Recorded
from domain.pilot_action.events import ApplicationFoundInadmissible
from domain.receipt import CommandHandled


class Area(StrEnum):
    """What an awkward case is about, in the order in which a call meets it."""

    WHO = "Who"
    QUESTIONS = "Questions"
    COACHING = "Coaching"
    SUBMISSION = "Drafts and submission"
    EVALUATION = "Evaluation"
    AWARD = "Award"
    RESOURCES = "Resources"
    ANYBODY = "Anybody"


@dataclass(frozen=True, slots=True)
class Case:
    """An awkward case as a true sentence. `kind` is the event that shows it, when it is `seen`.

    Without a kind the log does not keep it (a request without the right, one that could not be read, a conflict of two
    people): the rehearsal notes it under the case's id and the summary marks it so.
    """

    id: str
    area: Area
    sentence: str
    kind: type[Event] | None = None
    seen: Callable[[Recorded], bool] = lambda recorded: True


def happened(id: str, area: Area, sentence: str, kind: type[Event], **fields: object) -> Case:
    """Return a case that shows in an event of this kind with these fields."""
    return Case(
        id, area, sentence, kind, lambda recorded: all(getattr(recorded.event, f) == v for f, v in fields.items())
    )


def inadmissible(id: str, area: Area, sentence: str, rule: str) -> Case:
    """Return a case that shows in an application that is inadmissible under this rule."""

    def seen(recorded: Recorded) -> bool:
        event = recorded.event
        return isinstance(event, ApplicationFoundInadmissible) and rule in {found.rule for found in event.findings}

    return Case(id, area, sentence, ApplicationFoundInadmissible, seen)


def shown(id: str, area: Area, sentence: str, kind: type[Event], seen: Callable[[UUID, Any], bool]) -> Case:
    """Return a case that shows in an event of this kind for which `seen(stream, event)` is true."""
    return Case(id, area, sentence, kind, lambda recorded: seen(recorded.stream, recorded.event))


def refused(id: str, area: Area, sentence: str, code: str, command: type[Command]) -> Case:
    """Return a case that shows in the receipt of a command which a rule, or the stage (`stage`), refused."""
    return happened(id, area, sentence, CommandHandled, refused=code, command=command.__name__)


def noted(id: str, area: Area, sentence: str) -> Case:
    """Return a case that the log does not keep; `Stage.turned_away` and `Stage.repeated` note it."""
    return Case(id, area, sentence)
