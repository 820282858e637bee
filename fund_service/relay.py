"""The relay: the only way from the log to Temporal (design decision 7).

At-least-once: workflow ids are deterministic and workflows drop what they have seen, so that a repeat is harmless. At
start it goes back over the last ten minutes of the log, since Temporal's own file may have lost them in a power cut.

What Temporal will never take is parked: the process is told nothing more, since it must hear in the log's order, and
all the others go on. Whoever asks for it (`ask_again`) has a process told again, by the relay, from a position on.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice, takewhile
from typing import Final, NamedTuple

from eventsourcing.persistence import Notification
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.catalogue import EVENTS
from domain.messages import Recorded
from fund_service.clock import Clock
from fund_service.composition import Parts
from fund_service.event_store import EventLog
from fund_service.facts import Facts
from fund_service.patience import Absence, pauses, when_back
from workflows.options import TASK_QUEUE
from workflows.process import Process
from workflows.reactions import LISTENERS, STARTS, Begin, Tell, reactions

BATCH = 500
POLL_SECONDS = 0.05
LOOK_BACK = timedelta(minutes=10)
POSITION = "relay"
PARKED = "parked/"
AGAIN = "again/"
"""Facts: the relay's position; parked/<workflow id> → where and why; again/<workflow id> → from which position."""

_NEVER: Final = (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE)
_TOO_LARGE = "larger than max"
_UNHEARD: Final = frozenset(topic for topic, kind in EVENTS.items() if kind not in STARTS and kind not in LISTENERS)
"""What no process hears of; an event that only a newer version knows is no such thing, and is never passed over."""

_log = logging.getLogger("fund")


class Parking(NamedTuple):
    """Where a process stopped being told, and why."""

    position: int
    reason: str


class Delivery(NamedTuple):
    """What one event starts or tells."""

    position: int
    reaction: Begin | Tell


class Batch(NamedTuple):
    """What a stretch of the log starts and tells, and its last position."""

    last: int
    deliveries: Sequence[Delivery]


def relayed(facts: Facts) -> int:
    """Return how far the relay has come, wherever it runs."""
    return int(facts.find(POSITION) or 0)


def parkings(facts: Facts) -> dict[str, Parking]:
    """Return the processes that are told nothing more, by their ids."""
    return {workflow_id: Parking(*json.loads(noted)) for workflow_id, noted in facts.beginning(PARKED).items()}


def ask_again(facts: Facts, workflow_id: str, position: int) -> None:
    """Ask the relay to start or tell a process again all that it reacts to from a position on."""
    facts.put(f"{AGAIN}{workflow_id}", str(position))


def deliveries(log: EventLog, first: int, last: int) -> Iterator[Delivery]:
    """Yield what the events of a stretch of the log start and tell, in its order."""
    return _opened(log, takewhile(lambda stored: stored.id <= last, log.headers(first - 1)))


def _opened(log: EventLog, stretch: Iterable[Notification]) -> Iterator[Delivery]:
    """Yield what stored events start and tell; what no process hears of is not opened."""
    for stored in stretch:
        if stored.topic not in _UNHEARD:
            yield from (Delivery(stored.id, reaction) for reaction in reactions(log.recorded(stored)))


