"""The fund's dashboard: how many came how far, where the money stands, which rules refused what.

Every application and grant has a row here, and the counters of its line move when the row changes, so that reading the
dashboard costs the same however many there are. The lists behind the figures (lists.py) read the same rows.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    Table,
    Uuid,
    func,
    select,
)

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
)
from domain.grant.events import (
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Recorded
from domain.partnership.events import (
    CoachingCompleted,
    MembershipConfirmed,
    PartnershipEvent,
    PartnershipFormed,
    RoadmapAgreed,
    RoadmapDrafted,
)
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DraftSectionSaved,
    PilotActionEvent,
    PilotActionProposed,
    VersionPutForward,
)
from domain.receipt import CommandHandled
from domain.values import Cents, Value
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

COUNTED: Final = (
    "partnerships", "generated", "coached", "drafted", "submitted", "withdrawn", "inadmissible", "ineligible", "ranked",
    "awarded", "reserve", "rejected", "accepted", "declined", "lapsed", "closed",
)  # fmt: skip
MONEY: Final = ("committed_cents", "ordered_cents", "delivered_cents", "disbursed_cents", "unspent_cents")
SEALED: Final = ("inadmissible", "ineligible", "ranked")
"""What is shown only after the release: the number of the ranked would tell how many others there are (D17)."""

WHOLE_CALL: Final = ""
"""The place, among a call's lines, of what belongs to no line: its partnerships."""

CALLS = Table(
    "dashboard_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("title", Words, default=""),
    Column("edition", Words, default=""),
    Column("stage", Words, default="announced"),
    Column("envelope_cents", BigInteger, default=0),
    Column("applications_closed", Boolean, default=False),
    Column("settled", Boolean, default=False),
)

LINES = Table(
    "dashboard_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("released", Boolean, default=False),
    *(Column(name, BigInteger, default=0) for name in (*COUNTED, *MONEY)),
)

PARTNERSHIPS = Table(
    "dashboard_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=WHOLE_CALL),
    Column("name", Words, default=""),
    Column("geography", Words, default=""),
    Column("cluster", Words, default=""),
    Column("coordinator", Words, default=""),
    Column("members", JSON, default=()),
    Column("generated", Boolean, default=False),
    Column("confirmed", JSON, default=()),
    Column("roadmap_written", Boolean, default=False),
    Column("roadmap_agreed", Boolean, default=False),
    Column("coached", Boolean, default=False),
    Column("proposed", Boolean, default=False),
)

APPLICATIONS = Table(
    "dashboard_applications",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("partnership_id", Uuid),
    Column("title", Words, default=""),
    Column("drafted", Boolean, default=False),
    Column("put_forward", Boolean, default=False),
    Column("requested_cents", BigInteger),
    Column("submitted_at", Moment),
    Column("withdrawn", Boolean, default=False),
    Column("finding", Words),
    Column("outcome", Words),
    Column("grant", Words),
)

GRANTS = Table(
    "dashboard_grants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("pilot_action_id", Uuid),
    Column("state", Words, default="offered"),
    Column("cents", BigInteger, default=0),
    Column("orders", JSON, default={}),
    *(Column(name, BigInteger, default=0) for name in MONEY if name != "committed_cents"),
)

REFUSALS = Table(
    "dashboard_refusals", METADATA, Column("rule", Words, primary_key=True), Column("count", BigInteger, default=0)
)

for _table in (PARTNERSHIPS, APPLICATIONS):
    Index(f"{_table.name}_by_call", _table.c.call_id, _table.c.position)


class DashboardRow(Value):
    """Where a call stands. Sums are integer euro cents.

    `submitted` passed the door at least once. Of them `withdrawn`, `inadmissible`, `ineligible`, `awarded` (ever
    offered, promoted ones too), `reserve` and `rejected` (not selected) are where they end; these add up to it when the
    call is settled. While `sealed`, the outcomes of a line are not released: its inadmissible, ineligible and ranked
    count as 0 (D17). `committed_cents` is what was accepted, before closing gives back what is unspent; `ordered_cents`
    the value of the orders that were not cancelled, a higher invoice as far as the fund bears it. `refusals` counts,
    for the whole fund, the requests that were refused, by rule or `stage`.
    """

    id: UUID
    title: str
    stage: str
    sealed: bool
    partnerships: int
    generated: int
    coached: int
    drafted: int
    submitted: int
    withdrawn: int
    inadmissible: int
    ineligible: int
    ranked: int
    awarded: int
    reserve: int
    rejected: int
    accepted: int
    declined: int
    lapsed: int
    closed: int
    envelope_cents: Cents
    committed_cents: Cents
    ordered_cents: Cents
    delivered_cents: Cents
    disbursed_cents: Cents
    unspent_cents: Cents
    largest_grant_disbursed_cents: Cents
    refusals: dict[str, int]


