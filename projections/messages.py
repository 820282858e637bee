"""Messages: what was told to whom, when, and about what; each is an event of the log in its own sentence.

`telling.py` says whom an event is told to. Before the release no message tells one outcome from another (D17).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import ClassVar, Final, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Index, MetaData, Table, Uuid, select

from domain.account.events import AccountOpened
from domain.call.events import CallCorrected, CallPublished, OutcomesReleased, ReserveExpired
from domain.evaluation.events import (
    AllegationUpheld,
    ConflictDeclared,
    EvaluationOpened,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
)
from domain.grant.events import GrantOffered
from domain.messages import Event, Recorded
from domain.organisation.events import OrganisationRegistered
from domain.partnership.events import MemberLeft, PartnershipFormed
from domain.people import Role, Strand
from domain.pilot_action.events import ApplicationFoundInadmissible, ApplicationFoundIneligible, PilotActionProposed
from domain.values import Instant, Value
from domain.working_paper.events import WorkingPaperOpened
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch
from projections.telling import TOLD, WITHOUT_ITS_MATTER, Whom
from projections.timeline import sentence

METADATA = MetaData()

MESSAGES = Table(
    "messages",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("audience", Words, default=""),
    Column("at", Moment),
    Column("topic", Words, default=""),
    Column("sentence", Words, default=""),
    Column("about", Words, default=""),
    Column("call_id", Uuid),
    Column("partnership_id", Uuid),
    Column("pilot_action_id", Uuid),
)
"""`audience` is everybody, the id of a person or of a city or region, the buyers of a strand, or the secretariat;
`number` tells apart what one event tells several of them.
"""

MATTERS = Table(
    "message_matters",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Words, default=""),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("partnership_id", Uuid),
    Column("pilot_action_id", Uuid),
    Column("coordinator", Words),
    Column("members", JSON, default=()),
    Column("strand", Words, default=""),
    Column("committee", JSON, default=()),
    Column("found", Words, default=""),
)
"""What a stream is about, and who belongs to it: a call, a partnership, a pilot action, an evaluation, a grant, an
auditor's working paper.
"""

LINES = Table(
    "message_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("found", JSON, default=()),
    Column("released", Boolean, default=False),
)
"""The applications of a line that were found inadmissible or ineligible: they are told so with the release."""

NAMES = Table(
    "message_names",
    METADATA,
    Column("audience", Words, primary_key=True),
    Column("name", Words, default=""),
)

Index("messages_by_audience", MESSAGES.c.audience, MESSAGES.c.position)
Index("messages_by_partnership", MESSAGES.c.partnership_id, MESSAGES.c.position)

EVERYBODY: Final = Whom.EVERYBODY.value
SECRETARIAT: Final = Whom.SECRETARIAT.value


class MessageRow(Value):
    """Something that was told: to whom, at which instant (UTC), in a sentence, and what it is about.

    `to` is a name, or everybody; `position` is that of the event in the log.
    """

    id: str
    position: int
    at: Instant
    to: str
    topic: str
    sentence: str
    about: str
    call_id: UUID | None
    partnership_id: UUID | None
    pilot_action_id: UUID | None


class _Matter(NamedTuple):
    """What an event is about: the row of its stream, of its pilot action and of its partnership, as far as known."""

    own: Row
    action: Row
    partnership: Row


_Telling = tuple[str, str, _Matter | None]
"""An audience, what it is told, and of which matter, where it may know that."""


class Messages(ReadModel):
    """Everything that was told to somebody."""

    name: ClassVar[str] = "messages"
    version: ClassVar[int] = 2
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Tell an event to whom it is to be told."""
        _note(tables, recorded)
        told = {"at": recorded.event.effective_at, "topic": recorded.event.TOPIC}
        for number, (audience, words, matter) in enumerate(_told(tables, recorded)):
            key = {"position": recorded.position, "number": number}
            tables[MESSAGES].put({**key, **told, "audience": audience, "sentence": words, **_about(matter)})
        _leave(tables, recorded)


