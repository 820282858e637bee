"""Support in kind: what was offered and accepted, with the ledger of its orders."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from domain.grant.aggregate import GRANT, NEVER, Grant, Order
from domain.values import Cents, Instant, ProtectedText, Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.permissions.views import View
from projections import lists


class ComparedOffer(Value):
    """What a supplier offered for an order, in euro cents; the order is the one that was chosen."""

    supplier: str
    cents: Cents
    remark: str
    chosen: bool


class OrderState(Value):
    """One order: what it takes from the commitment now (`counts_cents`), and how far it is; sums in euro cents.

    Members of the partnership are not told which `offers` were compared, nor why that one was chosen.
    """

    order: int
    supplier: str
    counts_cents: Cents
    deliver_by: Instant | None
    delivered_cents: Cents | None
    acknowledge_by: Instant | None
    refused: bool
    borne_cents: Cents | None
    acknowledged: bool
    disbursed_cents: Cents | None
    reversal_proposed: bool
    cancelled: str | None
    offers: tuple[ComparedOffer, ...]
    choice_reason: str


class GrantState(Value):
    """Support in kind for one pilot action; `cents` is the commitment, `left_cents` what can still be ordered."""

    id: UUID
    version: int
    call_id: UUID | None
    line: str
    pilot_action_id: UUID | None
    partnership_id: UUID | None
    stage: str
    cents: Cents
    accept_by: Instant | None
    ordered_cents: Cents
    disbursed_cents: Cents
    left_cents: Cents
    orders: tuple[OrderState, ...]
    report_filed: bool
    report_overdue: bool


def grant_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/grants", GrantState, Open.SIGNED_IN, name="listGrants", each=View.GRANT)
    def grants(
        asking: Asking, call: Annotated[UUID | None, Query(description="Of this call alone.")] = None
    ) -> Iterable[GrantState]:
        """List the support in kind that you may see, oldest application first."""
        for row in lists.support(asking.connection, call):
            id = row.id
            found = asking.world.find(GRANT, id)
            if found is not None:
                yield _state(asking, id, found)

    @routes.one("/grants/{grant_id}", GrantState, View.GRANT, name="readGrant")
    def grant(asking: Asking, grant_id: UUID) -> Answered[GrantState]:
        """Read the support in kind for one pilot action, with its orders."""
        found = asking.world.get(GRANT, grant_id)
        return _state(asking, grant_id, found), asking.world.version(GRANT, grant_id)


def _state(asking: Asking, id: UUID, grant: Grant) -> GrantState:
    told = sees_offers(asking, grant)
    orders = tuple(
        OrderState(
            order=number,
            supplier=order.supplier,
            counts_cents=order.counts,
            deliver_by=_known(order.deliver_by),
            delivered_cents=order.delivered_cents,
            acknowledge_by=_known(order.acknowledge_by),
            refused=order.refused,
            borne_cents=order.borne_cents,
            acknowledged=order.acknowledged,
            disbursed_cents=order.disbursed_cents,
            reversal_proposed=order.reversal_by is not None,
            cancelled=order.cancelled,
            offers=offers_of(order) if told else (),
            choice_reason=words_of(order.choice_reason) if told else "",
        )
        for number, order in sorted(grant.orders.items())
    )
    alike = {name: getattr(grant, name) for name in GrantState.model_fields if hasattr(grant, name)}
    known = {
        "id": id,
        "version": asking.world.version(GRANT, id),
        "accept_by": _known(grant.accept_by),
        "orders": orders,
    }
    return GrantState(**{**alike, **known})


def sees_offers(asking: Asking, grant: Grant) -> bool:
    """Tell whether who asks may see which offers were compared for the orders of a grant."""
    action = grant.pilot_action_id if any(order.offers for order in grant.orders.values()) else None
    return action is not None and asking.sees(View.PROCEDURE, action)


def offers_of(order: Order) -> tuple[ComparedOffer, ...]:
    """Return the offers that were compared for an order, in the order in which they were given."""
    return tuple(
        ComparedOffer(supplier=one.supplier, cents=one.cents, remark=words_of(one.remark), chosen=at == order.chosen)
        for at, one in enumerate(order.offers, 1)
    )


def words_of(text: ProtectedText | None) -> str:
    """Return what somebody wrote, empty where nothing was."""
    return text.shown if text is not None else ""


def _known(instant: datetime) -> datetime | None:
    return None if instant == NEVER else instant
