"""Rows that pair registered cities and regions: one row for each member, the rows of a pair by their number."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from domain.partnership.commands import FormPartnership
from domain.partnership.events import PartnershipFormed
from fund_service.application import Fund
from fund_service.event_store import EventLog
from fund_service.importing.csv_file import Row, rows_of
from fund_service.importing.organisations import Key, Known, key_of, registered
from fund_service.importing.plan import Asker, Mistakes, Plan, Step

NEEDED: Final = ("partnership", "role", "name", "kind", "country", "geography")
OPTIONAL: Final = ("cluster", "topic", "phase", "source")
_OF_PLACES: Final = ("side", "population", "latitude", "longitude", "strand")
"""Columns about the places themselves, which are passed over."""

_SHARED: Final = ("geography", *OPTIONAL)


def plan_partnerships(path: Path, fund: Fund, asker: Asker, call_id: UUID) -> Plan:
    """Return what the rows ask for; a pair of the same members in this call is left as it is. Raises Malformed with
    every bad row.
    """
    mistakes, known, formed = Mistakes(path), registered(fund.log), set(_formed(fund.log))
    groups: dict[str, list[Row]] = {}
    for row in rows_of(path, NEEDED, (*OPTIONAL, *_OF_PLACES)):
        groups.setdefault(row.cells["partnership"], []).append(row)
    steps = [_step(rows, known, asker, call_id, mistakes) for rows in groups.values()]
    mistakes.end()
    needed = tuple(step for step in steps if step and _members(step) not in formed)
    return Plan(needed, len(steps) - len(needed))


Pair = tuple[UUID, frozenset[UUID]]
"""The business key of a partnership: its call and its members."""


def _formed(log: EventLog) -> Iterator[Pair]:
    for header in log.headers():
        if header.topic == PartnershipFormed.TOPIC:
            said: Any = log.recorded(header).event
            yield said.call_id, frozenset(member.organisation_id for member in said.members)


def _members(step: Step) -> Pair:
    (asked,) = step.commands
    assert isinstance(asked, FormPartnership)
    return asked.call_id, frozenset(asked.member_ids)


def _step(rows: list[Row], known: dict[Key, Known], asker: Asker, call_id: UUID, mistakes: Mistakes) -> Step | None:
    first = rows[0]
    if not first.cells["partnership"]:
        mistakes.add(first.line, "is empty; give all rows of a pair the same number.", "partnership")
        return None
    members = [_member(row, known, mistakes) for row in rows]
    leading = [row for row in rows if row.cells["role"] == "coordinator"]
    if len(leading) != 1:
        mistakes.add(first.line, f"the pair has {len(leading)} coordinators; write one coordinator.", "role")
    for row in rows[1:]:
        for column in _SHARED:
            if row.cells[column] != first.cells[column]:
                mistakes.add(row.line, f"differs from line {first.line} of the same pair.", column)
    ids = [member for member in members if member is not None]
    if len(leading) != 1 or len(ids) != len(rows):
        return None
    coordinator, others = leading[0], [row.cells["name"] for row in rows if row is not leading[0]]
    name = f"{coordinator.cells['name']} with {_and(others)}"
    origin = ": ".join(part for part in (first.cells["phase"], first.cells["source"]) if part)
    asked = {
        "partnership_id": str(uuid5(call_id, "partnership/" + "/".join(sorted(map(str, ids))))),
        "call_id": str(call_id),
        "name": name,
        "coordinator_id": str(ids[rows.index(coordinator)]),
        "member_ids": [str(id) for id in ids],
        **{column: first.cells[column] for column in ("geography", "cluster", "topic")},
        "source": origin,
    }
    command = mistakes.command(FormPartnership, asker, first.line, asked)
    return Step(first.line, f"{name}: formed", (command,)) if command else None


def _member(row: Row, known: dict[Key, Known], mistakes: Mistakes) -> UUID | None:
    cells = row.cells
    if cells["role"] not in ("coordinator", "member"):
        mistakes.add(row.line, f"is “{cells['role']}”; write coordinator or member.", "role")
    found = known.get(key_of(cells["name"], cells["kind"], cells["country"]))
    if found is None:
        what = f"“{cells['name']}” ({cells['kind']}, {cells['country']}) is not registered"
        mistakes.add(row.line, f"{what}; import it first with `fund organisations import`.", "name")
    return found.id if found else None


def _and(names: list[str]) -> str:
    *more, last = names or ["nobody"]
    return f"{', '.join(more)} and {last}" if more else last
