"""What waits for somebody: of a member's officer, a coach, an evaluator or an office each deed, until when, and why.

It reads the screens of each; so an applicant hears nothing that its home does not show (D17), an evaluator nothing but
its own applications (D27). Who may really do it is the permissions' business.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import chain
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from domain.ids import grant_id
from projections import lists
from projections.applicant_rows import HomeRow, PilotActionRow
from projections.applicant_tables import PILOT_ACTIONS
from projections.call_ranking import RANKINGS
from projections.coach_worklist import coach_work
from projections.desk_deeds import DEEDS
from projections.desk_tables import CLAIMS, DEPUTIES, ROLES
from projections.desk_waits import Desk
from projections.evaluator_worklist import EvaluatorWork, evaluator_work
from projections.read_model import Row, fetch
from projections.timeline import PEOPLE
from projections.waiting import Party
from projections.working_papers import findings

_AT_ONCE: Final = 100
"""So many deeds of a desk are read at once."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class NextDeed(NamedTuple):
    """One deed that waits: the name of the request that does it, with the fields that are known; until when (UTC).

    `rule` says why. `title` and `partnership` say what it is about.
    """

    command: str
    known: Mapping[str, Any]
    deed: str
    rule: str
    due: datetime | None
    title: str
    partnership: str


def of_member(homes: Iterable[HomeRow], organisation_id: UUID) -> Iterator[NextDeed]:
    """Yield what an organisation's officers can do next in each of its partnerships, and in their pilot actions."""
    for home in homes:
        told = set()
        for step in home.pilot_actions or (home,):
            if step.command is None or step.rule is None or not step.yours:
                continue
            action = step if isinstance(step, PilotActionRow) else None
            known = _known(home, action, organisation_id, step.command)
            if (step.command, *known.values()) not in told:
                told.add((step.command, *known.values()))
                title = action.title if action is not None and "partnership_id" not in known else home.name
                yield NextDeed(step.command, known, step.next_step, step.rule, step.due, title, home.name)


_OF_PARTNERSHIP: Final = frozenset(
    {"ConfirmMembership", "DraftRoadmap", "AgreeRoadmap", "RequestCoaching", "ProposePilotAction"}
)


def _known(home: HomeRow, action: PilotActionRow | None, reader: UUID, command: str) -> dict[str, Any]:
    if action is None or command in _OF_PARTNERSHIP:
        known: dict[str, Any] = {"partnership_id": home.id, "organisation_id": reader, "digest": home.roadmap_digest}
    elif action.grant is not None:
        waiting = [order.order for order in action.grant.to_acknowledge]
        known = {"grant_id": action.grant.id, "order": waiting[0] if waiting else None}
    else:
        known = {"pilot_action_id": action.id, "organisation_id": reader, "digest": action.digest}
    return {name: value for name, value in known.items() if value is not None}


def of_coach(connection: Connection, coach: UUID, now: datetime) -> Iterator[NextDeed]:
    """Yield the next step of a coach with each partnership."""
    for work in coach_work(connection, coach, now):
        if work.next_step is not None:
            command = "CompleteCoaching" if work.sessions >= work.minimum else "HoldCoachingSession"
            known, name = {"partnership_id": work.id}, work.partnership
            yield NextDeed(command, known, sentence_of(work.next_step), "D24", work.due, name, name)


def of_evaluator(
    connection: Connection, evaluator: UUID, now: datetime, read: Iterable[EvaluatorWork] | None = None
) -> Iterator[NextDeed]:
    """Yield the next step of an evaluator with each application, all of which may be `read` already."""
    for work in evaluator_work(connection, evaluator, now) if read is None else read:
        step = _step_of_evaluator(work)
        if step is not None:
            command, deed, rule = step
            known = {"pilot_action_id": work.id, **({"digest": work.proposal} if work.proposal else {})}
            yield NextDeed(command, known, deed, rule, work.due, work.title, work.partnership)


