"""What happens to an account. The stream's id is the subject's id."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.people import Role, Strand
from domain.values import Instant, ProtectedText


class Ground(StrEnum):
    """Why personal data are erased: the person asked for it, or nobody needs them any longer (D16)."""

    ASKED = "asked_for"
    UNNEEDED = "no_longer_needed"


class FirstSecretariatRecorded(Event):
    """The machine's operator recorded the first officer of the secretariat; this happens once in a fund's life."""

    TOPIC: ClassVar[str] = "account.first-secretariat-recorded"
    SAYS: ClassVar[str] = "The first officer of the secretariat was recorded."
    subject: UUID


class AccountOpened(Event):
    """A subject may sign in. `label` is a pseudonym, `unit` its organisational unit (E07).

    `organisation_id` is the city or region that it acts for, None for an office.
    """

    TOPIC: ClassVar[str] = "account.opened"
    SAYS: ClassVar[str] = "{label} got an account."
    label: str
    unit: str
    organisation_id: UUID | None
    clusters: tuple[str, ...] = ()


class RoleProposed(Event):
    """One officer proposed a role that needs a second person (D18)."""

    TOPIC: ClassVar[str] = "account.role-proposed"
    SAYS: ClassVar[str] = "The role {role} was proposed; a second person confirms it."
    role: Role
    strand: Strand | None


class RoleGranted(Event):
    """The subject has this role, for one strand or for all (D22).

    `proposed_by` is the first of two officers, None where one was enough (D18).
    """

    TOPIC: ClassVar[str] = "account.role-granted"
    SAYS: ClassVar[str] = "The role {role} was granted."
    role: Role
    strand: Strand | None
    proposed_by: UUID | None = None


class RoleRevoked(Event):
    """The subject no longer has this role, for this reason."""

    TOPIC: ClassVar[str] = "account.role-revoked"
    SAYS: ClassVar[str] = "The role {role} was revoked."
    role: Role
    reason: ProtectedText


class ClusterLeadRecorded(Event):
    """The subject manages a thematic cluster; this stays true of it in every later judgement (D05)."""

    TOPIC: ClassVar[str] = "account.cluster-lead-recorded"
    SAYS: ClassVar[str] = "It was recorded who manages the cluster {cluster}."
    cluster: str


class ErasureHeld(Event):
    """An audit, an appeal or a litigation needs the subject's personal data, whatever their age (E17)."""

    TOPIC: ClassVar[str] = "account.erasure-held"
    SAYS: ClassVar[str] = "The personal data are held back from erasure."
    reason: ProtectedText


class ErasureHoldLifted(Event):
    """Nothing needs the subject's personal data any longer; `held_by` is the first of two officers (D18)."""

    TOPIC: ClassVar[str] = "account.erasure-hold-lifted"
    SAYS: ClassVar[str] = "The personal data are no longer held back from erasure."
    held_by: UUID
    reason: ProtectedText


class ErasureDecided(Event):
    """The subject's personal data are to be erased, on this ground; the fund does so at once (D16)."""

    TOPIC: ClassVar[str] = "account.erasure-decided"
    SAYS: ClassVar[str] = "The personal data are to be erased: {ground}."
    ground: Ground


class PersonalDataErased(Event):
    """The subject's key is destroyed and its rows in the directory are gone, as `decided_by` decided (D16)."""

    TOPIC: ClassVar[str] = "account.personal-data-erased"
    SAYS: ClassVar[str] = "The personal data were erased: {ground}."
    decided_by: UUID
    ground: Ground


class AuthorityClaimed(Event):
    """Somebody asked, with proof, to act for a city or region whose only officer has left (D31).

    `departed` is that officer, None where nobody acts for it any more. `reference` says where the proof is.
    """

    TOPIC: ClassVar[str] = "account.authority-claimed"
    SAYS: ClassVar[str] = (
        "Somebody asked, with proof, to act in place of an officer who has left; "
        "two officers of the secretariat decide."
    )
    organisation_id: UUID
    departed: UUID | None
    reference: ProtectedText


class AuthorityAccepted(Event):
    """The first of two officers of the secretariat found the proof good (D31)."""

    TOPIC: ClassVar[str] = "account.authority-accepted"
    SAYS: ClassVar[str] = "An officer of the secretariat found the proof good; a second one decides."
    organisation_id: UUID
    departed: UUID | None


class AuthorityDeclined(Event):
    """An officer of the secretariat did not find the proof good; everything stays as it was (D31)."""

    TOPIC: ClassVar[str] = "account.authority-declined"
    SAYS: ClassVar[str] = "The secretariat did not find the proof good; everything stays as it was."
    organisation_id: UUID
    departed: UUID | None
    reason: ProtectedText


class AuthorityConfirmed(Event):
    """Two officers of the secretariat decided who acts from now on; `accepted_by` is the first of them (D31)."""

    TOPIC: ClassVar[str] = "account.authority-confirmed"
    SAYS: ClassVar[str] = "Two officers of the secretariat found the proof good."
    organisation_id: UUID
    departed: UUID | None
    accepted_by: UUID


class SharedMailboxMarked(Event):
    """Several people read what is sent here: it is told of things, and never acts (D32)."""

    TOPIC: ClassVar[str] = "account.shared-mailbox-marked"
    SAYS: ClassVar[str] = "It is a shared mailbox: it receives messages, and never acts."


class DeputyProposed(Event):
    """Somebody asked that this person be a deputy: hold the role of who is represented, for dates (D33).

    From `starts` until `until`, which is the first instant after; a second person confirms it.
    """

    TOPIC: ClassVar[str] = "account.deputy-proposed"
    SAYS: ClassVar[str] = (
        "A deputy for the role {role} was proposed, from {starts} until {until}; a second person confirms it."
    )
    role: Role
    represents: UUID
    starts: Instant
    until: Instant


class DeputyNamed(Event):
    """This person holds the role of who is represented from `starts` until `until`, and acts in own name (D33).

    `strand` is that of the role represented, None for all; `proposed_by` is the first of two persons.
    """

    TOPIC: ClassVar[str] = "account.deputy-named"
    SAYS: ClassVar[str] = "A deputy for the role {role} was named, from {starts} until {until}."
    role: Role
    strand: Strand | None
    represents: UUID
    starts: Instant
    until: Instant
    proposed_by: UUID


class Represented(Event):
    """Who has this role is represented in it by a deputy, whose own account says until when (D33)."""

    TOPIC: ClassVar[str] = "account.represented"
    SAYS: ClassVar[str] = "A deputy stands in for the role {role}."
    role: Role
    deputy: UUID


class DeputyEnded(Event):
    """This person is no deputy of who is represented any more, or was only proposed and does not become one (D33)."""

    TOPIC: ClassVar[str] = "account.deputy-ended"
    SAYS: ClassVar[str] = "It was ended that a deputy holds the role {role}."
    role: Role
    represents: UUID
    reason: ProtectedText


AccountEvent = (
    FirstSecretariatRecorded
    | AccountOpened
    | RoleProposed
    | RoleGranted
    | RoleRevoked
    | ClusterLeadRecorded
    | ErasureHeld
    | ErasureHoldLifted
    | ErasureDecided
    | PersonalDataErased
    | AuthorityClaimed
    | AuthorityAccepted
    | AuthorityDeclined
    | AuthorityConfirmed
    | SharedMailboxMarked
    | DeputyProposed
    | DeputyNamed
    | Represented
    | DeputyEnded
)
