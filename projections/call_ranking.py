"""The ranking of a line: every total with its terms, the line and the envelope, the award list, and what came after."""

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Integer, MetaData, Table, Uuid, select

from domain.account.events import AccountOpened
from domain.call.events import (
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    CriterionTerm,
    OutcomesReleased,
    RankingEstablished,
    RankingRow,
    ReserveReviewed,
    TieStep,
)
from domain.grant.events import GrantAccepted, GrantDeclined, GrantLapsed, GrantOffered
from domain.messages import Recorded
from domain.partnership.events import PartnershipFormed
from domain.pilot_action.events import PilotActionProposed
from domain.values import Cents, Digest, Instant, Value
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

RANKINGS = Table(
    "ranking_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("ranking", BigInteger),
    Column("ranked_at", Moment),
    Column("envelope_cents", BigInteger, default=0),
    Column("above_cents", BigInteger, default=0),
    Column("ranked", Integer, default=0),
    Column("above_thresholds", Integer, default=0),
    Column("version", Integer),
    Column("digest", Words),
    Column("proposed_by", Uuid),
    Column("proposed_at", Moment),
    Column("approvals", JSON, default=()),
    Column("adopted_at", Moment),
    Column("released_at", Moment),
)

ROWS = Table(
    "ranking_rows",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("pilot_action_id", Uuid, primary_key=True),
    Column("ranking", BigInteger),
    Column("rank", Integer),
    Column("geography", Words),
    Column("terms", JSON),
    Column("total", Words),
    Column("passed", Boolean),
    Column("tie", JSON),
    Column("requested_cents", BigInteger),
    Column("adds_up_to_cents", BigInteger),
    Column("awarded_cents", BigInteger, default=0),
    Column("moved_to", Integer),
    Column("outcome", Words),
    Column("reason", Words),
)

PILOT_ACTIONS = Table(
    "ranking_pilot_actions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("title", Words),
    Column("partnership_id", Uuid),
)

PARTNERSHIPS = Table(
    "ranking_partnerships", METADATA, Column("id", Uuid, primary_key=True), Column("name", Words, default="")
)

GRANTS = Table(
    "ranking_grants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("pilot_action_id", Uuid, index=True),
    Column("promoted", Boolean, default=False),
    Column("fate", Words),
)

PEOPLE = Table("ranking_people", METADATA, Column("subject", Uuid, primary_key=True), Column("label", Words))

UNKNOWN: Final = "Somebody without an account"


class RankedRow(Value):
    """One application in the ranking. `total` is the exact fraction of 100, `shown` the same rounded for people.

    `awarded_cents` is less than was requested where only a part is awarded (D04). `moved_to` is its place by a
    departure from its rank (E14). Outcome and reason are those of the current award list, once there is one.
    `fate` is what came after the release: promoted, offered, accepted, declined, lapsed; `promoted` stays true.
    """

    rank: int
    id: UUID
    title: str
    partnership_id: UUID | None
    partnership: str
    geography: str
    total: str
    shown: str
    requested_cents: Cents
    adds_up_to_cents: Cents
    awarded_cents: Cents
    moved_to: int | None
    passed: bool
    outcome: str
    reason: str
    terms: tuple[CriterionTerm, ...]
    tie: tuple[TieStep, ...]
    promoted: bool
    fate: str | None


class ApprovalRow(Value):
    """One approval of the award list's current version."""

    by: UUID
    label: str
    at: Instant


class AwardListRow(Value):
    """The current version of the award list: who proposed it, who approved it, and how far it is (instants in UTC)."""

    version: int
    digest: Digest
    proposed_by: UUID
    proposed_by_label: str
    proposed_at: Instant
    approvals: tuple[ApprovalRow, ...]
    adopted_at: Instant | None
    released_at: Instant | None


class Ranking(Value):
    """The ranking of one line. Sums are integer euro cents: `above_cents` is what the rows above the line are
    awarded, `left_cents` what is left of the envelope. `award_list` is None until one is proposed.
    """

    call_id: UUID
    line: str
    ranked_at: Instant
    ranked: int
    above_thresholds: int
    envelope_cents: Cents
    above_cents: Cents
    left_cents: Cents
    award_list: AwardListRow | None
    rows: tuple[RankedRow, ...]


