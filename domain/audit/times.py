"""When it was done: late acts, deadlines that were moved, clocks that went back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.audit.findings import Finding
from domain.audit.history import History
from domain.call.events import (
    CallCorrected,
    CallPublished,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
)
from domain.call.rules import Calendar
from domain.evaluation.events import ConsensusOverdue, ScoresOverdue
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    ReportOverdue,
    ResourceDelivered,
    ResourceOrdered,
)
from domain.messages import Recorded
from domain.people import ENGINE
from domain.receipt import CommandHandled
from domain.values import in_brussels

TOLERANCE: Final = timedelta(seconds=5)
"""How far a clock may go back: requests that are answered side by side are recorded a moment out of order."""


def late_acts(history: History) -> Iterator[Finding]:
    """Yield what was done after it was due, what was found overdue, and what was refused as too late (D07, D25)."""
    due: dict[tuple[UUID, str, int], tuple[int, datetime]] = {}
    for recorded in history.events:
        event, stream = recorded.event, recorded.stream
        match event:
            case QuestionAsked():
                due[stream, "answer", event.number] = recorded.position, event.due
            case ResourceOrdered():
                due[stream, "delivery", event.order] = recorded.position, event.deliver_by
            case QuestionAnswered() | QuestionAnsweredPrivately() | QuestionDeclined():
                yield from _late(recorded, due.pop((stream, "answer", event.number), None))
            case ResourceDelivered():
                yield from _late(recorded, due.get((stream, "delivery", event.order)))
                due[stream, "word", event.order] = recorded.position, event.acknowledge_by
            case DeliveryAcknowledged() | DeliveryRefused():
                yield from _late(recorded, due.pop((stream, "word", event.order), None))
            case ScoresOverdue() | ConsensusOverdue() | ReportOverdue():
                why = f"It was due {in_brussels(event.due)}, and was not there."
                yield Finding(about=stream, why=why, positions=(recorded.position,))
            case CommandHandled(refused="D07"):
                why, about = "It was refused as too late.", event.about or stream
                yield Finding(about=about, why=why, positions=(recorded.position,), people=(event.by,))
            case _:
                pass


def _late(recorded: Recorded, due: tuple[int, datetime] | None) -> Iterator[Finding]:
    if due is not None and recorded.event.effective_at >= due[1]:
        why = f"It was due {in_brussels(due[1])}, and came {in_brussels(recorded.event.effective_at)}."
        positions = (due[0], recorded.position)
        yield Finding(about=recorded.stream, why=why, positions=positions, people=(recorded.event.by,))


def moved_deadlines(history: History) -> Iterator[Finding]:
    """Yield every step of the published calendar that a correction moved (D07, D21)."""
    before: Calendar | None = None
    for recorded in history.events:
        event = recorded.event
        if not isinstance(event, CallPublished | CallCorrected):
            continue
        now = event.rules.calendar
        for (name, old), (_, new) in zip((before or now).points(), now.points(), strict=True):
            if old != new:
                step = name.replace("_", " ")
                why = f"The step “{step}” moved from {in_brussels(old)} to {in_brussels(new)}."
                yield Finding(about=recorded.stream, why=why, positions=(recorded.position,), people=(event.by,))
        before = now


def clocks(history: History) -> Iterator[Finding]:
    """Yield where the machine's clock went back between two events of the call, and where people's requests on one
    thing arrived, by the fund's clock, before those recorded earlier; each by more than the tolerance.

    What processes state for a point of the calendar is left out of the second: it holds from that point.
    """
    last: Recorded | None = None
    arrived: dict[UUID, Recorded] = {}
    for recorded in history.events:
        if last is not None and recorded.recorded_at < last.recorded_at - TOLERANCE:
            yield _back(last, recorded, "The machine's clock went back between these two.")
        last = recorded
        if recorded.event.by == ENGINE:
            continue
        before = arrived.get(recorded.stream)
        if before is not None and recorded.event.effective_at < before.event.effective_at - TOLERANCE:
            yield _back(before, recorded, "The later one arrived earlier, by the fund's clock.")
        arrived[recorded.stream] = recorded


def _back(before: Recorded, after: Recorded, why: str) -> Finding:
    return Finding(about=after.stream, why=why, positions=(before.position, after.position))
