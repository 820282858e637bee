"""Everything about a person as one document, for that person: what stands in the directory, the account, and the log.

Of the log it holds what the person did, and what tells of the person, as far as the person may read it. Texts are open
where they are the person's own, and masked where they are others'.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.account.events import RoleGranted, RoleRevoked
from domain.errors import NotFound
from domain.messages import Recorded
from domain.people import Role, Strand
from domain.values import Instant, Value
from fund_service.application import WorldNow
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor
from fund_service.permissions.reading_log import may_read
from fund_service.privacy.personal import rows_of
from projections.timeline import sentence


class RoleHeld(Value):
    """A role that somebody has or had: by whom it was granted, and who proposed it; instants in UTC."""

    role: Role
    strand: Strand | None
    granted_at: Instant
    granted_by: UUID
    proposed_by: UUID | None
    revoked_at: Instant | None = None


class ToldEvent(Value):
    """An event of the log that the person stated, or that tells of the person; `event` are its fields."""

    position: int
    topic: str
    stream: UUID
    recorded_at: Instant
    sentence: str
    event: dict[str, Any]


class Export(Value):
    """Everything about a person, as of an instant (UTC) and a position of the log."""

    subject: UUID
    made_at: Instant
    position: int
    label: str
    unit: str
    organisation_id: UUID | None
    roles: tuple[RoleHeld, ...]
    directory: dict[str, list[dict[str, Any]]]
    events: tuple[ToldEvent, ...]


def export(parts: Parts, subject: UUID, now: datetime) -> Export:
    """Return everything about a person; the whole log is looked through. Raises NotFound for who has no account."""
    world = parts.fund.world()
    account = world.find(ACCOUNT, subject)
    if account is None:
        raise NotFound("This subject has no account.", "Write the label or the id of an account.")
    found = list(_about(parts, subject, world))
    return Export(
        subject=subject,
        made_at=now,
        position=world.at,
        label=account.label,
        unit=account.unit,
        organisation_id=account.organisation_id,
        roles=_roles(one for one in found if one.stream == subject),
        directory=_directory(parts, subject),
        events=tuple(_told(one, subject) for one in found),
    )


def _directory(parts: Parts, subject: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return what the directory holds of a person, begun forms, saved views and private notes opened."""
    return {
        **rows_of(parts.store.engine("directory"), subject),
        "form_drafts": [one._asdict() for one in parts.form_drafts.of(subject)],
        "saved_views": [one._asdict() for one in parts.saved_views.of(subject)],
        "private_notes": [one._asdict() for one in parts.private_notes.of(subject)],
    }


def _about(parts: Parts, subject: UUID, world: WorldNow) -> Iterator[Recorded]:
    reader = Actor(subject, now=parts.clock.now)
    for stored in parts.log.naming(subject, world.at):
        recorded = parts.log.recorded(stored)
        own = recorded.event.by == subject or recorded.stream == subject
        if own or may_read(reader, recorded, world):
            yield recorded


def _roles(account: Iterable[Recorded]) -> tuple[RoleHeld, ...]:
    """Return the roles that an account has and had, as they were granted."""
    held: list[RoleHeld] = []
    for recorded in account:
        event = recorded.event
        if isinstance(event, RoleGranted):
            held.append(_granted(event))
        elif isinstance(event, RoleRevoked):
            over = {"revoked_at": event.effective_at}
            ends = [one.role is event.role and one.revoked_at is None for one in held]
            held = [one.model_copy(update=over) if end else one for one, end in zip(held, ends, strict=True)]
    return tuple(held)


def _granted(event: RoleGranted) -> RoleHeld:
    return RoleHeld(
        role=event.role,
        strand=event.strand,
        granted_at=event.effective_at,
        granted_by=event.by,
        proposed_by=event.proposed_by,
    )


def _told(recorded: Recorded, subject: UUID) -> ToldEvent:
    event = recorded.event
    return ToldEvent(
        position=recorded.position,
        topic=event.TOPIC,
        stream=recorded.stream,
        recorded_at=recorded.recorded_at,
        sentence=sentence(event),
        event=event.model_dump(mode="json", context={"mask": True, "but_of": subject}),
    )
