"""The relay: the only way from the log to Temporal (design decision 7).

At-least-once: workflow ids are deterministic and workflows drop what they have seen, so that a repeat is harmless. At
start it goes back over the last ten minutes of the log, since Temporal's own file may have lost them in a power cut.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.messages import Recorded
from fund_service.clock import Clock
from fund_service.event_store import EventLog
from fund_service.facts import Facts
from workflows.options import TASK_QUEUE
from workflows.process import Process
from workflows.reactions import Begin, Tell, reactions

BATCH = 500
POLL_SECONDS = 0.05
RETRY_SECONDS = 0.5
LOOK_BACK = timedelta(minutes=10)


class Relay:
    """Follows the log and starts or tells workflows; `position` is how far it has come."""

    def __init__(self, log: EventLog, client: Client, clock: Clock, facts: Facts) -> None:
        """Relay this log to this server."""
        self._log = log
        self._client = client
        self._clock = clock
        self._facts = facts
        self._nudged = asyncio.Event()
        self.position = 0

    def nudge(self) -> None:
        """Look at the log at once, instead of within 50 ms."""
        self._nudged.set()

    async def run(self) -> None:
        """Relay until cancelled. While Temporal is away it waits and remembers its position."""
        self.position = await asyncio.to_thread(self._rewound, int(self._facts.find("relay") or 0))
        while True:
            self._nudged.clear()
            while batch := await asyncio.to_thread(self._log.read, self.position, BATCH):
                await self._deliver(batch)
                self.position = batch[-1].position
                await asyncio.to_thread(self._facts.put, "relay", str(self.position))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):  # wait_for would lose a cancellation after a nudge
                    await self._nudged.wait()

    def _rewound(self, position: int) -> int:
        """Return the position after which everything was recorded in the last minutes before `position`."""
        position = min(position, self._log.end())  # the log may have been restored from an older backup
        last = self._log.read(position - 1, 1)
        while last and position > 0:
            page_start = max(0, position - BATCH)
            page = self._log.read(page_start, position - page_start)
            older = [r.position for r in page if r.recorded_at < last[0].recorded_at - LOOK_BACK]
            if older:
                return max(older)
            position = page_start
        return position

    async def _deliver(self, batch: Sequence[Recorded]) -> None:
        """Deliver in the log's order to each workflow, to different workflows at once."""
        by_workflow: dict[str, list[Begin | Tell]] = defaultdict(list)
        for recorded in batch:
            for reaction in reactions(recorded):
                by_workflow[reaction.workflow_id].append(reaction)
        await asyncio.gather(*(self._deliver_all(one) for one in by_workflow.values()))

    async def _deliver_all(self, deliveries: Sequence[Begin | Tell]) -> None:
        for delivery in deliveries:
            while True:
                if await self._delivered(delivery):
                    break
                await asyncio.sleep(RETRY_SECONDS)

    async def _delivered(self, delivery: Begin | Tell) -> bool:
        """Deliver once; False when Temporal is away and it must be tried again."""
        try:
            if isinstance(delivery, Begin):
                await self._begin(delivery)
            else:
                handle = self._client.get_workflow_handle(delivery.workflow_id)
                await handle.signal(Process.domain_event, delivery.heard)
        except WorkflowAlreadyStartedError:
            return True
        except RPCError as error:
            return error.status == RPCStatusCode.NOT_FOUND and isinstance(delivery, Tell)  # that process is over
        return True

    async def _begin(self, begin: Begin) -> None:
        start = begin.start.model_copy(update={"rehearsed_at": self._clock.rehearsed()})
        await self._client.start_workflow(
            begin.workflow.run,
            start,
            id=begin.workflow_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
