"""The fund's dashboard: how many came how far, where the money stands, which rules refused what.

Every partnership, application and grant has a row (dashboard_tables.py), and what it counts for moves the sums of its
line and month (dashboard_figures.py), so that reading the whole costs the same however many there are.
"""

from datetime import datetime
from uuid import UUID

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
from domain.call.rules import CallRules
from domain.evaluation.events import EvaluationCompleted, EvaluationReopened
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
    OrderEvent,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.messages import Recorded
from domain.organisation.events import OrganisationRegistered
from domain.partnership.events import (
    CoachingCompleted,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipEvent,
    PartnershipFormed,
    PartnershipMerged,
    RoadmapAgreed,
    RoadmapDrafted,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
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
from domain.values import Cents
from projections.dashboard_figures import change, month_of, move, put_below
from projections.dashboard_tables import (
    APPLICATIONS,
    CALLS,
    GRANTS,
    LINES,
    METADATA,
    NOTHING_NAMED,
    ORDERS,
    ORGANISATIONS,
    PARTNERSHIPS,
    REFUSALS,
    TAKEN,
    WHOLE_CALL,
)
from projections.read_model import ReadModel, Tables


class FundDashboard(ReadModel):
    """What the dashboard and the lists behind its figures know."""

    name = "fund_dashboard"
    version = 5
    metadata = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the rows and the counters of its line."""
        event = recorded.event
        if isinstance(event, CallEvent):
            _call(tables, recorded, event)
        elif isinstance(event, PartnershipEvent):
            _partnership(tables, recorded, event)
        elif isinstance(event, PilotActionEvent):
            _application(tables, recorded, event)
        elif isinstance(event, EvaluationCompleted | EvaluationReopened):
            completed = isinstance(event, EvaluationCompleted)
            change(tables, APPLICATIONS, event.pilot_action_id, event.effective_at, evaluated=completed)
        elif isinstance(event, OrganisationRegistered):
            tables[ORGANISATIONS].change(recorded.stream, country=event.country)
            for id in map(UUID, tables[ORGANISATIONS].row(recorded.stream)["below"]):
                if tables[PARTNERSHIPS].row(id)["coordinator_id"] == recorded.stream:
                    change(tables, PARTNERSHIPS, id, event.effective_at, country=event.country)
        elif isinstance(event, GrantEvent):
            _grant(tables, recorded.stream, event)
        elif isinstance(event, CommandHandled) and event.refused is not None:
            _refused(tables, event, event.refused)


def _call(tables: Tables, recorded: Recorded, event: CallEvent) -> None:
    call_id, at = recorded.stream, event.effective_at
    calls, lines = tables[CALLS], tables[LINES]
    match event:
        case CallCorrected(rules=rules):
            _envelope(tables, call_id, at, rules)
        case CallPublished(rules=rules):
            calls.change(call_id, position=recorded.position, edition=rules.edition)
            for line in rules.lines:
                lines.change(call_id, line.id)
            _envelope(tables, call_id, at, rules)
        case CoachingWindowOpened():
            calls.change(call_id, stage="coaching")
        case CoachingWindowClosed():
            calls.change(call_id, stage="coaching ended")
        case ApplicationWindowOpened():
            calls.change(call_id, stage="open for applications")
        case ApplicationWindowClosed():
            calls.change(call_id, stage="being judged", applications_closed=True)
        case RankingEstablished():
            _ranked(tables, call_id, event)
        case OutcomesReleased():
            calls.change(call_id, stage="outcomes released")
            lines.change(call_id, event.line, released=True)
            for outcome in event.outcomes:
                change(tables, APPLICATIONS, outcome.pilot_action_id, at, outcome=outcome.outcome)
        case CallCancelled():
            calls.change(call_id, stage="cancelled")
        case CallSettled():
            calls.change(call_id, stage="settled", settled=True)
        case _:
            pass


def _envelope(tables: Tables, call_id: UUID, at: datetime, rules: CallRules) -> None:
    envelope, before = sum(line.envelope_cents for line in rules.lines), tables[CALLS].row(call_id)["envelope_cents"]
    tables[CALLS].change(call_id, title=rules.title, envelope_cents=envelope)
    move(tables, call_id, WHOLE_CALL, at, {"envelope_cents": envelope - before})


def _ranked(tables: Tables, call_id: UUID, event: RankingEstablished) -> None:
    before = {UUID(id) for id in tables[LINES].row(call_id, event.line)["ranked"]}
    after = dict.fromkeys(row.pilot_action_id for row in event.rows)
    for id in before - after.keys():
        change(tables, APPLICATIONS, id, event.effective_at, ranked=False)
    for id in after:
        change(tables, APPLICATIONS, id, event.effective_at, ranked=True)
    tables[LINES].change(call_id, event.line, ranked=[str(id) for id in after])


def _partnership(tables: Tables, recorded: Recorded, event: PartnershipEvent) -> None:
    id, at = recorded.stream, event.effective_at
    match event:
        case PartnershipFormed():
            names = {member.organisation_id: member.name for member in event.members}
            put_below(tables, ORGANISATIONS, event.coordinator_id, id)
            change(
                tables,
                PARTNERSHIPS,
                id,
                at,
                position=recorded.position,
                call_id=event.call_id,
                name=event.name,
                geography=event.geography.value,
                cluster=event.cluster,
                country=tables[ORGANISATIONS].row(event.coordinator_id)["country"],
                coordinator_id=event.coordinator_id,
                coordinator=names.get(event.coordinator_id, ""),
                members=list(names.values()),
                generated=event.generated,
                confirmed=[str(event.coordinator_id)],
            )
        case MembershipConfirmed():
            confirmed = dict.fromkeys((*tables[PARTNERSHIPS].row(id)["confirmed"], str(event.organisation_id)))
            change(tables, PARTNERSHIPS, id, at, confirmed=list(confirmed))
        case RoadmapDrafted():
            change(tables, PARTNERSHIPS, id, at, roadmap_written=True, roadmap_agreed=False)
        case RoadmapAgreed():
            change(tables, PARTNERSHIPS, id, at, roadmap_agreed=True)
        case CoachingCompleted():
            change(tables, PARTNERSHIPS, id, at, coached=True)
        case PartnershipMerged():
            change(tables, PARTNERSHIPS, id, at, over="merged")
        case PartnershipEnded():
            change(tables, PARTNERSHIPS, id, at, over="ended")
        case _:
            pass


def _application(tables: Tables, recorded: Recorded, event: PilotActionEvent) -> None:
    id, at = recorded.stream, event.effective_at
    match event:
        case PilotActionProposed():
            place = {"call_id": event.call_id, "line": event.line, "partnership_id": event.partnership_id}
            change(tables, APPLICATIONS, id, at, position=recorded.position, title=event.title, **place)
            change(tables, PARTNERSHIPS, event.partnership_id, at, proposed=True)
            put_below(tables, PARTNERSHIPS, event.partnership_id, id)
        case DraftSectionSaved():
            change(tables, APPLICATIONS, id, at, drafted=True)
        case VersionPutForward():
            change(tables, APPLICATIONS, id, at, put_forward=True)
        case ApplicationSubmitted():
            submitted = {"requested_cents": event.requested_cents, "submitted_at": event.effective_at}
            change(tables, APPLICATIONS, id, at, withdrawn=False, **submitted)
        case ApplicationWithdrawn():
            change(tables, APPLICATIONS, id, at, withdrawn=True)
        case ApplicationFoundInadmissible():
            change(tables, APPLICATIONS, id, at, finding="inadmissible")
        case ApplicationFoundIneligible():
            change(tables, APPLICATIONS, id, at, finding="ineligible")
        case ApplicationFoundEligible():
            change(tables, APPLICATIONS, id, at, found_eligible=True)
        case _:
            pass


def _grant(tables: Tables, id: UUID, event: GrantEvent) -> None:
    at = event.effective_at
    match event:
        case GrantOffered():
            place = {"call_id": event.call_id, "line": event.line, "pilot_action_id": event.pilot_action_id}
            put_below(tables, APPLICATIONS, event.pilot_action_id, id)
            change(tables, GRANTS, id, at, cents=event.cents, **place)
        case GrantAccepted():
            change(tables, GRANTS, id, at, state="accepted", cents=event.cents)
        case GrantDeclined():
            change(tables, GRANTS, id, at, state="declined")
        case GrantLapsed():
            change(tables, GRANTS, id, at, state="lapsed")
        case GrantClosed():
            change(tables, GRANTS, id, at, state="closed", unspent_cents=event.returned_cents)
        case (
            ResourceOrdered()
            | OrderCancelled()
            | ResourceDelivered()
            | InvoiceRecorded()
            | DeliveryRefused()
            | ResourceDisbursed()
            | DeliveryReversed()
        ):
            _order(tables, id, event)
        case _:
            return
    grant = tables[GRANTS].row(id)
    if grant["pilot_action_id"] is not None:
        change(tables, APPLICATIONS, grant["pilot_action_id"], at, grant=grant["state"])


def _order(tables: Tables, grant_id: UUID, event: OrderEvent) -> None:
    """Take one event into its order; the sums of the grant move with it."""
    before, grant = tables[ORDERS].row(grant_id, event.order), tables[GRANTS].row(grant_id)
    after = {**before, **_sums(event, before["kept_cents"])}
    tables[ORDERS].put(after)
    sums = {name: grant[name] + after[name] - before[name] for name in TAKEN}
    change(tables, GRANTS, grant_id, event.effective_at, **sums)


def _sums(event: OrderEvent, kept: Cents) -> dict[str, Cents]:
    """Return what changes in an order: its invoice gives the delivery's value, and the certified value replaces all."""
    match event:
        case ResourceOrdered(cents=cents):
            return {"kept_cents": cents, "ordered_cents": cents}
        case OrderCancelled():
            return {"kept_cents": 0, "ordered_cents": 0}
        case ResourceDelivered(cents=cents):
            return {"delivered_cents": cents}
        case InvoiceRecorded(borne_cents=borne):
            return {"ordered_cents": max(kept, borne), "delivered_cents": borne}
        case DeliveryRefused():
            return {"ordered_cents": kept, "delivered_cents": 0}
        case ResourceDisbursed(cents=cents):
            return dict.fromkeys(TAKEN, cents)
        case DeliveryReversed(kept_cents=left):
            return {"kept_cents": left, "ordered_cents": left, "delivered_cents": 0, "disbursed_cents": 0}
        case _:
            return {}


def _refused(tables: Tables, event: CommandHandled, rule: str) -> None:
    about = event.about or NOTHING_NAMED
    key = (rule, month_of(event.effective_at), about, _has_closed(tables, about))
    tables[REFUSALS].change(*key, count=tables[REFUSALS].row(*key)["count"] + 1)


def _has_closed(tables: Tables, about: UUID) -> bool:
    application = tables[APPLICATIONS].get(about)
    return application is not None and bool(tables[CALLS].row(application["call_id"])["applications_closed"])
