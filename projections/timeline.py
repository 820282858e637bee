"""The timeline: every event as the sentence that a person would say, with who, when, and under which rule.

A command that a rule or the stage refused stands in it too; one that was carried out is told by its events.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import groupby
from string import Formatter
from typing import Any, Final, get_args
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, MetaData, Select, Table, Uuid, bindparam, select

from domain.account.events import AccountOpened
from domain.call.events import (
    ApplicationRegistered,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    AwardListVoided,
    CancellationProposed,
    CoachingPlaceTaken,
    CorrectionProposed,
    OfferMade,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
    RankingEstablished,
    SumCommitted,
    SumFreed,
    SumReturned,
)
from domain.evaluation.events import EvaluationEvent
from domain.grant.events import GrantAccepted, GrantClosed, GrantDeclined, GrantLapsed, GrantOffered
from domain.messages import Event, Recorded
from domain.partnership.events import CoachAssigned
from domain.people import ENGINE, OPERATOR
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    RemovalConfirmed,
    RemovalProposed,
    SupportOffered,
)
from domain.receipt import CommandHandled
from domain.values import Instant, Value, euros, in_brussels
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

ENTRIES = Table(
    "timeline_entries",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", Uuid, nullable=False),
    Column("kind", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("sentence", Words, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("rule", Words),
    Column("command", Words),
)

MENTIONS = Table(
    "timeline_mentions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
)

PEOPLE = Table(
    "timeline_people", METADATA, Column("subject", Uuid, primary_key=True), Column("label", Words, nullable=False)
)

NAMES_OF_NOBODY: Final = {ENGINE: "The fund itself", OPERATOR: "The operator"}
UNKNOWN: Final = "Somebody without an account"

NOT_FOR_APPLICANTS: Final = frozenset(
    kind.TOPIC
    for kind in (
        *get_args(EvaluationEvent),
        CorrectionProposed,
        RankingEstablished,
        AwardListProposed,
        AwardListReturned,
        AwardListApproved,
        AwardListAdopted,
        AwardListVoided,
        CancellationProposed,
        QuestionAsked,
        QuestionAnsweredPrivately,
        QuestionDeclined,
        RemovalProposed,
        CommandHandled,
    )
)
"""Topics that an applicant never reads: who evaluates, how the list came about, what the fund refused to others, what
others asked about the call, and a correction that no second person confirmed yet.
"""

NOT_BEFORE_RELEASE: Final = NOT_FOR_APPLICANTS | {
    kind.TOPIC
    for kind in (ApplicationFoundInadmissible, ApplicationFoundIneligible, ApplicationFoundEligible, RemovalConfirmed)
}
"""Topics that an applicant does not read before the outcomes are released (D17)."""


class TimelineRow(Value):
    """One event in words. `kind` is the aggregate it belongs to; `rule` (a rule's id, or `stage`) and `command` stand
    where a request was refused. `by` is None where the reader is not to know who it was. Both clocks are UTC.
    """

    position: int
    stream: UUID
    kind: str
    topic: str
    sentence: str
    by: UUID | None
    by_label: str
    effective_at: Instant
    recorded_at: Instant
    rule: str | None
    command: str | None


def sentence(event: Event) -> str:
    """Return what a person would say about the event: sums in euro, instants in Brussels time, ids never shown."""
    if isinstance(event, CommandHandled) and event.refused is not None:
        if event.refused == "stage":
            return f"Refused at this stage: {event.detail}"
        return f"Refused under {event.refused}: {event.detail}"
    return event.SAYS.format_map({name: _said(name, getattr(event, name)) for name in _placeholders(event.SAYS)})


@cache
def _placeholders(says: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(says) if name)


_IDENTIFIER = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_WORD_IN_COMMAND = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _said(name: str, value: Any) -> str:
    match value:
        case datetime():
            return in_brussels(value)
        case date():
            return f"{value:%a} {value.day} {value:%B %Y}"
        case Enum():
            return str(value.value).replace("_", " ")
        case UUID():
            return "…"
        case int() if name == "cents" or name.endswith("_cents"):
            return euros(value)
        case str() if name == "command":
            return _WORD_IN_COMMAND.sub(" ", value).lower()
        case str() if _IDENTIFIER.fullmatch(value):
            return value.replace("_", " ")
        case _:
            return str(value)


def mentioned(recorded: Recorded) -> Iterator[UUID]:
    """Yield the stream of an event, and every id that it names but that of who stated it."""
    yield recorded.stream
    for name, value in vars(recorded.event).items():
        if isinstance(value, UUID) and name != "by":
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, UUID))


class Timeline(ReadModel):
    """Every event of the log, and every refused command, with the ids that it mentions."""

    name = "timeline"
    version = 1
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Enter one event under its stream and every id that it names."""
        event = recorded.event
        if isinstance(event, AccountOpened):
            tables[PEOPLE].put({"subject": recorded.stream, "label": event.label})
        command, rule = None, None
        if isinstance(event, CommandHandled):
            command, rule = event.command, event.refused
            if rule is None:
                return
        tables[ENTRIES].put(
            {
                "position": recorded.position,
                "stream": recorded.stream,
                "kind": event.TOPIC.partition(".")[0],
                "topic": event.TOPIC,
                "sentence": sentence(event),
                "by": event.by,
                "effective_at": event.effective_at,
                "recorded_at": recorded.recorded_at,
                "rule": rule,
                "command": command,
            }
        )
        for id in dict.fromkeys(mentioned(recorded)):
            tables[MENTIONS].put({"id": id, "position": recorded.position})


_PIECE: Final = 24
"""So many rows are read at once where only the newest are looked at."""

ECHOES: Final[Mapping[str, frozenset[str]]] = {
    one.TOPIC: frozenset(kind.TOPIC for kind in told)
    for one, told in (
        (SupportOffered, (GrantOffered,)),
        (OfferMade, (GrantOffered, SupportOffered)),
        (SumCommitted, (GrantAccepted,)),
        (SumFreed, (GrantDeclined, GrantLapsed)),
        (SumReturned, (GrantClosed,)),
        (ApplicationRegistered, (ApplicationSubmitted,)),
        (CoachingPlaceTaken, (CoachAssigned,)),
    )
}
"""What says of another thing, such as the call's ledger, what one of these says that the same request recorded."""


_MENTIONING: Final = (
    select(ENTRIES, PEOPLE.c.label.label("by_label"))
    .join(MENTIONS, MENTIONS.c.position == ENTRIES.c.position)
    .outerjoin(PEOPLE, PEOPLE.c.subject == ENTRIES.c.by)
    .where(MENTIONS.c.id == bindparam("id"))
)
_NEWEST: Final = _MENTIONING.order_by(MENTIONS.c.position.desc()).limit(bindparam("most"))
_OLDER: Final = _NEWEST.where(MENTIONS.c.position < bindparam("position"))
_LATER: Final = (
    _MENTIONING.where(MENTIONS.c.position > bindparam("position"))
    .order_by(MENTIONS.c.position)
    .limit(bindparam("most"))
)
"""Asked with every page of who may look at the past, so that they are put together once."""


def of(connection: Connection, id: UUID, without: Collection[str] = ()) -> list[TimelineRow]:
    """Return every event that mentions the id, oldest first, but those whose topic is in `without`."""
    query = _MENTIONING.where(ENTRIES.c.topic.not_in(without)).order_by(ENTRIES.c.position)
    return [_row(found) for found in fetch(connection, query, id=id)]


def newest(connection: Connection, id: UUID) -> Iterator[TimelineRow]:
    """Yield every event that mentions the id, newest first, read piece by piece as far as somebody looks."""
    piece = [_row(found) for found in fetch(connection, _NEWEST, id=id, most=_PIECE)]
    while piece:
        yield from piece
        piece = list(older(connection, id, piece[-1].position)) if len(piece) == _PIECE else []


def older(connection: Connection, id: UUID, position: int) -> Iterator[TimelineRow]:
    """Yield the nearest events that mention the id before a position, the nearest first: one piece of them at most,
    read as far as somebody looks.
    """
    return _each(connection, _OLDER, id, position)


def later(connection: Connection, id: UUID, position: int) -> Iterator[TimelineRow]:
    """Yield the nearest events that mention the id beyond a position, as `older` does."""
    return _each(connection, _LATER, id, position)


def told_once(rows: Iterable[TimelineRow]) -> Iterator[TimelineRow]:
    """Yield rows, in whichever order of positions, but those that say again what another of the same request says."""
    for _, together in groupby(rows, key=lambda row: (row.recorded_at, row.by)):
        request = list(together)
        told = {row.topic for row in request}
        yield from (row for row in request if not ECHOES.get(row.topic, frozenset()) & told)


def _each(connection: Connection, query: Select[Any], id: UUID, position: int) -> Iterator[TimelineRow]:
    for found in connection.execute(query, {"id": id, "position": position, "most": _PIECE}):
        yield _row(found._asdict())


def _row(found: Row) -> TimelineRow:
    label = NAMES_OF_NOBODY.get(found["by"]) or found["by_label"] or UNKNOWN
    return TimelineRow(**{**found, "by_label": label})
