"""How somebody must stand to what is named, before a role counts: its own city, its own strand, its own committee."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.account.commands import ConfirmRole
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.ids import evaluation_id
from domain.messages import World
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.people import Role
from domain.pilot_action.aggregate import PILOT_ACTION

Relation = Callable[[Account, Role, Any, World], bool]
"""Of an account in one of its roles to what a command, or a question, names; `by` is the subject."""


class Permission(NamedTuple):
    """Any of the roles, in this relation to what is named. `says` completes “Only … may do this.”

    Whoever holds an account that stands in a field of `holders` needs no role.
    """

    roles: frozenset[Role]
    relation: Relation
    says: str
    holders: tuple[str, ...] = ()

    def allows(self, account: Account, named: Any, world: World) -> bool:
        """Tell whether the account may, as it stands to what is named."""
        if any(named.by == getattr(named, field) for field in self.holders):
            return True
        return any(self.relation(account, role, named, world) for role in self.roles & account.roles.keys())


def partnership_of(command: Any, world: World) -> Partnership:
    """Return the partnership that what is named belongs to. Raises NotFound."""
    if hasattr(command, "partnership_id"):
        return world.get(PARTNERSHIP, command.partnership_id)
    if hasattr(command, "pilot_action_id"):
        pilot = world.get(PILOT_ACTION, command.pilot_action_id)
        return world.get(PARTNERSHIP, pilot.partnership_id or command.pilot_action_id)
    granted = world.get(GRANT, command.grant_id)
    return world.get(PARTNERSHIP, granted.partnership_id or command.grant_id)


def anywhere(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell that the role alone is enough."""
    return True


def for_all_strands(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role is for all strands."""
    return account.roles.get(role) is None


def in_named_strand(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role is for the strand, or the geography, that is named."""
    own = account.roles.get(role)
    named = command.geography.strand if hasattr(command, "geography") else command.strand
    return own is None or own is named


def in_strand_of_role(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role that the subject has, or is proposed for, is one of the officer's own strand."""
    own, subject = account.roles.get(role), world.get(ACCOUNT, command.subject)
    if own is None:
        return True
    _, proposed = subject.proposed.get(command.role, (None, None))
    return own is (proposed if isinstance(command, ConfirmRole) else subject.roles.get(command.role))


def in_strand_of_represented(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role is for the strand of the role that a deputy holds, or is to hold, for its holder."""
    own, represented = account.roles.get(role), world.get(ACCOUNT, command.represents).roles
    asked = [represented.get(command.role)] if hasattr(command, "role") else represented.values()
    return own is None or own in asked  # a form that does not name the role yet may be about any


def in_strand(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role is for the strand of the partnership."""
    strand = account.roles.get(role)
    return strand is None or strand is partnership_of(command, world).geography.strand


def for_coordinator(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the subject acts for the coordinating city or region."""
    return (
        account.organisation_id is not None and account.organisation_id == partnership_of(command, world).coordinator_id
    )


def for_member(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the subject acts for the member that is named."""
    named: UUID = command.organisation_id
    return account.organisation_id == named and named in partnership_of(command, world).member_ids()


def as_its_coach(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the subject coaches the partnership now."""
    by: UUID = command.by
    return partnership_of(command, world).coach == by


def as_coach_of_all(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the subject coaches all the partnerships now."""
    return all(world.get(PARTNERSHIP, one).coach == command.by for one in command.partnership_ids)


def in_strand_of_all(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the role is for the strand of all the partnerships."""
    strand = account.roles.get(role)
    return strand is None or all(world.get(PARTNERSHIP, one).geography.strand is strand for one in command.old_ids)


def on_its_committee(account: Account, role: Role, command: Any, world: World) -> bool:
    """Tell whether the subject has a seat on the committee of the application."""
    found = world.find(EVALUATION, evaluation_id(command.pilot_action_id))
    return found is not None and command.by in found.seats


def roles(*roles: Role) -> frozenset[Role]:
    """Return the roles that a permission is for."""
    return frozenset(roles)
