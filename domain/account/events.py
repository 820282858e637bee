"""What happens to an account. The stream's id is the subject's id."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.people import Role, Strand
from domain.values import ProtectedText


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
)
