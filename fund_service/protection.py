"""What keeps the log append-only in the database too: triggers, beside the code that never edits it (issue 6).

They are made together with the log's table, and the fund opens only where they are there as they were made. Whoever
may drop them can still do so, and a superuser of PostgreSQL, or who writes SQLite's file, can do anything: that is
found by what was signed before, not here.
"""

from collections.abc import Mapping
from typing import Final, Protocol, runtime_checkable

from domain.errors import Unavailable

KEPT: Final = "The log only grows: what was recorded is neither changed nor taken out."
ADDED_LAST: Final = "The log only grows: a new event comes right after the last one."


class Protection(Protocol):
    """The triggers on the table of one log."""

    def make(self) -> None:
        """Make all of them anew, in one transaction. Raises an error of the database when we may not."""

    def missing(self) -> list[str]:
        """Return the names of those that are not there, are disabled, or are not as they were made; sorted."""

    def standing(self) -> str:
        """Say who, of those that use the store, could take them away."""


@runtime_checkable
class Protected(Protocol):
    """A recorder whose table has triggers."""

    protection: Protection


def differing(made: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    """Return the names of what was made and is not found as it was."""
    return sorted(name for name, one in made.items() if found.get(name) != one)


def assert_protected(protection: Protection, shown: str) -> None:
    """Make sure that the log of a store only grows. Raises Unavailable, naming what is missing."""
    if missing := protection.missing():
        raise Unavailable(
            f"The log in {shown} is not protected: of its triggers, these are missing, disabled or altered: "
            f"{', '.join(missing)}.",
            "Find out who did that and check the log (`fund audit verify`), then run `fund audit protect`.",
        )
