"""The applicant's home: for each partnership of an organisation where it stands, what comes next, what came of it.

The tables hold what the fund knows; `homes` shows nothing of rank, scores or outcome before a line's release (D17).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Index, Integer, MetaData, Table, Uuid, select

from domain.call.events import (
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    CallCancelled,
    CallCorrected,
    CallEvent,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
    OutcomesReleased,
    RankingEstablished,
    ReserveExpired,
)
from domain.call.rules import CallRules, Section
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OrderCancelled,
    PartOffered,
    ReportOverdue,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Recorded
from domain.organisation.events import NamedInApplication
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingOffered,
    CoachingRequested,
    CoachingSessionHeld,
    GroupSessionHeld,
    MemberLeft,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipEvent,
    PartnershipFormed,
    PartnershipMerged,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    DraftSectionSaved,
    Finding,
    ParticipationConfirmed,
    PilotActionEvent,
    PilotActionProposed,
    VersionPutForward,
)
from projections.applicant_rows import (
    CriterionRow,
    Dates,
    GrantRow,
    HomeRow,
    MemberRow,
    NoticeRow,
    OrderRow,
    OutcomeRow,
    PilotActionRow,
    ReceiptRow,
    with_words,
)
from projections.call_ranking import rounded
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

CALLS = Table(
    "home_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("title", Words, default=""),
    Column("coaching_closes", Moment),
    Column("applications_open", Moment),
    Column("applications_close", Moment),
    Column("outcomes_released", Moment),
    Column("final_report_due", Moment),
    Column("sections", JSON, default=()),
    Column("criteria", JSON, default={}),
    Column("coaching_open", Boolean, default=False),
    Column("applications_opened", Boolean, default=False),
    Column("applications_closed", Boolean, default=False),
    Column("cancelled", Boolean, default=False),
    Column("settled", Boolean, default=False),
    Column("corrected", Integer, default=0),
    Column("notices", JSON, default=()),
)

LINES = Table(
    "home_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("reserve_until", Moment),
    Column("released", Boolean, default=False),
)

MEMBERSHIPS = Table(
    "home_memberships",
    METADATA,
    Column("organisation_id", Uuid, primary_key=True),
    Column("partnership_id", Uuid, primary_key=True),
)

NAMINGS = Table(
    "home_namings",
    METADATA,
    Column("organisation_id", Uuid, primary_key=True),
    Column("call_id", Uuid, primary_key=True),
    Column("applications", Integer, default=0),
)

PARTNERSHIPS = Table(
    "home_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("name", Words, default=""),
    Column("coordinator_id", Uuid),
    Column("members", JSON, default=()),
    Column("confirmed", JSON, default=()),
    Column("roadmap_version", Integer, default=0),
    Column("roadmap_digest", Words),
    Column("agreed", JSON, default=()),
    Column("roadmap_agreed", Boolean, default=False),
    Column("coaching", Words, default="not offered"),
    Column("coaching_sessions", Integer, default=0),
    Column("merged_into", Words),
    Column("ended", Boolean, default=False),
)

PILOT_ACTIONS = Table(
    "home_pilot_actions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("partnership_id", Uuid),
    Column("title", Words, default=""),
    Column("draft", Words, default="empty"),
    Column("draft_cents", BigInteger, default=0),
    Column("draft_saved_at", Moment),
    Column("answered", JSON, default=()),
    Column("version", Integer),
    Column("digest", Words),
    Column("requested_cents", BigInteger),
    Column("confirmations", JSON, default=()),
    Column("receipt", JSON),
    Column("versions", Integer, default=0),
    Column("withdrawn", Boolean, default=False),
    Column("clarification_due", Moment),
    Column("finding", Words),
    Column("findings", JSON, default=()),
    Column("outcome", Words),
    Column("reason", Words, default=""),
    Column("terms", JSON, default=()),
)

GRANTS = Table(
    "home_grants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("pilot_action_id", Uuid),
    Column("state", Words, default="offered"),
    Column("cents", BigInteger, default=0),
    Column("part_of_cents", BigInteger),
    Column("accept_by", Moment),
    Column("orders", JSON, default={}),
    Column("returned_cents", BigInteger, default=0),
    Column("report_filed", Boolean, default=False),
    Column("report_overdue", Boolean, default=False),
)

Index("home_pilot_actions_by_partnership", PILOT_ACTIONS.c.partnership_id)
Index("home_grants_by_pilot_action", GRANTS.c.pilot_action_id)


class ApplicantHome(ReadModel):
    """Partnerships, pilot actions and grants by the organisations that take part."""

    name = "applicant_home"
    version = 1
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the rows of the matter that it belongs to."""
        event = recorded.event
        if isinstance(event, CallEvent):
            _call(tables, recorded.stream, event)
        elif isinstance(event, PartnershipEvent):
            _partnership(tables, recorded, event)
        elif isinstance(event, NamedInApplication):
            namings = tables[NAMINGS]
            count = namings.row(recorded.stream, event.call_id)["applications"]
            namings.change(recorded.stream, event.call_id, applications=count + 1)
        elif isinstance(event, PilotActionEvent):
            _pilot_action(tables, recorded, event)
        elif isinstance(event, GrantEvent):
            _grant(tables, recorded.stream, event)


