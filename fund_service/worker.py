"""The worker: runs the workflows, and their activities through the fund's door."""

from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.activities import activities
from workflows.options import TASK_QUEUE
from workflows.ports import CommandBus
from workflows.reactions import WORKFLOWS

ACTIVITY_THREADS = 4


def make_worker(client: Client, bus: CommandBus) -> Worker:
    """Return a worker for every workflow. Modules are passed through the sandbox: re-importing them costs 13 times the
    memory and 5 times the time of a workflow; a test keeps the workflows free of clocks and chance instead.
    """
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=activities(bus),
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, thread_name_prefix="activity"),
        max_concurrent_activities=ACTIVITY_THREADS,
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_all_modules(),
        ),
    )