def _about(matter: _Matter | None) -> Row:
    if matter is None:
        return {}
    return {
        "about": matter.action["name"],
        "call_id": matter.partnership["call_id"],
        "partnership_id": matter.partnership["partnership_id"],
        "pilot_action_id": matter.action["pilot_action_id"],
    }


def _told(tables: Tables, recorded: Recorded) -> Iterator[_Telling]:
    """Yield who is told what of an event, and of which matter."""
    event = recorded.event
    if type(event) in TOLD:
        matter = _matter(tables, recorded.stream)
        audiences = (one for whom in TOLD[type(event)] for one in _audiences(whom, recorded, matter))
        seen = None if isinstance(event, WITHOUT_ITS_MATTER) else matter
        yield from ((audience, sentence(event), seen) for audience in dict.fromkeys(audiences))
    for pilot_action_id, words in _outcomes(tables, recorded):
        matter = _matter(tables, pilot_action_id)
        yield from ((audience, words, matter) for audience in dict.fromkeys(matter.partnership["members"]))


def _note(tables: Tables, recorded: Recorded) -> None:
    """Note what an event says of what it is about."""
    id, event, matters = recorded.stream, recorded.event, tables[MATTERS]
    match event:
        case OrganisationRegistered(name=name) | AccountOpened(label=name):
            tables[NAMES].put({"audience": str(id), "name": name})
        case CallPublished() | CallCorrected():
            matters.change(id, name=event.rules.title, call_id=id)
        case PartnershipFormed():
            members = [str(member.organisation_id) for member in event.members]
            about = {"name": event.name, "call_id": event.call_id, "partnership_id": id, "members": members}
            matters.change(id, **about, coordinator=str(event.coordinator_id), strand=event.geography.strand.value)
        case PilotActionProposed():
            about = {"name": event.title, "call_id": event.call_id, "line": event.line, "pilot_action_id": id}
            matters.change(id, **about, partnership_id=event.partnership_id)
        case EvaluationOpened() | GrantOffered():
            matters.change(id, pilot_action_id=event.pilot_action_id)
        case WorkingPaperOpened():
            matters.change(id, name=matters.row(event.call_id)["name"], call_id=event.call_id)
        case EvaluatorAssigned():
            committee = [*matters.row(id)["committee"], str(event.evaluator)]
            matters.change(id, committee=list(dict.fromkeys(committee)))
        case _:
            pass


def _leave(tables: Tables, recorded: Recorded) -> None:
    """Note who belongs to a matter no more: whoever leaves is told so still."""
    id, event, matters = recorded.stream, recorded.event, tables[MATTERS]
    match event:
        case MemberLeft():
            members = [one for one in matters.row(id)["members"] if one != str(event.organisation_id)]
            matters.change(id, members=members)
        case ConflictDeclared() | EvaluatorWithdrew() | EvaluatorReplaced() | AllegationUpheld():
            committee = [one for one in matters.row(id)["committee"] if one != str(event.evaluator)]
            matters.change(id, committee=committee)
        case _:
            pass


def _matter(tables: Tables, stream: UUID) -> _Matter:
    matters = tables[MATTERS]
    own = matters.row(stream)
    action = matters.row(own["pilot_action_id"]) if own["pilot_action_id"] is not None else own
    partnership = matters.row(action["partnership_id"]) if action["partnership_id"] is not None else own
    return _Matter(own, action, partnership)


def _audiences(whom: Whom, recorded: Recorded, matter: _Matter) -> Iterable[str]:
    event, partnership = recorded.event, matter.partnership
    match whom:
        case Whom.EVERYBODY:
            return [EVERYBODY]
        case Whom.COORDINATOR:
            return [partnership["coordinator"]] if partnership["coordinator"] else []
        case Whom.MEMBERS:
            return list(partnership["members"])
        case Whom.PARTNERS:
            return [one for one in partnership["members"] if one != partnership["coordinator"]]
        case Whom.ORGANISATION | Whom.ACCOUNT:
            return [str(recorded.stream)]
        case Whom.COMMITTEE:
            return list(matter.own["committee"])
        case Whom.BUYERS:
            return [buyers(partnership["strand"])]
        case Whom.SECRETARIAT:
            return [SECRETARIAT]
        case Whom.NAMED_ORGANISATIONS:
            return _named(event, "organisation_id", "organisation_ids")
        case Whom.NAMED_EVALUATORS:
            return _named(event, "evaluator", "evaluators")
        case Whom.ASKER:
            return _named(event, "asked_by")
        case Whom.DEPARTED:
            return _named(event, "departed")
        case Whom.REPRESENTED:
            return _named(event, "represents")
        case Whom.COACH:
            return _named(event, "coach")