def _call(tables: Tables, call_id: UUID, event: CallEvent) -> None:
    calls, actions = tables[CALLS], tables[PILOT_ACTIONS]
    match event:
        case CallPublished(rules=rules):
            calls.change(call_id, **_published(rules))
            for line in rules.lines:
                tables[LINES].change(call_id, line.id, reserve_until=rules.reserve_expires(line))
        case CallCorrected():
            _corrected(tables, call_id, event)
        case CoachingWindowOpened():
            calls.change(call_id, coaching_open=True)
        case CoachingWindowClosed():
            calls.change(call_id, coaching_open=False)
        case ApplicationWindowOpened():
            calls.change(call_id, applications_opened=True)
        case ApplicationWindowClosed():
            calls.change(call_id, applications_closed=True)
        case RankingEstablished():
            for row in event.rows:
                terms = [term.model_dump(mode="json") for term in row.terms]
                actions.change(row.pilot_action_id, terms=terms)
        case OutcomesReleased():
            tables[LINES].change(call_id, event.line, released=True)
            for outcome in event.outcomes:
                actions.change(outcome.pilot_action_id, outcome=outcome.outcome, reason=outcome.reason)
        case ReserveExpired():
            tables[LINES].change(call_id, event.line, reserve_until=None)
        case CallCancelled():
            calls.change(call_id, cancelled=True)
        case CallSettled():
            calls.change(call_id, settled=True)
        case _:
            pass


def _corrected(tables: Tables, call_id: UUID, event: CallCorrected) -> None:
    call = tables[CALLS].row(call_id)
    notice = {"correction": event.correction, "at": event.effective_at.isoformat(), "reason": event.reason}
    known = {"corrected": event.correction if event.material else call["corrected"]}
    tables[CALLS].change(call_id, **_published(event.rules), **known, notices=[*call["notices"], notice])
    for line in event.rules.lines:
        if not tables[LINES].row(call_id, line.id)["released"]:
            tables[LINES].change(call_id, line.id, reserve_until=event.rules.reserve_expires(line))


def _published(rules: CallRules) -> dict[str, Any]:
    points = dict(rules.calendar.points())
    return {
        "title": rules.title,
        "sections": [_section(section) for section in rules.form],
        "criteria": {criterion.id: criterion.name for criterion in rules.criteria},
        **{name: points[name] for name in Dates._fields if name in points},
    }


def _section(section: Section) -> dict[str, Any]:
    required = [question for question in section.questions if question.required]
    return {
        "title": section.title,
        "required": [question.id for question in required if question.kind == "text"],
        "resources": any(question.kind == "resources" for question in required),
    }


