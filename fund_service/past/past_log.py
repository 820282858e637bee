"""The log with nothing beyond a moment: whoever reads it, in whichever way, reads what was there then.

The database looks for what lies up to a position; of what held at an instant (the second clock) every event is asked.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.sqlite import SQLiteApplicationRecorder

from domain.errors import Malformed
from domain.messages import Aggregate, Event, Recorded
from fund_service.event_store import EventLog, Sought, Stored
from fund_service.past.moments import Moment
from fund_service.snapshots import Snapshots

S = TypeVar("S")
E = TypeVar("E", bound=Event)
_PIECE: Final = 1000
_VERSION: Final = """
SELECT originator_version AS version FROM {table}
WHERE originator_id = {mark} AND {position} <= {mark} ORDER BY originator_version DESC LIMIT 1
"""


class PastRecorder:
    """The library's recorder of the log, showing what was there at a moment, and recording nothing."""

    def __init__(self, recorder: Any, moment: Moment) -> None:
        """Look at the past of this recorder."""
        assert isinstance(recorder, SQLiteApplicationRecorder | PostgresApplicationRecorder)
        self._recorder = recorder
        self._moment = moment
        self._versions: dict[UUID, int] = {}

    def version(self, stream: UUID) -> int:
        """Return how many events of a stream were recorded by then, whenever they held."""
        if stream not in self._versions:
            self._versions[stream] = self._found(stream)
        return self._versions[stream]

    def _found(self, stream: UUID) -> int:
        recorder = self._recorder
        if isinstance(recorder, SQLiteApplicationRecorder):
            position, mark, id = "rowid", "?", stream.hex
        else:
            position, mark, id = "notification_id", "%s", str(stream)
        asked = _VERSION.format(table=recorder.events_table_name, position=position, mark=mark)
        with recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute(asked, (id, self._moment.position))
            found = cursor.fetchone()
        return found["version"] if found is not None else 0

    def select_events(
        self,
        originator_id: UUID,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream that were there, and held."""
        last = self.version(originator_id)
        asked = last if lte is None else min(last, lte)
        found = self._recorder.select_events(originator_id, gt=gt, lte=asked, desc=desc)
        return [one for one in found if self._held(one)][:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return the next events that were there, and held; none only at the end."""
        last = self._moment.position if stop is None else min(stop, self._moment.position)
        found: list[Notification] = []
        while len(found) < limit:
            page = self._recorder.select_notifications(
                start, limit, last, topics, inclusive_of_start=inclusive_of_start
            )
            found.extend(one for one in page if self._held(one))
            if len(page) < limit:
                break
            start, inclusive_of_start = page[-1].id, False
        return found[:limit]

    def max_notification_id(self) -> int:
        """Return the position of the moment."""
        return self._moment.position

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Raise Malformed: what is past does not change."""
        raise Malformed("Nothing is recorded in the past.", "Leave as_of and held_at out.")

    def _held(self, stored: StoredEvent) -> bool:
        held_at = self._moment.held_at
        return held_at is None or datetime.fromisoformat(json.loads(stored.state)["event"]["effective_at"]) <= held_at


class PastSnapshots:
    """The snapshots of a log as far as they are of the past; none is added."""

    def __init__(self, snapshots: Snapshots, recorder: PastRecorder) -> None:
        """Use these snapshots, of which the recorder knows which are not of later versions."""
        self._snapshots = snapshots
        self._recorder = recorder

    def find(self, kind: Aggregate[S], stream: UUID) -> tuple[S, int] | None:
        """Return the nearest state that was kept of a version that was there, and that version."""
        return self._snapshots.find(kind, stream, self._recorder.version(stream))

    def keep(self, kind: Aggregate[S], stream: UUID, state: S, version: int) -> None:
        """Keep nothing."""


class NoSnapshots:
    """No snapshots: none says what held at an instant."""

    def find(self, kind: Aggregate[S], stream: UUID) -> tuple[S, int] | None:
        """Return None."""
        return None

    def keep(self, kind: Aggregate[S], stream: UUID, state: S, version: int) -> None:
        """Keep nothing."""


class PastLog(EventLog):
    """A log as of a moment: it is read like any, and nothing is recorded in it. It needs no closing."""

    _whole: EventLog
    _moment: Moment

    def __init__(self, log: EventLog, moment: Moment) -> None:
        """Look at the past of this log, or of what one looks at of a later moment already."""
        if isinstance(log, PastLog):
            moment = moment._replace(held_at=moment.held_at or log._moment.held_at)
            log = log._whole
        self._whole, self._moment = log, moment
        self.recorder: Any = PastRecorder(log.recorder, moment)
        self._mapper = log._mapper
        self._snapshots: Any = (
            NoSnapshots() if moment.held_at is not None else PastSnapshots(log._snapshots, self.recorder)
        )

    def now(self) -> int:
        """Return the position of the moment."""
        return self.end()

    def load(self, kind: Aggregate[S], stream: UUID, at: int | None = None) -> tuple[S, int]:
        """Return the state of one aggregate at the moment and its version, 0 when nothing was recorded about it.

        Raises WrongKind when the stream is of another kind.
        """
        state, version = self._snapshots.find(kind, stream) or (kind.initial, 0)
        return self._fold(kind, self.recorder.select_events(stream, gt=version), state, version)

    def append(self, stored: Sequence[Stored]) -> int:
        """Raise Malformed: what is past does not change."""
        self.recorder.insert_events(())
        raise AssertionError

    def newest(self, stream: UUID, kind: type[E]) -> Iterator[E]:
        """Yield the events of one kind that were there in a stream, the newest first."""
        for stored in self.recorder.select_events(stream, desc=True):
            if stored.topic == kind.TOPIC:
                event = self._mapper.event(stored)
                assert isinstance(event, kind)
                yield event

    def of(self, streams: Iterable[UUID]) -> list[Recorded]:
        """Return every event of some streams at the moment, in the log's order, opened."""
        return [one for one in self._whole.of(streams) if one.position <= self._moment.position and self._held(one)]

    def each_of(self, streams: Iterable[UUID], after: int, last: int) -> Iterator[Recorded]:
        """Yield every event of some streams that was there, in the log's order, opened as somebody comes to it."""
        found = self._whole.each_of(streams, after, min(last, self._moment.position))
        return (one for one in found if self._held(one))

    def looked_up(self, sought: Sequence[Sought], after: int, last: int) -> list[Recorded]:
        """Return what is sought of what was there, in the log's order, opened."""
        found = self._whole.looked_up(sought, after, min(last, self._moment.position))
        return [one for one in found if self._held(one)]

    def _held(self, recorded: Recorded) -> bool:
        held_at = self._moment.held_at
        return held_at is None or recorded.event.effective_at <= held_at

    def position_of(self, stream: UUID) -> int:
        """Return the position of the first event of a stream, 0 when there was none."""
        return next((one.id for one in self.headers() if one.originator_id == stream), 0)

    def kinds(self) -> dict[str, int]:
        """Return how many events of each topic the log held."""
        return Counter(one.topic for one in self.headers())

    def every(self, kinds: Sequence[type[Event]]) -> list[Event]:
        """Return every event of these kinds that was there, in the log's order, opened."""
        return [self._mapper.event(one) for one in self._of([kind.TOPIC for kind in kinds])]

    def _of(self, topics: Sequence[str]) -> Iterator[Notification]:
        after = 0
        while page := self.recorder.select_notifications(after, _PIECE, topics=topics, inclusive_of_start=False):
            yield from page
            after = page[-1].id
