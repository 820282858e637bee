"""Reconciliation: looks over a live fund from time to time and drives again what is stuck."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

RECONCILE = "reconcile"
"""The activity that looks over the fund and returns how much it found."""

_AT_MOST = timedelta(minutes=10)
_ONCE = RetryPolicy(maximum_attempts=1)
"""The schedule repeats it anyway."""


@workflow.defn(name="ReconciliationWorkflow")
class ReconciliationWorkflow:
    """Looks over the fund once; a schedule starts it, in real time only."""

    @workflow.run
    async def run(self) -> int:
        """Look over the fund, drive again what is stuck, and return how much that was."""
        found: int = await workflow.execute_activity(
            RECONCILE, result_type=int, start_to_close_timeout=_AT_MOST, retry_policy=_ONCE
        )
        return found
