"""How often somebody may ask: a table of limits, counted for each person or address in this process's memory."""

import time
from collections.abc import Mapping
from enum import StrEnum
from math import floor
from threading import Lock
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from fund_service.auth.counting import seconds_to_wait
from fund_service.auth.refusals import TooMany


class What(StrEnum):
    """What is counted."""

    REQUEST = "request"
    FROM_ADDRESS = "request from one address"
    SUBMISSION = "submission"
    EXPORT = "export"
    BUNDLE = "bundle"


ADDRESS: Final = 20
"""So many people may stand behind one address, each with as many requests as a person may send."""
_A_MINUTE: Final[Mapping[What, int]] = {What.SUBMISSION: 120, What.EXPORT: 600, What.BUNDLE: 12}
"""A list as CSV or XLSX, a page of the feed and the opening of a stream are exports; a bundle reads the whole log."""


class _Minutes(MemoryStorage):
    """What the library counts by, for windows of a minute alone: this minute and the one before, dropped as time goes.

    The library's own starts a thread every 10 ms to look for what is over, which cost each request 0.1 ms.
    """

    def __init__(self) -> None:
        """Count from now on."""
        super().__init__()
        self._turn = Lock()
        self._minute = 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count so many of a key, unless that were more than the limit."""
        with self._turn:
            before, lasts, now, _ = self._counted(key, expiry)
            if floor(before * lasts / expiry + now) + amount > limit:
                return False
            self._now[key] = now + amount
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return the counts of the window before and of this one, each with the seconds for which it still counts."""
        with self._turn:
            return self._counted(key, expiry)

    def _counted(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        minute, over = divmod(time.time(), expiry)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else {}
            self._minute, self._now = int(minute), {}
        before = self._before.get(key, 0)
        return before, expiry - over if before else 0.0, self._now.get(key, 0), 2 * expiry - over


class Limits:
    """Counts requests. Thread-safe; each process counts its own."""

    def __init__(self, requests: int) -> None:
        """Allow a person so many requests a minute; 0: count nothing."""
        self._counter = SlidingWindowCounterRateLimiter(_Minutes())
        a_minute = {**_A_MINUTE, What.REQUEST: requests, What.FROM_ADDRESS: requests * ADDRESS}
        self._items: dict[What, RateLimitItem] = (
            {what: RateLimitItemPerMinute(many, namespace=what) for what, many in a_minute.items()} if requests else {}
        )

    def check(self, what: What, who: object) -> None:
        """Count one request of somebody: a subject or an address. Raises TooMany, with the seconds to wait."""
        item = self._items.get(what)
        if item is None or self._counter.hit(item, str(who)):
            return
        raise TooMany(
            f"You sent more than {item.amount} in a minute: {what}s are limited.",
            "Wait as long as the header Retry-After says.",
            seconds_to_wait(self._counter, item, str(who)),
        )
