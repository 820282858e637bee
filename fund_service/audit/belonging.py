"""Which records of the log belong to another call than a given one: only those are withheld from its bundle.

What belongs to no call (accounts, cities, the log's key) belongs to each of them, and so does the answer to a request
that touched anything of it.
"""

import json
import re
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from eventsourcing.persistence import Notification

_OF_CALLS: Final = frozenset({"partnership", "pilot-action", "evaluation", "grant", "working-paper"})
"""The kinds of streams whose first event names the call."""
_CAUSED_BY: Final = re.compile(rb'"caused_by":"([0-9a-f-]{36})"')


class Others:
    """Follows the log from its first record and tells of each whether it belongs to another call."""

    def __init__(self, call_id: UUID) -> None:
        """Ask for this call."""
        self._call_id = str(call_id)
        self._calls: dict[str, str] = {}
        self._caused: dict[str, bool] = {}

    def belongs(self, stored: Notification) -> bool:
        """Tell whether a record belongs to another call; records are given in the log's order."""
        stream, kind = str(stored.originator_id), stored.topic.partition(".")[0]
        if kind == "receipt":
            return self._answers(stream, stored)
        other = self._of(stream, kind, stored) not in (None, self._call_id)
        cause = _cause(stored)
        self._caused[cause] = self._caused.get(cause, True) and other
        return other

    def _of(self, stream: str, kind: str, stored: Notification) -> str | None:
        """Return the call that a stream belongs to, or None."""
        if kind == "call":
            return stream
        if kind in _OF_CALLS and stream not in self._calls:
            self._calls[stream] = json.loads(stored.state)["event"]["call_id"]
        elif kind == "slot":
            return self._calls.get(json.loads(stored.state)["event"].get("pilot_action_id"))
        return self._calls.get(stream)

    def _answers(self, stream: str, stored: Notification) -> bool:
        """Tell whether the request that a receipt answers touched another call alone, or asked of it in vain."""
        caused = self._caused.pop(stream, None)
        if caused is not None:
            return caused
        about = json.loads(stored.state)["event"].get("about")
        return self._calls.get(about, self._call_id) != self._call_id


def _cause(stored: Notification) -> str:
    found = _CAUSED_BY.search(stored.state)
    return found[1].decode() if found is not None else ""


def disclosed(records: Iterator[Notification], call_id: UUID) -> Iterator[tuple[int, Notification]]:
    """Yield what is not another call's, each with its place in the log, from 0."""
    others = Others(call_id)
    for place, stored in enumerate(records):
        if not others.belongs(stored):
            yield place, stored
