"""The projector: keeps every read model at the log's end, and lets readers wait for a position.

It follows at once when somebody waits for a position, else every 50 ms, so that a burst of commands is taken in a few
batches instead of one by one (a command during such a burst took 25 ms when every event was followed by itself, 4 ms
so).
"""

from collections.abc import Sequence
from threading import Condition

from domain.errors import Unavailable
from fund_service.event_store import EventLog
from projections.read_model import Follower

POLL_SECONDS = 0.05


class Projector:
    """Follows the log with every read model, in one thread. An error ends it; `failure` then says why."""

    def __init__(self, log: EventLog, followers: Sequence[Follower]) -> None:
        """Follow this log."""
        self._log = log
        self._followers = followers
        self._moved = Condition()
        self._stopping = False
        self._nudged = False
        self.position = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Follow until stopped; ends with the error that a follower met."""
        try:
            while not self._stopping:
                if self._log.end() > self.position:
                    self.catch_up()
                with self._moved:
                    self._moved.wait_for(lambda: self._stopping or self._nudged, POLL_SECONDS)
                    self._nudged = False
        except BaseException as error:
            self.failure = error
            raise
        finally:
            with self._moved:
                self._moved.notify_all()

    def catch_up(self) -> None:
        """Bring every read model to the log's end, once."""
        for follower in self._followers:
            follower.catch_up()
        position = min(follower.position() for follower in self._followers)
        with self._moved:
            self.position = position
            self._moved.notify_all()

    def wait_for(self, position: int, timeout: float) -> None:
        """Wait until every read model has followed to a position, at most `timeout` seconds. Raises Unavailable."""
        with self._moved:
            self._nudged = True
            self._moved.notify_all()
            self._moved.wait_for(lambda: self.position >= position or self.failure, timeout)
            if self.position < position:
                raise Unavailable("The screens have not followed the log yet.", "Try again in a moment.")

    def stop(self) -> None:
        """Ask `run` to end."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