def _named(event: Event, *fields: str) -> list[str]:
    """Return the ids that an event holds in fields with these names."""
    given = [value for field in fields if (value := getattr(event, field, None)) is not None]
    return [str(id) for value in given for id in (value if isinstance(value, tuple) else (value,))]


def buyers(strand: str) -> str:
    """Return the audience of those who order for a strand."""
    return f"{Whom.BUYERS.value} {strand}"


def _outcomes(tables: Tables, recorded: Recorded) -> Iterator[tuple[UUID, str]]:
    """Yield what applicants are told of their outcomes: with the release and not before (D17), then at once."""
    event = recorded.event
    match event:
        case OutcomesReleased():
            line = tables[LINES].row(recorded.stream, event.line)
            tables[LINES].put({**line, "found": [], "released": True})
            for id in line["found"]:
                yield UUID(id), tables[MATTERS].row(UUID(id))["found"]
            for one in event.outcomes:
                why = one.reason
                words = f"The outcome is released: {one.outcome.replace('_', ' ')}. {why}".strip()
                yield one.pilot_action_id, words
        case ReserveExpired():
            yield from ((id, sentence(event)) for id in event.pilot_action_ids)
        case ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            if _is_released(tables, recorded):
                yield recorded.stream, sentence(event)
        case _:
            pass


def _is_released(tables: Tables, recorded: Recorded) -> bool:
    """Tell whether the outcomes of an application's line are released; until then keep what was found."""
    id = recorded.stream
    action = tables[MATTERS].row(id)
    tables[MATTERS].put({**action, "found": sentence(recorded.event)})
    if action["call_id"] is None:
        return False
    line = tables[LINES].row(action["call_id"], action["line"])
    if not line["released"]:
        tables[LINES].put({**line, "found": list(dict.fromkeys([*line["found"], str(id)]))})
    return bool(line["released"])


def audiences_of(subject: UUID, organisation_id: UUID | None, roles: Mapping[Role, Strand | None]) -> frozenset[str]:
    """Return the audiences that somebody belongs to, by the roles that count now with the strand of each.

    Who orders does so for a strand, or for all where it is None.
    """
    own = {EVERYBODY, str(subject), *([str(organisation_id)] if organisation_id is not None else [])}
    office = {SECRETARIAT} if Role.SECRETARIAT in roles else set()
    buys = Role.RESOURCE_MANAGER in roles
    strand = roles.get(Role.RESOURCE_MANAGER)
    return frozenset(own | office | {buyers(one.value) for one in Strand if buys and strand in (None, one)})


def messages(
    connection: Connection, audiences: Collection[str] | None = None, partnership_id: UUID | None = None
) -> Iterator[MessageRow]:
    """Yield what was told to some audiences, or about a partnership and its pilot actions, the newest first."""
    query = select(MESSAGES, NAMES.c.name).outerjoin(NAMES, NAMES.c.audience == MESSAGES.c.audience)
    if audiences is not None:
        query = query.where(MESSAGES.c.audience.in_(sorted(audiences)))
    if partnership_id is not None:
        query = query.where(MESSAGES.c.partnership_id == partnership_id)
    for row in fetch(connection, query.order_by(MESSAGES.c.position.desc(), MESSAGES.c.number)):
        told = {name: row[name] for name in MessageRow.model_fields if name in row}
        yield MessageRow(**told, id=f"{row['position']}-{row['number']}", to=row["name"] or row["audience"])
