"""A fund in memory: what happened in it, what is asked of it, and what it says to that."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, Self, TypeVar
from uuid import UUID

from domain.account.events import AccountOpened
from domain.call import commands as call
from domain.call.aggregate import CALL
from domain.catalogue import DECIDERS, aggregate_of
from domain.errors import FundError, NotFound, Refused
from domain.evaluation import commands as evaluation
from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id
from domain.messages import Aggregate, Change, Command, Event
from domain.partnership import commands as partnership
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.values import Digest
from tests.cast import CALENDAR, SUE

S = TypeVar("S")

CURRENT: Final = "current"
"""As a digest in a command: that of the version which the story has at that moment."""
PRESENT: Final = 999_999
"""As the base of a section in a command: the version which the section is at in that moment."""


class Fact(NamedTuple):
    """An event as a test tells it: who and when follow from the command, the stream too unless it is named."""

    kind: type[Event]
    on: UUID | None
    fields: Mapping[str, Any]

    def change(self, by: UUID = SUE, at: datetime = CALENDAR.published, on: UUID | None = None) -> Change:
        """Return the event on its stream."""
        stream = self.on or on
        assert stream is not None, "say on which stream it happened"
        return Change(stream, self.kind(**{"by": by, "effective_at": at, **self.fields}))


def fact(kind: type[Event], /, on: UUID | None = None, **fields: Any) -> Fact:
    """Return what happened or is expected to happen, on a stream or on the one that the command names first."""
    return Fact(kind, on, fields)


Past = Fact | Change | Command


def given(*past: Past) -> "Story":
    """Return a fund in which this happened."""
    return Story().after(*past)


class Story:
    """A fund in memory: its log, and the state of every stream as the world of decisions. It never changes."""

    def __init__(self, log: tuple[Change, ...] = (), states: Mapping[UUID, tuple[str, Any]] | None = None) -> None:
        """Go on from a log with the states that follow from it."""
        self.log = log
        self._states = states or {}

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it."""
        name, state = self._states.get(stream, (kind.name, None))
        assert name == kind.name, f"this stream is a {name}, no {kind.name}"
        return state

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name}.")
        return state

    def streams_of(self, subject: UUID) -> Mapping[str, set[UUID]]:
        """Return by kind the streams with an event that names the subject."""
        found: dict[str, set[UUID]] = {}
        for stream, event in self.log:
            if stream == subject or str(subject) in repr(event):
                found.setdefault(aggregate_of(event).name, set()).add(stream)
        return found

    def accounts_for(self, organisation_id: UUID) -> set[UUID]:
        """Return the subjects whose accounts were opened for a city or region."""
        opened = ((stream, event) for stream, event in self.log if isinstance(event, AccountOpened))
        return {stream for stream, event in opened if event.organisation_id == organisation_id}

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""
        return hmac.new(b"a key", json.dumps(parts).encode(), "sha256").hexdigest()

    def decide(self, command: Command) -> tuple[Change, ...]:
        """Return what follows from a command. Raises what the decision raises."""
        return tuple(DECIDERS[type(command)](self.completed(command), self))

    def after(self, *past: Past) -> "Story":
        """Return the fund in which this happened too; what is refused here fails the test."""
        story = self
        for step in past:
            match step:
                case Command():
                    story = story._recording(*story.decide(step))
                case Fact():
                    story = story._recording(step.change())
                case _:
                    story = story._recording(step)
        return story

    def _recording(self, *changes: Change) -> "Story":
        states = dict(self._states)
        for stream, event in changes:
            kind = aggregate_of(event)
            name, state = states.get(stream, (kind.name, kind.initial))
            assert name == kind.name, f"this stream is a {name}, no {kind.name}"
            states[stream] = name, kind.evolve(state, event)
        return Story((*self.log, *changes), states)

    def without(self, kind: type[Event]) -> "Story":
        """Return the same story, had this never happened."""
        return given(*(change for change in self.log if not isinstance(change.event, kind)))

    def retold(self, kind: type[Event], **fields: Any) -> "Story":
        """Return the same story, had this happened otherwise."""
        return given(
            *(
                Change(stream, event.model_copy(update=fields) if isinstance(event, kind) else event)
                for stream, event in self.log
            )
        )

    def when(self, command: Command) -> "Answer":
        """Ask for something."""
        return Answer(self, self.completed(command))

    def completed(self, command: Any) -> Any:
        """Return the command with the digest, or the base, that the story has now, where it names the current one."""
        if getattr(command, "base", None) == PRESENT:
            pilot = self.find(PILOT_ACTION, command.pilot_action_id)
            base = pilot.sections.get(command.section, 0) if pilot else 0
            return command.model_copy(update={"base": base})
        if getattr(command, "digest", None) != CURRENT:
            return command
        match command:
            case partnership.AgreeRoadmap():
                found = self.find(PARTNERSHIP, command.partnership_id)
                digest = found.roadmap_digest if found else None
            case evaluation.AgreeConsensus():
                judged = self.find(EVALUATION, evaluation_id(command.pilot_action_id))
                digest = judged.proposal.digest if judged and judged.proposal else None
            case call.ApproveAwardList() | call.ReturnAwardList():
                called = self.find(CALL, command.call_id)
                digest = called.list_of(command.line).digest if called else None
            case _:
                pilot = self.find(PILOT_ACTION, command.pilot_action_id)
                digest = pilot.current.digest if pilot and pilot.current else None
        return command.model_copy(update={"digest": digest}) if digest else command


class Answer:
    """What the fund says to a command."""

    def __init__(self, story: Story, command: Command) -> None:
        """Let the fund decide."""
        self.command = command
        self.changes: tuple[Change, ...] = ()
        self.no: FundError | None = None
        try:
            self.changes = story.decide(command)
        except FundError as error:
            self.no = error

    def then(self, *facts: Fact) -> Self:
        """Require exactly these facts, stated by who asked and holding from the moment of the request."""
        if self.no:
            raise self.no
        first = next((value for name, value in self.command if isinstance(value, UUID) and name != "by"), None)
        expected = tuple(told.change(self.command.by, self.command.at, first) for told in facts)
        assert self.changes == expected, "\n".join(
            ["not what was expected:", *map(str, expected), "but:", *map(str, self.changes)]
        )
        return self

    @property
    def code(self) -> str | None:
        """The rule that refuses, or `stage`; None when the command was carried out."""
        if isinstance(self.no, Refused):
            return self.no.code
        if self.no:
            raise self.no
        assert self.changes, "nothing happened"
        return None

    def refused(self, code: str, says: str = "") -> Self:
        """Require a refusal by this rule, or by the stage, in words that hold `says`."""
        assert isinstance(self.no, Refused), f"not refused: {self.no or self.changes}"
        assert (self.no.code, says in self.no.detail) == (code, True), f"{self.no.code}: {self.no.detail}"
        assert self.no.detail.endswith(".")
        assert self.no.cure == "" or self.no.cure.endswith(".")
        return self

    def raises(self, kind: type[FundError], says: str = "") -> Self:
        """Require an error that is no refusal, in words that hold `says`."""
        assert type(self.no) is kind, f"no {kind.__name__}: {self.no or self.changes}"
        assert says in str(self.no), self.no
        return self
