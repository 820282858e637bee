"""The account's state."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from domain.account.events import (
    AccountEvent,
    AccountOpened,
    AuthorityAccepted,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    ClusterLeadRecorded,
    DeputyEnded,
    DeputyNamed,
    DeputyProposed,
    ErasureDecided,
    ErasureHeld,
    ErasureHoldLifted,
    FirstSecretariatRecorded,
    PersonalDataErased,
    Represented,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
    SharedMailboxMarked,
)
from domain.messages import Aggregate
from domain.people import Role, Strand
from domain.values import ProtectedText


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody asks: to act for a city or region in place of who left; `accepted_by` is the first of two (D31)."""

    organisation_id: UUID
    departed: UUID | None
    reference: ProtectedText
    accepted_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Deputyship:
    """A role in the place of who is represented, from `starts` until `until` (UTC), the first instant after (D33)."""

    role: Role
    represents: UUID
    proposed_by: UUID
    starts: datetime
    until: datetime
    strand: Strand | None = None

    def lasts(self, at: datetime) -> bool:
        """Tell whether the role counts at this instant."""
        return self.starts <= at < self.until


@dataclass(frozen=True, slots=True)
class Account:
    """A subject: whom it acts for, its unit and clusters, its roles with the strand they are for (None: all).

    `opened_by` is the subject who opened the account. `manages` are the clusters that it manages or managed (D05).
    `proposed` names, for a role that waits for a second person, who proposed it and for which strand. `held_by` holds
    its personal data back from erasure (E17); `erasure` was decided and is not carried out yet. `held` are the roles
    that it ever had. `claim` waits for two officers of the secretariat (D31). A `shared` mailbox never acts (D32).
    `deputyships` are those that it has, will have and had; `deputy_for` names, for a role, what a second person is to
    confirm; `deputies` were named for roles of its own (D33).
    """

    label: str = ""
    unit: str = ""
    organisation_id: UUID | None = None
    clusters: tuple[str, ...] = ()
    manages: frozenset[str] = frozenset()
    roles: dict[Role, Strand | None] = field(default_factory=dict)
    proposed: dict[Role, tuple[UUID, Strand | None]] = field(default_factory=dict)
    recorded_first_secretariat: bool = False
    opened_by: UUID | None = None
    held_by: UUID | None = None
    erasure: ErasureDecided | None = None
    held: frozenset[Role] = frozenset()
    claim: Claim | None = None
    shared: bool = False
    deputyships: tuple[Deputyship, ...] = ()
    deputy_for: dict[Role, Deputyship] = field(default_factory=dict)
    deputies: tuple[tuple[Role, UUID], ...] = ()

    def at(self, now: datetime) -> "Account":
        """Return the account with the roles that count at an instant: its own, and those that it holds as a deputy."""
        held = {one.role: one.strand for one in self.deputyships if one.lasts(now)}
        return replace(self, roles={**held, **self.roles}) if held else self

    def stands_in(self, now: datetime) -> bool:
        """Tell whether it is a deputy, or will be one, or is proposed as one."""
        return bool(self.deputy_for) or any(now < one.until for one in self.deputyships)

    def deputyship(self, role: Role, now: datetime) -> Deputyship | None:
        """Return the deputyship in a role that is not over, begun or not."""
        return next((one for one in self.deputyships if one.role is role and now < one.until), None)


def evolve(account: Account, event: AccountEvent) -> Account:
    """Fold one event."""
    match event:
        case FirstSecretariatRecorded():
            return replace(account, recorded_first_secretariat=True)
        case AccountOpened():
            return replace(
                account,
                label=event.label,
                unit=event.unit,
                organisation_id=event.organisation_id,
                clusters=event.clusters,
                opened_by=event.by,
            )
        case RoleProposed():
            return replace(account, proposed={**account.proposed, event.role: (event.by, event.strand)})
        case RoleGranted():
            proposed = {role: who for role, who in account.proposed.items() if role != event.role}
            roles = {**account.roles, event.role: event.strand}
            return replace(account, proposed=proposed, roles=roles, held=account.held | {event.role})
        case RoleRevoked():
            return replace(account, roles={role: s for role, s in account.roles.items() if role != event.role})
        case ClusterLeadRecorded():
            return replace(account, manages=account.manages | {event.cluster})
        case ErasureHeld():
            return replace(account, held_by=event.by, erasure=None)
        case ErasureHoldLifted():
            return replace(account, held_by=None)
        case ErasureDecided():
            return replace(account, erasure=event)
        case PersonalDataErased():
            return replace(account, erasure=None)
        case AuthorityClaimed():
            return replace(account, claim=Claim(event.organisation_id, event.departed, event.reference))
        case AuthorityAccepted():
            return replace(account, claim=replace(account.claim, accepted_by=event.by) if account.claim else None)
        case AuthorityDeclined() | AuthorityConfirmed():
            return replace(account, claim=None)
        case SharedMailboxMarked():
            return replace(account, shared=True)
        case DeputyProposed() | DeputyNamed() | Represented() | DeputyEnded():
            return _of_deputies(account, event)
        case _:
            assert_never(event)


def _of_deputies(account: Account, event: DeputyProposed | DeputyNamed | Represented | DeputyEnded) -> Account:
    others = {role: one for role, one in account.deputy_for.items() if role != event.role}
    match event:
        case DeputyProposed():
            asked = Deputyship(event.role, event.represents, event.by, event.starts, event.until)
            return replace(account, deputy_for={**others, event.role: asked})
        case DeputyNamed():
            named = Deputyship(event.role, event.represents, event.proposed_by, event.starts, event.until, event.strand)
            return replace(account, deputy_for=others, deputyships=(*account.deputyships, named))
        case Represented():
            return replace(account, deputies=(*account.deputies, (event.role, event.deputy)))
        case DeputyEnded():
            ended = tuple(_ended(one, event) for one in account.deputyships)
            return replace(account, deputy_for=others, deputyships=ended)
        case _:
            assert_never(event)


def _ended(one: Deputyship, event: DeputyEnded) -> Deputyship:
    is_meant = (one.role, one.represents) == (event.role, event.represents)
    return replace(one, until=min(one.until, event.effective_at)) if is_meant else one


ACCOUNT = Aggregate("account", Account(), evolve)
