"""Time limits and retries of activities: short attempts, repeated until the store answers; refusals are final."""

from datetime import timedelta

from temporalio.common import RetryPolicy

TASK_QUEUE = "fund"
NAMESPACE = "default"
REFUSED = "Refused"
"""The type of the error by which an activity tells a business refusal."""

LATE_WORD = timedelta(seconds=10)
"""So long a refused process waits to hear that its call was cancelled, which the relay may not have told yet."""

ATTEMPT = timedelta(seconds=10)
RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10), maximum_attempts=0
)