def _step_of_evaluator(work: EvaluatorWork) -> tuple[str, str, str] | None:
    match work.step:
        case "declare":
            return "DeclareNoConflict", "Declare that you have no conflict of interest, or which one.", "D06"
        case "score":
            return "GiveScores", "Score the application.", "D01"
        case "agree to a consensus" if work.proposal is not None:
            return "AgreeConsensus", "Agree to the proposed consensus, or propose another.", "D02"
        case "agree to a consensus":
            return "ProposeConsensus", "Propose a consensus.", "D02"
        case "done" | "left":
            return None


def of_offices(
    connection: Connection,
    now: datetime,
    commands: Collection[str],
    matters: Collection[UUID] | None = None,
    desks: Callable[[], Iterable[Desk]] | None = None,
) -> Iterator[NextDeed]:
    """Yield what every call waits for from the offices that make these requests, the first due first, about these
    matters or about all; then what waits in no call. They are read as they are looked at.

    `desks` says where those of all calls are known.
    """
    of_all = Desk.of_all(connection, now).values() if desks is None else desks()
    of_calls = (_of_desk(desk, commands, matters) for desk in of_all)
    yield from merge(*of_calls, key=lambda deed: deed.due or _NEVER)
    if matters is None:
        elsewhere = chain(_roles(connection), _deputies(connection, now), _claims(connection), _findings(connection))
        yield from (deed for deed in elsewhere if deed.command in commands)


def _of_desk(desk: Desk, commands: Collection[str], matters: Collection[UUID] | None) -> Iterator[NextDeed]:
    words = {one.words for one in DEEDS.values() if one.party is Party.AUTHORITY and one.command in commands}
    waits = desk.deeds(words)
    if matters is not None:
        yield from _known_deeds(desk, waits.about(matters))
        return
    for first in range(0, waits.count(), _AT_ONCE):
        yield from _known_deeds(desk, waits.some(first, _AT_ONCE))


def _known_deeds(desk: Desk, rows: Sequence[Row]) -> Iterator[NextDeed]:
    """Yield the deeds of these rows with what is known of each."""
    ordering = [grant_id(row["id"]) for row in rows if _command_of(row) == "OrderResource"]
    grants = lists.support(desk.connection, ids=ordering) if ordering else ()
    spent = {grant.pilot_action_id for grant in grants if not grant.left_cents}
    digests = _digests(desk.connection, [row["id"] for row in rows if _command_of(row) == "VerifyLetter"])
    for row in rows:
        deed, title = DEEDS[row["of"].words], row["title"] if row["title"] is not None else desk.call["title"]
        if deed.command is None or deed.rule is None or (deed.command == "OrderResource" and row["id"] in spent):
            continue
        known = _known_to_office(desk, row, deed.command, digests)
        about = title, row["partnership"] or ""
        yield NextDeed(deed.command, known, sentence_of(deed.words), deed.rule, row["of"].due, *about)


def _command_of(row: Row) -> str | None:
    return DEEDS[row["of"].words].command


