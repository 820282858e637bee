"""The lists behind the dashboard's figures: calls, partnerships, applications, oldest first.

They read the dashboard's own rows, so that a list has as many rows as its figure says.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, type_coerce
from sqlalchemy.types import NULLTYPE

from domain.values import Cents, Instant, Value
from projections.dashboard_figures import fate
from projections.dashboard_tables import APPLICATIONS, CALLS, GRANTS, LINES, PARTNERSHIPS
from projections.fund_dashboard import FundDashboard
from projections.read_model import Row, fetch, standing

R = TypeVar("R", bound=Value)


class Kin(NamedTuple):
    """What a row's thing has in common with others, for who does not belong to it. `things` is what one may belong to:
    its partnership and its pilot action, by their ids as texts, which are compared faster.
    """

    pilot_action_id: UUID | None
    things: tuple[str, ...]
    alike: str


def alike(call_id: UUID | None, geography: str, *, submitted: bool) -> str:
    """Return what is the same of all things of a call, a geography, and with or without an application."""
    return f"{call_id} {geography} {submitted}"


class Paged(ABC, Generic[R]):
    """A list of which a few rows can be read by themselves."""

    @property
    def is_whole(self) -> bool:
        """Whether all that it reads belongs to it."""
        return True

    @abstractmethod
    def __iter__(self) -> Iterator[R]:
        """Yield all rows, in their order."""

    @abstractmethod
    def some(self, first: int, most: int) -> Iterable[tuple[R, Kin | None]]:
        """Return so many at most, from the one at this place on, each with what it has in common with others where
        that is known; 0 is the first one's.
        """

    @abstractmethod
    def count(self) -> int:
        """Return how many there are in all."""


@dataclass(frozen=True)
class Rows(Paged[R]):
    """The rows of a list, read when they are looked at: all of them, a few from one on, or how many there are.

    `of` says what all of them are of, where they are all of a call or of the fund: their things, and the call.
    """

    connection: Connection
    query: Select[Any]
    number: Select[int]
    """Asks how many there are: what is joined to them by its key adds none."""
    made_of: Callable[[Row], R]
    kin_of: Callable[[Row], Kin]
    of: tuple[str, UUID | None] | None = None
    counts: Callable[[UUID], bool] | None = None
    """Of which ids alone they are, where not of all."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What stands for the parameters of what is asked."""

    @property
    def is_whole(self) -> bool:
        """Whether all that it reads belongs to it."""
        return self.counts is None

    def __iter__(self) -> Iterator[R]:
        """Yield them all, in their order."""
        return (row for row, _ in self.with_kin())

    def with_kin(self, ids: Collection[UUID] | None = None) -> Iterator[tuple[R, Kin]]:
        """Yield them all, or those with these ids, in their order, each with what it has in common with others."""
        query = self.query if ids is None else self.query.where(self.query.selected_columns["id"].in_(ids))
        for row in fetch(self.connection, query, **self.given):
            if self.counts is None or self.counts(row["id"]):
                yield self.made_of(row), self.kin_of(row)

    def some(self, first: int, most: int) -> Iterator[tuple[R, Kin]]:
        """Return so many at most of all, from the one at this place on, each with what it has in common with others."""
        return replace(self, query=self.query.offset(first).limit(most)).with_kin()

    def count(self) -> int:
        """Return how many there are in all."""
        return self.connection.execute(self.number, dict(self.given)).scalar_one()

    def standing(self) -> tuple[Any, ...]:
        """Return what tells whether they may have changed: while it is the same, they are."""
        return standing(self.connection, FundDashboard.name)

    def stored(self) -> Sequence[tuple[Any, ...]]:
        """Return them as the database holds them, to be compared: the id first."""
        columns = [type_coerce(column, NULLTYPE) for column in self.query.selected_columns]
        query = self.query.with_only_columns(*columns, maintain_column_froms=True)
        return self.connection.execute(query, dict(self.given)).all()


class CallRow(Value):
    """A published call; `stage` is where it stands, in words."""

    id: UUID
    title: str
    edition: str
    stage: str


class PartnershipRow(Value):
    """A partnership with the names of its coordinator and members; `stage` is how far it came, in words. `generated`
    marks an invented one.
    """

    id: UUID
    call_id: UUID
    name: str
    geography: str
    cluster: str
    coordinator: str
    members: tuple[str, ...]
    stage: str
    generated: bool


