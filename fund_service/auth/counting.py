"""What every count of attempts and requests shares."""

import time
from math import ceil

from limits import RateLimitItem
from limits.strategies import RateLimiter


def seconds_to_wait(counter: RateLimiter, limit: RateLimitItem, key: str) -> int:
    """Return after how many seconds somebody whose limit is reached may try again, at least one."""
    return max(1, ceil(counter.get_window_stats(limit, key).reset_time - time.time()))
