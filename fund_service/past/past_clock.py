"""What the fund's clock showed at a moment of the past."""

from datetime import datetime

from fund_service.clock import Clock
from fund_service.past.moments import Moment


class PastClock:
    """The fund's clock as it stood at a moment."""

    def __init__(self, moment: Moment, clock: Clock) -> None:
        """Show the time of the moment, as this clock would have."""
        self._now = moment.now
        self._rehearsed = clock.rehearsed() is not None

    def now(self) -> datetime:
        """Return the fund's time of the moment."""
        return self._now

    def rehearsed(self) -> datetime | None:
        """Return it in a rehearsal, None in a live fund."""
        return self._now if self._rehearsed else None
