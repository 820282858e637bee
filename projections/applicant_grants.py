"""What each event changes in a grant and its orders, as the applicant sees them."""

from typing import Any
from uuid import UUID

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
from projections.applicant_tables import (
    GRANTS,
    ORDERS,
)
from projections.read_model import Tables


def take_grant(tables: Tables, id: UUID, event: GrantEvent) -> None:
    """Take one event into the grant, and the order that it is about."""
    grants, orders = tables[GRANTS], tables[ORDERS]
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
            orders.change(id, event.order, **what, ordered_cents=event.cents, kept_cents=event.cents)
        case OrderCancelled():
            orders.change(id, event.order, cancelled=True)
        case ResourceDelivered():
            delivered = {"delivered_cents": event.cents, "acknowledge_by": event.acknowledge_by}
            orders.change(id, event.order, **_UNDELIVERED | delivered)
        case InvoiceRecorded():
            borne = {"borne_cents": event.borne_cents, "borne_outside_cents": event.borne_outside_cents}
            orders.change(id, event.order, **borne)
        case DeliveryAcknowledged():
            orders.change(id, event.order, acknowledged=True)
        case DeliveryRefused():
            orders.change(id, event.order, **_UNDELIVERED | {"refused": True})
        case DeliveryReversed():
            orders.change(id, event.order, **_UNDELIVERED, kept_cents=event.kept_cents)
        case ResourceDisbursed():
            orders.change(id, event.order, disbursed_cents=event.cents)
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
    "acknowledge_by": None,
    "refused": False,
    "borne_cents": None,
    "borne_outside_cents": 0,
    "acknowledged": False,
    "disbursed_cents": None,
}