def _partnership(tables: Tables, recorded: Recorded, event: PartnershipEvent) -> None:
    id, rows = recorded.stream, tables[PARTNERSHIPS]
    match event:
        case PartnershipFormed():
            members = [member.model_dump(mode="json") for member in event.members]
            known = {"call_id": event.call_id, "coordinator_id": event.coordinator_id, "members": members}
            rows.change(id, position=recorded.position, name=event.name, **known)
            for member in event.members:
                tables[MEMBERSHIPS].put({"organisation_id": member.organisation_id, "partnership_id": id})
        case MembershipConfirmed():
            rows.change(id, confirmed=[*rows.row(id)["confirmed"], str(event.organisation_id)])
        case RoadmapDrafted():
            anew = {"roadmap_version": event.version, "roadmap_digest": event.digest}
            rows.change(id, agreed=[], roadmap_agreed=False, **anew)
        case RoadmapVersionAgreed():
            rows.change(id, agreed=[*rows.row(id)["agreed"], str(event.organisation_id)])
        case RoadmapAgreed():
            rows.change(id, roadmap_agreed=True)
        case MemberLeft():
            _left(tables, id, event)
        case PartnershipMerged():
            rows.change(id, merged_into=event.into_name)
        case PartnershipEnded():
            rows.change(id, ended=True)
        case CoachingSessionHeld() | GroupSessionHeld():
            rows.change(id, coaching="sessions", coaching_sessions=event.number)
        case _ if type(event) in _COACHING:
            rows.change(id, coaching=_COACHING[type(event)])
        case _:
            pass


_COACHING: dict[type, str] = {
    CoachingOffered: "offered",
    CoachingDeclined: "declined",
    CoachingRequested: "requested",
    CoachAssigned: "assigned",
    CoachingCompleted: "completed",
    CoachingEnded: "ended",
}


def _left(tables: Tables, id: UUID, event: MemberLeft) -> None:
    """Take a member out; it still sees the partnership that it was a member of."""
    rows = tables[PARTNERSHIPS]
    left = [m for m in rows.row(id)["members"] if m["organisation_id"] != str(event.organisation_id)]
    rows.change(id, members=left)


def _pilot_action(tables: Tables, recorded: Recorded, event: PilotActionEvent) -> None:
    id, rows = recorded.stream, tables[PILOT_ACTIONS]
    match event:
        case PilotActionProposed():
            place = {"call_id": event.call_id, "line": event.line, "partnership_id": event.partnership_id}
            rows.change(id, position=recorded.position, title=event.title, **place)
        case DraftSectionSaved():
            _saved(tables, id, event)
        case VersionPutForward():
            put = {"version": event.version, "digest": event.digest, "requested_cents": event.requested_cents}
            rows.change(id, draft="put forward", **put)
        case ParticipationConfirmed():
            confirmation = [str(event.organisation_id), event.digest]
            rows.change(id, confirmations=[*rows.row(id)["confirmations"], confirmation])
        case ApplicationSubmitted():
            receipt = {
                "version": event.version,
                "digest": event.digest,
                "arrived_at": event.effective_at.isoformat(),
                "position": recorded.position,
                "correction": event.correction,
            }
            rows.change(id, receipt=receipt, versions=rows.row(id)["versions"] + 1, withdrawn=False)
        case ApplicationWithdrawn():
            rows.change(id, withdrawn=True)
        case ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            findings = [finding.model_dump(mode="json") for finding in event.findings]
            kind = "inadmissible" if isinstance(event, ApplicationFoundInadmissible) else "ineligible"
            rows.change(id, finding=kind, findings=findings, clarification_due=None)
        case ClarificationAsked():
            rows.change(id, clarification_due=event.due)
        case ClarificationAnswered():
            rows.change(id, clarification_due=None)
        case _:
            pass


def _saved(tables: Tables, id: UUID, event: DraftSectionSaved) -> None:
    row = tables[PILOT_ACTIONS].row(id)
    given = {name for name, answer in event.answers.items() if answer.text is None or answer.text.strip()}
    answered = sorted(set(row["answered"]) - event.answers.keys() | given)
    cents = row["draft_cents"] if event.resources is None else sum(line.cents for line in event.resources)
    draft = "changed" if row["version"] else "written"
    known = {"answered": answered, "draft_cents": cents, "draft_saved_at": event.effective_at}
    tables[PILOT_ACTIONS].put({**row, **known, "draft": draft})


