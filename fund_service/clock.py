"""The programme clock: the wall clock, or in a rehearsal a row that all read and only the conductor writes."""

from datetime import UTC, datetime
from typing import Protocol

from fund_service.facts import Facts


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

    def __init__(self, facts: Facts) -> None:
        """Use the clock row among the facts of a store."""
        self._facts = facts

    def now(self) -> datetime:
        """Return the programme's time of the rehearsal."""
        return datetime.fromisoformat(self._facts.get("clock"))

    def rehearsed(self) -> datetime | None:
        """Return the programme's time of the rehearsal."""
        return self.now()

    def move(self, to: datetime) -> None:
        """Move the clock forward, as the conductor only; an earlier instant changes nothing."""
        if (found := self._facts.find("clock")) and to <= datetime.fromisoformat(found):
            return
        self._facts.put("clock", to.astimezone(UTC).isoformat())


def clock_of(facts: Facts) -> Clock:
    """Return the clock of a store: rehearsed when it has a clock row."""
    return RehearsalClock(facts) if facts.find("clock") else WallClock()
