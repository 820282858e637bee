"""Accounts and organisations; who I am, what waits for me."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from domain.account.aggregate import ACCOUNT, Account
from domain.errors import NotFound
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import OrganisationRegistered
from domain.people import Role, Strand
from domain.values import Value
from fund_service.api.reading import Answered, Asking, Open, Routes
from fund_service.permissions.actors import account_of
from fund_service.permissions.views import View
from projections.applicant_rows import HomeRow
from projections.applicant_view import homes
from projections.timeline import ENTRIES, PEOPLE


class AccountState(Value):
    """An account: whom it acts for, its unit, its roles with the strand that each is for (null: all).

    `label` is a pseudonym; `name` is who stands behind it, null where nothing is written about them.
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


class OrganisationState(Value):
    """A city, area, region or agency; `admitted` to the programme or not (S05)."""

    id: UUID
    version: int
    name: str
    side: str
    admitted: bool
    population_asked: bool


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
        account = asking.account
        member = {Role.APPLICANT, Role.PARTNER} & account.roles.keys()
        if account.organisation_id is None or not member:
            return []
        return homes(asking.connection, account.organisation_id)

    @routes.listing("/accounts", AccountState, Open.SIGNED_IN, name="listAccounts", each=View.ACCOUNT)
    def accounts(asking: Asking) -> Iterable[AccountState]:
        """List the accounts that you may see, by label."""
        names = asking.context.parts.people.names()
        for subject in asking.connection.scalars(select(PEOPLE.c.subject).order_by(PEOPLE.c.label)).all():
            name = names.get(subject) if asking.sees(View.PERSON, subject) else None
            yield _account(asking, subject, asking.world.get(ACCOUNT, subject), name)

    @routes.one("/accounts/{subject}", AccountState, View.ACCOUNT, name="readAccount")
    def account(asking: Asking, subject: UUID) -> Answered[AccountState]:
        """Read an account as it is now."""
        found = asking.world.get(ACCOUNT, subject)
        return _account(asking, subject, found, _name(asking, subject)), asking.world.version(ACCOUNT, subject)

    @routes.listing("/organisations", OrganisationState, Open.SIGNED_IN, name="listOrganisations")
    def organisations(asking: Asking) -> Iterable[OrganisationState]:
        """List the cities, areas, regions and agencies, oldest first."""
        registered = select(ENTRIES.c.stream).where(ENTRIES.c.topic == OrganisationRegistered.TOPIC)
        for id in asking.connection.scalars(registered.order_by(ENTRIES.c.position)).all():
            yield _organisation(asking, id)

    @routes.one("/organisations/{organisation_id}", OrganisationState, Open.SIGNED_IN, name="readOrganisation")
    def organisation(asking: Asking, organisation_id: UUID) -> Answered[OrganisationState]:
        """Read a city, area, region or agency as it is now."""
        state = _organisation(asking, organisation_id)
        return state, state.version


def _name(asking: Asking, subject: UUID) -> str | None:
    """Return who stands behind an account, for those who may see it."""
    found = asking.context.parts.people.find(subject) if asking.sees(View.PERSON, subject) else None
    return found.full_name if found is not None else None


def _account(asking: Asking, subject: UUID, account: Account, name: str | None) -> AccountState:
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
