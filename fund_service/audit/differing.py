"""What changed between two moments: each thing with the sentences of its events, and what it was before and after."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import Call
from domain.catalogue import AGGREGATES
from domain.errors import Malformed
from domain.evaluation.aggregate import Evaluation
from domain.grant.aggregate import Grant
from domain.messages import Aggregate, Recorded, World
from domain.organisation.aggregate import ORGANISATION, Organisation
from domain.partnership.aggregate import Partnership
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.receipt import RECEIPT, CommandHandled
from domain.values import Instant, Value, euros, in_brussels
from fund_service.audit.reading import of_call
from fund_service.composition import Parts
from fund_service.event_store import EventLog, Sought
from fund_service.listing import said
from projections.timeline import NAMES_OF_NOBODY, UNKNOWN, mentioned, sentence

MOST: Final = 20_000
"""Between two moments that are compared lie so many events at most, or of a thing or a call so many that count."""
MOST_FIELDS: Final = 60
"""So many fields of a thing are told; of more, the rest is told as a number."""
_KINDS: Final = {kind.name: kind for kind in AGGREGATES}
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_UNTOLD: Final[Mapping[str, frozenset[str]]] = {ORGANISATION.name: frozenset({"named_in"})}
"""Fields that say of a thing what others alone may know: in which applications a place is named (D27)."""


class ChangedField(Value):
    """A field of a thing that is another one after than before, in words; empty where there was, or is, nothing."""

    field: str
    before: str
    after: str


class ChangeEvent(Value):
    """An event between the two moments: its sentence, who, when it was recorded, and from when it holds (UTC)."""

    position: int
    sentence: str
    topic: str
    by: UUID
    by_label: str
    recorded_at: Instant
    effective_at: Instant


class ThingChanged(Value):
    """A thing about which something was recorded: the events in their order, and what it was before and after.

    `change` is the sentence that says so. Of what one may not see there are no `fields`.
    """

    id: UUID
    kind: str
    name: str
    change: str
    first: int
    last: int
    fields: tuple[ChangedField, ...]
    events: tuple[ChangeEvent, ...]


class Asked(NamedTuple):
    """Of what somebody asks what changed: of a thing, of a call, or of everything; and what they may hear and see."""

    about: UUID | None = None
    call_id: UUID | None = None
    hears: Callable[[Recorded], bool] = lambda recorded: True
    sees: Callable[[str, UUID], bool] = lambda kind, id: True
    reveals: bool = False
    """Free text of people is told, else it is masked."""


EVERYTHING: Final = Asked()


def differences(before: Parts, after: Parts, asked: Asked = EVERYTHING) -> list[ThingChanged]:
    """Return what changed from the fund as of one moment to the fund as of another, the first changed thing first.

    Raises Malformed where the first moment is not the earlier one, or too much lies between.
    """
    begin, end = before.log.end(), after.log.end()
    if begin > end:
        raise Malformed(
            f"Position {begin} is not before position {end}.", "Name the earlier moment first, and then the later one."
        )
    world = after.fund.world()
    found: dict[UUID, list[Recorded]] = {}
    counting = (one for one in _between(after, begin, asked) if _is_asked_for(one, asked, world) and asked.hears(one))
    for number, recorded in enumerate(counting):
        if number == MOST:
            raise Malformed(
                f"More than {MOST:,} events lie between the two moments.",
                "Name a thing or a call, or moments that are nearer to each other.",
            )
        found.setdefault(recorded.stream, []).append(recorded)
    return [_changed(stream, events, before, after, asked) for stream, events in found.items()]


def _between(after: Parts, begin: int, asked: Asked) -> Iterator[Recorded]:
    """Yield the events beyond a position among which those are that are asked for. What was carried out is told by its
    events.
    """
    for one in _read(after.log, begin, asked):
        if not (isinstance(one.event, CommandHandled) and one.event.refused is None):
            yield one


def _read(log: EventLog, begin: int, asked: Asked) -> Iterator[Recorded]:
    end = log.end()
    if asked.call_id is not None:
        yield from of_call(log, asked.call_id, begin, end)
    elif asked.about is not None:
        own = [one for one in log.of([asked.about]) if one.position > begin]
        naming = log.looked_up([Sought(saying=str(asked.about).encode())], begin, end)
        found = {one.position: one for one in (*own, *naming)}
        yield from (found[position] for position in sorted(found))
    else:
        while page := log.read(begin, 1000):
            yield from page
            begin = page[-1].position


def _is_asked_for(recorded: Recorded, asked: Asked, world: World) -> bool:
    if asked.about is not None and asked.about not in mentioned(recorded):
        return False
    return asked.call_id is None or asked.call_id in (recorded.stream, _call_of(recorded, world))


def _call_of(recorded: Recorded, world: World) -> UUID | None:
    """Return the call to which the thing belongs that an event is about, None where it belongs to none."""
    kind = _KINDS.get(recorded.event.TOPIC.partition(".")[0])
    found: UUID | None = getattr(world.find(kind, recorded.stream), "call_id", None) if kind is not None else None
    return found


def _changed(stream: UUID, events: list[Recorded], before: Parts, after: Parts, asked: Asked) -> ThingChanged:
    kind = events[0].event.TOPIC.partition(".")[0]
    name, known = _name(kind, stream, after), _KINDS[kind]
    old, new = (parts.fund.world().find(known, stream) for parts in (before, after))
    return ThingChanged(
        id=stream,
        kind=kind,
        name=name,
        change=_in_a_sentence(kind, name, len(events), new=old is None),
        first=events[0].position,
        last=events[-1].position,
        fields=_differing(known, old, new, asked) if asked.sees(kind, stream) else (),
        events=tuple(_told(one, after.fund.world()) for one in events),
    )


def _in_a_sentence(kind: str, name: str, number: int, *, new: bool) -> str:
    if kind == RECEIPT.name:
        return "A request was refused."
    called = f"{kind.replace('-', ' ')}{f' “{name}”' if name else ''}"
    return f"The {called} {'is new' if new else 'changed'}: {number:,} {'event' if number == 1 else 'events'}."


def _told(recorded: Recorded, world: World) -> ChangeEvent:
    event = recorded.event
    account = world.find(ACCOUNT, event.by)
    return ChangeEvent(
        position=recorded.position,
        sentence=sentence(event),
        topic=event.TOPIC,
        by=event.by,
        by_label=NAMES_OF_NOBODY.get(event.by) or (account.label if account is not None else "") or UNKNOWN,
        recorded_at=recorded.recorded_at,
        effective_at=event.effective_at,
    )


def _name(kind: str, stream: UUID, parts: Parts) -> str:
    """Return what people call a thing: its name, its label, its title; empty where it has none."""
    state = parts.fund.world().find(_KINDS[kind], stream)
    match state:
        case Partnership() | Organisation():
            return state.name
        case Account():
            return state.label
        case Call():
            return state.rules.title if state.rules is not None else ""
        case Grant() | Evaluation():
            return _title(state.pilot_action_id, parts) if state.pilot_action_id is not None else ""
        case PilotAction():
            return state.title
        case _:
            return ""


def _title(pilot_action_id: UUID, parts: Parts) -> str:
    return (parts.fund.world().find(PILOT_ACTION, pilot_action_id) or PilotAction()).title


def _differing(kind: Aggregate[Any], before: object, after: object, asked: Asked) -> tuple[ChangedField, ...]:
    """Return the fields that differ, as far as there is room for them."""
    old, new = (_flat(_dumped(kind, state, asked)) for state in (before, after))
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name, "") != new.get(name, "")]
    told = [ChangedField(field=name, before=old.get(name, ""), after=new.get(name, "")) for name in names]
    if len(told) <= MOST_FIELDS:
        return tuple(told)
    rest = ChangedField(field="more", before="", after=f"{len(told) - MOST_FIELDS:,} more fields differ")
    return (*told[:MOST_FIELDS], rest)


def _dumped(kind: Aggregate[Any], state: object, asked: Asked) -> dict[str, Any]:
    if state is None:
        return {}
    how = {"reveal": True} if asked.reveals else {"mask": True}
    dumped: dict[str, Any] = TypeAdapter[Any](type(state)).dump_python(state, mode="json", context=how)
    return {name: value for name, value in dumped.items() if name not in _UNTOLD.get(kind.name, frozenset())}


def _flat(data: Any, name: str = "") -> dict[str, str]:
    """Return every value below some data in words, by what leads to it."""
    inside: Mapping[Any, Any] = {}
    if isinstance(data, dict):
        inside = data
    elif isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        inside = dict(enumerate(data, 1))
    else:
        return {name: told} if (told := _in_words(name, data)) else {}
    flat: dict[str, str] = {}
    for key, value in inside.items():
        word = str(key).replace("_", " ")
        flat |= _flat(value, f"{name}, {word}" if name else word)
    return flat


def _in_words(name: str, value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() if name.endswith("cents"):
            return euros(value)
        case str() if _INSTANT.fullmatch(value):
            return "" if value.startswith("9999-") else in_brussels(datetime.fromisoformat(value))
        case _:
            return said(value)
