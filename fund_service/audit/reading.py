"""The events of a call, read from the log up to a position: its own streams, and what counts in every call."""

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Final, get_args
from uuid import UUID

from domain.account.events import AccountEvent
from domain.audit.history import History, history
from domain.evaluation.events import EvaluationOpened
from domain.grant.events import GrantOffered
from domain.messages import Recorded
from domain.partnership.events import PartnershipFormed
from domain.pilot_action.events import PilotActionProposed
from domain.receipt import CommandHandled
from fund_service.event_store import EventLog, Sought

_CARRIED_OUT: Final = b'"refused":null'
"""What stands in the receipt of a request that was carried out: half of the log, which its events tell already."""
_BEGIN: Final = tuple(kind.TOPIC for kind in (PartnershipFormed, PilotActionProposed, EvaluationOpened, GrantOffered))
"""What begins a stream of a call, and names the call."""
_IN_EVERY_CALL: Final = (
    Sought(tuple(kind.TOPIC for kind in get_args(AccountEvent))),
    Sought((CommandHandled.TOPIC,), not_saying=_CARRIED_OUT),
)


def history_of(log: EventLog, call_id: UUID, at: int) -> History:
    """Return what happened in a call up to a position of the log."""
    return history(call_id, _told(log, call_id, at), at)


def _told(log: EventLog, call_id: UUID, at: int) -> Iterator[Recorded]:
    """Return the events of the call's streams, of accounts, and of refusals, of which `history` takes the call's."""
    found = log.looked_up([_begins(call_id), *_IN_EVERY_CALL], 0, at)
    others = (one for one in found if one.event.TOPIC not in _BEGIN)
    return merge(log.each_of(_streams(call_id, found), 0, at), others, key=lambda recorded: recorded.position)


def of_call(log: EventLog, call_id: UUID, after: int, at: int) -> Iterator[Recorded]:
    """Yield the events of a call, and of what belongs to it, beyond a position, up to another, in the log's order."""
    return log.each_of(_streams(call_id, log.looked_up([_begins(call_id)], 0, at)), after, at)


def _begins(call_id: UUID) -> Sought:
    return Sought(_BEGIN, saying=str(call_id).encode())


def _streams(call_id: UUID, found: Iterable[Recorded]) -> list[UUID]:
    return [call_id, *(one.stream for one in found if one.event.TOPIC in _BEGIN)]