class Relay:
    """Follows the log and starts or tells workflows; `position` is how far it has come."""

    def __init__(self, log: EventLog, client: Client, clock: Clock, facts: Facts) -> None:
        """Relay this log to this server."""
        self._log = log
        self._client = client
        self._clock = clock
        self._facts = facts
        self._nudged = asyncio.Event()
        self._parked: set[str] = set()
        self._store = Absence("The store", "the relay")
        self._temporal = Absence("Temporal", "the relay")
        self.position = 0

    def nudge(self) -> None:
        """Look at the log at once, instead of within 50 ms."""
        self._nudged.set()

    async def run(self) -> None:
        """Relay until cancelled. While Temporal or the store is away it waits and remembers its position."""
        self._parked = set(await when_back(self._store, parkings, self._facts))
        self.position = await when_back(self._store, self._rewound)
        while True:
            self._nudged.clear()
            for workflow_id, first in (await when_back(self._store, self._facts.beginning, AGAIN)).items():
                await self._deliver_again(workflow_id, int(first))
            while (batch := await when_back(self._store, self._ahead)) is not None:
                await self._deliver(batch.deliveries)
                self.position = batch.last
                await when_back(self._store, self._facts.put, POSITION, str(self.position))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):  # wait_for would lose a cancellation after a nudge
                    await self._nudged.wait()

    def _rewound(self) -> int:
        """Return the position after which all that was told was recorded in the minutes before the noted position."""
        noted = min(relayed(self._facts), self._log.end())  # the log may have been restored from an older backup
        if not noted:
            return 0
        since = self._log.read(noted - 1, 1)[0].recorded_at - LOOK_BACK
        return next((recorded.position for recorded in self._told(noted) if recorded.recorded_at < since), 0)

    def _told(self, position: int) -> Iterator[Recorded]:
        """Yield what processes hear of up to a position, backwards."""
        while position > 0:
            page = islice(self._log.headers(max(0, position - BATCH), BATCH), BATCH)
            heard = [stored for stored in page if stored.id <= position and stored.topic not in _UNHEARD]
            yield from (self._log.recorded(stored) for stored in reversed(heard))
            position -= BATCH

    def _ahead(self) -> Batch | None:
        """Return what lies ahead, or None at the log's end."""
        stretch = list(islice(self._log.headers(self.position, BATCH), BATCH))
        return Batch(stretch[-1].id, list(_opened(self._log, stretch))) if stretch else None

    async def _deliver(self, batch: Sequence[Delivery]) -> None:
        """Deliver in the log's order to each workflow, to different workflows at once."""
        by_workflow: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in batch:
            by_workflow[delivery.reaction.workflow_id].append(delivery)
        await asyncio.gather(*(self._deliver_all(one) for one in by_workflow.values()))

    async def _deliver_again(self, workflow_id: str, first: int) -> None:
        """Start or tell one process again what lies behind already; it is parked no longer, unless it fails again."""
        self._parked.discard(workflow_id)
        behind = await when_back(self._store, lambda: list(deliveries(self._log, first, self.position)))
        await self._deliver_all([one for one in behind if one.reaction.workflow_id == workflow_id])
        if workflow_id not in self._parked:
            await when_back(self._store, self._facts.drop, f"{PARKED}{workflow_id}")
        await when_back(self._store, self._facts.drop, f"{AGAIN}{workflow_id}")

    async def _deliver_all(self, to_one: Sequence[Delivery]) -> None:
        for delivery in to_one:
            if delivery.reaction.workflow_id not in self._parked:
                await self._deliver_one(delivery)

    async def _deliver_one(self, delivery: Delivery) -> None:
        """Deliver, again and again while Temporal is away; park what it will never take."""
        for pause in pauses():
            try:
                await self._send(delivery.reaction)
            except RPCError as error:
                if _is_never_taken(error):
                    await self._park(delivery, error.message)
                    return
                self._temporal.begins(error.message)
                await asyncio.sleep(pause)
            else:
                self._temporal.ends()
                return

    async def _send(self, reaction: Begin | Tell) -> None:
        """Deliver once; that a process runs already, or is over, is well."""
        if isinstance(reaction, Begin):
            with contextlib.suppress(WorkflowAlreadyStartedError):
                await self._begin(reaction)
            return
        try:
            await self._client.get_workflow_handle(reaction.workflow_id).signal(Process.domain_event, reaction.heard)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise

    async def _begin(self, begin: Begin) -> None:
        start = begin.start.model_copy(update={"rehearsed_at": self._clock.rehearsed()})
        await self._client.start_workflow(
            begin.workflow.run,
            start,
            id=begin.workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )

    async def _park(self, delivery: Delivery, reason: str) -> None:
        workflow_id = delivery.reaction.workflow_id
        self._parked.add(workflow_id)
        _log.error("%s is told nothing from position %s on: %s", workflow_id, delivery.position, reason)
        noted = json.dumps(Parking(delivery.position, reason))
        await when_back(self._store, self._facts.put, f"{PARKED}{workflow_id}", noted)


def _is_never_taken(error: RPCError) -> bool:
    """Tell whether Temporal refuses a message for ever: it cannot be read, or is too large."""
    return error.status in _NEVER or (error.status == RPCStatusCode.RESOURCE_EXHAUSTED and _TOO_LARGE in error.message)


@asynccontextmanager
async def relaying(parts: Parts, client: Client) -> AsyncIterator[tuple[Relay, "asyncio.Task[None]"]]:
    """Run the relay until the end of the block. Raises Unavailable when another one runs."""
    with parts.exclusive("relay"):
        relay = Relay(parts.log, client, parts.clock, parts.facts)
        running = asyncio.create_task(relay.run(), name="relay")
        try:
            yield relay, running
        finally:
            running.cancel()
            await asyncio.wait([running])
