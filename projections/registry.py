"""The registers: every account with its roles, every city, area, region and agency, each with its stream's version."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Index, MetaData, Table, Text, Uuid, cast, select

from domain.account.events import (
    AccountEvent,
    AccountOpened,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    ClusterLeadRecorded,
    DeputyEnded,
    DeputyNamed,
    DeputyProposed,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
    SharedMailboxMarked,
)
from domain.messages import Recorded
from domain.organisation.events import (
    OrganisationAdmitted,
    OrganisationEvent,
    OrganisationRegistered,
    PopulationAsked,
    PopulationStated,
)
from domain.people import Role, Strand
from domain.values import Instant, Value
from projections.read_model import ReadModel, Row, Tables, Words, fetch

METADATA = MetaData()

ACCOUNTS = Table(
    "registry_accounts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, default=0),
    Column("opened", Boolean, default=False),
    Column("label", Words, default=""),
    Column("unit", Words, default=""),
    Column("organisation_id", Uuid),
    Column("clusters", JSON, default=()),
    Column("manages", JSON, default=()),
    Column("roles", JSON, default={}),
    Column("proposed", JSON, default=()),
    Column("shared_mailbox", Boolean, default=False),
    Column("claims", Boolean, default=False),
    Column("deputyships", JSON, default=()),
    Column("deputies", JSON, default=()),
)

ORGANISATIONS = Table(
    "registry_organisations",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("version", BigInteger, default=0),
    Column("name", Words, default=""),
    Column("kind", Words, default=""),
    Column("side", Words, default=""),
    Column("country", Words, default=""),
    Column("population", BigInteger),
    Column("admitted", Boolean, default=False),
    Column("population_asked", Boolean, default=False),
    Column("generated", Boolean, default=False),
)

Index("registry_accounts_by_organisation", ACCOUNTS.c.organisation_id)


class DeputyRow(Value):
    """A role that an account holds in the place of another from `starts` until `until` (UTC), once it is confirmed."""

    role: Role
    represents: UUID
    deputy: UUID
    starts: Instant
    until: Instant
    confirmed: bool


class RegisteredAccount(Value):
    """An account: whom it acts for, its unit, its roles with the strand that each is for (null: all), those proposed.

    `label` is a pseudonym. `claims`: it asks to act for its city or region (D31). `deputyships` say whom it represents,
    `deputies` who represents it, each with its dates (D33).
    """

    id: UUID
    version: int
    label: str
    unit: str
    organisation_id: UUID | None
    clusters: tuple[str, ...]
    manages: tuple[str, ...]
    roles: dict[Role, Strand | None]
    proposed: tuple[Role, ...]
    shared_mailbox: bool
    claims: bool
    deputyships: tuple[DeputyRow, ...]
    deputies: tuple[DeputyRow, ...]


class OrganisationRow(Value):
    """A city, area, region or agency; `admitted` to the programme or not (S05). `generated` marks an invented one."""

    id: UUID
    version: int
    name: str
    kind: str
    side: str
    country: str
    population: int | None
    admitted: bool
    population_asked: bool
    generated: bool


class Registry(ReadModel):
    """Who has an account, and which places take part."""

    name: ClassVar[str] = "registry"
    version: ClassVar[int] = 3
    metadata: ClassVar[MetaData] = METADATA

    def project(self, tables: Tables, recorded: Recorded) -> None:
        """Enter what an event says of an account or a place."""
        event, id, version = recorded.event, recorded.stream, recorded.version
        if isinstance(event, DeputyProposed | DeputyNamed | DeputyEnded):
            _enter_deputy(tables, id, event)
        if isinstance(event, AccountEvent):
            rows = tables[ACCOUNTS]
            rows.put({**rows.row(id), **_of_account(rows.row(id), event), "version": version})
        elif isinstance(event, OrganisationEvent):
            known = _of_organisation(event, recorded.position)
            tables[ORGANISATIONS].change(id, **{**known, "version": version})


def _of_account(row: Row, event: AccountEvent) -> Row:
    roles, others = row["roles"], row["proposed"]
    match event:
        case AccountOpened():
            about = {"label": event.label, "unit": event.unit, "organisation_id": event.organisation_id}
            return {**about, "clusters": list(event.clusters), "opened": True}
        case RoleProposed(role=role):
            return {"proposed": sorted({*others, role.value})}
        case RoleGranted(role=role, strand=strand):
            granted = {**roles, role.value: strand.value if strand else None}
            return {"roles": granted, "proposed": [one for one in others if one != role.value]}
        case RoleRevoked(role=role):
            return {"roles": {one: strand for one, strand in roles.items() if one != role.value}}
        case ClusterLeadRecorded(cluster=cluster):
            return {"manages": sorted({*row["manages"], cluster})}
        case AuthorityClaimed() | AuthorityDeclined() | AuthorityConfirmed():
            return {"claims": isinstance(event, AuthorityClaimed)}
        case SharedMailboxMarked():
            return {"shared_mailbox": True}
        case _:
            return {}


def _enter_deputy(tables: Tables, deputy: UUID, event: DeputyProposed | DeputyNamed | DeputyEnded) -> None:
    """Enter what an event says of a deputy with both: what was open between them in this role gives way."""
    for id, column in ((deputy, "deputyships"), (event.represents, "deputies")):
        row, pair = tables[ACCOUNTS].row(id), (event.role.value, str(event.represents), str(deputy))
        others = [one for one in row[column] if not _gives_way(one, pair, event)]
        tables[ACCOUNTS].put({**row, column: [*others, *_deputyship(pair, event)]})


def _gives_way(one: Row, pair: tuple[str, str, str], event: AccountEvent) -> bool:
    """Tell whether an entry is what was proposed, or what an end ends; what was over before stays."""
    over = datetime.fromisoformat(one["until"]) <= event.effective_at
    return (one["role"], one["represents"], one["deputy"]) == pair and not (one["confirmed"] and over)


def _deputyship(pair: tuple[str, str, str], event: DeputyProposed | DeputyNamed | DeputyEnded) -> list[Row]:
    if isinstance(event, DeputyEnded):
        return []
    dates = {"starts": event.starts.isoformat(), "until": event.until.isoformat()}
    who = dict(zip(("role", "represents", "deputy"), pair, strict=True))
    return [{**who, **dates, "confirmed": isinstance(event, DeputyNamed)}]


def _of_organisation(event: OrganisationEvent, position: int) -> Row:
    match event:
        case OrganisationRegistered():
            about = {"name": event.name, "kind": event.kind.value, "side": event.side, "country": event.country}
            return {**about, "population": event.population, "generated": event.generated, "position": position}
        case OrganisationAdmitted():
            return {"admitted": True}
        case PopulationAsked():
            return {"population_asked": True}
        case PopulationStated():
            return {"population": event.population, "population_asked": False}
        case _:
            return {}


def accounts(
    connection: Connection,
    ids: Collection[UUID] | None = None,
    organisation_id: UUID | None = None,
    role: Role | None = None,
) -> Iterator[RegisteredAccount]:
    """Yield every account, those with these ids, for one city or region, or with a role, by label."""
    query = select(ACCOUNTS).where(ACCOUNTS.c.opened).order_by(ACCOUNTS.c.label, ACCOUNTS.c.id)
    if ids is not None:
        query = query.where(ACCOUNTS.c.id.in_(ids))
    if organisation_id is not None:
        query = query.where(ACCOUNTS.c.organisation_id == organisation_id)
    if role is not None:
        query = query.where(
            cast(ACCOUNTS.c.roles, Text).contains(f'"{role.value}"')
        )  # a key, as no strand is called so
    return (RegisteredAccount(**_fields(RegisteredAccount, row)) for row in fetch(connection, query))


def organisations(connection: Connection, ids: Collection[UUID] | None = None) -> Iterator[OrganisationRow]:
    """Yield the cities, areas, regions and agencies, or those with these ids, in the order of their registration."""
    query = select(ORGANISATIONS).where(ORGANISATIONS.c.position.is_not(None)).order_by(ORGANISATIONS.c.position)
    if ids is not None:
        query = query.where(ORGANISATIONS.c.id.in_(ids))
    return (OrganisationRow(**_fields(OrganisationRow, row)) for row in fetch(connection, query))


def _fields(kind: type[Value], row: Row) -> Row:
    return {name: row[name] for name in kind.model_fields}
