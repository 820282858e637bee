"""The names of everything, ready to be searched; read anew as soon as there is a new one."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from fund_service.matching import Index
from projections.names import Order, how_many, names


class Names(NamedTuple):
    """The names of everything, by kind."""

    partnerships: Index[UUID]
    pilot_actions: Index[UUID]
    grants: Index[UUID]
    orders: Index[Order]
    organisations: Index[UUID]
    accounts: Index[UUID]


class KnownNames:
    """The names as they were read last. Thread-safe: they are replaced as a whole."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: tuple[Any, Names] | None = None

    def now(self, connection: Connection) -> Names:
        """Return the names that the screens hold."""
        there = (connection.engine.url, how_many(connection))
        known = self._known
        if known is None or known[0] != there:
            found = names(connection)
            made = Names(
                Index(found.partnerships),
                Index(found.pilot_actions),
                Index(found.grants),
                Index(found.orders),
                Index(found.organisations),
                Index(found.accounts),
            )
            self._known = known = there, made
        return known[1]