def _grant(tables: Tables, id: UUID, event: GrantEvent) -> None:
    grants = tables[GRANTS]
    match event:
        case GrantOffered():
            offer = {"cents": event.cents, "accept_by": event.accept_by}
            grants.change(id, pilot_action_id=event.pilot_action_id, **offer)
        case PartOffered():
            grants.change(id, part_of_cents=event.requested_cents)
        case GrantAccepted():
            grants.change(id, state="accepted", cents=event.cents)
        case GrantDeclined():
            grants.change(id, state="declined")
        case GrantLapsed():
            grants.change(id, state="lapsed")
        case ResourceOrdered():
            what = {"kind": event.kind, "supplier": event.supplier}
            _order(tables, id, event.order, **what, ordered_cents=event.cents, kept_cents=event.cents)
        case OrderCancelled():
            _order(tables, id, event.order, cancelled=True)
        case ResourceDelivered():
            _order(tables, id, event.order, **_UNDELIVERED | {"delivered_cents": event.cents})
        case InvoiceRecorded():
            borne = {"borne_cents": event.borne_cents, "borne_outside_cents": event.borne_outside_cents}
            _order(tables, id, event.order, **borne)
        case DeliveryAcknowledged():
            _order(tables, id, event.order, acknowledged=True)
        case DeliveryRefused():
            _order(tables, id, event.order, **_UNDELIVERED | {"refused": True})
        case DeliveryReversed():
            _order(tables, id, event.order, **_UNDELIVERED, kept_cents=event.kept_cents)
        case ResourceDisbursed():
            _order(tables, id, event.order, disbursed_cents=event.cents)
        case ReportOverdue():
            grants.change(id, report_overdue=True)
        case FinalReportFiled():
            grants.change(id, report_filed=True)
        case GrantClosed():
            grants.change(id, state="closed", returned_cents=event.returned_cents)
        case _:
            pass


_UNDELIVERED: dict[str, Any] = {
    "delivered_cents": None,
    "refused": False,
    "borne_cents": None,
    "borne_outside_cents": 0,
    "acknowledged": False,
    "disbursed_cents": None,
}
_BLANK_ORDER = {"kind": "", "supplier": "", "ordered_cents": 0, "kept_cents": 0, "cancelled": False, **_UNDELIVERED}


def _order(tables: Tables, grant_id: UUID, number: int, **known: Any) -> None:
    orders = tables[GRANTS].row(grant_id)["orders"]
    order = {**_BLANK_ORDER, **orders.get(str(number), {}), **known}
    tables[GRANTS].change(grant_id, orders={**orders, str(number): order})


def homes(connection: Connection, organisation_id: UUID) -> list[HomeRow]:
    """Return every partnership that the organisation is a member of, as it may see it now, oldest first."""
    mine = select(MEMBERSHIPS.c.partnership_id).where(MEMBERSHIPS.c.organisation_id == organisation_id)
    query = select(PARTNERSHIPS).where(PARTNERSHIPS.c.id.in_(mine)).order_by(PARTNERSHIPS.c.position)
    partnerships = fetch(connection, query)
    of_them = CALLS.c.id.in_({row["call_id"] for row in partnerships})
    calls = {call["id"]: call for call in fetch(connection, select(CALLS).where(of_them))}
    named = select(NAMINGS).where(NAMINGS.c.organisation_id == organisation_id)
    named_in = {naming["call_id"]: naming["applications"] for naming in fetch(connection, named)}
    shown = []
    for partnership in partnerships:
        call = calls.get(partnership["call_id"]) or _BLANK_CALL
        actions = tuple(_actions(connection, partnership, call))
        home = _home(partnership, call, organisation_id, actions)
        home = home.model_copy(update={"named_in": named_in.get(home.call_id, 0)})
        shown.append(with_words(home, organisation_id, Dates(**{name: call[name] for name in Dates._fields})))
    return shown


_BLANK_CALL: Row = {**Dates()._asdict(), "title": "", "sections": (), "criteria": {}, "settled": False, "notices": ()}


def _home(partnership: Row, call: Row, reader: UUID, actions: tuple[PilotActionRow, ...]) -> HomeRow:
    coordinator = partnership["coordinator_id"]
    confirmed = {*partnership["confirmed"], str(coordinator)}
    members = tuple(
        MemberRow(
            id=UUID(member["organisation_id"]),
            name=member["name"],
            side=member["side"],
            is_coordinator=member["organisation_id"] == str(coordinator),
            confirmed=member["organisation_id"] in confirmed,
            agreed_roadmap=member["organisation_id"] in partnership["agreed"],
        )
        for member in partnership["members"]
    )
    own = {name: partnership[name] for name in HomeRow.model_fields if name in partnership and name != "members"}
    notices = tuple(NoticeRow(**notice) for notice in call["notices"])
    known = {"is_coordinator": reader == coordinator, "call": call["title"], "pilot_actions": actions}
    return HomeRow(**own, **known, notices=notices, members=members)


