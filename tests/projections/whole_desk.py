"""The whole desk of a call, made of its matters and their clocks alone: what is counted of them is compared with it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from domain.values import Instant, Value
from projections.desk_counts import ended, term_of
from projections.desk_tables import CALLS, MATTERS
from projections.desk_view import WaitRow, due_of
from projections.read_model import Row, fetch
from projections.waiting import Party, State, days


class Wait(Value):
    """One deed that is waited for: who, what, since when, and until when it is due, both UTC; `late` beyond it.

    `which` tells it from others in the same words: the id of a person or organisation, the number of an order, a line.
    """

    party: Party
    words: str
    since: Instant
    due: Instant | None
    late: bool
    which: str


class DeskRow(Value):
    """One matter of a call: what it waits for, oldest first, and the days it waited on each party until now."""

    id: UUID
    title: str
    partnership: str
    waits: tuple[Wait, ...]
    days_applicant: float
    days_partner: float
    days_coach: float
    days_evaluator: float
    days_authority: float

    @property
    def late(self) -> bool:
        """Whether something that it waits for is overdue."""
        return any(wait.late for wait in self.waits)


def desk(connection: Connection, call_id: UUID, now: datetime) -> list[DeskRow]:
    """Return every matter of a call, what is late first, then what waits longest; `now` is the fund's time.

    What was not submitted when the call closed waits for nothing any more, nor does anything once it is cancelled. The
    call itself, and a partnership whose pilot action is there, stand on the desk while somebody is waited for.
    """
    calls = fetch(connection, select(CALLS).where(CALLS.c.id == call_id))
    if not calls:
        return []
    query = select(MATTERS).where(MATTERS.c.call_id == call_id).order_by(MATTERS.c.position)
    rows = [_row(matter, calls[0], now) for matter in fetch(connection, query) if _stands(matter)]
    if calls[0]["clock"]["open"] and calls[0]["cancelled_at"] is None:
        rows.append(_row({**calls[0], "partnership": "", "submitted": True}, calls[0], now))
    return sorted(rows, key=lambda row: (not row.late, min((wait.since for wait in row.waits), default=now)))


def _stands(matter: Row) -> bool:
    return not matter["actions"] or bool(matter["clock"]["open"])


def one_by_one(rows: Iterable[DeskRow]) -> list[WaitRow]:
    """Return the desk with one row for each deed that is waited for."""
    return [flat for row in rows for flat in _flat(row)]


def _flat(row: DeskRow) -> Iterator[WaitRow]:
    about = row.model_dump(exclude={"waits"})
    for wait in row.waits:
        deed = wait.model_dump(exclude={"words", "which"})
        yield WaitRow(**about, **deed, waits_for=wait.words)
    if not row.waits:
        yield WaitRow(**about)


def _row(matter: Row, call: Row, now: datetime) -> DeskRow:
    end = ended(call, closes=not matter["submitted"])
    waited = {f"days_{party}": number for party, number in days(matter["clock"], end or now).items()}
    waits = () if end else tuple(_wait(opened, call["points"], now) for opened in open_deeds(matter["clock"]))
    return DeskRow(id=matter["id"], title=matter["title"], partnership=matter["partnership"], waits=waits, **waited)


def _wait(opened: Row, points: Mapping[str, str], now: datetime) -> Wait:
    due = due_of(term_of(opened), points)
    late = due is not None and now >= due
    since = datetime.fromisoformat(opened["since"])
    return Wait(
        party=Party(opened["party"]), words=opened["words"], since=since, due=due, late=late, which=opened["which"]
    )


def open_deeds(state: State) -> Iterator[Mapping[str, Any]]:
    """Yield what is waited for, oldest first."""
    yield from sorted(state["open"].values(), key=lambda opened: (opened["since"], opened["words"]))
