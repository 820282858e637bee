"""The data directory of an embedded fund: its files, unless they lie in another store, and those of this machine alone.

events.db  the log                keys.db  keys of protected text     views.db    read models, can be rebuilt
service.db facts, such as the clock        temporal.db, temporal.log  of the Temporal server
attachments/ what attached files hold, unless a setting names another place
past/       screens as they were at every position, can be deleted
ports.json where the service answers       store    whose processes temporal.db holds     *.lock
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import Unavailable
from fund_service.locks import file_lock


class DataDirectory:
    """A data directory."""

    def __init__(self, directory: Path) -> None:
        """Make or open the directory. Raises Unavailable when it cannot be written."""
        self.directory = writable(directory)

    def path(self, name: str) -> Path:
        """Return the path of one of the files."""
        return self.directory / name

    @contextmanager
    def held_for(self, store: str) -> Iterator[None]:
        """Hold the directory for the processes of one store, by its id. Raises Unavailable when it is in use, or when
        its processes are those of another store: what they wait for would never come.
        """
        with file_lock(self.path("temporal.lock"), "service"):
            noted = self.path("store")
            if noted.exists() and noted.read_text() != store:
                raise Unavailable(
                    f"The processes in {self.directory} (temporal.db) are those of another store.",
                    "Name a directory of its own with --data or FUND_DATA.",
                )
            noted.write_text(store)
            yield


def writable(directory: Path) -> Path:
    """Make or find a directory and return its absolute path. Raises Unavailable when it cannot be written."""
    found = directory.absolute()
    try:
        found.mkdir(parents=True, exist_ok=True)
        allowed = os.access(found, os.W_OK | os.X_OK)
    except OSError as error:
        raise Unavailable(
            f"The data directory {directory} cannot be made: {error.strerror}.",
            "Name another one with --data or FUND_DATA.",
        ) from error
    if not allowed:
        raise Unavailable(
            f"The data directory {directory} is not writable.", "Name another one with --data or FUND_DATA."
        )
    return found
