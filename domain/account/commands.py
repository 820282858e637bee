"""What can be asked of an account."""

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.account.events import Ground
from domain.messages import Command
from domain.people import Role, Strand

Label = Field(min_length=1, max_length=100)


class RecordFirstSecretariat(Command):
    """Record the first officer of the secretariat, from the machine itself."""

    subject: UUID
    label: str = Label
    unit: str = Label


class OpenAccount(Command):
    """Open an account for a subject, for a city or region or for an office.

    The label stands in the log for ever: “Officer of Turin”, never a person's name, which belongs into the directory.
    """

    subject: UUID
    label: str = Label
    unit: str = Label
    organisation_id: UUID | None = None
    clusters: tuple[str, ...] = ()


class InviteOfficer(Command):
    """Open an account for a colleague, or for an officer of another member of one's partnership, with its role.

    `label` is what the officer is called; no name of a person.
    """

    subject: UUID
    partnership_id: UUID
    organisation_id: UUID
    label: str = Label


class GrantRole(Command):
    """Grant a role; approver, certifier and auditor wait for a second person (D18)."""

    subject: UUID
    role: Role
    strand: Strand | None = None


class ConfirmRole(Command):
    """Confirm a proposed role as the second person (D18)."""

    subject: UUID
    role: Role


class RecordClusterLead(Command):
    """Record that a subject manages a thematic cluster, whose applications it does not judge (D05)."""

    subject: UUID
    cluster: str = Label


class RevokeRole(Command):
    """Take a role away, effective at once, with the reason."""

    subject: UUID
    role: Role
    reason: str = Field(max_length=1000)


class ClaimAuthority(Command):
    """Ask to act for your city or region, whose only officer has left, with proof that it wants you to.

    `departed` is the account of who left; without it, that of the only one who acts. `reference` says what the proof is
    and where it stands: “Letter of the mayor of 4 May, scanned as 2026-117”. Two officers of the secretariat decide.
    """

    subject: UUID
    departed: UUID | None = None
    reference: str = Field(max_length=1000)


class AcceptAuthority(Command):
    """Find the proof good, as the first of two officers of the secretariat (D31)."""

    subject: UUID


class ConfirmAuthority(Command):
    """Find the proof good, as the second one: from now on this person acts, and who left does not (D31)."""

    subject: UUID


class DeclineAuthority(Command):
    """Do not find the proof good, for a reason; everything stays as it was (D31)."""

    subject: UUID
    reason: str = Field(max_length=1000)


class MarkSharedMailbox(Command):
    """Say that several people read what is sent to this account: it receives messages, and never acts (D32)."""

    subject: UUID


class NameDeputy(Command):
    """Name a deputy: somebody who holds the role of who is represented from the first day to the last, both included.

    The days are days in Brussels, 184 at most. The deputy acts in own name. An officer of the secretariat confirms it.
    """

    subject: UUID
    represents: UUID
    role: Role
    first_day: date
    last_day: date


class ConfirmDeputy(Command):
    """Confirm a deputy as the second person, neither the deputy nor represented (D33)."""

    subject: UUID
    represents: UUID
    role: Role


class EndDeputy(Command):
    """End that somebody is a deputy, effective at once, or decline that they become one, with the reason (D33)."""

    subject: UUID
    represents: UUID
    role: Role
    reason: str = Field(max_length=1000)


class HoldErasure(Command):
    """Hold a subject's personal data back from erasure, for an audit, an appeal or a litigation (E17)."""

    subject: UUID
    reason: str = Field(max_length=1000)


class LiftHold(Command):
    """Lift a hold as the second person, with the reason (D18)."""

    subject: UUID
    reason: str = Field(max_length=1000)


class DecideErasure(Command):
    """Erase a subject's personal data for good: its key, and its rows in the directory; the log stays (D16)."""

    subject: UUID
    ground: Ground = Ground.ASKED


class RecordErasure(Command):
    """Record that the personal data are erased."""

    subject: UUID
