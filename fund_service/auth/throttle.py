"""How often somebody may try: for one name, from one address, and all together. Each process counts for itself."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from fund_service.auth.counting import seconds_to_wait
from fund_service.auth.refusals import SignInFailed, TooMany

_LOG: Final = logging.getLogger(__name__)
FOR_ONE_NAME: Final = RateLimitItemPerMinute(10, 15)
FROM_ONE_ADDRESS: Final = RateLimitItemPerMinute(50, 15)
ALTOGETHER: Final = RateLimitItemPerMinute(300)


class Throttle:
    """Counts attempts. `digest` makes keyed digests: no name and no address is kept or logged. Thread-safe."""

    def __init__(self, digest: Callable[..., str]) -> None:
        """Begin to count."""
        self._digest = digest
        self._limits = MovingWindowRateLimiter(MemoryStorage())

    @contextmanager
    def attempt(self, who: str, address: str) -> Iterator[None]:
        """Let somebody try to sign in, or to prove who they are. An attempt that succeeds clears those for its name.

        Raises TooMany, for a name that is known or not alike.
        """
        name, place = self._digest("who signs in", who), self._digest("from where", _place(address))
        for limit, key in ((FROM_ONE_ADDRESS, place), (FOR_ONE_NAME, name), (ALTOGETHER, "all")):
            if not self._limits.hit(limit, key):
                _LOG.warning("Too many sign-ins for %s from %s.", name[:12], place[:12])
                seconds = seconds_to_wait(self._limits, limit, key)
                raise TooMany("There were too many attempts.", f"Wait {seconds} seconds before the next one.", seconds)
        try:
            yield
        except SignInFailed:
            _LOG.warning("A sign-in for %s from %s failed.", name[:12], place[:12])
            raise
        self._limits.clear(FOR_ONE_NAME, name)


def _place(address: str) -> str:
    """Return what one person usually has: an address, or the network of one of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))
