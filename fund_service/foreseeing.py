"""What a command would lead to: its events, the processes that would start or hear of them, and their clocks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, published
from domain.call.rules import Calendar
from domain.catalogue import DECIDERS
from domain.messages import Change, Command, Event, Recorded
from domain.receipt import CommandHandled, receipt_id
from domain.values import Instant, Value
from fund_service.application import NO_TERMS, Fund, Terms, WorldNow
from projections.telling import TOLD, Whom
from projections.timeline import sentence
from workflows.reactions import Begin, Tell, reactions

_TOGETHER: Final = (8, 200)
"""Hardly any command records more events than the first, and no command of a person more than the second."""


class ForeseenEvent(Value):
    """An event that would be recorded, as a sentence, and who would be told of it."""

    topic: str
    stream: UUID
    sentence: str
    told: tuple[Whom, ...]


class ForeseenProcess(Value):
    """A process that would start, or hear of an event; `clocks` are the instants (UTC) that it would then wait for."""

    id: str
    starts: bool
    says: str
    clocks: dict[str, Instant]


class Foreseen(Value):
    """What a command would lead to. Nothing of it is recorded."""

    command: str
    at: Instant
    events: tuple[ForeseenEvent, ...]
    processes: tuple[ForeseenProcess, ...]


class Done(Value):
    """What a command led to: its events, and the log's position at which they can be seen."""

    command: str
    key: str
    position: int
    repeated: bool
    events: tuple[ForeseenEvent, ...]


def done(fund: Fund, command: Command, terms: Terms = NO_TERMS) -> Done:
    """Carry out a command and return what was recorded, now or when it was sent before with the same key.

    Raises what `Fund.handle` raises.
    """
    (position, repeated), changes = fund.carry_out(command, terms)
    events = tuple(_told(stream, event) for stream, event in changes)
    if repeated:
        position, events = recorded(fund, command.by, command.key)
    return Done(command=type(command).__name__, key=command.key, position=position, repeated=repeated, events=events)


def recorded(fund: Fund, by: UUID, key: str) -> tuple[int, tuple[ForeseenEvent, ...]]:
    """Return the position and the events of what a subject asked for with this key; 0 and none where it did not."""
    if not key:
        return 0, ()
    receipt = receipt_id(by, key)
    position = fund.log.position_of(receipt)
    return position, tuple(_told(one.stream, one.event) for one in _together(fund, receipt, position))


class Carried(NamedTuple):
    """What was carried out under a key: the command's name, the id that it names first, and its events."""

    command: str
    about: UUID | None
    events: tuple[Event, ...]


def carried_out(fund: Fund, by: UUID, key: str) -> Carried | None:
    """Return what a subject asked for with this key; None where it did not, or where it was refused."""
    receipt = receipt_id(by, key)
    position = fund.log.position_of(receipt)
    found = fund.log.read(position - 1, 1) if position else []
    handled = found[0].event if found else None
    if not isinstance(handled, CommandHandled) or handled.refused is not None:
        return None
    events = tuple(one.event for one in _together(fund, receipt, position))
    return Carried(handled.command, handled.about, events)


def _together(fund: Fund, caused_by: UUID, position: int) -> list[Recorded]:
    """Return the events that stand right before a command's receipt: all were saved in one transaction."""
    near: Sequence[Recorded] = ()
    for number in _TOGETHER if position else ():
        near = fund.log.read(max(0, position - number - 1), number)
        if any(r.caused_by != caused_by for r in near):
            break
    return [r for r in near if r.caused_by == caused_by and r.position < position]


def foresee(fund: Fund, command: Command, terms: Terms = NO_TERMS, world: WorldNow | None = None) -> Foreseen:
    """Return what a command would lead to now. Raises what `Fund.handle` would raise.

    In a `world` that somebody looks at, which stays as it is, nothing was asked for with the command's key.
    """
    if world is None:
        world = fund.world()
        return _foreseen(command, fund.preview(command, world, terms), world)
    world = world.beside()
    return _foreseen(command, world.foretell(command, terms), world)


def supposed(command: Command, world: WorldNow) -> Foreseen:
    """Return what a command would lead to in a world that is supposed, whoever may ask for it, and let it be so there.

    Raises what its decision raises.
    """
    changes = list(DECIDERS[type(command)](command, world))
    world.suppose(changes)
    return _foreseen(command, changes, world)


def _foreseen(command: Command, changes: Sequence[Change], world: WorldNow) -> Foreseen:
    return Foreseen(
        command=type(command).__name__,
        at=command.at,
        events=tuple(_told(stream, event) for stream, event in changes),
        processes=tuple(_processes(changes, command, world)),
    )


def _told(stream: UUID, event: Event) -> ForeseenEvent:
    return ForeseenEvent(topic=event.TOPIC, stream=stream, sentence=sentence(event), told=TOLD.get(type(event), ()))


def _processes(changes: Sequence[Change], command: Command, world: WorldNow) -> Iterator[ForeseenProcess]:
    caused_by = receipt_id(command.by, command.key)
    for position, (stream, event) in enumerate(changes):
        for reaction in reactions(Recorded(position, stream, 0, datetime.now(UTC), caused_by, event)):
            yield _process(reaction, world)


def _process(reaction: Begin | Tell, world: WorldNow) -> ForeseenProcess:
    if isinstance(reaction, Begin):
        calendar = published(world.get(CALL, reaction.start.call_id)).calendar
        names = _calendar_points(reaction.workflow)
        clocks = {name: instant for name, instant in calendar.points() if name in names}
        says = str(reaction.workflow.__doc__).partition("\n")[0]
        return ForeseenProcess(id=reaction.workflow_id, starts=True, says=says, clocks=clocks)
    says = f"hears {reaction.heard.topic}"
    return ForeseenProcess(id=reaction.workflow_id, starts=False, says=says, clocks=reaction.heard.instants)


def _calendar_points(workflow: type[Any]) -> frozenset[str]:
    """Return the names of the calendar's points that a workflow's own methods speak of."""
    methods = (method for method in vars(workflow).values() if hasattr(method, "__code__"))
    spoken = {name for method in methods for name in method.__code__.co_names}
    return frozenset(spoken & Calendar.model_fields.keys())
