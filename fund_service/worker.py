"""The worker: runs the workflows, and their activities through the fund's door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from fund_service.composition import Parts
from fund_service.patience import Absence, pauses
from fund_service.reconciliation import reconcile_activity, schedule
from workflows.activities import activities
from workflows.options import TASK_QUEUE
from workflows.ports import CommandBus
from workflows.reactions import WORKFLOWS
from workflows.reconciliation import ReconciliationWorkflow

ALL_WORKFLOWS = (*WORKFLOWS, ReconciliationWorkflow)
ACTIVITY_THREADS = 4
STICKY = timedelta(seconds=2)
"""How long a process waits for the worker that knows it, before any worker may take it: it may have been killed."""
KNOWN = 10_000
"""So many processes a worker knows, at most 1 GB of them: more than any fund has open. Where the limit is reached,
Temporal's SDK (1.35) takes no task any more: with its 1,000 a call of 1,300 partnerships stood still for ever."""


def make_worker(client: Client, bus: CommandBus, *others: Callable[..., Any]) -> Worker:
    """Return a worker for every workflow, with other activities than commands."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=ALL_WORKFLOWS,
        activities=[*activities(bus), *others],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, thread_name_prefix="activity"),
        max_concurrent_activities=ACTIVITY_THREADS,
        sticky_queue_schedule_to_start_timeout=STICKY,
        max_cached_workflows=KNOWN,
        workflow_runner=sandbox(),
    )


def sandbox() -> SandboxedWorkflowRunner:
    """Return what runs workflows.

    Modules are passed through the sandbox: re-importing them costs 13 times the memory and 5 times the time of a
    workflow; a test keeps the workflows free of clocks and chance instead.
    """
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_all_modules())


@asynccontextmanager
async def working(parts: Parts, client: Client) -> AsyncIterator["asyncio.Task[None]"]:
    """Run a worker until the end of the block; a schedule looks over a live fund from then on."""
    running = asyncio.create_task(_work(parts, client), name="worker")
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.wait([running])


async def _work(parts: Parts, client: Client) -> None:
    """Work until cancelled. While Temporal is away a worker waits; one that gives up is followed by another."""
    temporal = Absence("Temporal", "the worker")
    for pause in pauses():
        try:
            if parts.clock.rehearsed() is None:
                await schedule(client)
            await make_worker(client, parts.fund, reconcile_activity(parts, client)).run()
        except (RPCError, RuntimeError) as away:
            temporal.begins(away)
            await asyncio.sleep(pause)
