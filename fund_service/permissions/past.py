"""Who may look at the past: an auditor, and the offices whose rights only grow with time.

What others might see then they may have lost since: a seat on a committee, a partnership, a draft of their own.
"""

from dataclasses import replace
from typing import Final

from domain.errors import NotPermitted
from domain.messages import World
from domain.people import Role
from fund_service.permissions.actors import Actor, account_of

LOOKERS: Final = frozenset(
    {Role.AUDITOR, Role.SECRETARIAT, Role.APPROVER, Role.CERTIFIER, Role.RESOURCE_MANAGER, Role.OPERATOR}
)
"""The roles in which one may look at the past."""


def looking_back(actor: Actor, today: World) -> Actor:
    """Return who looks at the past: with the offices of today, whatever was then, and no exceptions of then.

    Raises NotPermitted for everybody else.
    """
    account = account_of(actor, today)
    offices = {role: strand for role, strand in account.roles.items() if role in LOOKERS} if account else {}
    if account is None or not offices:
        raise NotPermitted(
            "You may not look at the past; only an auditor, the secretariat, an approver, a certifier or a resource "
            "manager may.",
            "Leave as_of and held_at out, and see what is now.",
        )
    office = replace(account, roles=offices, deputyships=(), organisation_id=None)
    return replace(actor, by_exception=False, account=office)
