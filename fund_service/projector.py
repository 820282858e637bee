"""The projector: keeps every read model at the log's end, and lets readers wait for a position.

It follows at once when somebody waits for a position, else every 50 ms, so that a burst of commands is taken in a few
batches instead of one by one (a command during such a burst took 25 ms when every event was followed by itself, 4 ms
so). A process without a projector of its own looks where the read models are, every 50 ms.

Builds that somebody asks for, or that a new version of a read model needs, it takes further by a batch at a time, and
follows the log in between.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from threading import Condition
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from domain.errors import Unavailable
from fund_service.event_store import EventLog
from fund_service.patience import STORE_AWAY, Absence, pauses
from projections.build import Build, builds_under_way
from projections.read_model import BeingBuilt, Follower, ReadModel
from projections.together import follow_together, reached

if TYPE_CHECKING:
    from fund_service.composition import Parts

POLL_SECONDS = 0.05


class Projector:
    """Follows the log with every read model, in one thread. An error ends it; `failure` then says why."""

    def __init__(self, log: EventLog, views: Engine, screens: Sequence[ReadModel]) -> None:
        """Follow this log with these read models."""
        self._log = log
        self._views = views
        self.followers = tuple(Follower(views, screen, log.read) for screen in screens)
        self.builds = tuple(Build(views, screen, log.read) for screen in screens)
        self._moved = Condition()
        self._stopping = False
        self._nudged = False
        self._runs_here = False
        self.position = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Follow until stopped, and while the store is away wait; ends with the error that a follower met."""
        self._runs_here = True
        try:
            self.ask_for_missing()
            absence, waits = Absence("The store", "the projector"), pauses()
            while not self._stopping:
                try:
                    pause = 0 if self.go_on() else POLL_SECONDS
                    absence.ends()
                    waits = pauses()
                except STORE_AWAY as away:
                    absence.begins(away)
                    pause = next(waits)
                with self._moved:
                    self._moved.wait_for(lambda: self._stopping or self._nudged, pause)
                    self._nudged = False
        except BaseException as error:
            self.failure = error
            raise
        finally:
            with self._moved:
                self._moved.notify_all()

    def go_on(self) -> bool:
        """Bring every read model to the log's end, and the first build that is under way a batch further; tell whether
        something is left to build.
        """
        if self._log.end() > self.position:
            self.catch_up()
        wanted = builds_under_way(self._views)
        ours = [build for build in self.builds if build.name in wanted and build.version == wanted[build.name].version]
        return bool(ours) and (ours[0].step() or len(ours) > 1)

    def catch_up(self) -> None:
        """Bring every read model to the log's end, once, but for those that are being built."""
        follow_together(self._views, self.followers, self._log.read)
        with suppress(BeingBuilt):
            position = self.reached()
            with self._moved:
                self.position = position
                self._moved.notify_all()

    def ask_for_missing(self) -> None:
        """Ask for builds of the read models that are kept in another version."""
        for follower, build in zip(self.followers, self.builds, strict=True):
            if not follower.is_current():
                build.ask(self._log.end())

    def ask_for_all(self, *, anew: bool) -> None:
        """Ask for builds of all read models; what is under way goes on, unless it is to begin anew."""
        for build in self.builds:
            build.ask(self._log.end(), anew=anew)

    def reached(self) -> int:
        """Return the position to which every read model has followed, whoever keeps them.

        Raises BeingBuilt or Unavailable when one is kept in another version.
        """
        return reached(self._views, self.followers)

    def seen(self) -> int:
        """Return a position that every read model has followed to. Raises as `reached` does."""
        return self.position if self._runs_here and self.position else self.reached()

    def wait_for(self, position: int, timeout: float) -> None:
        """Wait until every read model has followed to a position, at most `timeout` seconds.

        Raises Unavailable, BeingBuilt while one of them is built.
        """
        if self._runs_here:
            self._await_own(position, timeout)
        else:
            self._await_other(position, timeout)

    def _await_own(self, position: int, timeout: float) -> None:
        with self._moved:
            self._nudged = True
            self._moved.notify_all()
            self._moved.wait_for(lambda: self.position >= position or self.failure, timeout)
        if self.position < position:
            self.reached()  # which says so when one is being built
            raise _behind()

    def _await_other(self, position: int, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while self.reached() < position:
            if time.monotonic() > deadline:
                raise _behind()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Ask `run` to end."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()


def _behind() -> Unavailable:
    return Unavailable("The screens have not followed the log yet.", "Try again in a moment.")


@asynccontextmanager
async def projecting(parts: "Parts") -> AsyncIterator["asyncio.Task[None]"]:
    """Run the projector in a thread of its own until the end of the block. Raises Unavailable when another one runs."""
    with parts.exclusive("projector"), ThreadPoolExecutor(1, thread_name_prefix="projector") as thread:
        following = asyncio.get_running_loop().run_in_executor(thread, parts.projector.run)
        running = asyncio.create_task(_ended(following), name="projector")
        try:
            yield running
        finally:
            parts.projector.stop()
            await asyncio.wait([running])


async def _ended(future: "asyncio.Future[None]") -> None:
    await future