class FundDashboard(ReadModel):
    """What the dashboard and the lists behind its figures know."""

    name = "fund_dashboard"
    version = 1
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the rows and the counters of its line."""
        event = recorded.event
        if isinstance(event, CallEvent):
            _call(tables, recorded.stream, recorded.position, event)
        elif isinstance(event, PartnershipEvent):
            _partnership(tables, recorded.stream, recorded.position, event)
        elif isinstance(event, PilotActionEvent):
            _application(tables, recorded.stream, recorded.position, event)
        elif isinstance(event, GrantEvent):
            _grant(tables, recorded.stream, event)
        elif isinstance(event, CommandHandled) and event.refused is not None:
            count = tables[REFUSALS].row(event.refused)["count"]
            tables[REFUSALS].change(event.refused, count=count + 1)


def _call(tables: Tables, call_id: UUID, position: int, event: CallEvent) -> None:
    calls, lines = tables[CALLS], tables[LINES]
    match event:
        case CallCorrected(rules=rules):
            envelope = sum(line.envelope_cents for line in rules.lines)
            calls.change(call_id, title=rules.title, envelope_cents=envelope)
        case CallPublished(rules=rules):
            envelope = sum(line.envelope_cents for line in rules.lines)
            named = {"title": rules.title, "edition": rules.edition, "envelope_cents": envelope}
            calls.change(call_id, position=position, **named)
            for line in rules.lines:
                lines.change(call_id, line.id)
        case CoachingWindowOpened():
            calls.change(call_id, stage="coaching")
        case CoachingWindowClosed():
            calls.change(call_id, stage="coaching ended")
        case ApplicationWindowOpened():
            calls.change(call_id, stage="open for applications")
        case ApplicationWindowClosed():
            calls.change(call_id, stage="being judged", applications_closed=True)
        case RankingEstablished():
            lines.change(call_id, event.line, ranked=event.ranked)
        case OutcomesReleased():
            calls.change(call_id, stage="outcomes released")
            lines.change(call_id, event.line, released=True)
            for outcome in event.outcomes:
                _change(tables, APPLICATIONS, outcome.pilot_action_id, outcome=outcome.outcome)
        case CallCancelled():
            calls.change(call_id, stage="cancelled")
        case CallSettled():
            calls.change(call_id, stage="settled", settled=True)
        case _:
            pass


def _partnership(tables: Tables, id: UUID, position: int, event: PartnershipEvent) -> None:
    match event:
        case PartnershipFormed():
            names = {member.organisation_id: member.name for member in event.members}
            _change(
                tables,
                PARTNERSHIPS,
                id,
                position=position,
                call_id=event.call_id,
                name=event.name,
                geography=event.geography.value,
                cluster=event.cluster,
                coordinator=names.get(event.coordinator_id, ""),
                members=list(names.values()),
                generated=event.generated,
                confirmed=[str(event.coordinator_id)],
            )
        case MembershipConfirmed():
            confirmed = dict.fromkeys((*tables[PARTNERSHIPS].row(id)["confirmed"], str(event.organisation_id)))
            _change(tables, PARTNERSHIPS, id, confirmed=list(confirmed))
        case RoadmapDrafted():
            _change(tables, PARTNERSHIPS, id, roadmap_written=True, roadmap_agreed=False)
        case RoadmapAgreed():
            _change(tables, PARTNERSHIPS, id, roadmap_agreed=True)
        case CoachingCompleted():
            _change(tables, PARTNERSHIPS, id, coached=True)
        case _:
            pass


def _application(tables: Tables, id: UUID, position: int, event: PilotActionEvent) -> None:
    match event:
        case PilotActionProposed():
            place = {"call_id": event.call_id, "line": event.line, "partnership_id": event.partnership_id}
            _change(tables, APPLICATIONS, id, position=position, title=event.title, **place)
            _change(tables, PARTNERSHIPS, event.partnership_id, proposed=True)
        case DraftSectionSaved():
            _change(tables, APPLICATIONS, id, drafted=True)
        case VersionPutForward():
            _change(tables, APPLICATIONS, id, put_forward=True)
        case ApplicationSubmitted():
            submitted = {"requested_cents": event.requested_cents, "submitted_at": event.effective_at}
            _change(tables, APPLICATIONS, id, withdrawn=False, **submitted)
        case ApplicationWithdrawn():
            _change(tables, APPLICATIONS, id, withdrawn=True)
        case ApplicationFoundInadmissible():
            _change(tables, APPLICATIONS, id, finding="inadmissible")
        case ApplicationFoundIneligible():
            _change(tables, APPLICATIONS, id, finding="ineligible")
        case _:
            pass


def _grant(tables: Tables, id: UUID, event: GrantEvent) -> None:
    row = tables[GRANTS].row(id)
    match event:
        case GrantOffered():
            place = {"call_id": event.call_id, "line": event.line, "pilot_action_id": event.pilot_action_id}
            _change(tables, GRANTS, id, cents=event.cents, **place)
        case GrantAccepted():
            _change(tables, GRANTS, id, state="accepted", cents=event.cents)
        case GrantDeclined():
            _change(tables, GRANTS, id, state="declined")
        case GrantLapsed():
            _change(tables, GRANTS, id, state="lapsed")
        case ResourceOrdered():
            _order(tables, row, event.order, event.cents)
        case OrderCancelled():
            _order(tables, row, event.order, 0)
        case InvoiceRecorded():
            _order(tables, row, event.order, max(row["orders"].get(str(event.order), 0), event.borne_cents))
        case ResourceDelivered():
            _change(tables, GRANTS, id, delivered_cents=row["delivered_cents"] + event.cents)
        case DeliveryRefused():
            _change(tables, GRANTS, id, delivered_cents=row["delivered_cents"] - event.cents)
        case DeliveryReversed():
            _order(tables, row, event.order, event.kept_cents)
            delivered = row["delivered_cents"] - event.delivered_cents
            disbursed = row["disbursed_cents"] - event.disbursed_cents
            _change(tables, GRANTS, id, delivered_cents=delivered, disbursed_cents=disbursed)
        case ResourceDisbursed():
            _change(tables, GRANTS, id, disbursed_cents=row["disbursed_cents"] + event.cents)
        case GrantClosed():
            _change(tables, GRANTS, id, state="closed", unspent_cents=event.returned_cents)
        case _:
            return
    _tell_application(tables, tables[GRANTS].row(id))


def _order(tables: Tables, grant: Row, number: int, cents: Cents) -> None:
    orders = {**grant["orders"], str(number): cents}
    _change(tables, GRANTS, grant["id"], orders=orders, ordered_cents=sum(orders.values()))


def _tell_application(tables: Tables, grant: Row) -> None:
    if grant["pilot_action_id"] is not None:
        _change(tables, APPLICATIONS, grant["pilot_action_id"], grant=grant["state"])


def _change(tables: Tables, table: Table, id: UUID, **columns: Any) -> None:
    """Change a row; the counters of its place change by as much as the row's own figures."""
    before = tables[table].row(id)
    after = {**before, **columns}
    tables[table].put(after)
    was, now = _FIGURES[table](before), _FIGURES[table](after)
    if was != now or _place(before) != _place(after):
        _count(tables, before, was, -1)
        _count(tables, after, now, +1)