def _actions(connection: Connection, partnership: Row, call: Row) -> Iterator[PilotActionRow]:
    of_it = PILOT_ACTIONS.c.partnership_id == partnership["id"]
    query = (
        select(PILOT_ACTIONS, LINES.c.released, LINES.c.reserve_until)
        .outerjoin(LINES, (LINES.c.call_id == PILOT_ACTIONS.c.call_id) & (LINES.c.line == PILOT_ACTIONS.c.line))
        .where(of_it, PILOT_ACTIONS.c.position.is_not(None))
        .order_by(PILOT_ACTIONS.c.position)
    )
    rows = fetch(connection, query)
    of_them = GRANTS.c.pilot_action_id.in_([row["id"] for row in rows])
    grants = {grant["pilot_action_id"]: grant for grant in fetch(connection, select(GRANTS).where(of_them))}
    for row in rows:
        open_now = bool(row["released"] or call["settled"])
        yield _action(row, partnership, call, grants.get(row["id"]) if open_now else None, open_now)


def _action(row: Row, partnership: Row, call: Row, grant: Row | None, released: bool) -> PilotActionRow:
    own = {name: row[name] for name in PilotActionRow.model_fields if name in row and name != "receipt"}
    confirmed, missing = _confirmations(row, partnership, row["digest"])
    known: dict[str, Any] = {
        "sections": len(call["sections"]),
        "sections_missing": tuple(_sections_missing(row, call)),
        "confirmed": confirmed,
        "missing": missing if row["version"] else (),
        "receipt": _receipt(row, partnership),
        "outcome": _outcome(row, call) if released else None,
        "grant": _grant_row(grant) if grant is not None else None,
        "reserve_until": row["reserve_until"] if released and row["outcome"] == "reserve" and not grant else None,
    }
    return PilotActionRow(**{**own, **known})


def _sections_missing(row: Row, call: Row) -> Iterable[str]:
    for section in call["sections"]:
        unanswered = not set(section["required"]) <= set(row["answered"])
        if unanswered or (section["resources"] and not row["draft_cents"]):
            yield section["title"]


def _confirmations(row: Row, partnership: Row, digest: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the members other than the coordinator that confirmed this digest, and of the rest."""
    given = {organisation for organisation, named in row["confirmations"] if named == digest}
    others = [m for m in partnership["members"] if m["organisation_id"] != str(partnership["coordinator_id"])]
    confirmed = tuple(member["name"] for member in others if member["organisation_id"] in given)
    return confirmed, tuple(member["name"] for member in others if member["organisation_id"] not in given)


def _receipt(row: Row, partnership: Row) -> ReceiptRow | None:
    if row["receipt"] is None:
        return None
    _, missing = _confirmations(row, partnership, row["receipt"]["digest"])
    return ReceiptRow(**row["receipt"], versions=row["versions"], missing=missing, withdrawn=row["withdrawn"])


def _outcome(row: Row, call: Row) -> OutcomeRow | None:
    outcome = row["finding"] or row["outcome"]
    if outcome is None or row["withdrawn"]:
        return None
    findings = tuple(Finding(**finding) for finding in row["findings"])
    criteria = tuple(
        CriterionRow(
            criterion=term["criterion"],
            name=call["criteria"].get(term["criterion"], term["criterion"]),
            mean=term["mean"],
            shown=rounded(term["mean"]),
            threshold=term["threshold"],
            passed=term["passed"],
            consensus=term["consensus"],
        )
        for term in row["terms"]
    )
    reason = row["reason"] or " ".join(finding.detail for finding in findings)
    return OutcomeRow(outcome=outcome, reason=reason, findings=findings, criteria=criteria)


def _grant_row(grant: Row) -> GrantRow:
    orders = tuple(OrderRow(order=int(number), **order) for number, order in grant["orders"].items())
    taken = sum(order.counts for order in orders)
    own = {name: grant[name] for name in GrantRow.model_fields if name in grant and name != "orders"}
    return GrantRow(
        **own,
        ordered_cents=sum(order.ordered_cents for order in orders if not order.cancelled),
        delivered_cents=sum(order.delivered_cents or 0 for order in orders),
        disbursed_cents=sum(order.disbursed_cents or 0 for order in orders),
        left_cents=grant["cents"] - taken if grant["state"] == "accepted" else 0,
        orders=orders,
    )
