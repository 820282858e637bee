"""The dashboard as it may be seen: the whole call, or by cluster, geography, country or month; sealed before a release.

A figure by groups adds up to the figure of the whole. What belongs to no group stands in the group without a name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, BindParameter, Column, Connection, Table, bindparam, case, func, select

from domain.values import Cents, Value
from projections.dashboard_figures import FIGURES
from projections.dashboard_tables import (
    APPLICATIONS,
    CALLS,
    COUNTED,
    GRANTS,
    GROUPS,
    LINES,
    MONEY,
    MONTHS,
    PARTNERSHIPS,
    REFUSALS,
    SEALED,
    WHOLE_CALL,
)
from projections.read_model import Row, fetch

Sums = dict[str, int]


class By(StrEnum):
    """What the dashboard can be grouped by: of a partnership, or the month in Brussels in which something happened."""

    CLUSTER = "cluster"
    GEOGRAPHY = "geography"
    COUNTRY = "country"
    MONTH = "month"


class Figures(Value):
    """How many came how far, and the money in integer euro cents.

    `submitted` passed the door at least once. Of them `withdrawn`, `inadmissible`, `ineligible`, `awarded` (ever
    offered, promoted ones too), `reserve` and `rejected` (not selected) are where they end; these add up to it when the
    call is settled. While `sealed`, the outcomes of a line are not released: its inadmissible, ineligible, eligible,
    evaluated and ranked count as 0 (D17).

    `committed_cents` is what was accepted, before closing gives back what is unspent; of it `ordered_cents` is what
    orders take (D12): their value, a higher invoice as far as the fund bears it, and once certified the certified
    value, since the rest can be ordered again. Of that `delivered_cents` is delivered, by the invoice where it came;
    and of that `disbursed_cents` is certified. None is more than the one before.

    `refusals` counts, for the whole fund, the requests that were refused, by rule or `stage`.
    """

    sealed: bool
    partnerships: int
    generated: int
    coached: int
    drafted: int
    submitted: int
    withdrawn: int
    inadmissible: int
    ineligible: int
    eligible: int
    evaluated: int
    ranked: int
    awarded: int
    reserve: int
    rejected: int
    accepted: int
    declined: int
    lapsed: int
    closed: int
    envelope_cents: Cents
    committed_cents: Cents
    ordered_cents: Cents
    delivered_cents: Cents
    disbursed_cents: Cents
    unspent_cents: Cents
    refusals: dict[str, int]


class DashboardRow(Figures):
    """Where a call stands."""

    id: UUID
    title: str
    stage: str
    largest_grant_disbursed_cents: Cents


class GroupRow(Figures):
    """The figures of one group; its id is what it is called: a cluster, geography, country, or a month such as 2026-03.

    The figures of a month are by how much they moved in it: what is taken back counts as less. What belongs to no
    group (the envelope, a refusal about something else) stands in the row whose id is empty.
    """

    id: str


_ASKED: Final[BindParameter[UUID]] = bindparam("call_id")
_CALL: Final = select(CALLS).where(CALLS.c.id == _ASKED, CALLS.c.position.is_not(None))
_LINES: Final = select(LINES.c.line, LINES.c.released).where(LINES.c.call_id == _ASKED)
_MONTHS: Final = select(MONTHS).where(MONTHS.c.call_id == _ASKED)
_LARGEST: Final = select(func.max(GRANTS.c.disbursed_cents)).where(GRANTS.c.call_id == _ASKED)
_GROUPS: Final = select(GROUPS).where(GROUPS.c.call_id == _ASKED, GROUPS.c.by == bindparam("by"))
_RUNNING: Final = GRANTS.c.state.in_(("offered", "accepted"))
_LEFT: Final = case((_RUNNING, GRANTS.c.cents - GRANTS.c.ordered_cents), else_=0)
_KEPT: Final = (GRANTS.c.call_id == _ASKED, GRANTS.c.state.not_in(("declined", "lapsed")))
_KEPT_IN_ALL: Final = select(
    func.count().label("count"),
    func.max(GRANTS.c.cents).label("largest_cents"),
    func.sum(GRANTS.c.cents).label("cents"),
    func.sum(GRANTS.c.ordered_cents).label("ordered_cents"),
    func.sum(GRANTS.c.disbursed_cents).label("disbursed_cents"),
    func.sum(_LEFT).label("left_cents"),
).where(*_KEPT)
_MOST_LEFT: Final = select(GRANTS.c.id).where(*_KEPT).order_by(_LEFT.desc(), GRANTS.c.id).limit(bindparam("most"))
_REFUSALS: Final = select(REFUSALS).order_by(REFUSALS.c.rule)
_REFUSED: Final = (
    select(REFUSALS.c.rule, func.sum(REFUSALS.c.count).label("count"))
    .group_by(REFUSALS.c.rule)
    .order_by(REFUSALS.c.rule)
)
"""The questions of the whole call: put together once, since that took longer than the answers."""


class Seal(NamedTuple):
    """Which lines' outcomes may be seen: those that are released, and all once the call is settled (D17)."""

    settled: bool
    released: Collection[str]
    unreleased: bool

    def hides(self, line: str) -> bool:
        """Whether nothing of this line's outcomes may be seen yet."""
        return line != WHOLE_CALL and not self.settled and line not in self.released


