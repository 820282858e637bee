"""The desk of a call as it is read, line by line; and what the calendars bring next."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from domain.values import Instant, Value
from projections.desk_tables import CALLS
from projections.read_model import fetch
from projections.waiting import Party


class DeskLine(Value):
    """One deed that a matter waits for; of a matter that waits for nothing there is one line without a deed."""

    id: UUID
    title: str
    partnership: str
    waits_for: str | None = None
    party: Party | None = None
    since: Instant | None = None
    due: Instant | None = None
    late: bool = False


class WaitRow(DeskLine):
    """One deed that a matter waits for, beside the days that the matter waited on each party until now.

    Of a matter that waits for nothing there is one row without a deed.
    """

    days_applicant: float
    days_partner: float
    days_coach: float
    days_evaluator: float
    days_authority: float


def due_of(term: str, points: Mapping[str, str]) -> datetime | None:
    """Return the instant of a term: one of its own, or that of the calendar's point, if it has this one."""
    named = term if term[:1].isdigit() else points.get(term)
    return datetime.fromisoformat(named) if named else None


class CalendarPoint(Value):
    """A point of a call's calendar that is still to come."""

    call: str
    point: str
    at: Instant


def next_point(connection: Connection, now: datetime) -> CalendarPoint | None:
    """Return what comes next by the calendars of all calls that were not cancelled, or None."""
    query = select(CALLS).where(CALLS.c.position.is_not(None), CALLS.c.cancelled_at.is_(None))
    coming = [
        CalendarPoint(call=call["title"], point=name.replace("_", " "), at=datetime.fromisoformat(at))
        for call in fetch(connection, query.order_by(CALLS.c.position))
        for name, at in call["points"].items()
    ]
    return min((point for point in coming if point.at > now), key=lambda point: point.at, default=None)
