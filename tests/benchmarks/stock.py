"""The stock library, as its documentation shows it: an aggregate with decorated events, saved by an application."""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Coaching(Aggregate):
    """As many sessions as were held."""

    @event("Begun")
    def __init__(self, limit: int) -> None:
        """Begin."""
        self.limit = limit
        self.sessions = 0

    def hold(self, minutes: int, note: str, by: str) -> None:
        """Hold a session, unless there were too many."""
        if self.sessions >= self.limit:
            raise ValueError("too many sessions")
        self._held(minutes=minutes, note=note, by=by)

    @event("Held")
    def _held(self, minutes: int, note: str, by: str) -> None:
        self.sessions += 1


class StockApplication(Application[UUID]):
    """Get, trigger, save: one event for each command."""

    def begin(self) -> UUID:
        """Begin a coaching and return its id."""
        coaching = Coaching(limit=10**9)
        self.save(coaching)
        return coaching.id

    def hold(self, id: UUID) -> None:
        """Hold a session."""
        coaching = self.repository.get(id)
        coaching.hold(90, "We spoke about the plan.", "somebody")
        self.save(coaching)