class ApplicationRow(Value):
    """A pilot action and its application.

    `partnership_id` is None where the reader is not to know who applies (D27). `requested_cents` is shown once the call
    closed (D27); `outcome` (award, reserve, not_selected, inadmissible,
    ineligible), and a `status` that tells it, once the outcomes are released (D17). `submitted_at` (UTC) is when the
    version that counts arrived.
    """

    id: UUID
    call_id: UUID
    line: str
    title: str
    partnership_id: UUID | None
    partnership: str
    requested_cents: Cents | None
    status: str
    submitted_at: Instant | None
    outcome: str | None


class SupportRow(Value):
    """Support in kind for a pilot action, with what its orders take of it (dashboard_view.py tells the sums apart).

    `left_cents` can still be ordered; sums in integer euro cents.
    """

    id: UUID
    pilot_action_id: UUID
    title: str
    partnership: str
    stage: str
    cents: Cents
    ordered_cents: Cents
    delivered_cents: Cents
    disbursed_cents: Cents
    unspent_cents: Cents
    left_cents: Cents


_CALLS: Final = (
    select(CALLS.c.id, CALLS.c.title, CALLS.c.edition, CALLS.c.stage)
    .where(CALLS.c.position.is_not(None))
    .order_by(CALLS.c.position)
)


def calls(connection: Connection) -> list[CallRow]:
    """Return every published call, the oldest first."""
    return [CallRow(**row) for row in fetch(connection, _CALLS)]


def partnerships(
    connection: Connection, call_id: UUID | None = None, ids: Collection[UUID] | None = None
) -> Rows[PartnershipRow]:
    """Return every partnership, of one call or of all, or those with these ids."""
    wanted: list[ColumnElement[bool]] = [PARTNERSHIPS.c.position.is_not(None)]
    if call_id is not None:
        wanted.append(PARTNERSHIPS.c.call_id == call_id)
    if ids is not None:
        wanted.append(PARTNERSHIPS.c.id.in_(ids))
    query = select(PARTNERSHIPS).where(*wanted).order_by(PARTNERSHIPS.c.position)
    of = ("partnerships", call_id) if ids is None else None
    return Rows(connection, query, select(func.count()).where(*wanted), _partnership, _kin_of_partnership, of)


def _kin_of_partnership(row: Row) -> Kin:
    return Kin(None, (str(row["id"]),), alike(row["call_id"], row["geography"], submitted=False))


def _kin(row: Row) -> Kin:
    """Return the kin of an application, or of a grant."""
    action = row.get("pilot_action_id", row["id"])
    common = alike(row["call_id"], row["geography"] or "", submitted=row["submitted_at"] is not None)
    return Kin(action, (str(row["partnership_id"]), str(action)), common)


def _partnership(row: Row) -> PartnershipRow:
    shown = {name: row[name] for name in PartnershipRow.model_fields if name != "stage"}
    return PartnershipRow(**shown, stage=_how_far(row))


def _how_far(row: Row) -> str:
    if row["over"] is not None:
        return str(row["over"])
    if row["proposed"]:
        return "pilot action proposed"
    if row["roadmap_agreed"]:
        return "roadmap agreed"
    if row["roadmap_written"]:
        return "roadmap written"
    return "confirmed by its members" if len(row["confirmed"]) >= len(row["members"]) else "formed"


def applications(
    connection: Connection,
    call_id: UUID | None = None,
    ids: Collection[UUID] | None = None,
    partnership_id: UUID | None = None,
) -> Rows[ApplicationRow]:
    """Return every pilot action with where its application stands, or those of one call, with these ids, or of one
    partnership.
    """
    wanted = {"call_id": call_id, "ids": list(ids) if ids is not None else None, "partnership_id": partnership_id}
    given = {name: value for name, value in wanted.items() if value is not None}
    query, number = _applications_by(frozenset(given))
    of = ("applications", call_id) if ids is None and partnership_id is None else None
    return Rows(connection, query, number, _application, _kin, of, given=given)


