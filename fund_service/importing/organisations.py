"""Rows that register cities, areas, regions and agencies, and record their admission where a strand is named."""

import re
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.messages import Command
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.organisation.events import OrganisationRegistered
from fund_service.application import Fund
from fund_service.event_store import EventLog
from fund_service.importing.csv_file import Row, rows_of
from fund_service.importing.plan import Asker, Mistakes, Plan, Step

NEEDED: Final = ("name", "kind", "side", "country")
OPTIONAL: Final = ("population", "strand")
_OF_PAIRINGS: Final = (
    *("partnership", "role", "geography", "cluster", "topic", "latitude", "longitude", "phase", "source"),
)
"""Columns of a file of partnerships, which are passed over, so that one file serves both imports."""


class Known(NamedTuple):
    """An organisation that is registered, with what was said of it."""

    id: UUID
    said: OrganisationRegistered


Key = tuple[str, str, str]
"""The business key of an organisation: its name without case, its kind, its country."""


def key_of(name: str, kind: str, country: str) -> Key:
    """Return the business key of an organisation."""
    return name.casefold(), kind, country


def registered(log: EventLog) -> dict[Key, Known]:
    """Return every organisation that is registered, by its business key."""
    found = {}
    for header in log.headers():
        if header.topic == OrganisationRegistered.TOPIC:
            recorded = log.recorded(header)
            said: Any = recorded.event
            found[key_of(said.name, said.kind, said.country)] = Known(recorded.stream, said)
    return found


def plan_organisations(path: Path, fund: Fund, asker: Asker) -> Plan:
    """Return what the rows ask for, nothing where it is there already. Raises Malformed with every bad row."""
    mistakes, known = Mistakes(path), registered(fund.log)
    rows: dict[Key, Row] = {}
    for row in rows_of(path, NEEDED, (*OPTIONAL, *_OF_PAIRINGS)):
        key = key_of(row.cells["name"], row.cells["kind"], row.cells["country"])
        first = rows.setdefault(key, row)
        for column in ("side", *OPTIONAL):
            if row.cells[column] != first.cells[column]:
                mistakes.add(row.line, f"differs from line {first.line}, which names the same place.", column)
    steps = [_step(row, known.get(key), fund, asker, mistakes) for key, row in rows.items()]
    mistakes.end()
    needed = tuple(step for step in steps if step.commands)
    return Plan(needed, len(steps) - len(needed))


def _step(row: Row, known: Known | None, fund: Fund, asker: Asker, mistakes: Mistakes) -> Step:
    cells, commands, says = row.cells, list[Command | None](), []
    id = known.id if known else uuid5(NAMESPACE_URL, f"iurc-fund/organisation/{'/'.join(_key(row))}")
    population = cells["population"]
    if population and not re.fullmatch(r"[0-9]{1,9}", population):
        mistakes.add(row.line, f"is “{population}”; write a whole number in digits alone, or nothing.", "population")
        population = ""
    if known is None:
        named = {"organisation_id": str(id), **{column: cells[column] for column in NEEDED}}
        inhabitants = int(population) if population else None
        asked = {**named, "population": inhabitants}
        commands.append(mistakes.command(RegisterOrganisation, asker, row.line, asked))
        says.append("registered")
    else:
        _compare(row, known.said, mistakes)
    organisation = fund.look(ORGANISATION, id)
    if cells["strand"] and not (organisation and organisation.admitted):
        admission = {"organisation_id": str(id), "strand": cells["strand"]}
        commands.append(mistakes.command(AdmitOrganisation, asker, row.line, admission))
        says.append(f"admitted ({cells['strand']})")
    return Step(row.line, f"{cells['name']}: {' and '.join(says)}", tuple(one for one in commands if one))


def _key(row: Row) -> Key:
    return key_of(row.cells["name"], row.cells["kind"], row.cells["country"])


def _compare(row: Row, said: OrganisationRegistered, mistakes: Mistakes) -> None:
    """Note where a row says other things of a registered place: an import changes nothing that is recorded."""
    recorded = {"side": said.side, "population": "" if said.population is None else str(said.population)}
    for column, value in recorded.items():
        if row.cells[column] not in ("", value):
            found = f"is “{row.cells[column]}”, and “{value or 'unknown'}” is recorded"
            mistakes.add(row.line, f"{found}; an import changes nothing: leave the cell as recorded.", column)
