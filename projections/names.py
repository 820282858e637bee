"""What things are called: by which words people find partnerships, pilot actions, orders, places and accounts.

What something is called when it begins is never changed: names are only added. So their number tells of a new one.
"""

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from projections.applicant_tables import ORDERS, PILOT_ACTIONS
from projections.dashboard_tables import APPLICATIONS, GRANTS, PARTNERSHIPS
from projections.registry import ACCOUNTS, ORGANISATIONS

Texts = dict[UUID, tuple[str, ...]]
"""By id: the texts by which it is found."""

Order = tuple[UUID, int]
"""An order by its grant and its number."""


class Names(NamedTuple):
    """Everything that has a name, each kind in the order in which it came."""

    partnerships: Texts
    pilot_actions: Texts
    grants: Texts
    orders: dict[Order, tuple[str, ...]]
    organisations: Texts
    accounts: Texts


_THERE: Final = (
    select(func.count()).where(PARTNERSHIPS.c.position.is_not(None)).scalar_subquery(),
    select(func.count()).where(APPLICATIONS.c.position.is_not(None)).scalar_subquery(),
    select(func.count()).select_from(GRANTS).scalar_subquery(),
    select(func.count()).select_from(ORDERS).scalar_subquery(),
    select(func.count()).where(ORGANISATIONS.c.position.is_not(None)).scalar_subquery(),
    select(func.count()).where(ACCOUNTS.c.opened).scalar_subquery(),
)


def how_many(connection: Connection) -> tuple[int, ...]:
    """Return how many names of each kind there are."""
    return tuple(connection.execute(select(*_THERE)).one())


def names(connection: Connection) -> Names:
    """Return what everything is called."""
    action = select(APPLICATIONS.c.id, APPLICATIONS.c.title, PARTNERSHIPS.c.name)
    action = action.outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == APPLICATIONS.c.partnership_id)
    granted = select(GRANTS.c.id, APPLICATIONS.c.title, PARTNERSHIPS.c.name)
    granted = granted.join(APPLICATIONS, APPLICATIONS.c.id == GRANTS.c.pilot_action_id)
    granted = granted.outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == APPLICATIONS.c.partnership_id)
    partnership = select(PARTNERSHIPS.c.id, PARTNERSHIPS.c.name).where(PARTNERSHIPS.c.position.is_not(None))
    place = select(ORGANISATIONS.c.id, ORGANISATIONS.c.name).where(ORGANISATIONS.c.position.is_not(None))
    account = select(ACCOUNTS.c.id, ACCOUNTS.c.label, ACCOUNTS.c.unit).where(ACCOUNTS.c.opened)
    return Names(
        _texts(connection, partnership.order_by(PARTNERSHIPS.c.position)),
        _texts(connection, action.where(APPLICATIONS.c.position.is_not(None)).order_by(APPLICATIONS.c.position)),
        _texts(connection, granted.order_by(APPLICATIONS.c.position)),
        orders(connection),
        _texts(connection, place.order_by(ORGANISATIONS.c.position)),
        _texts(connection, account.order_by(ACCOUNTS.c.label, ACCOUNTS.c.id)),
    )


def _texts(connection: Connection, query: Select[Any]) -> Texts:
    return {id: tuple(text for text in texts if text) for id, *texts in connection.execute(query)}


def orders(connection: Connection, grant_ids: Collection[UUID] | None = None) -> dict[Order, tuple[str, ...]]:
    """Return the words of every order, or of the orders of these grants: its number, its supplier, its kind."""
    query = select(ORDERS.c.grant_id, ORDERS.c.order, ORDERS.c.supplier, ORDERS.c.kind)
    if grant_ids is not None:
        query = query.where(ORDERS.c.grant_id.in_(grant_ids))
    found = connection.execute(query.order_by(ORDERS.c.grant_id, ORDERS.c.order))
    return {(id, number): (f"order {number}", supplier, kind) for id, number, supplier, kind in found}


def actions_of(connection: Connection, partnership_ids: Collection[UUID]) -> set[UUID]:
    """Return the pilot actions of partnerships."""
    query = select(APPLICATIONS.c.id).where(APPLICATIONS.c.partnership_id.in_(partnership_ids))
    return set(connection.scalars(query))


def receipts(connection: Connection) -> dict[UUID, str]:
    """Return the digest on the receipt of every application that was submitted."""
    query = select(PILOT_ACTIONS.c.id, PILOT_ACTIONS.c.receipt).where(PILOT_ACTIONS.c.position.is_not(None))
    return {id: receipt["digest"] for id, receipt in connection.execute(query) if receipt}
