"""The figures of the dashboard: what each row counts for, and how the sums of its month move when the row changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table

from domain.values import BRUSSELS
from projections.dashboard_tables import (
    APPLICATIONS,
    COUNTED,
    GRANTS,
    GROUPED,
    GROUPS,
    LEDGER,
    MONEY,
    MONTHS,
    PARTNERSHIPS,
)
from projections.read_model import Row, Tables

Figures = dict[str, int]


def month_of(at: datetime) -> str:
    """Return the month of an instant in Brussels: 2026-03."""
    return f"{at.astimezone(BRUSSELS):%Y-%m}"


def change(tables: Tables, table: Table, id: UUID, at: datetime, **columns: Any) -> None:
    """Change a row; the sums of its place move, in the month of `at`, by as much as the row's own figures.

    Where it moves to another group, what is below it goes with it.
    """
    before = tables[table].row(id)
    after = {**before, **columns}
    if after == before:
        return
    moves_along = any(before[name] != after[name] for name in _GROUPS_BELOW[table])
    below = list(_below(tables, table, before)) if moves_along else []
    groups = Moved()
    groups.add(tables, [(table, before), *below], -1)
    tables[table].put(after)
    groups.add(tables, [(table, after), *below], 1)
    groups.write(tables)
    was, now = FIGURES[table](before), FIGURES[table](after)
    if _place(before) != _place(after):
        move(tables, *_place(before), at, {name: -figure for name, figure in was.items()})
        move(tables, *_place(after), at, now)
    elif was != now:
        moved = {name: now.get(name, 0) - was.get(name, 0) for name in was.keys() | now.keys()}
        move(tables, *_place(after), at, moved)


def put_below(tables: Tables, table: Table, id: UUID, one: UUID) -> None:
    """Name a row as one that is below another."""
    row = tables[table].row(id)
    if str(one) not in row["below"]:
        tables[table].put({**row, "below": [*row["below"], str(one)]})


def _below(tables: Tables, table: Table, row: Row) -> Iterator[tuple[Table, Row]]:
    """Yield the applications of a partnership and their grants, or the grants of an application."""
    if table is GRANTS:
        return
    beneath = APPLICATIONS if table is PARTNERSHIPS else GRANTS
    for id in row["below"]:
        found = tables[beneath].row(UUID(id))
        yield beneath, found
        yield from _below(tables, beneath, found)


class Moved:
    """By how much the figures of groups move."""

    def __init__(self) -> None:
        self._by: dict[tuple[UUID, str, str, str], Counter[str]] = {}

    def add(self, tables: Tables, rows: Iterable[tuple[Table, Row]], sign: int) -> None:
        """Add the figures of rows to the groups in which they are now, or take them away."""
        for table, row in rows:
            if row["call_id"] is not None:
                figures, over = FIGURES[table](row), _partnership_of(tables, table, row)
                for by in GROUPED:
                    of_group = self._by.setdefault(
                        (row["call_id"], by, over[by] if over else "", row["line"]), Counter()
                    )
                    for name, figure in figures.items():
                        of_group[name] += sign * figure

    def write(self, tables: Tables) -> None:
        """Write the groups that moved; one whose figures are all 0 is not there."""
        for key, by in self._by.items():
            if any(by.values()):
                group = tables[GROUPS].row(*key)
                sums = {name: group[name] + figure for name, figure in by.items()}
                whole = {**group, **sums}
                if any(whole[name] for name in (*COUNTED, *MONEY)):
                    tables[GROUPS].put(whole)
                else:
                    tables[GROUPS].drop(*key)


def _partnership_of(tables: Tables, table: Table, row: Row) -> Row | None:
    """Return the partnership of a row, or None where that is none of the row's own call."""
    if table is PARTNERSHIPS:
        return row
    above, id = {APPLICATIONS: (PARTNERSHIPS, "partnership_id"), GRANTS: (APPLICATIONS, "pilot_action_id")}[table]
    over = tables[above].get(row[id]) if row[id] is not None else None
    return _partnership_of(tables, above, over) if over and over["call_id"] == row["call_id"] else None


_GROUPS_BELOW: Final[Mapping[Table, tuple[str, ...]]] = {
    PARTNERSHIPS: ("call_id", *GROUPED),
    APPLICATIONS: ("call_id", "partnership_id"),
    GRANTS: (),
}
"""What of a row says in which group that lies which is below it."""


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
