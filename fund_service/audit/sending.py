"""Sends every checkpoint to the addresses that the settings name: each in a task of its own, none of which hinders
another or the keeper.

What is away is tried again, ever less often, and said once; what is owed to it is known after a restart too. Every
checkpoint is sent, oldest first: that of a closing among them, whatever was signed since.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from fund_service.audit.checkpoints import origin, witness_log
from fund_service.audit.deliveries import Deliveries
from fund_service.audit.destinations import Destination, Diverged, Forgot, Undelivered, destinations_of
from fund_service.patience import Absence, pauses, when_back

if TYPE_CHECKING:
    from fund_service.composition import Parts

POLL_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 60.0
TROUBLES: Final = "undelivered/"
"""Begins the names of the facts that say why an address does not have what it should."""

_log = logging.getLogger("fund")


class Owed(NamedTuple):
    """What is not delivered to somebody: so many checkpoints, and why, where it was tried in vain."""

    to: str
    number: int
    trouble: str | None


class Sender:
    """Sends checkpoints to one address."""

    def __init__(self, parts: "Parts", address: str, destination: Destination) -> None:
        """Send to this destination, which is known by this short name."""
        self._log, self._facts, self._fact = witness_log(parts), parts.facts, TROUBLES + address
        self.to, self._deliveries = destination, _deliveries(parts, address, destination)
        self._begun = False

    def send(self) -> bool:
        """Send the oldest checkpoint that is not there; return whether there was one. Raises Undelivered."""
        if not self._begun:
            self._deliveries.begin()
            self._begun = True
        kept = self._deliveries.next()
        if kept is None:
            return False
        try:
            self.to.deliver(kept, self._log)
        except Undelivered as trouble:
            if self._facts.find(self._fact) != str(trouble):
                self._facts.put(self._fact, str(trouble))
            raise
        self._deliveries.done(kept)
        self._facts.drop(self._fact)
        return True


def senders(parts: "Parts") -> list[Sender]:
    """Return a sender for each address. Raises Malformed for one that cannot be used."""
    return [Sender(parts, *one) for one in destinations_of(parts.settings).items()]


def owed(parts: "Parts") -> list[Owed]:
    """Return what is not delivered, for each address. Raises Malformed for one that cannot be used."""
    troubles = parts.facts.beginning(TROUBLES)
    return [
        Owed(one.shown, _deliveries(parts, address, one).owed(), troubles.get(address))
        for address, one in destinations_of(parts.settings).items()
    ]


async def send_on(sender: Sender) -> None:
    """Send whatever is signed, without end."""
    who = f"what sends checkpoints to {sender.to.shown}"
    store, place = Absence("The store", who), Absence(f"Sending to {sender.to.shown}", who)
    waits, told = pauses(LONGEST_SECONDS), False
    while True:
        try:
            sent = await when_back(store, sender.send)
        except (Diverged, Forgot) as grave:
            if not told:
                _log.critical("%s", _told(sender, grave))
            told = True
            await asyncio.sleep(LONGEST_SECONDS)
        except Undelivered as away:
            place.begins(away)
            await asyncio.sleep(next(waits))
        else:
            place.ends()
            waits, told = pauses(LONGEST_SECONDS), False
            if not sent:
                await asyncio.sleep(POLL_SECONDS)


def _told(sender: Sender, grave: Undelivered) -> str:
    if isinstance(grave, Forgot):
        return f"A WITNESS HAS FORGOTTEN WHAT IT SIGNED, {sender.to.shown}: {grave}."
    return f"THE LOG IS NOT WHAT IT WAS, says {sender.to.shown}: {grave}."


def _deliveries(parts: "Parts", address: str, to: Destination) -> Deliveries:
    return Deliveries(parts.store.engine("witness"), address, origin(parts), parts=to.parts)
