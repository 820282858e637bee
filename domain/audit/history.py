"""The events of a call up to a position of the log, in its order, and what each stream is about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from domain.account.events import AccountEvent
from domain.call.events import ApplicationRegistered, CallCorrected, CallPublished
from domain.call.rules import CallRules
from domain.evaluation.events import EvaluationOpened
from domain.grant.events import GrantOffered
from domain.messages import Event, Recorded
from domain.partnership.events import PartnershipFormed
from domain.pilot_action.events import PilotActionProposed
from domain.receipt import CommandHandled

E = TypeVar("E", bound=Event)


class Matter(NamedTuple):
    """What a stream is about: a partnership, its pilot action and the line of support, as far as there are any."""

    partnership_id: UUID | None = None
    pilot_action_id: UUID | None = None
    line: str = ""


_NOTHING: Final = Matter()


class History(NamedTuple):
    """What happened in a call up to the position `at` of the log, oldest first.

    Events of accounts are in it whichever call they were for: roles count in every call. Of requests, those that were
    refused.
    """

    call_id: UUID
    at: int
    events: tuple[Recorded, ...]
    matters: Mapping[UUID, Matter]
    rules: tuple[tuple[int, CallRules], ...]
    """Since which position which rules of the call are in force."""

    def each(self, kind: type[E]) -> Iterator[tuple[Recorded, E]]:
        """Yield the events of one kind."""
        for recorded in self.events:
            if isinstance(recorded.event, kind):
                yield recorded, recorded.event

    def about(self, stream: UUID) -> Matter:
        """Return what a stream is about; an empty matter for the call itself and for accounts."""
        return self.matters.get(stream, _NOTHING)

    def rules_at(self, position: int) -> CallRules | None:
        """Return the rules of the call that were in force at a position, None before it was published."""
        before = (rules for since, rules in reversed(self.rules) if since <= position)
        return next(before, None)

    def without_applications(self) -> "History":
        """Return the same without what tells how many applications there are, and what is in them (D27)."""
        hidden = {stream for stream, matter in self.matters.items() if matter.pilot_action_id is not None}
        left = (
            recorded
            for recorded in self.events
            if recorded.stream not in hidden
            and not isinstance(recorded.event, ApplicationRegistered)
            and not (isinstance(recorded.event, CommandHandled) and recorded.event.about in hidden)
        )
        return self._replace(events=tuple(left))


def history(call_id: UUID, log: Iterable[Recorded], at: int) -> History:
    """Return what belongs to a call of what the log holds up to a position."""
    matters: dict[UUID, Matter] = {call_id: _NOTHING}
    found: list[Recorded] = []
    for recorded in log:
        if recorded.position > at:
            break
        _note(matters, call_id, recorded)
        if _belongs(matters, recorded):
            found.append(recorded)
    stated = ((one.position, one.event) for one in found)
    rules = tuple((since, one.rules) for since, one in stated if isinstance(one, CallPublished | CallCorrected))
    return History(call_id, at, tuple(found), matters, rules)


def _note(matters: dict[UUID, Matter], call_id: UUID, recorded: Recorded) -> None:
    """Note a stream that begins in this call."""
    event, id = recorded.event, recorded.stream
    match event:
        case PartnershipFormed() if event.call_id == call_id:
            matters[id] = Matter(id)
        case PilotActionProposed() if event.call_id == call_id:
            matters[id] = Matter(event.partnership_id, id, event.line)
        case EvaluationOpened() | GrantOffered() if event.call_id == call_id:
            matters[id] = Matter(event.partnership_id, event.pilot_action_id, event.line)
        case _:
            pass


def _belongs(matters: Mapping[UUID, Matter], recorded: Recorded) -> bool:
    event = recorded.event
    if isinstance(event, CommandHandled):
        return event.refused is not None and event.about in matters
    return recorded.stream in matters or isinstance(event, AccountEvent)
