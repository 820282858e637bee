"""Support in kind: the list of a call, and each with its money as one bar, its orders, its ledger, what comes next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.grant import commands
from domain.grant.aggregate import GRANT, NEVER, Grant, Order
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.grants import ComparedOffer, offers_of, sees_offers, words_of
from fund_service.attachments.seen import rows_of_grant
from fund_service.ledger import ledger
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown, told
from fund_service.web.offers import possible, waiting
from fund_service.web.pages import Pages
from projections import lists
from projections.applicant_rows import OrderRow
from projections.applicant_view import grants
from projections.lists import SupportRow
from projections.order_states import OrderState, state_of

_OF_GRANT: Final = (commands.AcceptGrant, commands.DeclineGrant, commands.OrderResource, commands.FileFinalReport)
_OF_ORDER: Final = (
    commands.RecordDelivery,
    commands.AcknowledgeDelivery,
    commands.RefuseDelivery,
    commands.RecordInvoice,
    commands.CertifyDelivery,
    commands.CancelOrder,
    commands.ProposeReversal,
    commands.ConfirmReversal,
    commands.DismissReversal,
)


def grant_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/calls/{call_id}/grants", "grants.html", Open.SIGNED_IN)
    def every(asking: Asking, call_id: UUID, wanted: Listed) -> Mapping[str, Any]:
        call, _ = published_call(asking, call_id)
        rows = lists.support(asking.connection, call_id)
        return {"call": call, "list": shown(asking, rows, SupportRow, View.GRANT, wanted, call_id)}

    @pages.page("/grants/{grant_id}", "grant.html", View.GRANT)
    def one(asking: Asking, grant_id: UUID) -> Mapping[str, Any]:
        state = asking.world.get(GRANT, grant_id)
        assert state.call_id is not None
        assert state.pilot_action_id is not None
        call, _ = published_call(asking, state.call_id)
        (row,) = told(asking, lists.support(asking.connection, ids=[grant_id]), SupportRow, View.GRANT)
        orders = grants(asking.connection, [state.pilot_action_id])[state.pilot_action_id].orders
        rules = announced(asking.world.get(CALL, call.id))
        return {
            "call": call,
            "row": row,
            "orders": [_shown(asking, grant_id, state, order) for order in orders],
            "compared": list(_compared(state)) if sees_offers(asking, state) else [],
            "kinds": {kind.id: kind.name for kind in rules.resource_kinds},
            "entries": list(ledger(one.event for one in asking.context.parts.log.history(grant_id))),
            "calendar": rules.calendar,
            "accept_by": _known(state.accept_by),
            "report_filed": state.report_filed,
            "next": [one for one in waiting(asking) if one.ids & {grant_id, state.pilot_action_id}],
            "deeds": list(possible(asking, _OF_GRANT, grant_id=grant_id)),
            "files": list(rows_of_grant(asking.actor, grant_id, asking.world)),
        }


class ShownOrder(NamedTuple):
    """An order with where it stands, its dates (UTC), and the deeds about it that who looks may do."""

    row: OrderRow
    state: OrderState
    deliver_by: datetime | None
    reversal_proposed: bool
    deeds: list[tuple[str, str]]


class Compared(NamedTuple):
    """The offers that were compared for an order of this number, and why the chosen one is."""

    order: int
    offers: tuple[ComparedOffer, ...]
    reason: str


def _compared(grant: Grant) -> Iterator[Compared]:
    for number, order in sorted(grant.orders.items()):
        if order.offers:
            yield Compared(number, offers_of(order), words_of(order.choice_reason))


def _shown(asking: Asking, grant_id: UUID, grant: Grant, row: OrderRow) -> ShownOrder:
    order, state = grant.orders.get(row.order, Order()), state_of(row)
    deeds = list(possible(asking, _OF_ORDER, grant_id=grant_id, order=row.order))
    done = state is OrderState.CANCELLED
    return ShownOrder(row, state, _known(order.deliver_by), order.reversal_by is not None, [] if done else deeds)


def _known(instant: datetime) -> datetime | None:
    return None if instant == NEVER else instant
