"""The programme clock: the wall clock, or in a rehearsal a row that all read and only the conductor writes."""

from datetime import UTC, datetime
from typing import Protocol

from fund_service.data_directory import DataDirectory


class Clock(Protocol):
    """What time it is in the programme, in UTC."""

    def now(self) -> datetime:
        """Return the programme's time."""

    def rehearsed(self) -> datetime | None:
        """Return the programme's time in a rehearsal, None in a live fund."""


class WallClock:
    """The time of a live fund."""

    def now(self) -> datetime:
        """Return the real time."""
        return datetime.now(UTC)

    def rehearsed(self) -> datetime | None:
        """Return None: a live fund is not rehearsed."""
        return None


class RehearsalClock:
    """The time of a rehearsed fund: it stands still until the conductor moves it, and never goes back."""

    def __init__(self, directory: DataDirectory) -> None:
        """Use the clock row of a data directory."""
        self._directory = directory

    def now(self) -> datetime:
        """Return the programme's time of the rehearsal."""
        return datetime.fromisoformat(self._directory.fact("clock"))

    def rehearsed(self) -> datetime | None:
        """Return the programme's time of the rehearsal."""
        return self.now()

    def move(self, to: datetime) -> None:
        """Move the clock forward, as the conductor only; an earlier instant changes nothing."""
        if (found := self._directory.find_fact("clock")) and to <= datetime.fromisoformat(found):
            return
        self._directory.set_fact("clock", to.astimezone(UTC).isoformat())


def clock_of(directory: DataDirectory) -> Clock:
    """Return the clock of a data directory: rehearsed when it has a clock row."""
    return RehearsalClock(directory) if directory.find_fact("clock") else WallClock()
