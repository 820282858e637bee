"""A coach's worklist: each partnership with the sessions held of those that are due, the next step and its date."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, MetaData, Table, Uuid, select

from domain.call.events import CallCancelled, CallCorrected, CallPublished
from domain.messages import Recorded
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
    PartnershipEnded,
    PartnershipFormed,
    PartnershipMerged,
)
from domain.values import Instant, Value
from projections.read_model import Moment, ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

CALLS = Table(
    "coach_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("minimum", Integer, default=0),
    Column("due", Moment),
    Column("cancelled", Boolean, default=False),
)

PARTNERSHIPS = Table(
    "coach_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("call_id", Uuid),
    Column("name", Words, default=""),
    Column("coach", Uuid),
    Column("sessions", BigInteger, default=0),
    Column("missed", BigInteger, default=0),
    Column("ended", Boolean, default=False),
)

Index("coach_partnerships_by_coach", PARTNERSHIPS.c.coach, PARTNERSHIPS.c.position)


class CoachWork(Value):
    """One partnership of a coach: `sessions` held of at least `minimum`; to `missed` ones the partnership did not come.

    The next step is due when the months of coaching end (UTC), and late from then on. `done`: the coaching is complete,
    or ended, or the partnership did.
    """

    id: UUID
    partnership: str
    sessions: int
    missed: int
    minimum: int
    next_step: str | None
    due: Instant | None
    late: bool
    done: bool


class CoachWorklist(ReadModel):
    """The partnerships of every coach, and how far each is."""

    name: ClassVar[str] = "coach_worklist"
    version: ClassVar[int] = 2
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Take one event into the row of its partnership or call."""
        id, event = recorded.stream, recorded.event
        match event:
            case CallPublished(rules=rules) | CallCorrected(rules=rules):
                tables[CALLS].change(id, minimum=rules.coaching.sessions, due=rules.calendar.coaching_closes)
            case CallCancelled():
                tables[CALLS].change(id, cancelled=True)
            case PartnershipFormed():
                tables[PARTNERSHIPS].change(id, call_id=event.call_id, name=event.name)
            case CoachAssigned():
                tables[PARTNERSHIPS].change(id, position=recorded.position, coach=event.coach)
            case CoachingSessionHeld() | GroupSessionHeld():
                tables[PARTNERSHIPS].change(id, sessions=event.number)
            case CoachingSessionMissed():
                tables[PARTNERSHIPS].change(id, missed=tables[PARTNERSHIPS].row(id)["missed"] + 1)
            case CoachingCompleted() | CoachingEnded() | CoachingDeclined() | PartnershipMerged() | PartnershipEnded():
                tables[PARTNERSHIPS].change(id, ended=True)
            case _:
                pass


def coach_work(connection: Connection, coach: UUID, now: datetime) -> list[CoachWork]:
    """Return every partnership of the coach, the one assigned first at the top; `now` is the fund's time."""
    query = (
        select(PARTNERSHIPS, CALLS.c.minimum, CALLS.c.due, CALLS.c.cancelled)
        .outerjoin(CALLS, CALLS.c.id == PARTNERSHIPS.c.call_id)
        .where(PARTNERSHIPS.c.coach == coach)
        .order_by(PARTNERSHIPS.c.position)
    )
    return [_work(row, now) for row in fetch(connection, query)]


def _work(row: Row, now: datetime) -> CoachWork:
    done, minimum, held = bool(row["ended"] or row["cancelled"]), row["minimum"] or 0, row["sessions"]
    step = "finish the coaching" if held >= minimum else f"hold session {held + 1} of {minimum}"
    due = None if done else row["due"]
    known = {"id": row["id"], "partnership": row["name"], "sessions": held, "missed": row["missed"]}
    late = due is not None and now >= due
    next_step = None if done else step
    return CoachWork(**known, minimum=minimum, next_step=next_step, due=due, late=late, done=done)
