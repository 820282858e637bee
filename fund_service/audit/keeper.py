"""The keeper of the witness log: lets the tree grow with the log, and has it signed when it is time.

It is signed as soon as a window for applications is closed, outcomes are released, or a call ends, so that nobody can
later add what came late; else once an hour while anything is recorded.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from domain.call.events import ApplicationWindowClosed, CallCancelled, CallSettled, OutcomesReleased
from domain.messages import Event
from fund_service.audit.checkpoints import name_key, origin, own_key, sign_call, sign_now, witness_log
from fund_service.audit.outside_signer import PROBE, SignerAway
from fund_service.audit.sending import send_on, senders
from fund_service.patience import Absence, when_back

if TYPE_CHECKING:
    from fund_service.composition import Parts

POLL_SECONDS: Final = 1.0
SIGNER_SECONDS: Final = 60.0
"""So long it waits for a signer that is away: who is asked too often with a wrong number may lock itself."""
EVERY_SECONDS: Final = 3600.0
MOMENTS: Final[Sequence[type[Event]]] = (ApplicationWindowClosed, OutcomesReleased, CallSettled, CallCancelled)
"""After each of these the log is signed at once, and the records of their call by themselves."""


class Keeper:
    """Looks at the log again and again. At its start it signs what was recorded while nobody did."""

    def __init__(self, parts: "Parts", every: float = EVERY_SECONDS) -> None:
        """Keep the witness log of this fund, and have it signed every so many seconds at least."""
        self._parts, self._every = parts, every
        self._log = witness_log(parts)
        own_key(parts).sign(PROBE)  # a key that cannot be used is told at the start
        self._signed: float | None = None

    def look(self) -> None:
        """Let the tree grow to the log's end, and sign it when that is due."""
        standing, latest = self._log.grow(), self._log.latest(origin(self._parts))
        after = latest.position if latest is not None else 0
        if standing.position == after:
            return
        calls = self._parts.log.streams_beyond(after, MOMENTS)
        old = self._signed is None or time.monotonic() - self._signed >= self._every
        if old or calls:
            signer = own_key(self._parts)  # it may be another by now
            name_key(self._parts, signer)
            position = self._log.grow().position
            for call_id in sorted(calls):  # before the whole: whoever is killed in between does all of it again
                sign_call(self._parts, self._log, signer, call_id, position)
            sign_now(self._parts, self._log, signer)
            self._signed = time.monotonic()


@asynccontextmanager
async def keeping(parts: "Parts") -> AsyncIterator[tuple["asyncio.Task[None]", ...]]:
    """Keep the witness log, and send its checkpoints, until the end of the block.

    Raises Unavailable when another one does, Malformed for an address that cannot be used.
    """
    with parts.exclusive("witness"):
        keeper, sending = Keeper(parts), senders(parts)
        work = (_run(keeper), *map(send_on, sending))
        running = tuple(asyncio.create_task(one, name="witness") for one in work)
        try:
            yield running
        finally:
            for task in running:
                task.cancel()
            await asyncio.wait(running)


async def _run(keeper: Keeper) -> None:
    who = "the keeper of the witness log"
    store, signer = Absence("The store", who), Absence("Who signs the log", who)
    while True:
        try:
            await when_back(store, keeper.look)
            signer.ends()
        except SignerAway as away:
            signer.begins(away)
        await asyncio.sleep(SIGNER_SECONDS if signer.lasts else POLL_SECONDS)
