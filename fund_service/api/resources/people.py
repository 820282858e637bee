"""Accounts and organisations; who I am, what waits for me."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account, Claim
from domain.errors import NotFound
from domain.messages import World
from domain.organisation.aggregate import ORGANISATION
from domain.people import Role, Strand
from domain.values import Instant, Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.permissions.actors import account_of
from fund_service.permissions.views import View
from projections.applicant_rows import HomeRow
from projections.applicant_view import homes
from projections.registry import OrganisationRow, RegisteredAccount
from projections.registry import accounts as registered_accounts
from projections.registry import organisations as registered_organisations


class ClaimState(Value):
    """What the holder of an account asks: to act for a city or region whose only officer has left (D31).

    `departed` is that officer, null where nobody acts any more; `reference` says what the proof is. `accepted_by` is
    the first of two officers of the secretariat.
    """

    organisation_id: UUID
    departed: UUID | None
    reference: str
    accepted_by: UUID | None


class DeputyState(Value):
    """A role held in the place of who is represented, from `starts` until `until` (UTC), the first instant after (D33).

    Until it is `confirmed` by a second person it counts for nothing.
    """

    role: Role
    represents: UUID
    represents_label: str
    deputy: UUID
    deputy_label: str
    starts: Instant
    until: Instant
    confirmed: bool


class AccountState(Value):
    """An account: whom it acts for, its unit, its roles with the strand that each is for (null: all).

    `label` is a pseudonym; `name` is who stands behind it, null where nothing is written about them. A
    `shared_mailbox` receives messages, and never acts (D32). `deputyships` are the roles that it holds for dates in the
    place of others, or will, or is proposed for; `deputies` are those of others for its own roles (D33).
    """

    id: UUID
    version: int
    label: str
    name: str | None
    unit: str
    organisation_id: UUID | None
    clusters: tuple[str, ...]
    manages: tuple[str, ...]
    roles: dict[Role, Strand | None]
    proposed: tuple[Role, ...]
    shared_mailbox: bool
    claim: ClaimState | None
    deputyships: tuple[DeputyState, ...]
    deputies: tuple[DeputyState, ...]


class AccountRow(RegisteredAccount):
    """An account in the list; `name` is who stands behind it, null where nothing is written about them."""

    name: str | None


class OrganisationState(Value):
    """A city, area, region or agency; `admitted` to the programme or not (S05)."""

    id: UUID
    version: int
    name: str
    side: str
    admitted: bool
    population_asked: bool


def own_homes(asking: Asking) -> list[HomeRow]:
    """Return the partnerships of the city or region that somebody acts for."""
    return asking.once(_own_homes)


def _own_homes(asking: Asking) -> list[HomeRow]:
    account = asking.account
    member = {Role.APPLICANT, Role.PARTNER} & account.roles.keys()
    if account.organisation_id is None or not member:
        return []
    return homes(asking.connection, account.organisation_id)


def people_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.one("/me", AccountState, Open.SIGNED_IN, name="readMe")
    def me(asking: Asking) -> Answered[AccountState]:
        """Read your own account, with the roles that count for this token."""
        account = account_of(asking.actor, asking.world)
        if account is None:
            raise NotFound("You have no account any more.", "Ask the secretariat.")
        return _account(asking, asking.by, account, _name(asking, asking.by)), asking.world.version(ACCOUNT, asking.by)

    @routes.listing("/me/home", HomeRow, Open.SIGNED_IN, name="listMyHome")
    def home(asking: Asking) -> Iterable[HomeRow]:
        """List the partnerships of the city or region that you act for, each with its next step."""
        return own_homes(asking)

    @routes.listing("/accounts", AccountRow, Open.SIGNED_IN, name="listAccounts", each=View.ACCOUNT)
    def accounts(asking: Asking) -> Iterable[AccountRow]:
        """List the accounts that you may see, by label."""
        return every_account(asking)

    @routes.one("/accounts/{subject}", AccountState, View.ACCOUNT, name="readAccount")
    def account(asking: Asking, subject: UUID) -> Answered[AccountState]:
        """Read an account as it is now."""
        return account_state(asking, subject), asking.world.version(ACCOUNT, subject)

    @routes.listing("/organisations", OrganisationRow, Open.SIGNED_IN, name="listOrganisations")
    def organisations(asking: Asking) -> Iterable[OrganisationRow]:
        """List the cities, areas, regions and agencies, oldest first."""
        return registered_organisations(asking.connection)

    @routes.one("/organisations/{organisation_id}", OrganisationState, Open.SIGNED_IN, name="readOrganisation")
    def organisation(asking: Asking, organisation_id: UUID) -> Answered[OrganisationState]:
        """Read a city, area, region or agency as it is now."""
        state = _organisation(asking, organisation_id)
        return state, state.version


def every_account(asking: Asking) -> Iterator[AccountRow]:
    """Yield every account by label, with who stands behind it for those who may see that."""
    names = asking.context.parts.people.names()
    for row in registered_accounts(asking.connection):
        yield AccountRow(**dict(row), name=names.get(row.id) if asking.sees(View.PERSON, row.id) else None)


def account_state(asking: Asking, subject: UUID) -> AccountState:
    """Return an account as it is now. Raises NotFound."""
    return _account(asking, subject, asking.world.get(ACCOUNT, subject), _name(asking, subject))


def _name(asking: Asking, subject: UUID) -> str | None:
    """Return who stands behind an account, for those who may see it."""
    found = asking.context.parts.people.find(subject) if asking.sees(View.PERSON, subject) else None
    return found.full_name if found is not None else None


def _account(asking: Asking, subject: UUID, account: Account, name: str | None) -> AccountState:
    now = asking.now
    return AccountState(
        id=subject,
        version=asking.world.version(ACCOUNT, subject),
        label=account.label,
        name=name,
        unit=account.unit,
        organisation_id=account.organisation_id,
        clusters=account.clusters,
        manages=tuple(sorted(account.manages)),
        roles=account.roles,
        proposed=tuple(sorted(account.proposed)),
        shared_mailbox=account.shared,
        claim=_claim(account.claim),
        deputyships=tuple(_deputyships(asking.world, subject, account, now)),
        deputies=tuple(_deputies(asking.world, subject, account, now)),
    )


def _deputyships(world: World, subject: UUID, account: Account, now: datetime) -> Iterator[DeputyState]:
    """Yield the roles that an account holds for others, or will, or is proposed for."""
    for confirmed, ones in ((True, account.deputyships), (False, account.deputy_for.values())):
        for one in ones:
            if now < one.until:
                represented = world.find(ACCOUNT, one.represents) or Account()
                yield DeputyState(
                    role=one.role,
                    represents=one.represents,
                    represents_label=represented.label,
                    deputy=subject,
                    deputy_label=account.label,
                    starts=one.starts,
                    until=one.until,
                    confirmed=confirmed,
                )


def deputyships_of(asking: Asking, subject: UUID) -> Iterator[DeputyState]:
    """Yield the roles that a subject holds for others, or will, or is proposed for; none without an account."""
    account = asking.world.find(ACCOUNT, subject) or Account()
    return _deputyships(asking.world, subject, account, asking.now)


def deputies_of(asking: Asking, subject: UUID) -> Iterator[DeputyState]:
    """Yield who holds an account's own roles for dates, or will, or is proposed for it, as the register knows."""
    now = asking.now
    for row in registered_accounts(asking.connection, [subject]):
        for one in row.deputies:
            if now < one.until:
                deputy = asking.world.find(ACCOUNT, one.deputy) or Account()
                yield DeputyState(**dict(one), represents_label=row.label, deputy_label=deputy.label)


def _deputies(world: World, subject: UUID, account: Account, now: datetime) -> Iterator[DeputyState]:
    """Yield who holds an account's own roles for dates, or will."""
    for deputy in dict.fromkeys(deputy for _, deputy in account.deputies):
        of_deputy = _deputyships(world, deputy, world.get(ACCOUNT, deputy), now)
        yield from (one for one in of_deputy if one.represents == subject and one.confirmed)


def _claim(claim: Claim | None) -> ClaimState | None:
    if claim is None:
        return None
    return ClaimState(
        organisation_id=claim.organisation_id,
        departed=claim.departed,
        reference=claim.reference.text or "",
        accepted_by=claim.accepted_by,
    )


def _organisation(asking: Asking, id: UUID) -> OrganisationState:
    found = asking.world.get(ORGANISATION, id)
    return OrganisationState(
        id=id,
        version=asking.world.version(ORGANISATION, id),
        name=found.name,
        side=found.side,
        admitted=found.admitted,
        population_asked=found.population_asked,
    )
