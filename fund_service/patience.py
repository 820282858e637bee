"""How a part waits for what is away: it says so once, tries again ever less often, and says when it is back."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, ParamSpec, TypeVar

import sqlalchemy.exc
from eventsourcing import persistence

P = ParamSpec("P")
T = TypeVar("T")

FIRST_SECONDS = 0.05
LONGEST_SECONDS = 5.0
STORE_AWAY: Final = (
    persistence.OperationalError,
    persistence.InterfaceError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
)
"""How both stores say that they cannot be reached now, or that others hold them too long; other errors are faults."""

_log = logging.getLogger("fund")


def pauses(longest: float = LONGEST_SECONDS) -> Iterator[float]:
    """Yield how long to wait before each next attempt, in seconds, without end; `longest` at most."""
    seconds = FIRST_SECONDS
    while True:
        yield seconds
        seconds = min(2 * seconds, longest)


class Absence:
    """Whether something is away, for one who waits for it; only a change is said."""

    def __init__(self, what: str, who: str) -> None:
        """Begin with `what` there; `who` waits for it."""
        self._what = what
        self._who = who
        self.lasts = False

    def begins(self, reason: object) -> None:
        """Note that it is away, and say so when it was there."""
        if not self.lasts:
            _log.warning("%s is away (%s); %s waits for it.", self._what, _in_a_line(reason), self._who)
        self.lasts = True

    def ends(self) -> None:
        """Note that it is there, and say so when it was away."""
        if self.lasts:
            _log.warning("%s is back; %s goes on.", self._what, self._who)
        self.lasts = False


def _in_a_line(reason: object) -> str:
    return " ".join(str(reason).split())[:200].rstrip(".") or type(reason).__name__


async def when_back(store: Absence, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the store in a thread, again and again while it is away, and return its answer."""
    for pause in pauses():
        try:
            answer = await _to_its_end(asyncio.to_thread(call, *args, **kwargs))
        except STORE_AWAY as away:
            store.begins(away)
            await asyncio.sleep(pause)
        else:
            store.ends()
            return answer
    raise AssertionError("pauses never end")


async def _to_its_end(asking: Coroutine[Any, Any, T]) -> T:
    """Wait for an answer. When cancelled, end only with it: whoever cancels may close the store next."""
    answer = asyncio.ensure_future(asking)
    try:
        return await asyncio.shield(answer)
    except asyncio.CancelledError:
        await asyncio.wait([answer])
        raise
