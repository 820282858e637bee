"""Partnerships: members, roadmap, coaching."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.partnership.events import RoadmapDrafted, RoadmapVersionAgreed
from domain.values import Digest, Instant, Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.api.resources.screens import OfCall, OfFigure, counted_by
from fund_service.application import WorldNow
from fund_service.permissions.views import View
from projections import lists
from projections.lists import PartnershipRow


class MemberState(Value):
    """A member: whether it confirmed that it takes part, and agreed to the current version of the roadmap."""

    organisation_id: UUID
    name: str
    side: str
    coordinates: bool
    confirmed: bool
    agreed_to_roadmap: bool


class PartnershipState(Value):
    """A partnership as it is now. `roadmap_digest` names the roadmap's current version; `coach` coaches it now."""

    id: UUID
    version: int
    name: str
    call_id: UUID | None
    geography: str
    cluster: str
    ended: bool
    merged_into: str | None
    members: tuple[MemberState, ...]
    roadmap_version: int
    roadmap_digest: Digest
    roadmap_agreed: bool
    coaching: str
    coach: UUID | None
    sessions: int


class RoadmapState(Value):
    """One version of the roadmap: its parts by name, since when (UTC), and the members that agreed to it."""

    number: int
    digest: Digest
    written_at: Instant
    fields: dict[str, str]
    visits_sought: bool
    agreed_by: tuple[UUID, ...]


def partnership_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/partnerships", PartnershipRow, Open.SIGNED_IN, name="listPartnerships", each=View.PARTNERSHIP)
    def partnerships(asking: Asking, call: OfCall = None, figure: OfFigure = None) -> Iterable[PartnershipRow]:
        """List the partnerships that you may see, oldest first."""
        counts = counted_by(asking, call, figure)
        rows = lists.partnerships(asking.connection, call)
        return rows if figure is None else replace(rows, counts=counts)

    @routes.one("/partnerships/{partnership_id}", PartnershipState, View.PARTNERSHIP, name="readPartnership")
    def partnership(asking: Asking, partnership_id: UUID) -> Answered[PartnershipState]:
        """Read a partnership as it is now."""
        return partnership_state(asking, partnership_id)

    @routes.listing(
        "/partnerships/{partnership_id}/roadmap-versions", RoadmapState, View.ROADMAP, name="listRoadmapVersions"
    )
    def versions(asking: Asking, partnership_id: UUID) -> Iterable[RoadmapState]:
        """List the versions of the roadmap, oldest first, each with its text and who agreed to it."""
        return roadmaps(asking, partnership_id)


def roadmaps(asking: Asking, id: UUID) -> list[RoadmapState]:
    """Return the versions of a roadmap, oldest first."""
    history = [one.event for one in asking.context.parts.log.history(id)]
    agreed: dict[str, list[UUID]] = {}
    for event in history:
        if isinstance(event, RoadmapVersionAgreed):
            agreed.setdefault(event.digest, []).append(event.organisation_id)
    return [
        RoadmapState(
            number=event.version,
            digest=event.digest,
            written_at=event.effective_at,
            fields=_said(event),
            visits_sought=event.visits_sought,
            agreed_by=tuple(agreed.get(event.digest, ())),
        )
        for event in history
        if isinstance(event, RoadmapDrafted)
    ]


class Roadmap(NamedTuple):
    """What a version of a roadmap says, part by part."""

    number: int
    fields: dict[str, str]


def newest_roadmap(asking: Asking, id: UUID) -> Roadmap | None:
    """Return what the newest version of a roadmap says, None before there is one."""
    event = next(asking.context.parts.log.newest(id, RoadmapDrafted), None)
    return Roadmap(event.version, _said(event)) if event is not None else None


def _said(event: RoadmapDrafted) -> dict[str, str]:
    return {name: text.shown for name, text in event.fields.items()}


def partnership_state(asking: Asking, id: UUID) -> Answered[PartnershipState]:
    """Return a partnership as it is now. Raises NotFound."""
    return _state(id, asking.world.get(PARTNERSHIP, id), asking.world)


def _state(id: UUID, partnership: Partnership, world: WorldNow) -> Answered[PartnershipState]:
    members = tuple(
        MemberState(
            organisation_id=member.organisation_id,
            name=member.name,
            side=member.side,
            coordinates=member.organisation_id == partnership.coordinator_id,
            confirmed=member.organisation_id in partnership.confirmed,
            agreed_to_roadmap=member.organisation_id in partnership.agreed_by,
        )
        for member in partnership.members
    )
    version = world.version(PARTNERSHIP, id)
    alike = {name: getattr(partnership, name) for name in PartnershipState.model_fields if hasattr(partnership, name)}
    return PartnershipState(**{**alike, "id": id, "version": version, "members": members}), version
