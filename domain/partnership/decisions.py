"""What the fund decides about a partnership: its members, its memorandum, its roadmap."""

from uuid import UUID

from domain.call.aggregate import rules_of
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.partnership.commands import (
    AgreeRoadmap,
    ConfirmMembership,
    DraftRoadmap,
    FormPartnership,
    RecordMemorandum,
)
from domain.partnership.events import (
    Member,
    MembershipConfirmed,
    MemorandumRecorded,
    PartnershipFormed,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.partnership.standing import members_make_a_partnership, standing
from domain.rulebook.ours.applying import agreement_names_the_current_version
from domain.rulebook.programme import roadmap_is_complete
from domain.values import ProtectedText


def form_partnership(command: FormPartnership, world: World) -> Decision:
    """Pair organisations (S07–S09)."""
    if world.find(PARTNERSHIP, command.partnership_id):
        raise WrongStage("This partnership is formed already.")
    rules_of(world, command.call_id)
    members = tuple(_member(world, organisation_id) for organisation_id in dict.fromkeys(command.member_ids))
    members_make_a_partnership(members, command.coordinator_id)
    event = PartnershipFormed(
        **command.stamp(),
        name=command.name,
        call_id=command.call_id,
        coordinator_id=command.coordinator_id,
        members=members,
        geography=command.geography,
        cluster=command.cluster,
        topic=command.topic,
        generated=command.generated,
        source=command.source,
    )
    return [Change(command.partnership_id, event)]


def _member(world: World, organisation_id: UUID) -> Member:
    organisation = world.get(ORGANISATION, organisation_id)
    return Member(organisation_id=organisation_id, name=organisation.name, side=organisation.side)


def _as_member(partnership: Partnership, organisation_id: UUID) -> None:
    if organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")


def confirm_membership(command: ConfirmMembership, world: World) -> Decision:
    """Confirm for one member that it takes part."""
    partnership = standing(world, command.partnership_id)
    _as_member(partnership, command.organisation_id)
    if command.organisation_id in partnership.confirmed:
        raise WrongStage("This member has confirmed already.")
    event = MembershipConfirmed(**command.stamp(), organisation_id=command.organisation_id)
    return [Change(command.partnership_id, event)]


def record_memorandum(command: RecordMemorandum, world: World) -> Decision:
    """Record a memorandum, at any time; it gates nothing (D24)."""
    standing(world, command.partnership_id)
    reference = ProtectedText(subject=command.by, text=command.reference)
    return [Change(command.partnership_id, MemorandumRecorded(**command.stamp(), reference=reference))]


def draft_roadmap(command: DraftRoadmap, world: World) -> Decision:
    """Write a new version of the roadmap; agreements to an earlier version no longer count (S12, D10)."""
    partnership = standing(world, command.partnership_id)
    given = {name: text for name, text in command.fields.items() if text.strip()}
    roadmap_is_complete(given, command.visits_sought)
    version = partnership.roadmap_version + 1
    event = RoadmapDrafted(
        **command.stamp(),
        version=version,
        digest=world.digest("roadmap", str(command.partnership_id), str(version), *_flat(given), *_visits(command)),
        fields={name: ProtectedText(subject=command.by, text=text) for name, text in given.items()},
        visits_sought=command.visits_sought,
    )
    return [Change(command.partnership_id, event)]


def _flat(fields: dict[str, str]) -> list[str]:
    return [part for name in sorted(fields) for part in (name, fields[name])]


def _visits(command: DraftRoadmap) -> list[str]:
    return ["visits sought"] if command.visits_sought else []


def agree_roadmap(command: AgreeRoadmap, world: World) -> Decision:
    """Agree for one member to the current version; with the last member the roadmap is agreed (D10, D26)."""
    partnership = standing(world, command.partnership_id)
    _as_member(partnership, command.organisation_id)
    if not partnership.roadmap_version:
        raise WrongStage("There is no roadmap yet.", "Write one first.")
    agreement_names_the_current_version(command.digest, partnership.roadmap_digest)
    if command.organisation_id in partnership.agreed_by:
        raise WrongStage("This member has agreed to this version already.")
    named = command.stamp(version=partnership.roadmap_version, digest=partnership.roadmap_digest)
    agreed = RoadmapVersionAgreed(**named, organisation_id=command.organisation_id)
    changes = [Change(command.partnership_id, agreed)]
    if partnership.agreed_by | {command.organisation_id} >= partnership.member_ids():
        changes.append(Change(command.partnership_id, RoadmapAgreed(**named)))
    return changes
