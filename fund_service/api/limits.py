"""How often somebody may ask: a table of limits, counted for each person or address in this process's memory."""

from collections.abc import Mapping
from enum import StrEnum
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


ADDRESS: Final = 20
"""So many people may stand behind one address, each with as many requests as a person may send."""
_A_MINUTE: Final[Mapping[What, int]] = {What.SUBMISSION: 120, What.EXPORT: 600}
"""A list as CSV, a page of the feed and the opening of a stream are exports."""


class Limits:
    """Counts requests. Thread-safe; each process counts its own."""

    def __init__(self, requests: int) -> None:
        """Allow a person so many requests a minute; 0: count nothing."""
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())
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
