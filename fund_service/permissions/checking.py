"""The question itself: may this actor ask for it, may it see it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.errors import NotFound, NotPermitted
from domain.messages import Command, World
from domain.people import Role
from fund_service.permissions.actors import Actor, account_of, acts_in_person
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.permissions.inviting import INVITING, Holder
from fund_service.permissions.relations import Permission
from fund_service.permissions.views import AFTER_CLOSING, OF_ALL, VIEWS, OfCall, View, question


def check_permission(command: Command, world: World, actor: Actor | None = None) -> None:
    """Raise NotPermitted unless the subject may ask for this, in one of the roles that count at its instant."""
    permission = PERMISSIONS.get(type(command))
    account = account_of(replace(actor or Actor(command.by), now=lambda: command.at), world)
    acts_in_person(account)
    if permission is None or account is None:
        raise NotPermitted("You may not do this: this subject has no account.", "Ask the secretariat for one.")
    if not _allows([permission], account, command, world):
        raise NotPermitted(f"You may not do this; only {permission.says} may.", "Ask the secretariat.")


def may_see(view: View, actor: Actor, id: UUID, world: World) -> bool:
    """Tell whether the actor may see this of the thing with this id; nobody sees what is not there."""
    account = account_of(actor, world)
    if account is None:
        return False
    try:
        return _allows(VIEWS[view], account, question(view, actor, id), world)
    except NotFound:
        return False


def may_see_all(view: View, actor: Actor, call_id: UUID, world: World) -> bool:
    """Tell whether the actor may see this of everything in the call; where not, each thing is asked for itself."""
    account = account_of(actor, world)
    if account is None:
        return False
    asked = OfCall(actor.subject, call_id)
    every = (permission._replace(relation=OF_ALL.get(permission.relation, _never)) for permission in VIEWS[view])
    return _allows(every, account, asked, world)


def may_see_before_closing(view: View, actor: Actor, call_id: UUID, world: World) -> bool:
    """Tell whether the actor may see this of a call while its window for applications is not closed, too."""
    account = account_of(actor, world)
    always = (permission for permission in VIEWS[view] if permission.relation is not AFTER_CLOSING)
    return account is not None and _allows(always, account, question(view, actor, call_id), world)


def _never(account: Account, role: Role, named: Any, world: World) -> bool:
    return False


def check_inviting(actor: Actor, subject: UUID, world: World) -> None:
    """Raise NotPermitted unless the actor may invite the holder of an account, NotFound when there is none.

    Nobody is invited to sign in as a shared mailbox (D32).
    """
    acts_in_person(world.get(ACCOUNT, subject))
    account = account_of(actor, world)
    if account is None or not _allows(INVITING, account, Holder(actor.subject, subject), world):
        raise NotPermitted(
            f"You may not invite the holder; only {' and '.join(one.says for one in INVITING)} may.",
            "Ask whoever runs the service: they can, on the machine itself.",
        )


def _allows(permissions: Iterable[Permission], account: Account, named: Any, world: World) -> bool:
    return any(permission.allows(account, named, world) for permission in permissions)
