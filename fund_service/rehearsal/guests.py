"""Guests in a rehearsed fund: somebody who tries it gets an account from the invented officers."""

from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from domain.account.aggregate import ACCOUNT
from domain.account.commands import ConfirmRole, GrantRole, OpenAccount
from domain.errors import NotFound
from domain.messages import Command
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import NEEDS_SECOND_PERSON, OPERATOR, Role
from fund_service.application import Fund
from projections import lists
from projections.timeline import PEOPLE

UNIT = "Guests"


def invite(fund: Fund, connection: Connection, name: str, role: Role, organisation: UUID | None) -> UUID:
    """Open an account of this name and role, and return its subject.

    An applicant or partner acts for the organisation that is named, else for a member of the first partnership. Raises
    NotFound when there is none yet.
    """
    first, second, *_ = _officers(fund, connection)
    subject, place = uuid5(OPERATOR, f"guest/{name}"), organisation
    if place is None and role in (Role.APPLICANT, Role.PARTNER):
        place = _member(fund, connection, role)
    opened = {"label": name, "unit": UNIT, "organisation_id": place}
    _act(fund, OpenAccount, first, f"guest/{name}/opened", subject=subject, **opened)
    _act(fund, GrantRole, first, f"guest/{name}/{role}", subject=subject, role=role)
    if role in NEEDS_SECOND_PERSON:
        _act(fund, ConfirmRole, second, f"guest/{name}/{role}/confirmed", subject=subject, role=role)
    return subject


def _act(fund: Fund, command: type[Command], by: UUID, key: str, **named: object) -> None:
    fund.handle(command.model_validate({"by": by, "at": fund.clock.now(), "key": key, **named}))


def _officers(fund: Fund, connection: Connection) -> list[UUID]:
    """Return the officers of the secretariat for all strands. Raises NotFound when there are not two of them yet."""
    subjects = connection.scalars(select(PEOPLE.c.subject).order_by(PEOPLE.c.label)).all()
    accounts = [(subject, fund.world().get(ACCOUNT, subject)) for subject in subjects]
    everywhere = (Role.SECRETARIAT, None)
    found = [subject for subject, account in accounts if everywhere in account.roles.items()]
    if len(found) < 2:
        raise NotFound("The rehearsal has no two officers of the secretariat yet.", "Try again in a moment.")
    return found


def _member(fund: Fund, connection: Connection, role: Role) -> UUID:
    """Return the coordinator of the first partnership for an applicant, its first other member for a partner."""
    for row in lists.partnerships(connection):
        partnership = fund.world().get(PARTNERSHIP, row.id)
        others = [member.organisation_id for member in partnership.members]
        found = [id for id in others if (id == partnership.coordinator_id) is (role is Role.APPLICANT)]
        if found:
            return found[0]
    raise NotFound("There is no partnership yet.", "Wait until the rehearsal has formed one, or name --organisation.")