class Seen(NamedTuple):
    """A call that was published, and what of its outcomes may be seen."""

    call: Row
    seal: Seal


def seen(connection: Connection, call_id: UUID) -> Seen | None:
    """Look a call up; None when no such call was published."""
    call = _call(connection, call_id)
    return Seen(call, _seal(connection, call)) if call is not None else None


def dashboard(connection: Connection, call_id: UUID) -> DashboardRow | None:
    """Return where a call stands, or None when no such call was published."""
    found = seen(connection, call_id)
    return dashboard_of(connection, found) if found is not None else None


def dashboard_of(connection: Connection, found: Seen) -> DashboardRow:
    """Return where a call stands."""
    (call, seal), call_id = found, found.call["id"]
    sums = _added(("", row) for row in _months(connection, call_id, seal))
    known: dict[str, Any] = {**{name: call[name] for name in ("id", "title", "stage")}, **sums[""]}
    return DashboardRow(
        **known,
        sealed=seal.unreleased,
        largest_grant_disbursed_cents=connection.scalar(_LARGEST, {"call_id": call_id}) or 0,
        refusals={row["rule"]: int(row["count"]) for row in fetch(connection, _REFUSED)},
    )


def grouped(connection: Connection, call_id: UUID, by: By) -> list[GroupRow] | None:
    """Return where a call stands, group by group in their order, or None when no such call was published."""
    found = seen(connection, call_id)
    if found is None:
        return None
    seal, sums, refused = found.seal, sums_of(connection, found, by), _refusals(connection)
    if by is By.MONTH:
        refusals = _counted((row["month"], row) for row in refused)
    else:
        places = _places(connection, call_id, by, {row["about"] for row in refused})
        refusals = _counted((_place_of_refusal(row, places, seal), row) for row in refused)
    told = {group for group, figures in sums.items() if any(figures.values())} | refusals.keys()
    return [
        GroupRow(id=group, sealed=seal.unreleased, **sums[group], refusals=refusals[group])
        for group in sorted(told, key=_named_first)
    ]


def _named_first(group: str) -> tuple[bool, str]:
    return not group, group


def sums_of(connection: Connection, found: Seen, by: By) -> defaultdict[str, Sums]:
    """Return the figures of each group of a call in their order, without what was refused; other groups have zeros."""
    call, seal = found
    if by is By.MONTH:
        sums = _added((row["month"], row) for row in _months(connection, call["id"], seal))
    else:
        sums = _added((row["group"], row) for row in _groups(connection, call["id"], by, seal))
        sums[""]["envelope_cents"] += call["envelope_cents"]
    for group in sorted(sums, key=_named_first):
        sums[group] = sums.pop(group)
    return sums


class Kept(Value):
    """Grants that were not declined and did not lapse: how many, the largest, and their sums in integer euro cents."""

    count: int
    largest_cents: Cents
    cents: Cents
    ordered_cents: Cents
    disbursed_cents: Cents
    left_cents: Cents


def kept_grants(connection: Connection, call_id: UUID, most: int) -> tuple[Kept, list[UUID]]:
    """Return the grants of a call that were kept, and the ids of so many at most that have most left to order."""
    sums = connection.execute(_KEPT_IN_ALL, {"call_id": call_id}).mappings().one()
    kept = Kept(**{name: int(number or 0) for name, number in sums.items()})
    ids = connection.scalars(_MOST_LEFT, {"call_id": call_id, "most": most}).all() if kept.count else ()
    return kept, list(ids)