def _digests(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the digest of the version that these pilot actions put forward."""
    if not ids:
        return {}
    query = select(PILOT_ACTIONS.c.id, PILOT_ACTIONS.c.digest).where(PILOT_ACTIONS.c.id.in_(ids))
    return {row.id: row.digest for row in connection.execute(query)}


_WHICH: Final = {
    "DecideAllegation": "number",
    "ReplaceEvaluator": "evaluator",
    "VerifyLetter": "organisation_id",
    "RecordDelivery": "order",
    "CertifyDelivery": "order",
    "ConfirmReversal": "order",
    "ConfirmCorrection": "correction",
    "AnswerQuestion": "number",
    "ProposeAwardList": "line",
    "ApproveAwardList": "line",
}
"""What tells several deeds in the same words apart, by the request that does them."""


def _known_to_office(desk: Desk, row: Row, command: str, digests: Mapping[UUID, str]) -> dict[str, Any]:
    call_id = desk.call["id"]
    if row["id"] == call_id:
        known: dict[str, Any] = {"call_id": call_id}
    elif command == "AssignCoach":
        known = {"partnership_id": row["id"]}
    elif command in ("OrderResource", "RecordDelivery", "CertifyDelivery", "ConfirmReversal"):
        known = {"grant_id": grant_id(row["id"])}
    else:
        known = {"pilot_action_id": row["id"]}
    if command in _WHICH:
        known[_WHICH[command]] = row["which"]
    if command == "VerifyLetter":
        known["digest"] = digests.get(row["id"])
    if command == "ApproveAwardList":
        of_line = (RANKINGS.c.call_id == call_id) & (RANKINGS.c.line == row["which"])
        known["digest"] = desk.connection.scalar(select(RANKINGS.c.digest).where(of_line))
    return known


def _roles(connection: Connection) -> Iterator[NextDeed]:
    """Yield the roles that one officer proposed and another is to confirm (D18)."""
    for row in fetch(connection, _ROLES):
        known, role = {"subject": row["subject"], "role": row["role"]}, row["role"].replace("_", " ")
        yield NextDeed("ConfirmRole", known, f"Confirm the role of {role}.", "D18", None, row["label"] or "", "")


def _deputies(connection: Connection, now: datetime) -> Iterator[NextDeed]:
    """Yield the deputies whom one person proposed and an officer is to confirm before their dates are over (D33)."""
    for row in fetch(connection, _DEPUTIES, now=now):
        known = {name: row[name] for name in ("subject", "represents", "role")}
        role = row["role"].replace("_", " ")
        words = f"Confirm the deputy in the role of {role}."
        yield NextDeed("ConfirmDeputy", known, words, "D33", row["until"], row["label"] or "", "")


_OF_CLAIM: Final = {
    "AcceptAuthority": "Look at the proof of who follows an officer that left, and accept or decline it.",
    "ConfirmAuthority": "Look at the proof of who follows an officer that left, and confirm or decline it.",
}


def _claims(connection: Connection) -> Iterator[NextDeed]:
    """Yield who asks to act for a city or region whose only officer has left (D31)."""
    for row in fetch(connection, _CLAIMS):
        command, label = row["waits_for"], row["label"] or ""
        yield NextDeed(command, {"subject": row["subject"]}, _OF_CLAIM[command], "D31", None, label, "")


def _findings(connection: Connection) -> Iterator[NextDeed]:
    """Yield the findings of auditors that wait for an answer of the secretariat (D35)."""
    for one in findings(connection):
        if one.state == "waits":
            known = {"paper_id": one.paper_id, "number": one.number}
            yield NextDeed("AnswerFinding", known, "Answer a finding of an audit.", "D35", one.due, "", "")


_ROLES: Final = (
    select(ROLES, PEOPLE.c.label)
    .outerjoin(PEOPLE, PEOPLE.c.subject == ROLES.c.subject)
    .where(ROLES.c.waits)
    .order_by(ROLES.c.position)
)
_DEPUTIES: Final = (
    select(DEPUTIES, PEOPLE.c.label)
    .outerjoin(PEOPLE, PEOPLE.c.subject == DEPUTIES.c.subject)
    .where(DEPUTIES.c.waits, DEPUTIES.c.until > bindparam("now"))
    .order_by(DEPUTIES.c.position)
)
_CLAIMS: Final = (
    select(CLAIMS, PEOPLE.c.label)
    .outerjoin(PEOPLE, PEOPLE.c.subject == CLAIMS.c.subject)
    .where(CLAIMS.c.waits_for != "")
    .order_by(CLAIMS.c.position)
)
"""Put together once: they are asked for with every desk and every home of an office."""

OF_OFFICES: Final = frozenset(
    {
        "AnswerFinding",
        "ConfirmRole",
        "ConfirmDeputy",
        *_OF_CLAIM,
        *(one.command for one in DEEDS.values() if one.party is Party.AUTHORITY and one.command),
    }
)
"""The requests of the deeds that wait for offices."""


def sentence_of(words: str) -> str:
    """Return the words of a deed as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."
