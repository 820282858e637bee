"""Opens a data directory for reading, beside a running service or alone; screens are brought to the log's end first.

Nothing is made where nothing was recorded, and no lock is taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from domain.errors import NotFound, Unavailable
from fund_service.cli.output import note
from fund_service.composition import Parts, open_parts
from fund_service.settings import read_settings


class Reading(NamedTuple):
    """An open fund with its screens at the log's end, and a connection to them that sees one moment."""

    parts: Parts
    connection: Connection

    def say_if_fictitious(self, *, to_people: bool) -> None:
        """Say below what shows people, applications or scores that a rehearsal invented them."""
        if self.parts.directory.find_fact("seed") is not None:
            note("People, applications and scores are fictitious.", to_people=to_people)


@contextmanager
def opened(data: Path | None) -> Iterator[Parts]:
    """Open the fund of a data directory. Raises NotFound when nothing is recorded, Unavailable when it is broken."""
    settings = read_settings(data=data)
    _check_files(settings.data)
    with open_parts(settings) as parts:
        if not parts.log.end():
            raise _nothing_in(settings.data)
        yield parts


@contextmanager
def reading(data: Path | None) -> Iterator[Reading]:
    """Open the fund of a data directory with its screens at the log's end."""
    with opened(data) as parts:
        follow(parts)
        with parts.views.connect() as connection:
            yield Reading(parts, connection)


def follow(parts: Parts) -> None:
    """Bring every screen to the log's end. Raises Unavailable when a service of another version keeps one of them."""
    try:
        for follower in parts.followers:
            follower.catch_up()
    except RuntimeError as other_version:
        raise Unavailable(str(other_version)) from other_version


def _check_files(directory: Path) -> None:
    try:
        if directory.exists() and not directory.is_dir():
            raise Unavailable(f"{directory} is not a directory.", "Name another one with --data or FUND_DATA.")
        if not (directory / "events.db").is_file():
            raise _nothing_in(directory)
        if not (directory / "keys.db").is_file():
            raise Unavailable(
                f"The keys of the fund in {directory} are missing (keys.db).",
                "Restore them from the backup of the same day as events.db.",
            )
    except OSError as closed:
        raise Unavailable(
            f"The data directory {directory} cannot be opened: {closed.strerror}.",
            "Name another one with --data or FUND_DATA.",
        ) from closed


def _nothing_in(directory: Path) -> NotFound:
    return NotFound(f"Nothing is recorded in {directory} yet.", "Start with `fund demo`, or with `fund init`.")