def counted(connection: Connection, call_id: UUID, figure: str, by: By | None = None, group: str = "") -> set[UUID]:
    """Return the partnerships or pilot actions that a figure counts, of the call or of one group of it.

    Of a grant's figure, such as a sum that is not zero, it is the pilot action. A month has no rows of its own. While a
    figure is sealed there are none (D17).
    """
    call = _call(connection, call_id)
    if call is None:
        return set()
    seal, places = _seal(connection, call), _places(connection, call_id, by) if by is not None else {}
    return {
        row["pilot_action_id"] if table is GRANTS else row["id"]
        for table, figures_of in FIGURES.items()
        for row in fetch(connection, select(*_plain(table)).where(table.c.call_id == call_id))
        if figures_of(row).get(figure)
        and not (figure in SEALED and seal.hides(row["line"]))
        and (by is None or places[row["id"]].group == group)
    }


def _plain(table: Table) -> list[Column[Any]]:
    """Return the columns of which figures are made; lists of names take longer to read than all else."""
    return [column for column in table.columns if not isinstance(column.type, JSON)]


def _call(connection: Connection, call_id: UUID) -> Row | None:
    calls = fetch(connection, _CALL, call_id=call_id)
    return calls[0] if calls else None


def _seal(connection: Connection, call: Row) -> Seal:
    lines = fetch(connection, _LINES, call_id=call["id"])
    released = [line["line"] for line in lines if line["released"]]
    return Seal(call["settled"], released, not call["settled"] and len(released) < len(lines))


def _months(connection: Connection, call_id: UUID, seal: Seal) -> Iterator[Row]:
    """Yield by how much the figures of each line moved in each month, without what is sealed."""
    for row in fetch(connection, _MONTHS, call_id=call_id):
        yield {**row, **_UNSEEN} if seal.hides(row["line"]) else row


def _groups(connection: Connection, call_id: UUID, by: By, seal: Seal) -> Iterator[Row]:
    """Yield the figures of each line in each group, without what is sealed."""
    for row in fetch(connection, _GROUPS, call_id=call_id, by=by.value):
        yield {**row, **_UNSEEN} if seal.hides(row["line"]) else row


def _refusals(connection: Connection) -> list[Row]:
    return fetch(connection, _REFUSALS)


_UNSEEN: Final[Sums] = dict.fromkeys(SEALED, 0)


def _added(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> defaultdict[str, Sums]:
    """Return the sums of the figures by group; a group without any has zeros."""
    sums: defaultdict[str, Sums] = defaultdict(lambda: dict.fromkeys((*COUNTED, *MONEY), 0))
    for group, row in rows:
        of_group = sums[group]
        for name in of_group.keys() & row.keys():
            of_group[name] += row[name]
    return sums


def _counted(refusals: Iterable[tuple[str, Row]]) -> defaultdict[str, Sums]:
    """Return how many requests each rule refused, by group."""
    counts: defaultdict[str, Sums] = defaultdict(dict)
    for group, row in refusals:
        counts[group][row["rule"]] = counts[group].get(row["rule"], 0) + row["count"]
    return counts


class Place(NamedTuple):
    """Where a partnership, application or grant is counted: its line and its group."""

    line: str
    group: str


def _places(connection: Connection, call_id: UUID, by: By, ids: Collection[UUID] | None = None) -> dict[UUID, Place]:
    """Return the place of every partnership, application and grant of a call by its id, or of those with these ids."""
    group = PARTNERSHIPS.c[by.value].label("group")
    of_call = PARTNERSHIPS.c.call_id == call_id
    with_application = (APPLICATIONS.c.partnership_id == PARTNERSHIPS.c.id) & of_call
    with_grant = (GRANTS.c.pilot_action_id == APPLICATIONS.c.id) & (APPLICATIONS.c.call_id == call_id)
    known = {table: select(table.c.id, table.c.call_id, table.c.line, group) for table in FIGURES}
    over = {
        PARTNERSHIPS: known[PARTNERSHIPS],
        APPLICATIONS: known[APPLICATIONS].outerjoin(PARTNERSHIPS, with_application),
        GRANTS: known[GRANTS].outerjoin(APPLICATIONS, with_grant).outerjoin(PARTNERSHIPS, with_application),
    }
    rows = (
        row
        for table, query in (over.items() if ids is None or ids else ())
        for row in fetch(connection, query.where(table.c.id.in_(ids) if ids else table.c.call_id == call_id))
    )
    return {row["id"]: Place(row["line"], row["group"] or "") for row in rows if row["call_id"] == call_id}


def _place_of_refusal(refusal: Row, places: Mapping[UUID, Place], seal: Seal) -> str:
    """Return the group in which a refusal is counted: before the release none for what only the judged can meet."""
    place = places.get(refusal["about"])
    if place is None or (refusal["after_closing"] and seal.hides(place.line)):
        return ""
    return place.group
