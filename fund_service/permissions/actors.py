"""Who asks: a subject, in all the roles of its account or, by a token for one of them, in that one alone.

A role that somebody holds as a deputy counts like one of its own while it lasts, for every permission (D33).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.errors import NotPermitted
from domain.messages import World
from domain.people import ENGINE, OPERATOR, Role

_BUILT_IN: Final = {
    ENGINE: Account(label="The fund itself", roles={Role.ENGINE: None}),
    OPERATOR: Account(label="The operator", roles={Role.OPERATOR: None}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A subject who asks; `role` is the only one that counts, None where all of its roles do.

    `now` tells the fund's time (UTC), for roles of a deputy and what may be seen for some hours alone: without it they
    do not count. Such an exception is made for a thing that is named, as `by_exception` says, and for no list.
    `account` is the one that counts where the world that is looked at is past: who asks is who they are today.
    """

    subject: UUID
    role: Role | None = None
    now: Callable[[], datetime] | None = field(default=None, compare=False)
    by_exception: bool = field(default=False, compare=False)
    account: Account | None = field(default=None, compare=False)


NOBODY: Final = Actor(UUID(int=0))
"""Who is not signed in, and has no account."""


def acts_in_person(account: Account | None) -> None:
    """Raise NotPermitted for a shared mailbox: whoever reads it, nobody acts by it (D32)."""
    if account is not None and account.shared:
        raise NotPermitted(
            "This account is a shared mailbox: it receives messages, and never acts (D32).",
            "Use an account of your own; the secretariat opens one for each person who acts.",
        )


def account_of(actor: Actor, world: World) -> Account | None:
    """Return the account with the roles that count now, or None for a subject without one."""
    account = actor.account or _BUILT_IN.get(actor.subject) or world.find(ACCOUNT, actor.subject)
    if account is not None and account.deputyships and actor.now is not None:
        account = account.at(actor.now())
    if account is None or actor.role is None:
        return account
    return replace(account, roles={role: strand for role, strand in account.roles.items() if role is actor.role})
