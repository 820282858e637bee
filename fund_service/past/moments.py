"""Which moment of the past somebody means, on both clocks: what we knew then, and what held then as we knew it."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from domain.errors import Malformed
from domain.messages import Recorded
from domain.receipt import CommandHandled
from domain.values import BRUSSELS, in_brussels
from fund_service.event_store import EventLog

AHEAD: Final = 200
"""So many events are looked at for what lies near a position: the receipt of a request, and what came by another
process with a clock that goes a little otherwise."""
_YEARS: Final = range(1900, 9000)
"""An instant lies in one of these years: then days before and after it are instants too."""
_CURE: Final = "Write a position such as 1234, or an instant such as 2026-03-20T17:00+01:00."


class Moment(NamedTuple):
    """A moment of the past: all that was recorded up to a position of the log, and of that what held at `held_at`.

    `at` is what the fund's clock showed then (UTC), `end` the last position of the log when it was looked for. Without
    `held_at` everything counts that was known.
    """

    position: int
    at: datetime
    end: int
    held_at: datetime | None = None

    @property
    def now(self) -> datetime:
        """The fund's time (UTC) as of which the past is looked at."""
        return self.held_at or self.at

    @property
    def says(self) -> str:
        """The sentence that stands above everything that is of the past."""
        held = f", and of that only what held on {in_brussels(self.held_at)}" if self.held_at is not None else ""
        return f"This is the past: as of position {self.position} of {self.end} ({in_brussels(self.at)}){held}."


def moment_of(log: EventLog, as_of: str | None, held_at: str | None, *, rehearsed: bool) -> Moment | None:
    """Return the moment that somebody means by a position or an instant, and by a second instant of what held then;
    None where both are left out.

    An instant means the last event recorded by then; in a rehearsal, whose calls run through in minutes, the last that
    was recorded when the programme's clock showed it. Without a zone it is read as Brussels time, a day as its end.
    Raises Malformed for what cannot be read, lies beyond the log's end, or before its first event.
    """
    if as_of is None and held_at is None:
        return None
    end = log.end()
    held = instant_of(held_at) if held_at is not None else None
    if as_of is None:
        return Moment(end, _shown_at(log, end, rehearsed=rehearsed), end, held)
    if re.fullmatch(r"\d{1,15}", as_of.strip()):
        return _at_position(log, int(as_of), end, held, rehearsed=rehearsed)
    return _at_instant(log, instant_of(as_of), end, held, rehearsed=rehearsed)


def instant_of(text: str) -> datetime:
    """Return the instant (UTC) that somebody writes: by ISO 8601, without a zone in Brussels time, a day as its end.

    Raises Malformed, also for an hour of Brussels that there is not, or that there is twice.
    """
    written = text.strip().replace(" ", "T").upper()
    try:
        found = datetime.fromisoformat(written)
        if found.year not in _YEARS:
            raise ValueError
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
            day = found.date() + timedelta(days=1)
            return datetime.combine(day, time(), BRUSSELS).astimezone(UTC) - timedelta(microseconds=1)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        local = found.replace(tzinfo=BRUSSELS)
        if local.utcoffset() == local.replace(fold=1).utcoffset():
            return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(f"“{text}” is neither a position of the log nor an instant.", _CURE) from None
    raise Malformed(
        f"“{text}” is not one instant in Brussels: the clock is changed then.", "Write its zone too, such as +01:00."
    )


def _at_position(log: EventLog, position: int, end: int, held: datetime | None, *, rehearsed: bool) -> Moment:
    if position > end:
        raise Malformed(f"The log has no position {position} yet: its last is {end}.", _CURE)
    if position < 1:
        raise Malformed("The log begins at position 1: before it nothing was recorded.", _CURE)
    return Moment(position, _shown_at(log, position, rehearsed=rehearsed), end, held)


def _at_instant(log: EventLog, instant: datetime, end: int, held: datetime | None, *, rehearsed: bool) -> Moment:
    last = _shown_at(log, end, rehearsed=rehearsed)
    if instant > last and instant > datetime.now(UTC):
        raise Malformed(f"{_said(instant)} is still to come.", _CURE)
    position = _last_by(log, instant, end, rehearsed=rehearsed)
    if not position:
        raise Malformed(f"Nothing was recorded by {_said(instant)}.", _begins(log, rehearsed=rehearsed))
    return Moment(position, instant, end, held)


def _said(instant: datetime) -> str:
    return in_brussels(instant.replace(microsecond=0))


def _begins(log: EventLog, *, rehearsed: bool) -> str:
    first = log.read(0, 1)
    if not first:
        return "The log is empty."
    return f"The log begins with {_said(_shown_at(log, first[0].position, rehearsed=rehearsed))}."


def _last_by(log: EventLog, instant: datetime, end: int, *, rehearsed: bool) -> int:
    """Return the last position at which the clock showed this instant or an earlier one, 0 when there is none.

    It is looked for by halves, as clocks go forward; where one was set back, that is one of the places that fit.
    """
    low, high = 0, end + 1
    while high - low > 1:
        middle = (low + high) // 2
        found = log.read(middle - 1, 1)
        if found and found[0].position < high and _shown(log, found[0], rehearsed=rehearsed) <= instant:
            low = found[0].position
        else:
            high = middle
    near = () if rehearsed else log.read(low, AHEAD)
    return max((one.position for one in near if one.recorded_at <= instant), default=low)


def _shown_at(log: EventLog, position: int, *, rehearsed: bool) -> datetime:
    """Return what the fund's clock showed when the event at a position, or the next one, was recorded."""
    found = log.read(position - 1, 1)
    return _shown(log, found[0], rehearsed=rehearsed) if found else datetime.now(UTC)


def _shown(log: EventLog, recorded: Recorded, *, rehearsed: bool) -> datetime:
    """Return when an event was recorded; in a rehearsal when its request came, which the request's receipt says."""
    if not rehearsed:
        return recorded.recorded_at
    later = log.read(recorded.position - 1, AHEAD)
    receipts = (one.event.effective_at for one in later if isinstance(one.event, CommandHandled))
    return next(receipts, recorded.event.effective_at)
