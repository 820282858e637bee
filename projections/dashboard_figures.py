"""The figures of the dashboard: what each row counts for, and how the sums of its month move when the row changes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table

from domain.values import BRUSSELS
from projections.dashboard_tables import APPLICATIONS, GRANTS, LEDGER, MONTHS, PARTNERSHIPS
from projections.read_model import Row, Tables

Figures = dict[str, int]


def month_of(at: datetime) -> str:
    """Return the month of an instant in Brussels: 2026-03."""
    return f"{at.astimezone(BRUSSELS):%Y-%m}"


def change(tables: Tables, table: Table, id: UUID, at: datetime, **columns: Any) -> None:
    """Change a row; the sums of its place move, in the month of `at`, by as much as the row's own figures."""
    before = tables[table].row(id)
    after = {**before, **columns}
    if after == before:
        return
    tables[table].put(after)
    was, now = FIGURES[table](before), FIGURES[table](after)
    if _place(before) != _place(after):
        move(tables, *_place(before), at, {name: -figure for name, figure in was.items()})
        move(tables, *_place(after), at, now)
    elif was != now:
        moved = {name: now.get(name, 0) - was.get(name, 0) for name in was.keys() | now.keys()}
        move(tables, *_place(after), at, moved)


def _place(row: Row) -> tuple[UUID | None, str]:
    return row["call_id"], row["line"]


def move(tables: Tables, call_id: UUID | None, line: str, at: datetime, by: Mapping[str, int]) -> None:
    """Move the figures of a line in a month; what belongs to no call yet moves nothing."""
    moved = {name: figure for name, figure in by.items() if figure}
    if call_id is None or not moved:
        return
    month = tables[MONTHS].row(call_id, line, month_of(at))
    tables[MONTHS].put({**month, **{name: month[name] + figure for name, figure in moved.items()}})


def _of_partnership(row: Row) -> Figures:
    return {"partnerships": not row["generated"], "generated": row["generated"], "coached": row["coached"]}


def _of_application(row: Row) -> Figures:
    submitted = row["submitted_at"] is not None
    if not submitted:
        return {"drafted": row["drafted"]}
    judged = {"eligible": row["found_eligible"], "evaluated": row["evaluated"], "ranked": row["ranked"]}
    end = fate(row)
    return {"drafted": 1, "submitted": 1, **judged, **({end: 1} if end else {})}


def _of_grant(row: Row) -> Figures:
    accepted = row["state"] in ("accepted", "closed")
    states = {name: row["state"] == name for name in ("declined", "lapsed", "closed")}
    sums = {name: row[name] for name in LEDGER}
    return {"accepted": accepted, **states, **sums, "committed_cents": row["cents"] if accepted else 0}


FIGURES: Final[Mapping[Table, Callable[[Row], Figures]]] = {
    PARTNERSHIPS: _of_partnership,
    APPLICATIONS: _of_application,
    GRANTS: _of_grant,
}
"""What a row of each table counts for."""


def fate(application: Row) -> str | None:
    """Return where an application ends, by the name of its counter; None while that is open (D23)."""
    if application["grant"] is not None:
        return "awarded"
    if application["withdrawn"]:
        return "withdrawn"
    if application["finding"] is not None:
        return str(application["finding"])
    return {"reserve": "reserve", "not_selected": "rejected"}.get(application["outcome"])
