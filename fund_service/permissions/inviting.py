"""Who may invite the holder of an account to sign in.

Whoever holds a link and its code becomes the holder. So the secretariat invites while an account has no role that two
officers grant: the second one makes sure who holds it before confirming such a role (D18).
"""

from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.messages import World
from domain.people import NEEDS_SECOND_PERSON, Role
from fund_service.permissions.relations import Permission, roles


class Holder(NamedTuple):
    """Whose holder is invited, by whom."""

    by: UUID
    subject: UUID


def _before_two_grant(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the account has no role that two officers grant, and was never a deputy in one."""
    held = world.get(ACCOUNT, named.subject)
    return not {*held.roles, *(one.role for one in held.deputyships)} & NEEDS_SECOND_PERSON


def _opened_it(account: Account, role: Role, named: Any, world: World) -> bool:
    """Tell whether the subject opened the account."""
    by: UUID = named.by
    return world.get(ACCOUNT, named.subject).opened_by == by


INVITING: Final = (
    Permission(
        roles(Role.SECRETARIAT),
        _before_two_grant,
        "the secretariat, before two officers grant a role",
    ),
    Permission(roles(Role.APPLICANT), _opened_it, "the officer of a city or region who opened the account"),
)
"""Any of these may."""
