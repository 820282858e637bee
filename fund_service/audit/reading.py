"""The events of a call, read from the log up to a position."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from domain.audit.history import History, history
from domain.messages import Recorded
from domain.receipt import CommandHandled
from fund_service.event_store import EventLog

_CARRIED_OUT: Final = b'"refused":null'
"""What stands in the receipt of a request that was carried out: half of the log, which its events tell already."""


def history_of(log: EventLog, call_id: UUID, at: int) -> History:
    """Return what happened in a call up to a position of the log."""
    return history(call_id, _told(log, at), at)


def _told(log: EventLog, at: int) -> Iterator[Recorded]:
    for stored in log.headers():
        if stored.id > at:
            return
        if stored.topic != CommandHandled.TOPIC or _CARRIED_OUT not in stored.state:
            yield log.recorded(stored)