def _place(row: Row) -> tuple[UUID | None, str]:
    return row["call_id"], row["line"]


def _count(tables: Tables, row: Row, figures: Mapping[str, int], sign: int) -> None:
    if row["call_id"] is None:
        return
    line = tables[LINES].row(*_place(row))
    moved = {name: line[name] + sign * figure for name, figure in figures.items()}
    tables[LINES].put({**line, **moved})


def _figures_of_partnership(row: Row) -> dict[str, int]:
    return {"partnerships": not row["generated"], "generated": row["generated"], "coached": row["coached"]}


def _figures_of_application(row: Row) -> dict[str, int]:
    submitted = row["submitted_at"] is not None
    figures = {"drafted": row["drafted"] or submitted, "submitted": submitted}
    end = fate(row)
    return {**figures, end: 1} if submitted and end else figures


def _figures_of_grant(row: Row) -> dict[str, int]:
    accepted = row["state"] in ("accepted", "closed")
    figures = {name: row[name] for name in MONEY if name != "committed_cents"}
    figures["committed_cents"] = row["cents"] if accepted else 0
    states = {name: row["state"] == name for name in ("declined", "lapsed", "closed")}
    return {**figures, **states, "accepted": accepted}


_FIGURES: Final[Mapping[Table, Callable[[Row], dict[str, int]]]] = {
    PARTNERSHIPS: _figures_of_partnership,
    APPLICATIONS: _figures_of_application,
    GRANTS: _figures_of_grant,
}


def fate(application: Row) -> str | None:
    """Return where an application ends, by the name of its counter; None while that is open (D23)."""
    if application["grant"] is not None:
        return "awarded"
    if application["withdrawn"]:
        return "withdrawn"
    if application["finding"] is not None:
        return str(application["finding"])
    return {"reserve": "reserve", "not_selected": "rejected"}.get(application["outcome"])


def dashboard(connection: Connection, call_id: UUID) -> DashboardRow | None:
    """Return where a call stands, or None when no such call was published."""
    calls = fetch(connection, select(CALLS).where(CALLS.c.id == call_id, CALLS.c.position.is_not(None)))
    if not calls:
        return None
    call = calls[0]
    lines = fetch(connection, select(LINES).where(LINES.c.call_id == call_id))
    hidden = [line for line in lines if line["line"] != WHOLE_CALL and not (line["released"] or call["settled"])]
    figures = {name: sum(line[name] for line in lines) for name in (*COUNTED, *MONEY)}
    for name in SEALED:
        figures[name] -= sum(line[name] for line in hidden)
    largest = select(func.max(GRANTS.c.disbursed_cents)).where(GRANTS.c.call_id == call_id)
    refusals = fetch(connection, select(REFUSALS).order_by(REFUSALS.c.rule))
    return DashboardRow(
        **{name: call[name] for name in DashboardRow.model_fields if name in call},
        **figures,
        sealed=bool(hidden),
        largest_grant_disbursed_cents=connection.scalar(largest) or 0,
        refusals={refusal["rule"]: refusal["count"] for refusal in refusals},
    )
