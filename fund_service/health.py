"""How the parts of a fund are, seen from the store: the same wherever each of them runs."""

from pydantic import BaseModel

from domain.errors import Unavailable
from fund_service.audit.checkpoints import latest_signed
from fund_service.audit.sending import owed
from fund_service.composition import Parts
from fund_service.patience import STORE_AWAY
from fund_service.relay import parkings, relayed

LAG_THAT_IS_WELL = 1000
"""Positions that screens and processes may be behind the log."""


class Part(BaseModel):
    """One part of the service: whether it is well, and, where it follows the log, how many positions it is behind.

    `parked` counts the processes that the relay tells nothing more, since Temporal would not take what it had to say;
    `undelivered` the checkpoints that were not taken yet where they are sent: whoever is away elsewhere makes no part
    unwell here, and `fund doctor` says more.
    """

    name: str
    well: bool
    lag: int | None = None
    parked: int | None = None
    undelivered: int | None = None


def health(parts: Parts) -> list[Part]:
    """Return how store, screens, relay and checkpoints are."""
    try:
        end = parts.log.end()
        screens, processes = _screens(parts, end), end - relayed(parts.facts)
        parked = len(parkings(parts.facts))
        signed, undelivered = latest_signed(parts), sum(one.number for one in owed(parts))
    except STORE_AWAY:
        return [Part(name="store", well=False)]
    return [
        Part(name="store", well=True),
        screens,
        Part(name="relay", well=processes <= LAG_THAT_IS_WELL, lag=processes, parked=parked),
        Part(name="checkpoints", well=True, lag=end - (signed.position if signed else 0), undelivered=undelivered),
    ]


def _screens(parts: Parts, end: int) -> Part:
    try:
        lag = end - parts.projector.reached()
    except Unavailable:  # while one is being built
        return Part(name="screens", well=False)
    return Part(name="screens", well=lag <= LAG_THAT_IS_WELL, lag=lag)