@cache
def _applications_by(given: frozenset[str]) -> tuple[Select[Any], Select[int]]:
    """Return what asks for the applications by what is given, and how many: put together once, for it takes long."""
    by: dict[str, ColumnElement[bool]] = {
        "call_id": APPLICATIONS.c.call_id == bindparam("call_id"),
        "ids": APPLICATIONS.c.id.in_(bindparam("ids", expanding=True)),
        "partnership_id": APPLICATIONS.c.partnership_id == bindparam("partnership_id"),
    }
    wanted = [APPLICATIONS.c.position.is_not(None), *(condition for name, condition in by.items() if name in given)]
    query = (
        select(
            APPLICATIONS,
            PARTNERSHIPS.c.name.label("partnership"),
            PARTNERSHIPS.c.geography,
            CALLS.c.applications_closed,
            CALLS.c.settled,
            LINES.c.released,
        )
        .outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == APPLICATIONS.c.partnership_id)
        .outerjoin(CALLS, CALLS.c.id == APPLICATIONS.c.call_id)
        .outerjoin(LINES, (LINES.c.call_id == APPLICATIONS.c.call_id) & (LINES.c.line == APPLICATIONS.c.line))
        .where(*wanted)
        .order_by(APPLICATIONS.c.position)
    )
    return query, select(func.count()).where(*wanted)


def _application(row: Row) -> ApplicationRow:
    outcome = _outcome(row) if row["released"] or row["settled"] else None
    hidden: dict[str, Any] = {
        "partnership": row["partnership"] or "",
        "requested_cents": row["requested_cents"] if row["applications_closed"] else None,
        "outcome": outcome,
        "status": _status(row, outcome),
    }
    shown = {name: row[name] for name in ApplicationRow.model_fields if name not in hidden}
    return ApplicationRow(**shown, **hidden)


def _outcome(row: Row) -> str | None:
    end = fate(row)
    if end == "withdrawn":
        return None
    return {"awarded": "award", "rejected": "not_selected", None: row["outcome"]}.get(end, end)


def _status(row: Row, outcome: str | None) -> str:
    if outcome is not None:
        return str(row["grant"] or outcome).replace("_", " ")
    if row["withdrawn"]:
        return "withdrawn"
    if row["submitted_at"] is not None:
        return "submitted"
    return "put forward" if row["put_forward"] else "draft"


def pilot_actions_among(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these ids are those of pilot actions."""
    return set(connection.scalars(_THESE, {"ids": list(ids)})) if ids else set()


_THESE: Final = select(APPLICATIONS.c.id).where(APPLICATIONS.c.id.in_(bindparam("ids", expanding=True)))


def support(
    connection: Connection, call_id: UUID | None = None, ids: Collection[UUID] | None = None
) -> Rows[SupportRow]:
    """Return every support in kind, of one call or of all, or those with these ids; oldest application first."""
    wanted: list[ColumnElement[bool]] = []
    if call_id is not None:
        wanted.append(GRANTS.c.call_id == call_id)
    if ids is not None:
        wanted.append(GRANTS.c.id.in_(ids))
    their = APPLICATIONS.c.id == GRANTS.c.pilot_action_id
    query = (
        select(
            GRANTS,
            GRANTS.c.state.label("stage"),
            APPLICATIONS.c.title,
            APPLICATIONS.c.partnership_id,
            APPLICATIONS.c.submitted_at,
            PARTNERSHIPS.c.name.label("partnership"),
            PARTNERSHIPS.c.geography,
        )
        .join(APPLICATIONS, their)
        .outerjoin(PARTNERSHIPS, PARTNERSHIPS.c.id == APPLICATIONS.c.partnership_id)
        .where(*wanted)
        .order_by(APPLICATIONS.c.position)
    )
    number = select(func.count()).select_from(GRANTS).join(APPLICATIONS, their).where(*wanted)
    of = ("support", call_id) if ids is None else None
    return Rows(connection, query, number, _support, _kin, of)


def _support(row: Row) -> SupportRow:
    running = row["state"] in ("offered", "accepted")
    left = row["cents"] - row["ordered_cents"] if running else 0
    known: dict[str, Any] = {"partnership": row["partnership"] or "", "left_cents": left}
    return SupportRow(**{name: row[name] for name in SupportRow.model_fields if name not in known}, **known)