class CallRanking(ReadModel):
    """Rankings and award lists by call and line."""

    name = "call_ranking"
    version = 1
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the rankings, the names and the fates."""
        match recorded.event:
            case AccountOpened(label=label):
                tables[PEOPLE].put({"subject": recorded.stream, "label": label})
            case PartnershipFormed(name=name):
                tables[PARTNERSHIPS].put({"id": recorded.stream, "name": name})
            case PilotActionProposed(title=title, partnership_id=partnership_id):
                tables[PILOT_ACTIONS].put({"id": recorded.stream, "title": title, "partnership_id": partnership_id})
            case RankingEstablished() as event:
                _ranked(tables, recorded, event)
            case AwardListProposed() | AwardListApproved() | AwardListAdopted() | OutcomesReleased() as event:
                _listed(tables, recorded.stream, event)
            case ReserveReviewed(promoted=promoted):
                for award in promoted:
                    known = {"pilot_action_id": award.pilot_action_id, "promoted": True}
                    tables[GRANTS].change(award.grant_id, fate="promoted", **known)
            case GrantOffered(pilot_action_id=pilot_action_id):
                tables[GRANTS].change(recorded.stream, pilot_action_id=pilot_action_id, fate="offered")
            case GrantAccepted():
                tables[GRANTS].change(recorded.stream, fate="accepted")
            case GrantDeclined():
                tables[GRANTS].change(recorded.stream, fate="declined")
            case GrantLapsed():
                tables[GRANTS].change(recorded.stream, fate="lapsed")
            case _:
                pass


def _ranked(tables: Tables, recorded: Recorded, event: RankingEstablished) -> None:
    place = {"call_id": recorded.stream, "line": event.line, "ranking": recorded.position}
    above = sum(row.awarded_cents for row in event.rows)
    figures = {"ranked": event.ranked, "above_thresholds": event.above_thresholds, "above_cents": above}
    known = {"ranked_at": event.effective_at, "envelope_cents": event.envelope_cents}
    tables[RANKINGS].put({**place, **figures, **known})
    for row in event.rows:
        tables[ROWS].put({**place, **_columns(row)})


def _columns(row: RankingRow) -> dict[str, Any]:
    structured = row.model_dump(mode="json", include={"terms", "tie"})
    known = {**dict(row), **structured, "geography": row.geography.value}
    return {name: value for name, value in known.items() if name in ROWS.c}


def _listed(
    tables: Tables,
    call_id: UUID,
    event: AwardListProposed | AwardListApproved | AwardListAdopted | OutcomesReleased,
) -> None:
    rankings, line, at = tables[RANKINGS], event.line, event.effective_at
    match event:
        case AwardListProposed(version=version, digest=digest):
            proposed = {"proposed_by": event.by, "proposed_at": at, "approvals": []}
            above = sum(award.cents for award in event.awards)
            rankings.change(call_id, line, version=version, digest=digest, above_cents=above, **proposed)
            _drawn_anew(tables, call_id, event)
        case AwardListApproved():
            approval = {"by": str(event.by), "at": at.isoformat()}
            rankings.change(call_id, line, approvals=[*rankings.row(call_id, line)["approvals"], approval])
        case AwardListAdopted():
            rankings.change(call_id, line, adopted_at=at)
        case OutcomesReleased():
            rankings.change(call_id, line, released_at=at)


def _drawn_anew(tables: Tables, call_id: UUID, event: AwardListProposed) -> None:
    awarded = {award.pilot_action_id: award.cents for award in event.awards}
    places = {departure.pilot_action_id: departure.place for departure in event.departures}
    for outcome in event.outcomes:
        id = outcome.pilot_action_id
        told = {"outcome": outcome.outcome, "reason": outcome.reason}
        placed = {"awarded_cents": awarded.get(id, 0), "moved_to": places.get(id)}
        tables[ROWS].change(call_id, event.line, id, **told, **placed)


def ranking(connection: Connection, call_id: UUID, line: str | None = None) -> Ranking | None:
    """Return the ranking of a call's line with its rows by rank, or None before it; without a line, the first one."""
    query = select(RANKINGS).where(RANKINGS.c.call_id == call_id, RANKINGS.c.ranking.is_not(None))
    if line is not None:
        query = query.where(RANKINGS.c.line == line)
    found = fetch(connection, query.order_by(RANKINGS.c.ranking).limit(1))
    if not found:
        return None
    header = found[0]
    return Ranking(
        **{name: header[name] for name in Ranking.model_fields if name in header},
        left_cents=header["envelope_cents"] - header["above_cents"],
        award_list=_award_list(connection, header),
        rows=tuple(_rows(connection, header)),
    )


def _award_list(connection: Connection, header: Row) -> AwardListRow | None:
    if header["version"] is None:
        return None
    labels = {person["subject"]: person["label"] for person in fetch(connection, select(PEOPLE))}
    approvals = tuple(
        ApprovalRow(by=by, label=labels.get(by, UNKNOWN), at=approval["at"])
        for approval in header["approvals"]
        for by in [UUID(approval["by"])]
    )
    shown = {name: header[name] for name in AwardListRow.model_fields if name in header}
    proposer = labels.get(header["proposed_by"], UNKNOWN)
    return AwardListRow(**{**shown, "proposed_by_label": proposer, "approvals": approvals})


def _rows(connection: Connection, header: Row) -> list[RankedRow]:
    query = (
        select(ROWS, PILOT_ACTIONS.c.title, PILOT_ACTIONS.c.partnership_id, PARTNERSHIPS.c.name, GRANTS.c.promoted)
        .add_columns(GRANTS.c.fate)
        .outerjoin(PILOT_ACTIONS, PILOT_ACTIONS.c.id == ROWS.c.pilot_action_id)
        .outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == PILOT_ACTIONS.c.partnership_id)
        .outerjoin(GRANTS, GRANTS.c.pilot_action_id == ROWS.c.pilot_action_id)
        .where(ROWS.c.call_id == header["call_id"], ROWS.c.line == header["line"])
        .where(ROWS.c.ranking == header["ranking"])
        .order_by(ROWS.c.rank)
    )
    return [_ranked_row(row) for row in fetch(connection, query)]


def _ranked_row(row: Row) -> RankedRow:
    known: dict[str, Any] = {
        "id": row["pilot_action_id"],
        "title": row["title"] or "",
        "partnership": row["name"] or "",
        "shown": rounded(row["total"]),
        "promoted": bool(row["promoted"]),
    }
    shown = {name: row[name] for name in RankedRow.model_fields if name not in known}
    return RankedRow(**shown, **known)


def rounded(fraction: str) -> str:
    """Return an exact fraction 'n/d' as people read it, with two decimals: 1210/15 → 80.67."""
    try:
        hundredths = round(Fraction(fraction) * 100)
    except (ValueError, ZeroDivisionError):
        return fraction
    return f"{hundredths // 100}.{hundredths % 100:02}"
