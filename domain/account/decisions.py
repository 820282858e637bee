"""What the fund decides about accounts and roles."""

from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.account.commands import (
    ConfirmRole,
    GrantRole,
    InviteOfficer,
    MarkSharedMailbox,
    OpenAccount,
    RecordClusterLead,
    RecordFirstSecretariat,
    RevokeRole,
)
from domain.account.deputies import ending_with, two_persons_decide
from domain.account.events import (
    AccountOpened,
    ClusterLeadRecorded,
    FirstSecretariatRecorded,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
    SharedMailboxMarked,
)
from domain.account.succession import nobody_follows_by_one_word
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.partnership.standing import standing
from domain.people import ACTS_FOR_A_CITY, NEEDS_SECOND_PERSON, OPERATOR, Role
from domain.rulebook.ours.people import (
    a_reason_is_given,
    somebody_acts_in_person,
)
from domain.values import ProtectedText


def record_first_secretariat(command: RecordFirstSecretariat, world: World) -> Decision:
    """Record the first officer of the secretariat, once; everybody else gets a role from an officer."""
    if world.find(ACCOUNT, OPERATOR):
        raise WrongStage("The first secretariat is recorded already.", "Ask an officer of the secretariat for a role.")
    opened = AccountOpened(**command.stamp(), label=command.label, unit=command.unit, organisation_id=None)
    return [
        Change(OPERATOR, FirstSecretariatRecorded(**command.stamp(), subject=command.subject)),
        Change(command.subject, opened),
        Change(command.subject, RoleGranted(**command.stamp(), role=Role.SECRETARIAT, strand=None)),
    ]


def open_account(command: OpenAccount, world: World) -> Decision:
    """Open an account, for an organisation that is known or for an office."""
    _has_no_account(command.subject, world)
    if command.organisation_id:
        world.get(ORGANISATION, command.organisation_id)
    event = AccountOpened(
        **command.stamp(),
        label=command.label,
        unit=command.unit,
        organisation_id=command.organisation_id,
        clusters=command.clusters,
    )
    return [Change(command.subject, event)]


def _has_no_account(subject: UUID, world: World) -> None:
    if world.find(ACCOUNT, subject):
        raise WrongStage("This subject has an account already.", "Grant it another role instead.")


def invite_officer(command: InviteOfficer, world: World) -> Decision:
    """Open an account for an officer of a member: of the coordinator an applicant, of another one a partner.

    For a member whose only officer has left nobody is invited by one person's word (D31).
    """
    _has_no_account(command.subject, world)
    partnership = standing(world, command.partnership_id)
    member = next((one for one in partnership.members if one.organisation_id == command.organisation_id), None)
    if member is None:
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    nobody_follows_by_one_word(world, command.organisation_id, command.subject)
    role = Role.APPLICANT if command.organisation_id == partnership.coordinator_id else Role.PARTNER
    opened = AccountOpened(
        **command.stamp(), label=command.label, unit=member.name, organisation_id=command.organisation_id
    )
    granted = RoleGranted(**command.stamp(), role=role, strand=None)
    return [Change(command.subject, opened), Change(command.subject, granted)]


def grant_role(command: GrantRole, world: World) -> Decision:
    """Grant a role, or propose it where a second person confirms (D18); never to a shared mailbox (D32).

    Nobody follows the only officer of a city or region in this way (D31).
    """
    account = world.get(ACCOUNT, command.subject)
    somebody_acts_in_person(account.shared)
    if command.role in (Role.ENGINE, Role.OPERATOR):
        raise WrongStage(f"Nobody is granted the role {command.role}.", "Choose one of the roles of people.")
    if command.role in account.roles:
        raise WrongStage(f"This subject has the role {command.role} already.")
    if command.role in ACTS_FOR_A_CITY and account.organisation_id is not None:
        nobody_follows_by_one_word(world, account.organisation_id, command.subject)
    named = command.stamp(role=command.role, strand=command.strand)
    if command.role in NEEDS_SECOND_PERSON:
        return [Change(command.subject, RoleProposed(**named))]
    return [Change(command.subject, RoleGranted(**named))]


def confirm_role(command: ConfirmRole, world: World) -> Decision:
    """Confirm a proposed role as the second person (D18)."""
    account = world.get(ACCOUNT, command.subject)
    if command.role not in account.proposed:
        raise WrongStage(f"Nobody proposed the role {command.role} for this subject.", "Propose it first.")
    somebody_acts_in_person(account.shared)
    first, strand = account.proposed[command.role]
    two_persons_decide(first, command, world)
    granted = RoleGranted(**command.stamp(), role=command.role, strand=strand, proposed_by=first)
    return [Change(command.subject, granted)]


def revoke_role(command: RevokeRole, world: World) -> Decision:
    """Take a role away, for a reason that others understand later (D18); a deputy in it stops too (D33)."""
    account = world.get(ACCOUNT, command.subject)
    if command.role not in account.roles:
        raise WrongStage(f"This subject does not have the role {command.role}.")
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    revoked = Change(command.subject, RoleRevoked(**command.stamp(), role=command.role, reason=reason))
    return [revoked, *ending_with(command, command.subject, command.role, world)]


def mark_shared_mailbox(command: MarkSharedMailbox, world: World) -> Decision:
    """Say that several people read what is sent here; an account that acts is no such mailbox (D32)."""
    account = world.get(ACCOUNT, command.subject)
    if account.shared:
        raise WrongStage("This account is marked as a shared mailbox already.")
    if account.roles:
        raise WrongStage(f"This subject has the role {next(iter(account.roles))}.", "Revoke its roles first.")
    if account.stands_in(command.at):
        raise WrongStage("This subject is a deputy, or proposed as one.", "End that first.")
    return [Change(command.subject, SharedMailboxMarked(**command.stamp()))]


def record_cluster_lead(command: RecordClusterLead, world: World) -> Decision:
    """Record who manages a cluster (D05)."""
    if command.cluster in world.get(ACCOUNT, command.subject).manages:
        raise WrongStage(f"This subject is recorded already as the manager of {command.cluster}.")
    return [Change(command.subject, ClusterLeadRecorded(**command.stamp(), cluster=command.cluster))]
