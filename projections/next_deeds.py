"""What waits for somebody: of a member's officer, a coach, an evaluator or an office each deed, until when, and why.

It reads the screens of each; so an applicant hears nothing that its home does not show (D17), an evaluator nothing but
its own applications (D27). Who may really do it is the permissions' business.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from domain.ids import grant_id
from projections.applicant_rows import HomeRow, PilotActionRow
from projections.applicant_tables import PILOT_ACTIONS
from projections.applicant_view import grants
from projections.call_desk import CALLS, CLAIMS, DEPUTIES, ROLES
from projections.call_ranking import RANKINGS
from projections.coach_worklist import coach_work
from projections.desk_deeds import DEEDS
from projections.desk_view import DeskRow, Wait, desk
from projections.evaluator_worklist import EvaluatorWork, evaluator_work
from projections.read_model import fetch
from projections.timeline import PEOPLE
from projections.waiting import Party


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
            yield NextDeed(command, known, _sentence(work.next_step), "D24", work.due, name, name)


def of_evaluator(connection: Connection, evaluator: UUID, now: datetime) -> Iterator[NextDeed]:
    """Yield the next step of an evaluator with each application."""
    for work in evaluator_work(connection, evaluator, now):
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


def of_offices(connection: Connection, now: datetime) -> Iterator[NextDeed]:
    """Yield what every call waits for from the secretariat, the approvers, those who order and those who certify."""
    for call_id in connection.scalars(select(CALLS.c.id).where(CALLS.c.position.is_not(None))).all():
        rows = desk(connection, call_id, now)
        spent = {id for id, grant in grants(connection, _ordering(rows)).items() if not grant.left_cents}
        for row in rows:
            for wait in row.waits:
                deed = DEEDS[wait.words]
                if wait.party is Party.AUTHORITY and deed.command is not None and deed.rule is not None:
                    if deed.command == "OrderResource" and row.id in spent:
                        continue
                    known = _known_to_office(connection, call_id, row, wait, deed.command)
                    words = _sentence(wait.words)
                    yield NextDeed(deed.command, known, words, deed.rule, wait.due, row.title, row.partnership)
    yield from _roles(connection)
    yield from _deputies(connection, now)
    yield from _claims(connection)


def _ordering(rows: list[DeskRow]) -> list[UUID]:
    return [row.id for row in rows if any(DEEDS[wait.words].command == "OrderResource" for wait in row.waits)]


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


def _known_to_office(connection: Connection, call_id: UUID, row: DeskRow, wait: Wait, command: str) -> dict[str, Any]:
    if row.id == call_id:
        known: dict[str, Any] = {"call_id": call_id}
    elif command == "AssignCoach":
        known = {"partnership_id": row.id}
    elif command in ("OrderResource", "RecordDelivery", "CertifyDelivery", "ConfirmReversal"):
        known = {"grant_id": grant_id(row.id)}
    else:
        known = {"pilot_action_id": row.id}
    if command in _WHICH:
        known[_WHICH[command]] = wait.which
    if command == "VerifyLetter":
        known["digest"] = connection.scalar(select(PILOT_ACTIONS.c.digest).where(PILOT_ACTIONS.c.id == row.id))
    if command == "ApproveAwardList":
        of_line = (RANKINGS.c.call_id == call_id) & (RANKINGS.c.line == wait.which)
        known["digest"] = connection.scalar(select(RANKINGS.c.digest).where(of_line))
    return known


def _roles(connection: Connection) -> Iterator[NextDeed]:
    """Yield the roles that one officer proposed and another is to confirm (D18)."""
    query = select(ROLES, PEOPLE.c.label).outerjoin(PEOPLE, PEOPLE.c.subject == ROLES.c.subject)
    for row in fetch(connection, query.where(ROLES.c.waits).order_by(ROLES.c.position)):
        known, role = {"subject": row["subject"], "role": row["role"]}, row["role"].replace("_", " ")
        yield NextDeed("ConfirmRole", known, f"Confirm the role of {role}.", "D18", None, row["label"] or "", "")


def _deputies(connection: Connection, now: datetime) -> Iterator[NextDeed]:
    """Yield the deputies whom one person proposed and an officer is to confirm before their dates are over (D33)."""
    query = select(DEPUTIES, PEOPLE.c.label).outerjoin(PEOPLE, PEOPLE.c.subject == DEPUTIES.c.subject)
    for row in fetch(connection, query.where(DEPUTIES.c.waits, DEPUTIES.c.until > now).order_by(DEPUTIES.c.position)):
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
    query = select(CLAIMS, PEOPLE.c.label).outerjoin(PEOPLE, PEOPLE.c.subject == CLAIMS.c.subject)
    for row in fetch(connection, query.where(CLAIMS.c.waits_for != "").order_by(CLAIMS.c.position)):
        command, label = row["waits_for"], row["label"] or ""
        yield NextDeed(command, {"subject": row["subject"]}, _OF_CLAIM[command], "D31", None, label, "")


OF_OFFICES: Final = frozenset(
    {
        "ConfirmRole",
        "ConfirmDeputy",
        *_OF_CLAIM,
        *(one.command for one in DEEDS.values() if one.party is Party.AUTHORITY and one.command),
    }
)
"""The requests of the deeds that wait for offices."""


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
