"""The few facts that are not the fund's history: the rehearsal's seed, the clock, the relay's position, the format."""

from typing import Final

from sqlalchemy import Column, Engine, MetaData, String, Table, bindparam, delete, select

from domain.errors import Unavailable
from projections.database import insert_into, make_tables

_metadata = MetaData()
_facts = Table("facts", _metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))
_ONE: Final = select(_facts.c.value).where(_facts.c.name == bindparam("name"))
"""Asked with every request of a rehearsal, so that it is put together once."""


class Facts:
    """Short strings by name. Every process sees what was written last."""

    def __init__(self, engine: Engine) -> None:
        """Use the table of facts, or make it."""
        self._engine = engine
        make_tables(engine, _metadata)

    def find(self, name: str) -> str | None:
        """Return a fact, or None."""
        with self._engine.connect() as connection:
            return connection.execute(_ONE, {"name": name}).scalar_one_or_none()

    def get(self, name: str) -> str:
        """Return a fact that must be there. Raises Unavailable."""
        value = self.find(name)
        if value is None:
            raise Unavailable(f"The store has no {name}.", "Start again in an empty one.")
        return value

    def put(self, name: str, value: str) -> None:
        """Write a fact."""
        with self._engine.begin() as connection:
            statement = insert_into(connection, _facts).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def settle(self, name: str, value: str) -> str:
        """Write a fact unless it is there, and return it: of two who settle it at once, both get one answer."""
        if known := self.find(name):
            return known
        with self._engine.begin() as connection:
            connection.execute(insert_into(connection, _facts).values(name=name, value=value).on_conflict_do_nothing())
        return self.get(name)

    def drop(self, name: str) -> None:
        """Take a fact away, if it is there."""
        with self._engine.begin() as connection:
            connection.execute(delete(_facts).where(_facts.c.name == name))

    def beginning(self, prefix: str) -> dict[str, str]:
        """Return the facts whose names begin with a prefix, by the rest of their names."""
        these = _facts.c.name.startswith(prefix, autoescape=True)
        with self._engine.connect() as connection:
            rows = connection.execute(select(_facts).where(these)).all()
        return {row.name.removeprefix(prefix): row.value for row in rows}
