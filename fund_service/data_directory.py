"""Where an embedded fund lives: its data directory, and the few facts that are not the fund's history.

events.db  the log           keys.db    keys of protected text     views.db  read models, can be rebuilt
service.db positions, clock  temporal.db, temporal.log             ports.json  where the service answers   *.lock
"""

import os
from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from domain.errors import Unavailable
from fund_service.sqlite_file import sqlite_file

_metadata = MetaData()
_facts = Table("facts", _metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))


class DataDirectory:
    """A data directory. Facts are short strings by name: the rehearsal's seed, the clock, the relay's position."""

    def __init__(self, directory: Path) -> None:
        """Make or open the directory. Raises Unavailable when it cannot be written."""
        self.directory = directory.absolute()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            writable = os.access(self.directory, os.W_OK | os.X_OK)
        except OSError as error:
            raise Unavailable(
                f"The data directory {directory} cannot be made: {error.strerror}.",
                "Name another one with --data or FUND_DATA.",
            ) from error
        if not writable:
            raise Unavailable(
                f"The data directory {directory} is not writable.", "Name another one with --data or FUND_DATA."
            )
        self._engine = sqlite_file(self.path("service.db"), _metadata)

    def path(self, name: str) -> Path:
        """Return the path of one of the files."""
        return self.directory / name

    def find_fact(self, name: str) -> str | None:
        """Return a fact, or None."""
        with self._engine.connect() as connection:
            return connection.execute(select(_facts.c.value).where(_facts.c.name == name)).scalar_one_or_none()

    def fact(self, name: str) -> str:
        """Return a fact that must be there. Raises Unavailable."""
        value = self.find_fact(name)
        if value is None:
            raise Unavailable(f"The data directory {self.directory} has no {name}.", "Start again in an empty one.")
        return value

    def set_fact(self, name: str, value: str) -> None:
        """Write a fact."""
        statement = insert(_facts).values(name=name, value=value)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
        with self._engine.begin() as connection:
            connection.execute(statement)

    def drop_fact(self, name: str) -> None:
        """Take a fact away, if it is there."""
        with self._engine.begin() as connection:
            connection.execute(delete(_facts).where(_facts.c.name == name))

    def facts(self, prefix: str) -> dict[str, str]:
        """Return the facts whose names begin with a prefix, by the rest of their names."""
        beginning = _facts.c.name.startswith(prefix, autoescape=True)
        with self._engine.connect() as connection:
            rows = connection.execute(select(_facts).where(beginning)).all()
        return {row.name.removeprefix(prefix): row.value for row in rows}

    def close(self) -> None:
        """Close the files."""
        self._engine.dispose()
